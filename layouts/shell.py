"""Decides what stands around every tab: address, stores, header, filter bar, drawer, the report's progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from analytics.views import Provenance
from layouts import filterbar, ids, reports_menu

TABS_LABEL = "Pages"
SAMPLE = "Sample data: made by TrueLift, not yours."
POLL_MS = 1000


def shell(answers: Any, templates: dict[str, Any], choices: Mapping[str, Any]) -> Component:
    """The page as it is first served. templates: Plotly template of the screen, in roles. choices: of reports."""
    return html.Div(
        [
            dcc.Location(id=ids.ADDRESS, refresh="callback-nav"),
            dcc.Store(id=ids.QUERY),
            dcc.Store(id=ids.PICKED),
            dcc.Store(id=ids.EXPERIMENTS_RENEWED),
            dcc.Store(id=ids.SCHEME),
            dcc.Store(id=ids.TEMPLATES, data=templates),
            dcc.Store(id=ids.REPORT_JOB),
            html.A("Skip to the figures", href=f"#{ids.PAGE}", className="skip"),
            header(answers.pages, choices),
            filterbar.bar(answers.options(), answers.span()),
            html.Div(banner(answers.provenance()), id=ids.BANNER),
            html.P("", id=ids.NOTE, className="address-note", role="status"),
            html.Main([], id=ids.PAGE, className="page", tabIndex="-1"),
            report_panel(),
            drawer(),
        ],
        className="shell",
    )


def header(pages: Sequence[Any], choices: Mapping[str, Any]) -> Component:
    """Name, tabs, Import, Reports, the theme switch and the one dark button with its menu."""
    tabs = [_link(page.title, page.path, "tab-link") for page in pages]
    side = [_link("Import", "/import", "side-link first"), _link("Reports", "/reports", "side-link")]
    name = dcc.Link([html.Span("True"), html.Span("Lift", className="accent")], href="/", className="name")
    parts = [
        name,
        html.Nav([*tabs, *side], className="tabs", **{"aria-label": TABS_LABEL}),
        html.Div([_theme_switch(), reports_menu.buttons(choices)], className="header-right"),
    ]
    return html.Header(html.Div(parts, className="inner"), className="header")


def _theme_switch() -> Component:
    return html.Button(
        html.Span(className="theme-sign"),
        id=ids.THEME,
        className="theme-switch",
        title="Light, dark or as the system",
        **{"aria-label": "Colours: light, dark or as the system"},
    )


def _link(title: str, path: str, name: str) -> Component:
    return dbc.NavLink(title, href=path, id=ids.nav(path), class_name=name, active=False)


def banner(provenance: Provenance | None) -> Component | None:
    """The quiet line over sample data; None over the user's own."""
    if provenance is None or not provenance.is_sample:
        return None
    return html.P([SAMPLE, " ", dcc.Link("Import your files", href="/import")], className="banner", role="note")


def report_panel() -> Component:
    """Where the progress of the report stands, then its link."""
    return html.Div(
        [
            dcc.Interval(id=ids.REPORT_CLOCK, interval=POLL_MS, disabled=True),
            html.Div([], id=ids.REPORT_PANEL, className="report-panel", role="status"),
        ]
    )


def drawer() -> Component:
    """Where a panel's table or its explanation opens."""
    return dbc.Offcanvas(
        html.Div([], id=ids.DRAWER_BODY), id=ids.DRAWER, is_open=False, placement="end", scrollable=True, title=" "
    )


def document(first_script: str) -> str:
    """The HTML around the page. first_script: address of the script that sets the colours before the first paint."""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
{{%metas%}}
<meta name="color-scheme" content="light dark">
<title>{{%title%}}</title>
{{%favicon%}}
<script src="{first_script}"></script>
{{%css%}}
</head>
<body>
{{%app_entry%}}
<footer>
{{%config%}}
{{%scripts%}}
{{%renderer%}}
</footer>
</body>
</html>"""
