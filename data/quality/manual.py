"""Decides what docs/rules.md says: written from the live rules, so that it never lags behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from data.quality import checks, rules
from data.quality.rules import CountRule, RowRule, Rule, SameRule
from settings import ROOT

PATH = ROOT / "docs" / "rules.md"
_HEAD = """# Rules

<!-- Written by `python -m data docs` from the rules in the code: change those, not this file. -->

What an import can have against files and rows, or find worth saying. Every rule has an id, a weight and one sentence.

"""
_ADDS_UP = """
For every file and in total, in rows: read = accepted + set aside + blank; and in every money column, to the last
digit: read = accepted + set aside. An import that does not add up is not published.

Rows that are set aside wait in the quarantine: `python -m data quarantine --out FOLDER` (or the import page) writes
them as CSV with the file, the row, the rule and the reason; mend the cells and import that file. Its rows take their
old place, as if they had been right at once; what is still wrong waits on; a row that does not wait is not counted.

Rules marked “rows” keep the rows they concern: the view `warned` of a version gives file, row, table and rule.
"""
_PARTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Reading", "", ("refused",)),
    ("Orders", "tracking", ("check", "info")),
    ("Posts", "posts", ("check", "info")),
    ("Payouts", "payouts", ("check", "info")),
    ("Influencers", "influencers", ("check", "info")),
    ("Files and the data as a whole", "", ("check", "info")),
)


def text() -> str:
    """The whole page."""
    weights = "\n".join(f"- **{weight}**: {says}." for weight, says in rules.WEIGHTS.items())
    parts = [_part(title, [rule for rule in checks.RULES if rule.table == table and rule.weight in chosen])
             for title, table, chosen in _PARTS]  # fmt: skip
    return _HEAD + weights + "\n" + _ADDS_UP + "".join(parts)


def _part(title: str, own: Sequence[Rule]) -> str:
    rows = ([f"`{rule.id}`", rule.weight, _about(rule), rule.plain(), rule.do] for rule in own)
    return f"\n## {title}\n\n" + _table("id | weight | about | says | what to do", rows)


def _about(rule: Rule) -> str:
    kinds = {RowRule: "rows", SameRule: "rows", CountRule: "a count"}
    return kinds.get(type(rule), "rows" if rule.weight == "refused" else "files")


def _table(head: str, rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {head} |", f"| {' | '.join('---' for _ in head.split(' | '))} |"]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def write(path: Path = PATH) -> Path:
    """Write the page; returns where it lies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(), encoding="utf-8")
    return path
