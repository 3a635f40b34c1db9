"""Decides how a plain file is staged without a Python row: cut by the engine, its odd lines by the careful reader."""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from data.engines.duckdb import Writer, quoted
from data.incoming import neat, plain
from data.sources import RawTable
from data.sources.limits import Limits

UTF8 = ("utf-8", "utf-8-sig")
WORTH = 1 << 20
_NO_CELL = "\x01\x02no cell\x02\x01"
_SAMPLE = 200
_FEW = 40
TEXT, TYPED = "text", "typed"
_STRUCTURAL = {"MISSING COLUMNS", "TOO MANY COLUMNS"}
# What Python's strip takes off: trim() knows the spaces, these are the rest.
_WHITE = r"[\t\n\x0b\f\r\x1c-\x20\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]"
Tell = Callable[[float], None]


@dataclass(frozen=True)
class _Way:
    """How one file is cut. name: the staging table to make; fields: field → place; width: cells of its usual line;
    home: where its rows lie; kinds: of its fields, when they are typed at once."""

    path: Path
    raw: RawTable
    name: str
    fields: Mapping[str, int]
    width: int
    home: str
    kinds: neat.Kinds = field(default_factory=dict)

    @property
    def lines(self) -> str:
        """The table of the file's rows in their order."""
        return f"{self.home}{self.name}_lines"

    @property
    def empty(self) -> str:
        """SQL that is true for a row of empty cells."""
        cell = '"{}" IS NULL' if self.kinds else "\"{}\" = ''"
        return " AND ".join([*(cell.format(key) for key in self.fields), "NOT more"])


def can(raw: RawTable) -> bool:
    """Whether a table's file is worth trying: text of some size, in UTF-8, under a path that is no pattern."""
    if type(raw) is not RawTable or raw.path is None or not raw.mark or raw.encoding not in UTF8:
        return False
    return not set("*?[{") & set(str(raw.path)) and raw.path.stat().st_size >= WORTH


def load(
    writer: Writer,
    raw: RawTable,
    fields: Mapping[str, int],
    name: str,
    tell: Tell = lambda share: None,
    kinds: neat.Kinds | None = None,
) -> str:
    """Make the view `name` (row_no and fields, as trimmed text) over the file's rows; "": the careful reader must.

    raw: counts and rows set aside are filled as the careful reader would. fields: field → place of its column.
    tell: is told the share of the work done. kinds: of the fields, when the file's first rows are all written the
    plain way: then the rows are typed at once if all are, in the table `<name>_lines`. Returns TEXT or TYPED.
    """
    assert raw.path is not None
    body = plain.survey(raw.path, raw.mark, lambda share: tell(0.2 * share))
    if body is None:
        return ""
    text = _Way(raw.path, raw, name, fields, _width(raw), f"{writer.scratch()}.")
    tries = [(TYPED, replace(text, home="", kinds=kinds), _typed)] if kinds and not body.controls else []
    for taken, way, finish in [*tries, (TEXT, text, _view)]:
        _cut(writer, way, lambda share: tell(0.2 + 0.8 * share))
        counted = replace(raw, rows=iter(()), blank=0, kept=0, set_aside=[])
        odd = _odd(writer, way, body)
        if odd is not None and body.controls:
            _strip(writer, way)
        if odd is not None and finish(writer, way, counted, odd):
            raw.blank, raw.kept, raw.set_aside, raw.rows = counted.blank, counted.kept, counted.set_aside, iter(())
            return taken
        writer.run(f"DROP TABLE {way.lines}")
    return ""


def cells_at(raw: RawTable, numbers: Collection[int]) -> list[tuple[int, list[str]]]:
    """Some rows of a plain file, by their numbers, with every character."""
    assert raw.path is not None
    return _cells(plain.lines_numbered(raw.path, numbers), raw.mark)


def _width(raw: RawTable) -> int:
    """Cells of the usual line below the header, where it has more than the header."""
    assert raw.path is not None
    with raw.path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = list(islice(file, raw.header_row, raw.header_row + _SAMPLE))
    widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=raw.mark) if cells)
    return max(widths.most_common(1)[0][0] if widths else 0, len(raw.header))


def _cut(writer: Writer, way: _Way, tell: Tell) -> None:
    """The table of lines: a text column a field; `more`: something stands in a column that no field takes; `over`:
    something stands beyond the header's last column."""
    spare = [place for place in range(len(way.raw.header)) if place not in way.fields.values()]
    beyond = range(len(way.raw.header), way.width)
    texts = [f'trim(c{place}) AS "{key}"' for key, place in way.fields.items()]
    more, over = (" OR ".join(f"trim(c{place}) <> ''" for place in places) or "FALSE" for places in (spare, beyond))
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(way.width))
    longest = Limits().cell
    options = f"""columns = {{{columns}}}, auto_detect = false, header = false, skip = {way.raw.header_row},
        delim = {quoted(way.raw.mark)}, quote = '"', escape = '"', nullstr = {quoted(_NO_CELL)}, compression = 'none',
        store_rejects = true, max_line_size = {longest}, rejects_line_size_limit = 0"""
    _forget(writer)
    # Text is dropped soon: cheap to write, and as cheap to read again.
    press = "" if way.kinds else "; SET force_compression='dictionary'"
    writer.run(f"SET preserve_insertion_order=true{press}")
    try:
        cut = f"SELECT {', '.join(texts)}, {more} AS more, {over} AS over"
        cut += f" FROM read_csv({quoted(str(way.path))}, {options})"
        writer.watch(_kept(writer, way, cut), tell)
    finally:
        writer.run("SET preserve_insertion_order=false; SET force_compression='dict_fsst'")


def _kept(writer: Writer, way: _Way, cut: str) -> str:
    """The statement that keeps the rows that were cut; a table of values is made for it, with its columns' types."""
    if not way.kinds:
        return f"CREATE TABLE {way.lines} AS {cut}"
    writer.run(f"CREATE TABLE {way.lines} ({neat.columns(way.kinds)}, more BOOLEAN, over BOOLEAN, odd BOOLEAN)")
    return f"INSERT INTO {way.lines} {_at_once(way, cut)}"


def _at_once(way: _Way, cut: str) -> str:
    """The rows that were cut, typed; `odd`: some cell is not written the plain way."""
    cells = {f'"{key}"': kind for key, kind in way.kinds.items()}
    values = ", ".join(f"{neat.value(cell, kind)} AS {cell}" for cell, kind in cells.items())
    return f"SELECT {values}, more, over, {neat.odd(way.kinds)} AS odd FROM ({cut})"


def _forget(writer: Writer) -> None:
    writer.run("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")


@dataclass(frozen=True)
class _Odd:
    """Lines that the engine did not take: numbers of the empty ones, the others with their cells."""

    blank: Sequence[int]
    lines: Sequence[tuple[int, list[str]]]


def _odd(writer: Writer, way: _Way, body: plain.Body) -> _Odd | None:
    """None when the engine's rows and the odd lines are not all lines of the file."""
    found = writer.rows("SELECT line_byte_position, error_type::VARCHAR FROM reject_errors GROUP BY ALL ORDER BY ALL")
    _forget(writer)
    if not {kind for _, kind in found} <= _STRUCTURAL:
        return None
    rejected = plain.lines_at(way.path, sorted({int(place) - 1 for place, _ in found}))
    if rejected is None:
        return None
    rows = int(writer.one(f"SELECT count(*) FROM {way.lines}"))
    missing = body.lines - way.raw.header_row - rows - len(rejected)
    blank = [line for line in plain.blank_lines(way.path) if line > way.raw.header_row] if missing else []
    if missing != len(blank):
        return None
    return _Odd(blank, _cells(rejected, way.raw.mark))


def _cells(lines: Iterable[tuple[int, bytes]], mark: str) -> list[tuple[int, list[str]]]:
    """Numbered lines cut into cells."""
    return [(number, next(csv.reader([line.decode("utf-8")], delimiter=mark), [])) for number, line in lines]


def _strip(writer: Writer, way: _Way) -> None:
    """Take off the blanks that trim() does not know."""
    for key in way.fields:
        bare = f"regexp_replace(\"{key}\", '^{_WHITE}+|{_WHITE}+$', '', 'g')"
        edge = f"regexp_matches(\"{key}\", '^{_WHITE}|{_WHITE}$')"
        writer.run(f'UPDATE {way.lines} SET "{key}" = {bare} WHERE {edge}')


def _typed(writer: Writer, way: _Way, raw: RawTable, odd: _Odd) -> bool:
    """Number the typed rows and leave out those that are none; False when some cell or line is not plain."""
    if writer.one(f"SELECT bool_or(odd) FROM {way.lines}"):
        return False
    number, late = _counted(writer, way, raw, odd)
    if late:
        return False
    _numbered(writer, way, number)
    if writer.one(f"SELECT bool_or(over OR ({way.empty})) FROM {way.lines}"):
        writer.run(f"DELETE FROM {way.lines} WHERE over OR ({way.empty})")
    for column in ("odd", "more", "over"):
        writer.run(f"ALTER TABLE {way.lines} DROP COLUMN {column}")
    neat.finish(writer, way.kinds, way.lines)
    neat.show(writer, way.kinds, way.name, way.lines)
    return True


def _numbered(writer: Writer, way: _Way, number: str) -> None:
    """Give the rows of a table their line number as row_no."""
    if number == "told":
        writer.run(f"ALTER TABLE {way.lines} RENAME COLUMN told TO row_no")
        return
    counter = f"{way.name}_counter"
    # A default is filled in row by row, in their order: far cheaper than an update.
    writer.run(f"""
        CREATE SEQUENCE {counter} START {way.raw.header_row + 1};
        ALTER TABLE {way.lines} ADD COLUMN row_no BIGINT DEFAULT nextval('{counter}');
        ALTER TABLE {way.lines} ALTER COLUMN row_no DROP DEFAULT; DROP SEQUENCE {counter}
    """)
    if "::" in number:
        writer.run(f"UPDATE {way.lines} SET row_no = {number} WHERE row_no <> {number}")


def _counted(writer: Writer, way: _Way, raw: RawTable, odd: _Odd) -> tuple[str, list[tuple[int, list[str]]]]:
    """SQL of a row's number, and the odd lines that are rows after all; fills counts and rows set aside."""
    number = _number(writer, way, sorted([*odd.blank, *(line for line, _ in odd.lines)]))
    raw.blank += len(odd.blank)
    counts = f"count(*) FILTER (NOT over AND NOT ({way.empty})), count(*) FILTER (NOT over AND {way.empty})"
    raw.kept, blank = writer.rows(f"SELECT {counts} FROM {way.lines}")[0]
    raw.blank += blank
    wide = [line for (line,) in writer.rows(f"SELECT {number} FROM {way.lines} WHERE over")]
    late = list(raw.checked(_all(odd.lines, cells_at(way.raw, wide))))
    raw.set_aside.sort(key=lambda one: one.row)
    return number, late


def _view(writer: Writer, way: _Way, raw: RawTable, odd: _Odd) -> bool:
    """Number the rows, leave out those that are blank or too wide, add those that only end in empty cells."""
    keys = ", ".join(f'"{key}"' for key in way.fields)
    number, late = _counted(writer, way, raw, odd)
    select = f"SELECT row_no, {keys} FROM (SELECT {number} AS row_no, * FROM {way.lines})"
    if writer.one(f"SELECT bool_or(over OR ({way.empty})) FROM {way.lines}"):
        select += f" WHERE NOT over AND NOT ({way.empty})"
    if late:
        select += f" UNION ALL SELECT row_no, {keys} FROM {_late(writer, way, late)}"
    writer.run(f"CREATE TEMP VIEW {way.name} AS {select}")
    return True


def _all(*parts: Sequence[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    yield from sorted(row for part in parts for row in part)


def _late(writer: Writer, way: _Way, rows: Sequence[tuple[int, list[str]]]) -> str:
    """The table of rows that the careful reader took from odd lines."""
    name = f"{way.name}_late"
    columns = ", ".join(f'"{key}" VARCHAR' for key in way.fields)
    writer.run(f"CREATE TEMP TABLE {name} (row_no BIGINT, {columns})")
    cells = {key: [row[place].strip() for _, row in rows] for key, place in way.fields.items()}
    writer.fill(name, {"row_no": [number for number, _ in rows], **cells})
    return name


def _number(writer: Writer, way: _Way, gone: Sequence[int]) -> str:
    """SQL of a row's line number: its place, plus one for each line before it that is no row of the table."""
    first = way.raw.header_row + 1
    starts = [line - first - before for before, line in enumerate(gone)]
    if len(starts) <= _FEW:
        return " + ".join([f"rowid + {first}", *(f"(rowid >= {start})::BIGINT" for start in starts)])
    steps = f"{way.name}_steps"
    once = sorted(set(starts))
    writer.run(f"CREATE OR REPLACE TEMP TABLE {steps} (start BIGINT, step BIGINT)")
    ends = [bisect_right(starts, start) for start in once]
    writer.fill(steps, {"start": [-1, *once], "step": [0, *ends]})
    writer.run(f"""
        CREATE TABLE {way.lines}_told AS SELECT l.rowid + {first} + s.step AS told, l.*
        FROM {way.lines} l ASOF JOIN {steps} s ON l.rowid >= s.start;
        DROP TABLE {way.lines}; ALTER TABLE {way.lines}_told RENAME TO {way.name}_lines
    """)
    return "told"
