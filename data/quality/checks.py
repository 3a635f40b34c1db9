"""Decides what about the data is worth saying: every rule counted over the snapshot, and the rows that it concerns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from data import schema, sql
from data.engines.duckdb import Writer
from data.incoming.staging import Staged
from data.provenance import Note
from data.quality.rules import BASES, CountRule, RowRule, Rule, SameRule, marks, orders, payouts, people, posts, reading
from data.quality.rules.marks import Asks
from data.values.written import count

RULES: tuple[Rule, ...] = (
    *orders.RULES, *posts.RULES, *payouts.RULES, *people.RULES, *reading.REFUSALS, *reading.FILES,
)  # fmt: skip
BY_ID: dict[str, Rule] = {rule.id: rule for rule in RULES}
_HOLES = frozenset(
    {rule.open for rule in RULES if isinstance(rule, RowRule) and rule.open}
    | {f"{rule.table}.{rule.key}" for rule in RULES if isinstance(rule, SameRule)}
)
_TOLERANCE = 0.011
_NO_ROWS = (
    "SELECT NULL::INTEGER AS file_no, NULL::BIGINT AS row_no, NULL::VARCHAR AS tab, NULL::VARCHAR AS rule LIMIT 0"
)


def compare_payouts(writer: Writer) -> None:
    """Make `payout_gaps`: payouts beyond 1.1 % of every amount that their rate could give, with the nearest one.

    Compared, never replaced: with or without a bonus, rate alone, × posts (stated or counted), × orders (stated or
    tracked), × revenue, of the influencer as a whole and of the payout's own campaign.
    Columns: file_no, row_no, influencer_id, given, nearest.
    """
    writer.run(sql.statement("payout_gaps", tolerance=str(_TOLERANCE)))


def run(writer: Writer, staged: Sequence[Staged], today: date | None = None) -> list[Note]:
    """The rules that concern at least one row, plus what reading the files had to say.

    Makes the view `warned` (file_no, row_no, tab, rule): every row that a rule about rows concerns, reckoned when it
    is read. today: the day of the import (days after it are said); now unless given.
    """
    compare_payouts(writer)
    marks.make(writer, today or date.today())
    filled = marks.filled(writer, _HOLES)
    counts = counted(writer, filled)
    _keep_rows(writer, counts, filled)
    weighed = [Note(rule.id, rule.weight, rule.sentence(counts[rule.id]), counts[rule.id])
               for rule in RULES if counts.get(rule.id)]  # fmt: skip
    return weighed + [note for item in staged for note in _of_file(item)]


def counted(writer: Writer, filled: frozenset[str]) -> dict[str, int]:
    """Rule id → how many it concerns. Row rules over the same rows are counted in one pass. filled: marks.filled."""
    live = [rule for rule in RULES if _may_hold(rule, filled)]
    counts: dict[str, int] = {}
    for base, (_, rows) in BASES.items():
        own = [rule for rule in live if isinstance(rule, RowRule) and rule.base == base]
        if own:
            cases = ", ".join(f"count(*) FILTER ({rule.when})" for rule in own)
            found = writer.rows(f"SELECT {cases} FROM {rows}")[0]
            counts |= {rule.id: int(n) for rule, n in zip(own, found, strict=True)}
    for rule in live:
        if isinstance(rule, CountRule):
            counts[rule.id] = int(writer.one(rule.count) or 0)
        if isinstance(rule, SameRule):
            counts[rule.id] = _repeats(writer, rule, filled)
    return counts


def _may_hold(rule: Rule, filled: frozenset[str]) -> bool:
    """A rule about columns that no row fills needs no pass over the rows."""
    if isinstance(rule, RowRule) and rule.open and f"{rule.open}?" not in filled and f"{rule.open}" in filled:
        return False
    return not isinstance(rule, RowRule | CountRule) or set(rule.needs) <= filled


def _columns(table: str, filled: frozenset[str]) -> str:
    keys = [field.key for field in schema.TABLES[table].fields if f"{table}.{field.key}" in filled]
    return ", ".join(f'"{key}"' for key in keys)


def _repeats(writer: Writer, rule: SameRule, filled: frozenset[str]) -> int:
    """Rows that repeat an earlier one. Where every row has its own key none can: that is asked first."""
    columns = _columns(rule.table, filled)
    if not columns:
        return 0
    count = f"SELECT count(*) - count(DISTINCT hash({{}})) FROM {rule.table}"
    key = f"{rule.table}.{rule.key}"
    if key in filled and f"{key}?" not in filled and not writer.one(count.format(f'"{rule.key}"')):
        return 0
    return int(writer.one(count.format(columns)))


def _rows_of(rule: Rule, filled: frozenset[str]) -> str:
    """SQL of the rows that a rule concerns: file_no, row_no, tab, rule."""
    if isinstance(rule, SameRule):
        parts = f"PARTITION BY hash({_columns(rule.table, filled)}) ORDER BY file_no, row_no"
        rows, when = f"{rule.table} l", f"TRUE QUALIFY row_number() OVER ({parts}) > 1"
        return f"SELECT l.file_no, l.row_no, '{rule.table}' AS tab, '{rule.id}' AS rule FROM {rows} WHERE {when}"
    assert isinstance(rule, RowRule)
    table, rows = BASES[rule.base]
    return f"SELECT l.file_no, l.row_no, '{table}' AS tab, '{rule.id}' AS rule FROM {rows} WHERE {rule.when}"


def _keep_rows(writer: Writer, counts: Mapping[str, int], filled: frozenset[str]) -> None:
    """Make the view `warned`: it takes no room, and costs only when it is read."""
    found = [rule for rule in RULES if counts.get(rule.id) and not isinstance(rule, CountRule)]
    union = " UNION ALL ".join(f"({_rows_of(rule, filled)})" for rule in found) or _NO_ROWS
    writer.run(f"CREATE VIEW warned AS {union}")


def warned(asks: Asks, rule: str, limit: int = 100) -> list[tuple[str, str, int, str]]:
    """The first rows that a rule concerns: file, sheet, row number, table, in the files' order."""
    if rule not in BY_ID:
        return []
    found = asks.rows(
        "SELECT f.name, f.sheet, w.row_no, w.tab FROM warned w JOIN files f USING (file_no) "
        f"WHERE w.rule = '{rule}' ORDER BY w.file_no, w.row_no LIMIT {int(limit)}"
    )
    return [(name, sheet, row, tab) for name, sheet, row, tab in found]


def warned_files(asks: Asks) -> list[tuple[str, str, str, int]]:
    """File, sheet, rule and how many of the file's rows it concerns."""
    found = asks.rows(
        "SELECT f.name, f.sheet, w.rule, count(*) FROM warned w JOIN files f USING (file_no) "
        "GROUP BY f.file_no, f.name, f.sheet, w.rule ORDER BY f.file_no, w.rule"
    )
    return [(name, sheet, rule, rows) for name, sheet, rule, rows in found]


def _of_file(item: Staged) -> list[Note]:
    if item.refused:
        return [Note("file.left_out", "check", item.refused)]
    notes = [Note("file.read", "info", remark) for remark in item.remarks]
    if item.recognised.unused:
        unused = ", ".join(item.recognised.unused)
        notes.append(Note("file.unused", "info", f"{item.raw.label}: columns that nothing here uses: {unused}."))
    return notes


def merged(table: str, items: Sequence[Staged], taken: Sequence[Staged], replaced: int) -> list[Note]:
    """What joining files said: rows met twice, rows of the earlier version that were replaced."""
    notes = []
    again = sum(item.again for item in taken)
    if len(items) > 1 and again:
        stand = "1 row of {t} stands" if again == 1 else "{n} rows of {t} stand"
        said = f"{stand.format(n=count(again), t=table)} in more than one file: {'it is' if again == 1 else 'they are'}"
        notes.append(Note("rows.again", "info", f"{said} counted once.", again))
    if replaced:
        rows = "1 row of {t} replaces a row" if replaced == 1 else "{n} rows of {t} replace rows"
        notes.append(
            Note("rows.replaced", "info", f"{rows.format(n=count(replaced), t=table)} with the same key.", replaced)
        )
    return notes
