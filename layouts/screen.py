"""Decides which layout stands at which path, and which of its functions the callbacks are handed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

from layouts import (
    cac,
    drawer,
    experiments,
    filled,
    filterbar,
    forms,
    golive,
    incremental_roas,
    insights,
    missing,
    overview,
    planner,
    product_hub,
    reports,
    shell,
    versions,
)
from layouts.importing import looked, page, result, wishes

TABS = {tab.PAGE: tab for tab in (overview, product_hub, incremental_roas, cac, insights)}


def mounted(answers: Any, limits: Any) -> dict[str, Callable[[], Any]]:
    """Path → what makes its layout: the tabs that the answers know, then Import and Reports."""
    tabs = {page.path: partial(TABS[page.key].layout, answers) for page in answers.pages}
    return {**tabs, "/import": partial(page.layout, limits), "/reports": reports.layout}


def functions(answers: Any, zone: str, limits: Any) -> SimpleNamespace:
    """What callbacks may ask of the layouts; they know the ids and nothing else.

    zone: of times on the screen. limits: of what may be uploaded, as the Import page says them.
    """
    return SimpleNamespace(
        mounted=mounted(answers, limits),
        missing=missing.layout,
        outputs=filled.outputs,
        properties=filled.properties,
        refused=filled.refused,
        drawer=drawer.content,
        controls=filterbar.CONTROLS,
        in_sight=filterbar.IN_SIGHT,
        span_words=filterbar.span_words,
        banner=shell.banner,
        progress=reports.progress,
        listing=partial(reports.listing, zone=zone),
        **_importing(zone),
        **_planning(),
    )


def _importing(zone: str) -> dict[str, Any]:
    """What stands on the Import page."""
    return {
        "inspected": looked.inspected,
        "foot": looked.foot,
        "pending": looked.pending,
        "progress_of_import": looked.progress,
        "import_refused": looked.refused,
        "imported": result.imported,
        "shown": wishes.shown,
        "changes": wishes.changes,
        "wished": wishes.wished,
        "at_once": wishes.AT_ONCE,
        "versions": partial(versions.listing, zone=zone),
        "version_opened": versions.opened,
        "moved": versions.moved,
    }


def _planning() -> dict[str, Any]:
    """What stands in the planner and among the experiments."""
    return {
        "plan_fields": planner.FIELDS,
        "plan_sliders": planner.ASKED,
        "planned": planner.planned,
        "plan_refused": forms.refused,
        "drawings": golive.FIELDS,
        "drawn": golive.drawn,
        "calendar_kept": golive.kept,
        "declarations": experiments.FIELDS,
        "declaration_parts": experiments.PARTS,
        "experiments": experiments.listing,
        "experiment_declared": experiments.declared,
        "experiment_removed": experiments.removed,
        "asked_after_import": experiments.asked_after_import,
    }
