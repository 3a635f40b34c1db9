"""Decides which layout stands at which path, and which of its functions the callbacks are handed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    reports_editions,
    reports_form,
    reports_menu,
    reports_schedules,
    shell,
    versions,
)
from layouts.importing import looked, page, result, wishes

TABS = {tab.PAGE: tab for tab in (overview, product_hub, incremental_roas, cac, insights)}


def mounted(answers: Any, limits: Any, choices: Mapping[str, Any] | None = None) -> dict[str, Callable[[], Any]]:
    """Path → what makes its layout: the tabs that the answers know, then Import and Reports."""
    tabs = {page.path: partial(TABS[page.key].layout, answers) for page in answers.pages}
    return {**tabs, "/import": partial(page.layout, limits), "/reports": partial(reports.layout, choices or {})}


def functions(answers: Any, zone: str, limits: Any, choices: Mapping[str, Any] | None = None) -> SimpleNamespace:
    """What callbacks may ask of the layouts; they know the ids and nothing else.

    zone: of times on the screen. limits: of what may be uploaded, as the Import page says them. choices: what may be
    asked of reports (reports.desk.Desk.choices).
    """
    return SimpleNamespace(
        mounted=mounted(answers, limits, choices),
        missing=missing.layout,
        outputs=filled.outputs,
        properties=filled.properties,
        refused=filled.refused,
        drawer=drawer.content,
        controls=filterbar.CONTROLS,
        in_sight=filterbar.IN_SIGHT,
        span_words=filterbar.span_words,
        banner=shell.banner,
        **_reporting(zone),
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


def _reporting(zone: str) -> dict[str, Any]:
    """What stands on the Reports page, and around a report that was asked for."""
    return {
        "progress": reports.progress,
        "listing": partial(reports.listing, zone=zone),
        "no_worker": reports.worker,
        "is_alive": reports.is_alive,
        "asked_wrong": reports.asked_wrong,
        "wishes": reports_menu.FIELDS,
        "schedules": reports_schedules.listing,
        "last_run": reports_schedules.last,
        "run_history": reports_schedules.history,
        "notices": reports_schedules.notices,
        "schedule_done": reports_schedules.done,
        "schedule_refused": reports_schedules.refused,
        "scheduling": reports_form.FIELDS,
        "scheduling_parts": reports_form.PARTS,
        "schedule_views": reports_form.views,
        "schedule_preview": reports_form.preview,
        "schedule_kept": reports_form.kept,
        "editions": reports_editions.listing,
        "edition_checking": reports_editions.checking,
        "edition_verdict": reports_editions.verdict,
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
