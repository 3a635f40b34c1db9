"""Decides what `verify` and `editions` take and say: a report is checked, and those that were made are listed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from analytics import formats
from data.ledger.editions import Edition, Editions
from errors import BadFilter
from reports.commands import Commands, usual
from reports.editions import kept, manifest
from reports.editions.manifest import Manifest
from reports.editions.verify import Verdict, verify
from reports.order import Order
from reports.papers.structure import MOST_BYTES
from reports.report import collected
from settings import Settings

_SQLITE = "sqlite:///"
_MOST_LISTED = 500


def add(commands: Commands) -> None:
    """Declares both commands."""
    check = commands.add_parser("verify", help="is a report ours and unchanged, and what was restated since?")
    check.add_argument("file", type=Path, help="the report: PDF, web page, workbook or JSON")
    check.add_argument("--json", action="store_true", help="the verdict as JSON")
    usual(check)
    check.set_defaults(run=run_verify)
    listed = commands.add_parser("editions", help="the reports that were made and are kept")
    listed.add_argument("what", choices=("list", "show"), help="list them, or show one")
    listed.add_argument("id", nargs="?", default="", help="of show: its id, its mark, or how its digest begins")
    listed.add_argument("--limit", type=int, default=20, metavar="N", help="how many to list (default: 20)")
    listed.add_argument("--after", type=int, default=0, metavar="N", help="leave out the newest N")
    listed.add_argument("--json", action="store_true", help="as JSON")
    usual(listed)
    listed.set_defaults(run=run_editions)


def run_verify(options: argparse.Namespace) -> int:
    """Says what became of the report; 0 matches, 1 restated, 2 not verifiable. Raises UserError, OSError."""
    settings: Settings = options.settings
    content = _content(options.file)

    def ask(order: Order) -> Manifest:
        answers = options.opener(settings, order.version)
        return manifest.of(collected(answers, order), answers)

    verdict = verify(content, ask, _editions(settings))
    out = sys.stderr if verdict.code == 2 and not options.json else sys.stdout
    print(_dumped(verdict.record()) if options.json else _told(verdict), file=out)
    return verdict.code


def run_editions(options: argparse.Namespace) -> int:
    """Lists editions, or shows one; 0. Raises BadFilter for one that there is not."""
    settings: Settings = options.settings
    editions = _editions(settings)
    if options.what == "show":
        edition = _one(editions, options.id)
        told = editions.manifest(edition.id) if editions else {}
        record = _record(edition, settings) | {"manifest": told}
        print(_dumped(record) if options.json else _shown(edition, told or {}, settings))
        return 0
    if not 0 < options.limit <= _MOST_LISTED or options.after < 0:
        raise BadFilter(f"--limit takes 1 to {_MOST_LISTED}, --after 0 or more.")
    found = editions.newest(options.limit, options.after) if editions else []
    total = editions.count() if editions else 0
    if options.json:
        print(_dumped({"total": total, "editions": [_record(one, settings) for one in found]}))
    else:
        print("\n".join([_line(one, settings) for one in found] or ["No edition is kept yet."]))
        if total > len(found):
            print(f"{formats.count(len(found))} of {formats.count(total)}; see more with --limit and --after.")
    return 0


def _content(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise BadFilter(
                f"{file.name} is larger than any report ({size // 1_000_000} MB). Name the report's own file."
            )
        return file.read_bytes()
    except OSError as error:
        raise BadFilter(f"{file} cannot be read ({error.strerror}). Name the report's file.") from None


def _editions(settings: Settings) -> Editions | None:
    """The ledger's editions; None where there is no ledger yet, since looking must not make one."""
    path = settings.ledger.removeprefix(_SQLITE)
    if path != settings.ledger and not Path(path).exists():
        return None
    return Editions(settings.ledger)


def _one(editions: Editions | None, word: str) -> Edition:
    found = editions.find(word) if editions and word else []
    if not found:
        what = f"“{word}”" if word else "without an id"
        raise BadFilter(f"No edition {what} is kept. List them: python -m reports editions list.")
    if len(found) > 1 and len({one.content for one in found}) > 1:
        near = ", ".join(one.id for one in found[:5])
        raise BadFilter(f"“{word}” fits {len(found)} editions. Name one by its id: {near}.")
    return found[0]


def _told(verdict: Verdict) -> str:
    lines = [verdict.sentence, *(f"  {line}" for line in verdict.lines), *verdict.remarks]
    return "\n".join(lines)


def _when(edition: Edition, settings: Settings) -> datetime:
    return datetime.fromtimestamp(edition.made, ZoneInfo(settings.timezone))


def _record(edition: Edition, settings: Settings) -> dict[str, Any]:
    """An edition for programs."""
    made = _when(edition, settings).isoformat()
    there = kept.file_of(settings.reports_dir, edition) is not None
    own = {**vars(edition), "pages": list(edition.pages), "asked": dict(vars(edition.asked))}
    return own | {"made": made, "is_there": there}


def _line(edition: Edition, settings: Settings) -> str:
    gone = "" if kept.file_of(settings.reports_dir, edition) else "  (its file is gone)"
    words = [edition.mark, f"{_when(edition, settings):%H:%M}", edition.form.ljust(4), edition.asked.by.ljust(8)]
    return "  ".join([*words, edition.id, edition.query or "all data"]) + gone


def _shown(edition: Edition, told: dict[str, Any], settings: Settings) -> str:
    file = kept.file_of(settings.reports_dir, edition)
    content = told.get("content", {})
    pairs: Sequence[tuple[str, str]] = (
        ("Edition", edition.mark), ("Id", edition.id), ("Says", edition.headline),
        ("Made", f"{_when(edition, settings):%d %b %Y, %H:%M %Z}"),
        ("Asked by", f"{edition.asked.by} {edition.asked.id}"),
        ("Schedule", edition.asked.schedule), ("Filters", content.get("filters", {}).get("words", "")),
        ("Reckoned with", content.get("assumptions", "")), ("Pages", ", ".join(edition.pages)),
        ("Audience", edition.audience), ("Data version", f"{edition.data_version}"),
        ("File", f"{file or edition.file + ' (gone)'}"), ("SHA-256", edition.sha256), ("Content", edition.content),
    )  # fmt: skip
    width = max(len(term) for term, _ in pairs)
    lines = [f"{term.ljust(width)}  {words.strip()}" for term, words in pairs if words.strip()]
    tiles = [f"  {one['label']}: {one['written']}" for one in content.get("tiles", ())]
    return "\n".join([*lines, *tiles])


def _dumped(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1)
