"""Decides how a look at files is summed up before the import: rows, money, what changes, what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from analytics import formats
from layouts import ids
from layouts.importing import words
from layouts.importing.wishes import questions

Known = Mapping[str, Any]
MODES = {
    "update": ("Update by key", "Rows whose id is loaded already take its place; new ones are added; the rest stays."),
    "append": ("Add rows", "All rows are added as they are, even where the same id is loaded already."),
    "replace": ("Replace everything", "Start from nothing with these files; what is loaded stays under Versions."),
}
WEIGHTS = {"wrong": ("wrong", "bad"), "check": ("check", "unsure"), "info": ("note", "plain")}
MEND = "Mend the downloaded rows and drop that file here again: they come in as if they had never been wrong."
SHOWN_NOTES, SHOWN_REASONS, SHOWN_LOCKED = 6, 8, 5
ACCOUNT_HEADS = ("Amount", "Read", "Accepted", "Set aside")
TABLE_HEADS = ("Table", "New", "Changed", "Same", "Gone", "After")


def strip(answer: Known) -> Component:
    """The equation of rows in big figures: read = accepted + set aside + blank."""
    totals = words.totals(answer)
    labels = (("rows_read", "rows read", ""), ("accepted", "accepted", "="), ("set_aside", "set aside", "+"),
              ("blank", "blank", "+"))  # fmt: skip
    parts: list[Component] = []
    for key, label, sign in labels:
        figure = html.Span(formats.count(totals[key]), className="tile-value")
        tone = "sum-part aside" if key == "set_aside" and totals[key] else "sum-part"
        part_of = html.Span([figure, html.Span(label, className="sum-label")], className=tone)
        before = html.Span(sign, className="sum-sign") if sign else None
        parts.append(html.Span([before, part_of], className="sum-group"))
    return html.P(parts, className="sum")


def lead(answer: Known) -> str:
    """The look in one sentence."""
    taken = [item for item in answer["files"] if item.get("table") and not item.get("refused")]
    left = len(answer["files"]) - len(taken)
    if answer.get("unchanged"):
        return "These files are loaded already: importing them would change nothing."
    if not taken:
        return "None of these could be taken: see why below."
    names = formats.listing(sorted({item["table"] for item in taken}))
    rows = words.counted(sum(item.get("accepted") or 0 for item in taken), "row")
    span = words.span(taken)
    out = f"; {words.counted(left, 'table')} left out" if left else ""
    open_ones = len(questions(answer))
    state = f"were read; {words.counted(open_ones, 'question')} open" if open_ones else "are ready to import"
    return f"{rows} of {names}{f', {span},' if span else ''} {state}{out}."


def accounts(answer: Known) -> Component | None:
    """The account of money, column by column: read = accepted + set aside."""
    rows = [
        html.Tr(
            [
                html.Th([words.field(one["field"]), html.Span(item.get("label") or item["file"])], scope="row"),
                *[html.Td(words.amount(one.get(key)), className="number") for key in ("read", "accepted")],
                html.Td(_put_aside(one, item.get("set_aside") or 0), className="number"),
            ]
        )
        for item in answer["files"]
        for one in item.get("accounts") or []
    ]
    return _table("Money in each", ACCOUNT_HEADS, rows, 1) if rows else None


def _put_aside(one: Known, rows: int) -> list[Any]:
    """The money of the rows set aside; “–” where rows were set aside and no amount of theirs could be read."""
    known = bool(float(one.get("set_aside") or 0)) or not rows
    return [words.amount(one.get("set_aside") if known else None)]


def against(answer: Known) -> Component | None:
    """Rows against what is loaded, table by table."""
    keys = ("new", "changed", "same", "gone", "after")
    rows = [
        html.Tr(
            [
                html.Th(name.capitalize(), scope="row"),
                *[html.Td(formats.count(counts.get(key) or 0), className="number") for key in keys],
            ]
        )
        for name, counts in (answer.get("tables") or {}).items()
    ]
    return _table("Against what is loaded", TABLE_HEADS, rows, 1) if rows else None


def _table(caption: str, heads: Sequence[str], rows: Sequence[Component], texts: int) -> Component:
    head = [html.Th(text, scope="col", className="" if place < texts else "number") for place, text in enumerate(heads)]
    table = html.Table(
        [html.Caption(caption), html.Thead(html.Tr(head)), html.Tbody(list(rows))], className="plain-table captioned"
    )
    return html.Div(table, className="table-scroll")


def modes(answer: Known) -> Component | None:
    """How the files meet what is loaded; nothing to choose where nothing is loaded."""
    base = answer.get("base")
    if not base:
        return html.P("Nothing is loaded yet, so every row is new.", className="muted")
    chosen = answer.get("mode") or "update"
    options = [
        {"label": html.Span([html.Strong(title), html.Span(says, className="muted")]), "value": key}
        for key, (title, says) in MODES.items()
    ]
    what = "The sample is loaded" if base.get("sample") else f"Version {base['version']} is loaded"
    return html.Div(
        [
            html.P(f"{what}. How should these files meet it?", className="strong-line"),
            dcc.RadioItems(options, chosen, id=ids.choice("mode"), className="modes"),
            html.P(consequence(answer), className="consequence"),
        ],
        role="group",
        **{"aria-label": "How these files meet what is loaded"},
    )


def consequence(answer: Known) -> str:
    """What the chosen way comes to, in rows."""
    tables = list((answer.get("tables") or {}).values())
    if not tables:
        return ""
    new, changed, same, gone = (
        sum(item.get(key) or 0 for item in tables) for key in ("new", "changed", "same", "gone")
    )
    if not new and not changed and not gone:
        return "All of these rows are loaded already: importing them changes nothing."
    parts = [(new, "new"), (changed, "changed"), (same, "as they were"), (gone, "gone")]
    said = [f"{formats.count(number)} {text}" for number, text in parts if number]
    return f"That makes {formats.listing(said)}."


def set_aside(answer: Known, held: Sequence[Known]) -> Component | None:
    """The first rows that were not taken, with their reasons, and the way to have them all."""
    numbers = {one["label"]: one["file"] for one in held}
    parts = [
        _aside(item, f"draft={answer['draft']}&file={numbers[label]}" if label in numbers else "")
        for item in answer["files"]
        if item.get("set_aside") and not item.get("refused") and (label := item.get("label") or item["file"])
    ]
    if not parts:
        return None
    return part("Rows set aside", [*parts, html.P(MEND, className="muted")])


def _aside(item: Known, which: str) -> Component:
    rows, reasons = words.counted(item["set_aside"], "row"), item.get("reasons") or []
    lines = [html.Li(one["reason"]) for one in reasons[:SHOWN_REASONS]]
    rest = item["set_aside"] - len(lines)
    more = [html.Li(f"… and {formats.count(rest)} more in the download.")] if rest > 0 and which else []
    says = html.P([html.Strong(item.get("label") or item["file"]), f": {rows} not taken."])
    return html.Div([says, html.Ul([*lines, *more], className="reasons"), *aside_link(rows, which)])


def aside_link(rows: str, which: str) -> list[Component]:
    """The button that downloads rows set aside; none where they are not kept. which: the query of their address."""
    text = f"Download the {rows} set aside"
    return [html.A(text, href=f"/quarantine.csv?{which}", download=True, className="button")] if which else []


def capabilities(answer: Known) -> Component | None:
    """What TrueLift will be able to show with this data, and which column unlocks the rest."""
    items = answer.get("capabilities") or []
    if not items:
        return None
    ready, locked = [one for one in items if one["has"]], [one for one in items if not one["has"]]
    names = html.Span(formats.listing([one["label"] for one in ready]))
    can = [html.Li([html.Span("ready", className="verdict good"), names])] if ready else []
    shown = [*can, *[_locked(one) for one in locked[:SHOWN_LOCKED]]]
    parts: list[Any] = [html.Ul(shown, className="notes")]
    if locked[SHOWN_LOCKED:]:
        rest = locked[SHOWN_LOCKED:]
        summary = html.Summary(f"{formats.count(len(rest))} more locked, and what unlocks them")
        parts.append(html.Details([summary, html.Ul([_locked(one) for one in rest], className="notes")]))
    return part(f"What you will be able to see: {formats.count(len(ready))} of {formats.count(len(items))}", parts)


def _locked(one: Known) -> Component:
    says = [html.Strong(one["label"]), html.Span(f" {one.get('says') or ''}", className="muted")]
    return html.Li([html.Span("locked", className="verdict plain"), html.Span(says)])


def notes(items: Sequence[Known]) -> Component | None:
    """What is worth knowing, what is to be checked first."""
    order = list(WEIGHTS)
    known = sorted(items, key=lambda one: order.index(one["weight"]) if one["weight"] in order else len(order))
    if not known:
        return None
    lines = [_note(one) for one in known]
    rest = lines[SHOWN_NOTES:]
    more = html.Details([html.Summary(f"{words.counted(len(rest), 'more note')}"), html.Ul(rest, className="notes")])
    return part("Worth knowing", [html.Ul(lines[:SHOWN_NOTES], className="notes"), more if rest else None])


def _note(one: Known) -> Component:
    text, tone = WEIGHTS.get(one["weight"], (one["weight"], "plain"))
    return html.Li([html.Span(text, className=f"verdict {tone}"), html.Span(one["sentence"])])


def asked(answer: Known) -> Component | None:
    """The open questions with a button for each answer."""
    boxes = [
        html.Div(
            [
                html.P(one["sentence"]),
                html.Div(
                    [html.Button(says, id=ids.reply(place, value), className="button") for value, says in replies(one)],
                    className="replies",
                ),
            ],
            className="notice left question",
        )
        for place, one in enumerate(questions(answer))
    ]
    return html.Div(boxes) if boxes else None


def replies(question: Known) -> list[tuple[str, str]]:
    """The answers that a question can have, with their words."""
    given = [(one["value"], one["says"]) for one in question.get("answers") or []]
    usual = {
        "dates": [("dmy", "Day first (31/07/2026)"), ("mdy", "Month first (07/31/2026)")],
        "decimals": [("point", "A point (1,234.50)"), ("comma", "A comma (1.234,50)")],
    }
    return given or usual.get(question["kind"], [])


def part(title: str, children: Sequence[Any]) -> Component:
    """One part of the check, under its heading."""
    return html.Section([html.H3(title), *children], className="file")
