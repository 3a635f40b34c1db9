"""Decides how a report is asked for at once: one click for the usual one, a small menu beside it for any other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids

FIELDS = ("only", "template", "form", "paper", "archive")


def buttons(choices: Mapping[str, Any]) -> Component:
    """The one dark button, and the small one that opens its menu. choices: templates, forms, papers."""
    more = html.Button(
        html.Span("▾", **{"aria-hidden": "true"}), id=ids.REPORT_MORE, className="button strong report-more",
        title="Other reports",
        **{"data-opens": ids.REPORT_MENU, "aria-label": "Other reports", "aria-expanded": "false"},
    )  # fmt: skip
    menu = html.Div(_menu(choices), id=ids.REPORT_MENU, className="float report-menu", role="group",
                    **{"aria-label": "Other reports"})  # fmt: skip
    one = html.Button("Report as PDF", id=ids.REPORT_BUTTON, className="button strong report-one",
                      title="The brand manager's report of the filters you see, all tabs")  # fmt: skip
    return html.Div([one, more, menu], className="report-buttons")


def _menu(choices: Mapping[str, Any]) -> list[Component]:
    tabs = {"": "All tabs", "only": "This tab only"}
    return [
        html.P("A report of the filters you see", className="strong-line"),
        _radios("Tabs", "only", tabs, ""),
        _chosen("For whom", "template", choices["templates"], "brand"),
        _radios("Form", "form", choices["forms"], "pdf"),
        _radios("Paper", "paper", {one: one for one in choices["papers"]}, "A4"),
        _radios("PDF kind", "archive", {"": "usual", "yes": "for the archive (PDF/A)"}, ""),
        html.Div([], id=ids.REPORT_REFUSED),
        html.Div(
            [
                html.Button("Make it", id=ids.REPORT_MAKE, className="button strong"),
                dcc.Link(
                    "Schedule this view", id=ids.SCHEDULE_VIEW, href="/reports#new-schedule", className="quiet-link"
                ),
            ],
            className="replies",
        ),
    ]


def _radios(label: str, field: str, options: Mapping[str, str], value: str) -> Component:
    listed = [{"label": words, "value": key} for key, words in options.items()]
    radios = dcc.RadioItems(listed, value, id=ids.wish(field), inline=True)
    return html.Fieldset([html.Legend(label), radios], className="wish")


def _chosen(label: str, field: str, options: Mapping[str, str], value: str) -> Component:
    listed = [{"label": words, "value": key} for key, words in options.items()]
    dropdown = dcc.Dropdown(listed, value, id=ids.wish(field), clearable=False, searchable=False, className="plain")
    return html.Div([html.Label(label, htmlFor=ids.wish(field)), dropdown], className="field")
