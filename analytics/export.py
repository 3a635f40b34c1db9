"""Decides how a filled page or a table leaves the house: JSON, Excel, CSV for spreadsheets, raw CSV, plain text."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from analytics import formats
from analytics.ask import metric_or_score
from analytics.assumptions import Assumptions
from analytics.metrics import Metric
from analytics.views import Column, PageView, Panel, Provenance, Tile
from data import schema
from data.engines import xlsx
from data.filters import Filters
from data.values import guards
from errors import BadFilter, UserError

FORMATS = ("text", "json", "csv", "raw", "xlsx")
About = Sequence[tuple[str, str]]
_UNITS = {"share": "a share: 0.05 is 5 %", "multiple": "a multiple: 2 is twice", "days": "days", "score": "0 to 100"}
_DAYS = frozenset(schema.TIME_GRAINS)


def plain(value: Any) -> Any:
    """A value as JSON has it: missing is null, days are ISO, whole numbers stay whole, amounts keep their paise."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | bool | int):
        return value
    number = float(value)
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else round(number, 10)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as JSON objects."""
    return [{str(key): plain(value) for key, value in row.items()} for row in frame.to_dict("records")]


def page(view: PageView) -> dict[str, Any]:
    """A page as one JSON object."""
    return {
        "page": view.key,
        "query": view.query,
        "filters": view.filters,
        "assumptions": view.assumptions,
        "headline": view.headline,
        "subline": view.subline,
        "data": _data(view.provenance) | (view.quality.records if view.quality else {}),
        "tiles": [_tile(tile) for tile in (*view.tiles, *view.more)],
        "panels": [_panel(panel) for panel in view.panels],
        "remarks": list(view.remarks),
    }


def _data(provenance: Provenance) -> dict[str, Any]:
    return {
        "version": provenance.version,
        "rows_read": provenance.rows_read,
        "rows_set_aside": provenance.rows_set_aside,
        "rows_blank": provenance.rows_blank,
        "sample": provenance.is_sample,
        "first_day": plain(provenance.first_day),
        "last_day": plain(provenance.last_day),
        "files": list(provenance.files),
        "notes": [vars(note) for note in provenance.notes],
    }


def _tile(tile: Tile) -> dict[str, Any]:
    made = {
        "key": tile.key, "label": tile.label, "value": plain(tile.value), "written": tile.written, "unit": tile.unit,
        "note": tile.note, "change": tile.change, "direction": tile.direction, "versus": tile.versus,
    }  # fmt: skip
    if not math.isnan(tile.lower):
        made |= {"lower": plain(tile.lower), "upper": plain(tile.upper)}
    return made


def _panel(panel: Panel) -> dict[str, Any]:
    made = {
        "key": panel.key, "title": panel.title, "metric": panel.metric, "summary": panel.summary, "note": panel.note,
        "records": records(panel.frame),
    }  # fmt: skip
    if panel.findings:
        made["findings"] = [{key: plain(value) for key, value in vars(one).items()} for one in panel.findings]
    return made


def panel_csv(panel: Panel, raw: bool = False) -> str:
    """A panel's table as CSV: labels, then numbers (shares 0–1) and ISO days.

    For spreadsheets texts are made inert, and a mark in front makes Excel read ₹ and Hindi; raw: neither.
    """
    columns = _present(panel)
    rows = panel.frame[[item.key for item in columns]].itertuples(index=False, name=None)
    text = guards.csv_lines([item.label for item in columns], rows, raw)
    return text if raw else guards.MARK + text


def panel_xlsx(view: PageView, key: str, now: datetime | None = None) -> bytes:
    """A panel's table as a workbook: real numbers and days, and a sheet that says what they are."""
    panel = view.panel(key)
    about = [
        ("Question", panel.title), ("Answer", panel.summary), ("Filters", view.filters),
        ("Reckoned with", view.assumptions), ("What it counts", panel.note), *(("", line) for line in panel.explain),
        ("Data", data_words(view.provenance)),
    ]  # fmt: skip
    return _workbook(panel.title, _present(panel), panel.frame, about, now)


def _present(panel: Panel) -> list[Column]:
    return [item for item in panel.columns if item.key in panel.frame]


def as_csv(frame: pd.DataFrame, raw: bool = False) -> str:
    """A frame as CSV: column keys, numbers, ISO days, nothing for what is missing; texts inert unless raw."""
    return guards.csv_lines(list(frame.columns), frame.itertuples(index=False, name=None), raw, end="\n")


def as_xlsx(frame: pd.DataFrame, about: About = (), now: datetime | None = None) -> bytes:
    """A frame as a workbook; about: pairs of term and words for its second sheet."""
    return _workbook("Table", [described(str(key)) for key in frame.columns], frame, about, now)


def described(key: str) -> Column:
    """The column of a frame by its key: a metric, a score, a dimension, or a text of that name."""
    try:
        item = metric_or_score(key)
    except UserError:
        known = schema.DIMENSIONS.get(key)
        label = known.label if known else key.replace("_", " ").capitalize()
        return Column(key, label, "date" if key in _DAYS else "text")
    return Column(key, item.label, item.unit)


def _workbook(title: str, columns: Sequence[Column], frame: pd.DataFrame, about: About, now: datetime | None) -> bytes:
    heads = tuple(xlsx.Head(item.label, item.unit, meaning(item)) for item in columns)
    rows = list(zip(*(_cells(frame[item.key], item.unit) for item in columns), strict=True))
    stamp = f"{now or datetime.now(UTC):%Y-%m-%d %H:%M %Z}"
    said = [*about, ("Made", stamp), *((f"Column: {head.label}", head.note) for head in heads)]
    terms = (xlsx.Head("What"), xlsx.Head("In words"))
    notes = xlsx.Sheet("About", terms, [pair for pair in said if pair[1]], wraps=True)
    return xlsx.write([xlsx.Sheet(title, heads, rows), notes], formats.HOUSE.currency)


def _cells(values: pd.Series, unit: str) -> list[Any]:
    """A column's cells; days that stand there as ISO texts become days."""
    if unit != "date":
        return list(values)
    return [date.fromisoformat(value[:10]) if isinstance(value, str) and value else value for value in values]


def meaning(column: Column) -> str:
    """What a column means: its formula, what must be said beside it, its unit; "" for a text that says it itself."""
    try:
        item = metric_or_score(column.key)
    except UserError:
        known = schema.DIMENSIONS.get(column.key)
        return known.says if known else ""
    formula = f"{item.label} = {item.formula}" if isinstance(item, Metric) and item.under else ""
    unit = formats.HOUSE.currency if column.unit == "money" else _UNITS.get(column.unit, "")
    return "; ".join(part for part in (formula, item.says, unit) if part)


def data_words(data: Provenance) -> str:
    """Version, rows and span of the data set in one line."""
    span = f", {formats.span(data.first_day, data.last_day)}" if data.first_day and data.last_day else ""
    counts = [formats.count(rows) for rows in (data.rows_read, data.rows_set_aside, data.rows_blank)]
    return f"version {data.version}: {counts[0]} rows read, {counts[1]} set aside, {counts[2]} blank{span}"


def about(query: str, provenance: Provenance | None) -> About:
    """What must be said beside a table that was asked by a query: its rows, its way of reckoning, its data."""
    said = [
        ("Filters", Filters.from_query(query).describe()),
        ("Reckoned with", Assumptions.from_query(query).describe()),
    ]
    return [*said, ("Data", data_words(provenance))] if provenance else said


def written(frame: pd.DataFrame, form: str, about: About = ()) -> str | bytes:
    """A frame in one of FORMATS; a workbook is bytes. raw: CSV for machines, nothing guarded."""
    if form == "xlsx":
        return as_xlsx(frame, about)
    if form == "json":
        return json.dumps(records(frame), ensure_ascii=False, indent=1) + "\n"
    return as_csv(frame, form == "raw") if form in ("csv", "raw") else as_text(frame) + "\n"


def deliver(content: str | bytes, out: str, form: str) -> None:
    """Write to the file `out`, or to the standard output when it is ""; CSV for spreadsheets gets its mark in a file.

    Raises BadFilter when the file cannot be written, or when a workbook would be poured into a terminal.
    """
    if out:
        made = (guards.MARK if form == "csv" else "") + content if isinstance(content, str) else content
        try:
            Path(out).write_bytes(made.encode("utf-8") if isinstance(made, str) else made)
        except OSError as error:
            raise BadFilter(f"{out} cannot be written ({error.strerror}). Name another file with --out.") from None
    elif isinstance(content, str):
        sys.stdout.write(content)
    elif sys.stdout.isatty():
        raise BadFilter("A workbook is no text for a terminal. Name a file: --out table.xlsx.")
    else:
        sys.stdout.buffer.write(content)


def as_text(frame: pd.DataFrame) -> str:
    """A frame as aligned columns for people, every number written by its unit."""
    cells = [[str(column) for column in frame.columns]]
    for row in frame.to_dict("records"):
        cells.append([_written(str(key), value) for key, value in row.items()])
    widths = [max(len(row[place]) for row in cells) for place in range(len(frame.columns))]
    fits = [str.rjust if pd.api.types.is_numeric_dtype(frame[column]) else str.ljust for column in frame.columns]
    fitted = (zip(fits, row, widths, strict=True) for row in cells)
    return "\n".join("  ".join(fit(cell, width) for fit, cell, width in row).rstrip() for row in fitted)


def _written(key: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    try:
        return formats.exact(plain(value) if not isinstance(value, float) else value, metric_or_score(key).unit)
    except UserError:
        return formats.MISSING if plain(value) is None else str(plain(value))
