"""Decides how a filled page or a table reads for programs: JSON with numbers as numbers, CSV, and plain text."""

from __future__ import annotations

import csv
import io
import math
from datetime import date
from typing import Any

import pandas as pd

from analytics import formats
from analytics.ask import metric_or_score
from analytics.views import PageView, Panel, Provenance, Tile
from errors import UserError


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
        "data": _data(view.provenance),
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


RISKY = ("=", "+", "-", "@", "\t", "\r")


def inert(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula: an apostrophe before = + - @ tab and carriage return."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value


def as_csv(frame: pd.DataFrame) -> str:
    """A frame as CSV for machines: raw numbers, ISO days, nothing for what is missing."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(frame.columns)
    for row in frame.to_dict("records"):
        writer.writerow(["" if plain(value) is None else inert(plain(value)) for value in row.values()])
    return out.getvalue()


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
