"""Decides which layout stands at which path, and which of its functions the callbacks are handed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

from layouts import (
    cac,
    drawer,
    filled,
    filterbar,
    imports,
    incremental_roas,
    insights,
    missing,
    overview,
    product_hub,
    reports,
)

TABS = {tab.PAGE: tab for tab in (overview, product_hub, incremental_roas, cac, insights)}


def mounted(answers: Any) -> dict[str, Callable[[], Any]]:
    """Path → what makes its layout: the tabs that the answers know, then Import and Reports."""
    tabs = {page.path: partial(TABS[page.key].layout, answers) for page in answers.pages}
    return {**tabs, "/import": imports.layout, "/reports": reports.layout}


def functions(answers: Any, zone: str) -> SimpleNamespace:
    """What callbacks may ask of the layouts; they know the ids and nothing else. zone: of times on the screen."""
    return SimpleNamespace(
        mounted=mounted(answers),
        missing=missing.layout,
        outputs=filled.outputs,
        properties=filled.properties,
        refused=filled.refused,
        drawer=drawer.content,
        controls=filterbar.CONTROLS,
        in_sight=filterbar.IN_SIGHT,
        span_words=filterbar.span_words,
        inspected=imports.inspected,
        imported=imports.imported,
        progress=reports.progress,
        listing=partial(reports.listing, zone=zone),
    )
