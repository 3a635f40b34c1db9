"""Decides which filters stand in the bar, which behind “More filters”, and how each is worked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from analytics import assumptions, formats
from data import schema
from layouts import ids

FIRST = ("brand", "platform", "tier", "campaign", "product")
MORE = ("product_category", "influencer_category", "gender", "basis", "campaign_type", "source")
PERSON = ("influencer",)
CHOICES = {
    "cost": ("Spend counts", assumptions.COST_LAYERS),
    "tiers": ("Tiers", assumptions.TIER_SCHEMES),
    "grain": ("Time in charts", assumptions.GRAINS),
    "confidence": ("Intervals", {"0.8": "80 %", "0.9": "90 %", "0.95": "95 %", "0.99": "99 %"}),
}
TYPED = ("name", "min_roas", "assumed_organic")
IN_SIGHT = ("from", "to", *FIRST, *PERSON)
CONTROLS = (*FIRST, *MORE, *PERSON, *TYPED, *CHOICES)
QUICK_DAYS = (("Last 30 days", 30), ("Last 90 days", 90), ("Last 180 days", 180), ("Last 365 days", 365))


def bar(options: dict[str, list[str]], span: tuple[date, date] | None) -> Component:
    """The row of pills; on a phone a button that opens them as a sheet."""
    return html.Div(
        html.Div(
            [
                html.Button(
                    "Filters", id=ids.FILTER_COUNT, className="pill sheet-button", **{"data-opens": ids.FILTER_SHEET}
                ),
                html.Div(_pills(options, span), id=ids.FILTER_SHEET, className="pills", **{"aria-label": "Filters"}),
                html.Div(
                    html.Button("Copy link", id=ids.COPY, className="quiet", title="Copy the address of this view"),
                    className="bar-right",
                ),
            ],
            className="inner",
        ),
        className="filterbar",
    )


def _pills(options: dict[str, list[str]], span: tuple[date, date] | None) -> list[Component]:
    return [
        _dates(span),
        *[pill(key, options.get(key, [])) for key in FIRST],
        html.Div(pill("influencer", []), className="pill-only-when-set"),
        _more(options),
        html.Button("Reset", id=ids.RESET, className="reset", title="Show all data"),
        html.Button("Show the figures", className="button strong sheet-close", **{"data-opens": ids.FILTER_SHEET}),
    ]


def pill(key: str, values: list[str]) -> Component:
    """A dropdown of one dimension with several choices and a search field."""
    label = schema.DIMENSIONS[key].label
    return html.Div(
        dcc.Dropdown(
            options=values,
            value=[],
            multi=True,
            id=ids.control(key),
            placeholder=label,
            debounce=True,
            maxHeight=320,
            labels={"selected_count": "{num_selected}"},
        ),
        className="pill-box",
        style={"--label": f"'{label}: '"},
        role="group",
        **{"aria-label": label},
    )


def _dates(span: tuple[date, date] | None) -> Component:
    return html.Div(
        [
            html.Button("All dates", id=ids.SPAN, className="pill", **{"data-opens": ids.DATE_PANEL}),
            html.Div(
                [html.Div(_quick(span), className="quick"), _calendar(span)], id=ids.DATE_PANEL, className="float"
            ),
        ],
        className="pill-date",
    )


def _calendar(span: tuple[date, date] | None) -> Component:
    first, last = span or (None, None)
    return dcc.DatePickerRange(
        id=ids.DATES,
        start_date_placeholder_text="From",
        end_date_placeholder_text="Until",
        min_date_allowed=first,
        max_date_allowed=last,
        initial_visible_month=last,
        updatemode="bothdates",
        clearable=True,
        display_format="D MMM YYYY",
        first_day_of_week=1,
        minimum_nights=0,
        number_of_months_shown=1,
    )


def _quick(span: tuple[date, date] | None) -> list[Component]:
    if span is None:
        return []
    first, last = span
    spans = [(label, last - timedelta(days=days - 1)) for label, days in QUICK_DAYS]
    buttons = [_span_button(label, since, last) for label, since in spans if since > first]
    return [*buttons, html.Button("All dates", id=ids.quick("", ""), className="quick-button")]


def _span_button(label: str, since: date, until: date) -> Component:
    return html.Button(label, id=ids.quick(since.isoformat(), until.isoformat()), className="quick-button")


def _more(options: dict[str, list[str]]) -> Component:
    return html.Div(
        [
            html.Button("More filters", id=ids.MORE_BUTTON, className="pill", **{"data-opens": ids.MORE_PANEL}),
            html.Div(
                [
                    html.Div([pill(key, options.get(key, [])) for key in MORE], className="more-pills"),
                    html.Div([*_typed(), *[_choice(key) for key in CHOICES]], className="more-fields"),
                ],
                id=ids.MORE_PANEL,
                className="float",
            ),
        ],
        className="pill-more",
    )


def _typed() -> list[Component]:
    return [
        _field("Influencer name has", dcc.Input(id=ids.control("name"), type="text", debounce=True, maxLength=80)),
        _field("ROAS at least", _number("min_roas", 0, None, 0.1)),
        _field("Assumed organic share", _number("assumed_organic", 0, 0.95, 0.05)),
    ]


def _number(key: str, low: float, high: float | None, step: float) -> Component:
    bounds: dict[str, Any] = {"min": low, "step": step} | ({"max": high} if high is not None else {})
    return dcc.Input(id=ids.control(key), type="number", debounce=True, **bounds)


def _choice(key: str) -> Component:
    label, known = CHOICES[key]
    options = [{"label": text, "value": value} for value, text in known.items()]
    default = f"{getattr(assumptions.Assumptions(), key)}"
    return _field(
        label, dcc.Dropdown(options, default, id=ids.control(key), clearable=False, searchable=False, className="plain")
    )


def _field(label: str, control: Component) -> Component:
    return html.Div([html.Label(label, htmlFor=control.id), control], className="field")


def span_words(since: date | None, until: date | None) -> str:
    """What the date pill says."""
    if since and until:
        return formats.span(since, until)
    return f"From {formats.day(since)}" if since else f"Until {formats.day(until)}" if until else "All dates"
