"""Decides where an incremental ROAS stands in an output, and whether its interval and its method stand beside it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from analytics.views import Figure, PageView, Panel, Tile

P = r"−?[\d,]+(?:\.\d+)?"
SPAN = rf"{P}×?(?:–| to ){P}×"
ID = r"iroas\.[a-z_]+"
WELL_FORMED = (
    rf"{P}× \([\d.]+ % interval {SPAN}, {ID}\)",
    rf"{P}×, [\d.]+ % interval {SPAN} \({ID}\)",
    rf"{ID}(?: says)? {P}× \([\d.]+ % interval {SPAN}\)",
    rf"the [\d.]+ % interval {SPAN} of {ID}",
    rf"{P}× \({SPAN}, {ID}\)",
    rf"{P}× \({SPAN}\), [^|]*{ID}",
    rf"{P}× {SPAN} [\d.]+ % interval, [^|]*?{ID}",
)
"""The ways in which an iROAS may be written: number, interval, level, id."""
OTHERS = (
    rf"(?i:attributed ROAS)(?: is)? {P}×",
    rf"attributed ROAS {P}× \([\d.]+ % interval {SPAN} over influencers\)",
    rf"{P}× or more",
    rf"(?:holds|above|below) {P}×",
    rf"break-even(?: is| of)? {P}×",
)
"""Multiples that are no iROAS of the data: attributed ROAS by name, smallest effects seen, break-even."""
_ANY = re.compile(rf"(?<![\w.]){P}×")
TAGS = re.compile(r"<[^>]+>")
KEYS = frozenset({"iroas", "estimate", "shrunk", "raw", "beside", "believed"})
SAID_ELSEWHERE = frozenset({"flaw", "formula", "needs", "figure"})


def bare(text: str) -> list[str]:
    """Multiples left in a text about iROAS once those with interval and id are taken away, and those that are none."""
    left = TAGS.sub("", text)
    for pattern in (*OTHERS[1:2], *WELL_FORMED, *OTHERS):
        left = re.sub(pattern, "", left)
    return _ANY.findall(left)


def is_about(text: str) -> bool:
    """Whether a text speaks of iROAS."""
    return "iROAS" in text or "iroas." in text


def _texts(view: PageView) -> Iterator[tuple[str, str]]:
    """Every sentence of a page that speaks of iROAS, and where it stands."""
    own = view.key == "iroas"
    for place, text in (("headline", view.headline), ("subline", view.subline), *(("remark", x) for x in view.remarks)):
        if own or is_about(text):
            yield place, text
    for panel in view.panels:
        own = panel.metric == "iroas"
        for place, text in (("summary", panel.summary), ("note", panel.note), ("message", panel.message)):
            if own or is_about(text):
                yield f"{panel.key} {place}", text
        yield from ((f"{panel.key} explain", line) for line in panel.explain if is_about(line))
        yield from (
            (f"{panel.key} {one.key}", text)
            for one in panel.findings
            for text in (one.sentence, one.detail, one.action)
            if is_about(text)
        )
        yield from _cells(panel)


def _cells(panel: Panel) -> Iterator[tuple[str, str]]:
    for column in panel.frame.columns:
        if column not in SAID_ELSEWHERE:
            for value in panel.frame[column]:
                if isinstance(value, str) and is_about(value):
                    yield f"{panel.key} {column}", value


def of_page(view: PageView) -> list[str]:
    """What is wrong on a page: an empty list where every iROAS has its interval and its method."""
    wrong = [f"{view.key} {place}: {bare(text)} in “{text}”" for place, text in _texts(view) if bare(text)]
    wrong += [f"{view.key} tile: {said}" for tile in (*view.tiles, *view.more) for said in of_tile(tile)]
    for panel in view.panels:
        wrong += [f"{view.key} {panel.key}: {said}" for said in of_panel(panel)]
    return wrong


def of_tile(tile: Tile) -> list[str]:
    """An iROAS tile carries both ends and names its method; without a value it says what is known instead."""
    if tile.key != "iroas":
        return []
    if math.isnan(tile.value):
        return [] if "not measured" in tile.note.lower() else ["does not say that it is not measured"]
    wrong = [] if tile.lower <= tile.value <= tile.upper else ["has no interval"]
    return wrong + ([] if re.search(rf"% interval, .*{ID}", tile.note) else ["its note lacks level or method"])


def of_panel(panel: Panel) -> list[str]:
    """Its table as shown and exported, its whole frame as programs get it, and its picture."""
    shown = {column.label: panel.frame[column.key] for column in panel.columns if column.key in panel.frame}
    wrong = [*of_table(shown), *(of_records(panel.frame.to_dict("records")) if panel.metric == "iroas" else [])]
    return wrong + (list(of_figure(panel.figure)) if panel.metric == "iroas" and panel.figure else [])


def of_table(columns: Mapping[str, Iterable[Any]]) -> list[str]:
    """A table by its heads: beside an iROAS stand both its ends and the method, in every row that has a number."""
    wrong = []
    table = pd.DataFrame({name: list(values) for name, values in columns.items()})
    for name in [name for name in table if "iROAS" in str(name) or re.search(ID, str(name))]:
        known = table[pd.to_numeric(table[name], errors="coerce").notna()]
        first = "" if "iROAS" in str(name) else f"{str(name).split()[0]} "
        ends = [column for column in table if column in (f"{first}from".capitalize(), f"{first}to".capitalize())]
        lacking = known[ends].apply(pd.to_numeric, errors="coerce").isna().any(axis=None) if len(known) else False
        if len(known) and (len(ends) < 2 or lacking):
            wrong.append(f"column “{name}” has no interval beside it")
        named = re.search(ID, str(name)) or any(
            known[column].astype(str).str.fullmatch(ID).all() for column in table if str(column).startswith("Method")
        )
        if len(known) and not named:
            wrong.append(f"column “{name}” has no method beside it")
    return wrong


def of_records(records: Sequence[Mapping[Any, Any]]) -> list[str]:
    """Rows as programs get them: an estimate has lower and upper around it, and its method."""
    wrong = []
    for row in records:
        for key in KEYS & set(row):
            value = row[key]
            if value is None or not isinstance(value, int | float) or math.isnan(value):
                continue
            low, high = next(
                ((row[a], row[b]) for a, b in ((f"{key}_lower", f"{key}_upper"), ("lower", "upper")) if a in row),
                (None, None),
            )
            if low is None or high is None or not low <= value <= high:
                wrong.append(f"record “{key}” {value} has no interval")
            if not re.fullmatch(ID, str(row.get("method", ""))):
                wrong.append(f"record “{key}” {value} has no method")
    return wrong


def of_figure(figure: Figure) -> Iterator[str]:
    """What the pointer shows names interval and method; what is written beside a mark has its interval."""
    for trace in figure["data"]:
        texts = trace.get("customdata", [])
        for text in texts if isinstance(texts, list) else []:
            if isinstance(text, str) and bare(text):
                yield f"hover “{text}” lacks interval or method"
    for note in figure["layout"].get("annotations", []):
        text = TAGS.sub("", str(note.get("text", "")))
        if "break-even" not in text and _ANY.search(text) and not re.search(SPAN, text):
            yield f"written “{text}” lacks its interval"


def of_paper(text: str) -> list[str]:
    """Running text of a document: wherever an iROAS is written in words, it is well-formed."""
    plain = re.sub(r"\s+", " ", text)
    wrong = []
    for found in re.finditer(rf"iROAS(?: of)? {P}×", plain):
        around = plain[found.start() : found.end() + 140]
        if (
            not any(re.search(pattern, around) for pattern in WELL_FORMED)
            and " or more" not in around[: 20 + len(found[0])]
        ):
            wrong.append(around)
    return wrong
