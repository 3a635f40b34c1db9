"""The command line of the numbers: `python -m analytics answer | table | compare | plan | calendar | docs`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from analytics import export
from analytics.answers import PAGES, PAPER_PAGES, Answers
from analytics.planning import command as planner
from analytics.planning.door import Kept, Planning
from analytics.versions import Versions, as_lines
from data import schema
from data.experiments import kept
from data.filters import Filters
from data.store import Store
from data.versions.past import Past
from errors import BadFilter, UserError, suggest
from settings import load


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analytics", description="Ask for the numbers without a browser.")
    commands = parser.add_subparsers(dest="command", required=True)
    answer = commands.add_parser("answer", help="print a page as JSON")
    answer.add_argument("page", choices=[*PAGES, *PAPER_PAGES])
    table = commands.add_parser("table", help="any metrics by any dimension, printed or written to a file")
    _add_table(table)
    compare = commands.add_parser("compare", help="what moved between two versions of the data")
    compare.add_argument("before", type=int, metavar="A")
    compare.add_argument("after", type=int, metavar="B")
    compare.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    plan = commands.add_parser("plan", help="what a test could show, what it costs, and what size it takes")
    planner.add_plan(plan)
    drawing = commands.add_parser("calendar", help="draw a go-live calendar at random, and keep it as an experiment")
    planner.add_calendar(drawing)
    for command in (answer, table, plan, drawing):
        example = "platform=Instagram&from=2026-02-01"
        command.add_argument("--query", default="", help=f"filters, as in the address: {example}")
    for command in (answer, table):
        command.add_argument("--version", type=int, metavar="N", help="version of the data (default: the current one)")
    for command in (answer, table, compare, plan, drawing):
        command.add_argument("--data", metavar="DIR", help="data folder instead of TRUELIFT_DATA_DIR")
    docs = commands.add_parser("docs", help="write docs/metrics.md, methods.md and vocabulary.md from the registries")
    docs.add_argument("--check", action="store_true", help="only say whether they are up to date")
    return parser


def _add_table(table: argparse.ArgumentParser) -> None:
    table.add_argument("--metrics", required=True, help="keys, separated by commas: revenue,spend,roas")
    table.add_argument("--by", default="", help="dimensions, separated by commas; none gives one row")
    table.add_argument("--sort", default="", help="a column; -revenue for the largest first")
    table.add_argument("--limit", type=int)
    says = "csv is safe to open in a spreadsheet, raw is CSV for machines"
    table.add_argument("--format", choices=export.FORMATS, default="text", help=says)
    table.add_argument("--out", default="", metavar="FILE", help="file to write (default: print)")


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _run(arguments: argparse.Namespace) -> int:
    if arguments.command == "docs":
        from analytics import manual

        return manual.write(check=arguments.check)
    if arguments.command == "compare":
        return _compare(arguments)
    if arguments.command in ("plan", "calendar"):
        return _plan(arguments)
    store = Store(load(arguments.data))
    answers = Answers(store.now() if arguments.version is None else store.at(arguments.version))
    for key in Filters.from_query(arguments.query).ignored:
        known = [*schema.FILTERED, "from", "to", "name", "min_roas"]
        print(f"“{key}” in the query is not known and was passed over. {suggest(key, known)}", file=sys.stderr)
    if arguments.command == "answer":
        print(json.dumps(export.page(answers.page(arguments.page, arguments.query)), ensure_ascii=False, indent=1))
        return 0
    return _table(arguments, answers)


def _table(arguments: argparse.Namespace, answers: Answers) -> int:
    # A value that starts with a dash reads as an option to argparse unless it is joined with “=”; both are taken.
    metrics, by = _words(arguments.metrics), _words(arguments.by)
    if not metrics or (arguments.limit is not None and arguments.limit < 1):
        raise BadFilter("Name at least one metric, and a limit of at least 1: --metrics revenue,spend --limit 5.")
    frame = answers.table(metrics, by, arguments.query, arguments.sort, arguments.limit)
    about = export.about(answers.canonical(arguments.query), answers.provenance())
    export.deliver(export.written(frame, arguments.format, about), arguments.out, arguments.format)
    return 0


def _compare(arguments: argparse.Namespace) -> int:
    compared = Versions(Past(load(arguments.data))).compare(arguments.before, arguments.after)
    print(json.dumps(compared, ensure_ascii=False) if arguments.json else as_lines(compared))
    return 0


def _plan(arguments: argparse.Namespace) -> int:
    config = load(arguments.data)
    folder = config.data_dir
    declared = Kept(partial(kept.listed, folder), partial(kept.save, folder), partial(kept.remove, folder))
    planning = Planning(Store(config), declared, lambda: datetime.now(ZoneInfo(config.timezone)).date())
    says = planner.planned if arguments.command == "plan" else planner.drawn
    print(says(planning, arguments))
    return 0


def main(argv: list[str] | None = None) -> int:
    """Run one command; 0 when done, 2 with a sentence when it cannot be."""
    given = list(sys.argv[1:] if argv is None else argv)
    for place, word in enumerate(given[:-1]):
        if word == "--sort" and given[place + 1].startswith("-"):
            given[place : place + 2] = [f"--sort={given[place + 1]}"]
            break
    try:
        return _run(_parser().parse_args(given))
    except UserError as error:
        print(str(error), file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever reads us (`| head`) has had enough; nothing more is written, not even at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
