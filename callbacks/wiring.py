"""Decides which callbacks there are: every module of this folder, called by name."""

from __future__ import annotations

from typing import Any

from dash import Dash

from callbacks import (
    cac,
    drawer,
    figures,
    filters,
    imports,
    incremental_roas,
    insights,
    overview,
    product_hub,
    reports,
    tabs,
)

TABS = (overview, product_hub, incremental_roas, cac, insights)


def register(app: Dash, answers: Any, ledger: Any, importer: Any, screen: Any) -> None:
    """screen: what the layouts hand over (layouts.screen.functions)."""
    tabs.register(app, screen.mounted, screen.missing)
    filters.register(app, answers, screen)
    figures.register(app)
    drawer.register(app, answers, screen.drawer)
    for tab in TABS:
        tab.register(app, answers, screen)
    imports.register(app, importer, screen.inspected, screen.imported)
    reports.register(app, answers, ledger, screen.progress, screen.listing)
