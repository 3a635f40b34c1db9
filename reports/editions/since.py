"""Decides what a report says of the edition before: what of it was restated, what moved since, which findings turned.

A tile's way from then to now has two parts, which are its whole way: restated = the days of the edition before as the
data say them today, less what was printed; moved = the days of this edition less those, both as of today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from analytics import formats
from analytics.formats import HOUSE, MISSING, Locale
from analytics.views import Column, PageView, Panel
from data.ledger.editions import Edition, Editions
from errors import UserError
from reports.content.audiences import AUDIENCES
from reports.content.front import opened
from reports.content.report import Report
from reports.editions import differences, manifest
from reports.editions.differences import TableMoved
from reports.editions.kept import Previous, previous
from reports.editions.manifest import Manifest, Table
from reports.order import Order

PLACES = {"money": 2, "count": 1, "share": 4, "multiple": 2, "days": 1, "score": 1}
"""Decimals in which a tile is split: those that its unit is written with; a share's are hundredths of a per cent."""
_TURNS = ("new", "gone", "turned")
_TILE_COLUMNS = ("label", "printed", "then", "restated", "moved", "now")
_TILE_HEADS = ("Number", "As printed", "Then", "Restated", "Moved", "Now")

Record = Mapping[str, Any]


class Answers(Protocol):
    """What pages are asked of."""

    def page(self, key: str, query: str) -> PageView:
        """That page, filled. Raises UserError."""


@dataclass(frozen=True)
class Moved:
    """A tile's way: then + restated + moved = now, to the last digit. None: cannot be computed. printed: as then."""

    key: str
    label: str
    unit: str
    printed: str
    then: Decimal | None
    restated: Decimal | None
    moved: Decimal | None
    now: Decimal | None

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing became of it, on the way neither."""
        return self.then == self.now and not self.restated and not self.moved

    def cells(self, locale: Locale = HOUSE) -> tuple[str, ...]:
        """A row of the table: label, as printed, then, restated, moved, now."""
        ends = [written(value, self.unit, locale) for value in (self.then, self.now)]
        parts = [written(value, self.unit, locale, signed=True) for value in (self.restated, self.moved)]
        return (self.label, self.printed, ends[0], *parts, ends[1])


@dataclass(frozen=True)
class Turn:
    """A finding that is not what it was. what: 'new', 'gone' or 'turned'; then, now: its verdicts, '' for none."""

    what: str
    sentence: str
    then: str
    now: str


@dataclass(frozen=True)
class Since:
    """What became of the edition before. tiles: those that changed, page 1's first; tables: rows that were restated."""

    edition: Edition
    headline: str
    sentences: tuple[str, ...]
    tiles: tuple[Moved, ...]
    tables: tuple[TableMoved, ...]
    findings: tuple[Turn, ...]
    locale: Locale = HOUSE

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """The numbers for programs and workbooks: tiles, tables, findings; NaN for what cannot be computed."""
        keys = ("key", "label", "unit", "printed", "then", "restated", "moved", "now")
        tiles = [[_plain(getattr(one, key)) for key in keys] for one in self.tiles]
        counts = ("before", "after", "changed", "new", "gone")
        rows = [[one.page, one.title, *(_counted(one, key) for key in counts)] for one in self.tables]
        turns = [[one.what, one.sentence, one.then, one.now] for one in self.findings]
        return {
            "tiles": pd.DataFrame(tiles, columns=list(keys)),
            "tables": pd.DataFrame(rows, columns=["page", "title", *counts]),
            "findings": pd.DataFrame(turns, columns=["what", "sentence", "then", "now"]),
        }

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The same as tables for every paper; those without a row are left out."""
        words = pd.DataFrame([one.cells(self.locale) for one in self.tiles], columns=list(_TILE_COLUMNS))
        heads = tuple(Column(key, label) for key, label in zip(_TILE_COLUMNS, _TILE_HEADS, strict=True))
        counts = tuple(Column(key, key.capitalize(), "count") for key in ("before", "after", "changed", "new", "gone"))
        turns = (Column("what", ""), Column("sentence", "Finding"), Column("then", "Then"), Column("now", "Now"))
        frames = self.frames
        found = (
            _panel("since_tiles", "What became of each number", self.headline, words, heads),
            _panel("since_tables", "Which tables were restated", _TABLES_SAY, frames["tables"],
                   (Column("title", "Table"), *counts)),
            _panel("since_findings", "Which findings are others", _FINDINGS_SAY, frames["findings"], turns),
        )  # fmt: skip
        return tuple(panel for panel in found if not panel.frame.empty)


_TABLES_SAY = "Rows of the edition before that the data say otherwise today, over the same days."
_FINDINGS_SAY = "New since, gone since, or with another verdict."


def _panel(key: str, title: str, summary: str, frame: pd.DataFrame, columns: tuple[Column, ...]) -> Panel:
    return Panel(key, title, "", summary, frame, columns, kind="table", span=12)


def of(report: Report, before: Previous | None, answers: Answers) -> Since | None:
    """What changed since the edition before; None where there was none. answers: those the report was asked of."""
    if before is None:
        return None
    again, why = _again(before.record, answers, report)
    content = before.record["content"]
    then = _by_key(content["tiles"])
    now = _by_key(manifest.tiles_of(report.views, report.front.tiles))
    between = _by_key(again[0]) if again else {}
    order = dict.fromkeys([*(tile.key for tile in report.front.tiles), *now])
    tiles = [_moved(then[key], between.get(key), now[key]) for key in order if key in then and key in now]
    besides = (manifest.DATA, manifest.FRONT)
    tables = differences.tables(content["tables"], before.tables, again[1], besides) if again and again[1] else []
    turns = _turns(content["findings"], manifest.findings_of(report.views))
    changed = tuple(one for one in tiles if not one.is_unchanged)
    said = (_which(before, report), _about_days(changed, tables, why, report.locale), _about_findings(turns))
    told = (*said, _about_rest(len(tiles) - len(changed)))
    headline = _headline(before.edition, changed, report.locale)
    return Since(before.edition, headline, tuple(filter(None, told)), changed, tuple(tables), turns, report.locale)


def beside(
    report: Report, made: Manifest, answers: Answers, editions: Editions, folder: Path, schedule: str = ""
) -> tuple[Report, Manifest]:
    """The report with its mark and what changed since the edition before, and its manifest that names that edition.

    folder: of the kept files; schedule: the report's, '' for none. The id of the manifest stays what it was.
    """
    before = previous(editions, folder, report, made.id, schedule)
    named = replace(report, mark=made.mark, since=of(report, before, answers))
    return named, made.after(before.edition.mark) if before else made


def restated(record: Record, answers: Answers) -> dict[str, float]:
    """Tile → what was restated of an edition: its own days on today's data, less what it printed.

    record: the edition's manifest. 0.0 where the number stands; a tile that cannot be computed, then or today, is
    left out. Raises UserError where its pages cannot be asked any more.
    """
    again, why = _again(record, answers)
    if again is None:
        raise UserError(why)
    between = _by_key(again[0])
    moved = [_moved(one, between.get(key), one) for key, one in _by_key(record["content"]["tiles"]).items()]
    return {one.key: float(one.restated) for one in moved if one.restated is not None}


def _again(
    record: Record, answers: Answers, report: Report | None = None
) -> tuple[tuple[list[dict[str, Any]], tuple[Table, ...]] | None, str]:
    """The tiles and tables of an edition's own days as of today; None, and why, where they cannot be asked.

    Over the very data that it was made from nothing is asked: its tables then are not listed either.
    """
    content = record["content"]
    if _stands(content, answers):
        return (list(content["tiles"]), ()), ""
    query, keys = content["filters"]["query"], tuple(page["key"] for page in content["pages"])
    try:
        same = report and report.views[0].query == query
        views = report.views if report and same else _asked(Order(query, keys, audience=content["audience"]), answers)
    except UserError as error:
        return None, f"{error}"
    return (manifest.tiles_of(views), manifest.tables_of(views)), ""


def _asked(order: Order, answers: Answers) -> tuple[PageView, ...]:
    """The pages of an order as reports.report.collected asks them."""
    cut = AUDIENCES[order.audience].cut
    return opened([cut(answers.page(key, order.query)) for key in order.pages], answers, order)


def _stands(content: Record, answers: Answers) -> bool:
    """Whether the edition was made by this release from the very data that answer today."""
    fingerprint: Mapping[str, str] = getattr(answers, "fingerprint", dict)()
    same = all(content["data"].get(key) == value for key, value in fingerprint.items())
    return bool(fingerprint) and same and content["software"] == manifest.software()


def _by_key(tiles: Iterable[Record]) -> dict[str, Record]:
    """Each metric once: the first page that has it."""
    found: dict[str, Record] = {}
    for one in tiles:
        found.setdefault(one["key"], one)
    return found


def _moved(then: Record, again: Record | None, now: Record) -> Moved:
    unit = now["unit"]
    first, between, last = (_exact(one, unit) for one in (then, again, now))
    parts = _less(between, first), _less(last, between)
    return Moved(now["key"], now["label"], unit, str(then["written"]), first, *parts, last)


def _exact(tile: Record | None, unit: str) -> Decimal | None:
    """A tile's value in the decimals that it is split in."""
    value = tile["value"] if tile else None
    return None if value is None else round(Decimal(repr(float(value))), PLACES[unit])


def _less(value: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if value is None or other is None else value - other


def written(value: Decimal | None, unit: str, locale: Locale = HOUSE, signed: bool = False) -> str:
    """A part in the decimals of its unit, so that the parts of a row add up on paper too; with a plus if signed."""
    if value is None:
        return MISSING
    size = abs(value)
    texts = {
        "money": lambda: formats.money_full(float(size), locale),
        "share": lambda: f"{size * 100:.2f} {'pt' if signed else '%'}",
        "multiple": lambda: f"{size:,.2f}×",
        "days": lambda: f"{_tenths(size, locale)} days",
    }
    text = texts.get(unit, lambda: _tenths(size, locale))()
    return formats.MINUS + text if value < 0 else f"+{text}" if signed and value else text


def _tenths(size: Decimal, locale: Locale) -> str:
    whole = formats.count(float(int(size)), locale)
    return whole if size == int(size) else f"{whole}.{int(size * 10) % 10}"


def _turns(then: Iterable[Record], now: Iterable[Record]) -> tuple[Turn, ...]:
    """New ones, then those that are gone, then those with another verdict."""
    old, new = ({one["key"]: one for one in side} for side in (then, now))
    found = [Turn("new", one["sentence"], "", one["verdict"]) for key, one in new.items() if key not in old]
    found += [Turn("gone", one["sentence"], one["verdict"], "") for key, one in old.items() if key not in new]
    return (*found, *(
        Turn("turned", one["sentence"], old[key]["verdict"], one["verdict"])
        for key, one in new.items() if key in old and old[key]["verdict"] != one["verdict"]
    ))  # fmt: skip


def _headline(edition: Edition, tiles: Sequence[Moved], locale: Locale) -> str:
    known = [one for one in tiles if one.restated is not None and one.moved is not None]
    if not known:
        return f"No headline number changed since edition {edition.mark}."
    one = known[0]
    cells = one.cells(locale)
    parts = [f"{cells[place]} {word}" for place, word in ((3, "restated"), (4, "moved")) if cells[place][0] in "+−"]
    if not one.then or len(parts) < 2:
        only = "restated" if one.restated else "moved"
        return f"{one.label} went from {cells[2]} to {cells[5]} since edition {edition.mark}: all of it {only}."
    return f"{one.label} went from {cells[2]} to {cells[5]} since edition {edition.mark}: {formats.listing(parts)}."


def _which(before: Previous, report: Report) -> str:
    content, first = before.record["content"], report.views[0]
    made = formats.day(date.fromisoformat(before.edition.mark[:10]))
    old = f"version {content['data']['version']} of the data ({content['filters']['words']})"
    new = f"version {first.provenance.version} ({first.filters})"
    return f"The edition before was made on {made} over {old}; this one over {new}."


def _about_days(tiles: Sequence[Moved], tables: Sequence[TableMoved], why: str, locale: Locale) -> str:
    if why:
        return f"What was restated of the edition before cannot be told: {why}"
    changed = [one for one in tiles if one.restated]
    parts = [(len(changed), "number", "numbers"), (len(tables), "table", "tables")]
    said = [f"{formats.count(count)} {one if count == 1 else many}" for count, one, many in parts if count]
    if not said:
        return "Nothing of the edition before was restated."
    first = f", {changed[0].label} by {changed[0].cells(locale)[3]}" if changed else ""
    return f"Restated since then, over the same days: {formats.listing(said)}{first}."


def _about_findings(turns: Sequence[Turn]) -> str:
    counts = [(sum(one.what == what for one in turns), what) for what in _TURNS]
    said = [f"{formats.count(count)} {what}" for count, what in counts if count]
    return f"Findings: {formats.listing(said)}." if said else "The findings are those of the edition before."


def _about_rest(count: int) -> str:
    if not count:
        return ""
    return f"{formats.count(count)} {'number is' if count == 1 else 'numbers are'} exactly as printed then."


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else float("nan") if value is None else value


def _counted(table: TableMoved, key: str) -> float:
    known = table.is_counted or key in ("before", "after")
    return float(getattr(table, key)) if known else float("nan")
