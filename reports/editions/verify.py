"""Decides what is said of a report that somebody holds: is it ours and unchanged, and what was restated since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analytics import export, formats
from data.ledger.editions import Edition, Editions
from errors import UserError
from reports.editions import differences, manifest, reading
from reports.editions.differences import TableMoved, TileMoved
from reports.editions.manifest import Manifest
from reports.editions.reading import Carried
from reports.order import Order, from_record

CODES = {"matches": 0, "restated": 1, "not verifiable": 2}
_NOT_KEPT = (
    "This data folder keeps no edition with these bytes: its tables, tiles and manifest were checked, the words and "
    "pictures of its pages were not."
)
_FORGED = (
    "The report was rewritten: version {then} of the data, from which it says it was made, is here byte for byte and "
    "gives other numbers. Take the file as it was made."
)

_FOREIGN = (
    "The report was made from other data: version {then}, from which it says it was made, is not what this data folder "
    "holds under that number. Name the folder that it was made in with --data."
)

Ask = Callable[[Order], Manifest]
"""Makes the manifest of an order over the data there are now; its `version` names another version. Raises UserError."""


@dataclass(frozen=True)
class Verdict:
    """What became of a report. state: 'matches', 'restated' or 'not verifiable'; sentence: that in words.

    lines: what was restated, one each. remarks: what must be known besides. then, now: data versions, 0 for unknown.
    kept: the edition in the ledger that has these bytes.
    """

    state: str
    sentence: str
    lines: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    mark: str = ""
    content: str = ""
    then: int = 0
    now: int = 0
    kept: Edition | None = None
    tiles: tuple[TileMoved, ...] = ()
    tables: tuple[TableMoved, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> int:
        """What the command ends with: 0 matches, 1 restated, 2 not verifiable."""
        return CODES[self.state]

    def record(self) -> dict[str, Any]:
        """The verdict for programs."""
        tiles = [
            {**vars(one), "then": export.plain(one.then), "now": export.plain(one.now), "written": list(one.written)}
            for one in self.tiles
        ]
        return {
            "state": self.state, "code": self.code, "sentence": self.sentence, "lines": list(self.lines),
            "remarks": list(self.remarks), "mark": self.mark, "content": self.content,
            "data": {"then": self.then, "now": self.now}, "kept": self.kept.id if self.kept else None,
            "tiles": tiles, "tables": [dict(vars(one)) for one in self.tables],
        }  # fmt: skip


def verify(content: bytes, ask: Ask | None = None, editions: Editions | None = None) -> Verdict:
    """Checks the bytes of a report against themselves, against the ledger, and against the data there are now.

    ask: None where there are no data to ask; editions: None where there is no ledger. Never raises UserError: what
    cannot be verified is a verdict too.
    """
    try:
        kept = editions.of_bytes(manifest.digest(content)) if editions else None
        carried = _carried(content, kept, editions)
        if editions and not kept:
            _against_ledger(carried, editions)
    except UserError as error:
        return Verdict("not verifiable", f"{error}")
    return _against_data(carried, ask, kept)


def _carried(content: bytes, kept: Edition | None, editions: Editions | None) -> Carried:
    """What the file carries; a workbook carries nothing, and the ledger knows what it said."""
    if kept and editions and reading.form_of(content) == "xlsx":
        return Carried("xlsx", editions.manifest(kept.id) or {})
    return reading.opened(content, is_kept=kept is not None)


def _against_ledger(carried: Carried, editions: Editions) -> None:
    """Raises UserError when the edition of that number is kept here and is another file."""
    edition = editions.edition(str(carried.record["made"].get("edition", "")))
    if edition is None:
        return
    if edition.content != carried.record["id"]:
        raise UserError(f"The report was rewritten: the edition kept here under its number is {edition.mark}, "
                        "and says other things.")  # fmt: skip
    raise UserError(f"The file was altered after it was made: edition {edition.mark} is kept here with other bytes.")


def _against_data(carried: Carried, ask: Ask | None, kept: Edition | None) -> Verdict:
    record, then = carried.record, int(carried.content["data"]["version"])
    known = {"mark": record["mark"], "content": record["id"], "then": then, "kept": kept}
    remarks = () if kept else (_NOT_KEPT,)
    try:
        if ask is None:
            raise UserError("there are no data here. Name the data folder with --data.")
        order = carried.order
        now = ask(order)
    except UserError as error:
        return Verdict("not verifiable", _unasked(f"{error}", record["mark"]), (), remarks, **known)
    tiles, tables = compared(carried, now)
    untrue = _untrue(carried, ask, order, now) if (tiles or tables) and not kept else ""
    if untrue:
        return Verdict("not verifiable", untrue, (), (), **known)
    version = int(now.content["data"]["version"])
    told = (*remarks, *_besides(carried.content, now.content))
    if not tiles and not tables:
        return Verdict("matches", _matches(record["mark"], then, version), (), told, **known, now=version)
    lines = lines_of(tiles, tables, then, version)
    sentence = _restated(record["mark"], len(tiles), len(tables), then, version)
    return Verdict("restated", sentence, lines, told, **known, now=version, tiles=tiles, tables=tables)


def compared(carried: Carried, now: Manifest) -> tuple[tuple[TileMoved, ...], tuple[TableMoved, ...]]:
    """The tiles and the tables that say something else now."""
    then = carried.content
    tiles = differences.tiles(then["tiles"], now.content["tiles"])
    return tuple(tiles), tuple(differences.tables(then["tables"], carried.tables, now.tables))


def lines_of(tiles: tuple[TileMoved, ...], tables: tuple[TableMoved, ...], then: int, now: int) -> tuple[str, ...]:
    """What was restated, a line each, with the versions of the data."""
    before, after = f"version {then}", f"version {now}"
    rows = [f"{one.line()} ({before} → {after})" for one in tables]
    return (*(one.line(before, after) for one in tiles), *rows)


def _untrue(carried: Carried, ask: Ask, order: Order, now: Manifest) -> str:
    """Why what reads otherwise was not restated: it was rewritten, or made from other data; "" where it was."""
    then, latest = carried.content["data"], now.content["data"]["version"]
    foreign = _FOREIGN.format(then=then["version"])
    if then["version"] > latest:
        return foreign
    try:
        asked = from_record(order.as_record() | {"version": then["version"]})
        made = now if then["version"] == latest else ask(asked)
    except UserError:
        return ""
    if not then.get("sha256"):
        return ""
    if then["sha256"] != made.content["data"].get("sha256"):
        return foreign
    same = _rests_on(then) == _rests_on(made.content["data"])
    same = same and made.content["software"] == carried.content.get("software")
    return _FORGED.format(then=then["version"]) if same and any(compared(carried, made)) else ""


def _rests_on(data: Mapping[str, Any]) -> tuple[Any, ...]:
    """What equal numbers follow from."""
    return data.get("version"), data.get("sha256"), data.get("declared")


def _besides(then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """What else is another one now, so that nobody looks for it in the data."""
    said = []
    if then.get("software") != now["software"]:
        said.append(f"It was made by TrueLift {then.get('software')}; this is {now['software']}.")
    if then["data"].get("declared") != now["data"].get("declared"):
        said.append("What is declared of experiments has changed since it was made.")
    return tuple(said)


def _unasked(reason: str, mark: str) -> str:
    return f"Edition {mark} is whole, but it cannot be verified: {reason[:1].lower()}{reason[1:]}"


def _matches(mark: str, then: int, now: int) -> str:
    over = f"version {then} of the data" if then == now else f"version {now} of the data, as of version {then}"
    return f"Matches: every tile and every table of edition {mark} is as it was, over {over}."


def _restated(mark: str, tiles: int, tables: int, then: int, now: int) -> str:
    parts = [(tiles, "tile", "tiles"), (tables, "table", "tables")]
    said = [f"{formats.count(count)} {one if count == 1 else many}" for count, one, many in parts if count]
    read = "reads" if tiles + tables == 1 else "read"
    over = f"version {now}" if then != now else "the same data"
    whose = f"{formats.listing(said)} of edition {mark}, made over version {then} of the data"
    return f"Restated: {whose}, {read} otherwise over {over}."
