"""Decides which callbacks there are: every module of this folder, called by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from dash import Dash

from callbacks import (
    cac,
    drawer,
    experiments,
    figures,
    filters,
    golive,
    imports,
    incremental_roas,
    insights,
    overview,
    planner,
    product_hub,
    reports,
    reports_editions,
    reports_form,
    reports_schedules,
    tabs,
    versions,
)

TABS = (overview, product_hub, incremental_roas, cac, insights)


@dataclass(frozen=True)
class Data:
    """What changes what is known: the Importer, the Versions, the rows Withheld, Planning (which also keeps what is
    declared of experiments), the Desk of reports and the Checker of editions, or a test's stand-ins."""

    importer: Any
    versions: Any
    withheld: Any
    planning: Any = None
    desk: Any = None
    checker: Any = None


def register(app: Dash, answers: Any, ledger: Any, data: Data, screen: Any) -> None:
    """screen: what the layouts hand over (layouts.screen.functions)."""
    tabs.register(app, screen.mounted, screen.missing)
    filters.register(app, answers, screen)
    figures.register(app)
    drawer.register(app, answers, screen.drawer)
    for tab in TABS:
        tab.register(app, answers, screen)
    imports.register(app, data, screen, partial(first_mode, answers))
    versions.register(app, answers, data, screen)
    planner.register(app, data.planning, screen)
    golive.register(app, data.planning, screen)
    experiments.register(app, data.planning, screen)
    reports.register(app, answers, ledger, data.desk, screen)
    reports_schedules.register(app, ledger, data.desk, screen)
    reports_form.register(app, data.desk, screen)
    reports_editions.register(app, data.desk, data.checker, screen)


def first_mode(answers: Any) -> str:
    """How dropped files meet what is loaded until the reader says otherwise: a sample is replaced, own data updated."""
    loaded = answers.provenance()
    return "replace" if loaded is None or loaded.is_sample else "update"
