"""The command line of the numbers: `python -m analytics answer | table | docs`. Wiring only."""

from __future__ import annotations

import argparse
import json
import os
import sys

from analytics import export
from analytics.answers import PAGES, Answers
from data import schema
from data.filters import Filters
from data.store import Store
from errors import BadFilter, UserError, suggest
from settings import load


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analytics", description="Ask for the numbers without a browser.")
    commands = parser.add_subparsers(dest="command", required=True)
    answer = commands.add_parser("answer", help="print a page as JSON")
    answer.add_argument("page", choices=list(PAGES))
    table = commands.add_parser("table", help="print any metrics by any dimension")
    table.add_argument("--metrics", required=True, help="keys, separated by commas: revenue,spend,roas")
    table.add_argument("--by", default="", help="dimensions, separated by commas; none gives one row")
    table.add_argument("--sort", default="", help="a column; -revenue for the largest first")
    table.add_argument("--limit", type=int)
    table.add_argument("--format", choices=("json", "csv", "text"), default="text")
    for command in (answer, table):
        example = "platform=Instagram&from=2026-02-01"
        command.add_argument("--query", default="", help=f"filters, as in the address: {example}")
        command.add_argument("--data", metavar="DIR", help="data folder instead of TRUELIFT_DATA_DIR")
    docs = commands.add_parser("docs", help="write docs/metrics.md and docs/vocabulary.md from the registries")
    docs.add_argument("--check", action="store_true", help="only say whether they are up to date")
    return parser


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _run(arguments: argparse.Namespace) -> int:
    if arguments.command == "docs":
        from analytics import manual

        return manual.write(check=arguments.check)
    answers = Answers(Store(load(arguments.data)))
    for key in Filters.from_query(arguments.query).ignored:
        known = [*schema.FILTERED, "from", "to", "name", "min_roas"]
        print(f"“{key}” in the query is not known and was passed over. {suggest(key, known)}", file=sys.stderr)
    if arguments.command == "answer":
        print(json.dumps(export.page(answers.page(arguments.page, arguments.query)), ensure_ascii=False, indent=1))
        return 0
    # A value that starts with a dash reads as an option to argparse unless it is joined with “=”; both are taken.
    metrics, by = _words(arguments.metrics), _words(arguments.by)
    if not metrics or (arguments.limit is not None and arguments.limit < 1):
        raise BadFilter("Name at least one metric, and a limit of at least 1: --metrics revenue,spend --limit 5.")
    frame = answers.table(metrics, by, arguments.query, arguments.sort, arguments.limit)
    written = {"csv": export.as_csv, "text": export.as_text}
    if arguments.format == "json":
        print(json.dumps(export.records(frame), ensure_ascii=False, indent=1))
    else:
        print(written[arguments.format](frame).rstrip("\n"))
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
