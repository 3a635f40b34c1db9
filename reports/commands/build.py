"""Decides what `build` takes and says: one report, made now, in the form and for the audience that is asked."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from data.filters import Filters
from data.ledger.editions import Asked, Editions
from errors import BadFilter
from reports.commands import Commands, usual
from reports.editions.kept import keep
from reports.maker import besides
from reports.order import AUDIENCES, FORMS, PAPERS, VARIANTS, Order
from reports.report import ReportResult, build
from settings import Settings

POURED = ("json", "html")
"""Forms that --out - may pour into a pipe."""
COUNTED = {"xlsx": "sheets"}


def add(commands: Commands) -> None:
    """Declares the command."""
    make = commands.add_parser("build", help="make one report now")
    make.add_argument("--query", default="", help="filters as in the address, for example “brand=Gritzo”")
    make.add_argument("--pages", default="", help="tabs by name, with commas (default: those of the template)")
    make.add_argument("--format", default="", help=f"{_or(FORMS)} (default: as --out ends, else pdf)")
    make.add_argument("--template", default="brand", help=f"{_or(AUDIENCES)} (default: brand)")
    make.add_argument("--paper", default="A4", help=f"{_or(PAPERS)} (default: A4)")
    make.add_argument("--variant", default="", help=f"of the PDF: {_or(VARIANTS[1:])} (default: a tagged PDF)")
    make.add_argument("--brand", default="", metavar="NAME", help="theme file to dress it in (default: the house's)")
    make.add_argument("--version", type=int, metavar="N", help="version of the data (default: the current one)")
    make.add_argument("--epoch", metavar="N", help="seconds since 1970 that it calls “made” (or SOURCE_DATE_EPOCH)")
    make.add_argument("--out", default="", help="file to write (default: report.pdf, .html, …; - pours json or html)")
    usual(make)
    make.set_defaults(run=run)


def _or(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def run(options: argparse.Namespace) -> int:
    """Makes the report; 0. Raises UserError."""
    order = order_of(options)
    if options.out != "-":
        _tell(_made(options, order, Path(options.out or f"report.{order.form}")), order.form)
        return 0
    if order.form not in POURED:
        raise BadFilter(f"A report as {order.form} is no text to pour out. Name a file: --out report.{order.form}.")
    with tempfile.TemporaryDirectory() as folder:
        result = _made(options, order, Path(folder) / "report")
        sys.stdout.buffer.write(result.file.read_bytes())
    _warn(result)
    return 0


def _made(options: argparse.Namespace, order: Order, out: Path) -> ReportResult:
    """The report, beside the edition before it, and kept as an edition itself."""
    settings: Settings = options.settings
    answers = options.opener(settings, options.version)
    made = build(answers, order, out, data_dir=settings.data_dir, beside=besides(settings))
    keep(Editions(settings.ledger), settings.reports_dir, made, Asked("command"))
    return made


def order_of(options: argparse.Namespace) -> Order:
    """The order that the words say. Raises BadFilter for a word that there is not."""
    pages = tuple(page.strip() for page in options.pages.split(",") if page.strip())
    ending = Path(options.out).suffix.removeprefix(".").casefold()
    form = options.format or (ending if ending in FORMS else "pdf")
    ignored = Filters.from_query(options.query.removeprefix("?")).ignored
    if ignored:
        raise BadFilter(f"“{ignored[0]}” in --query is no filter. Copy it from a page's address.")
    return Order(
        query=options.query.removeprefix("?"),
        pages=pages,
        form=form,
        audience=options.template,
        paper=options.paper,
        variant=options.variant,
        brand=options.brand,
        version=options.version,
        epoch=_epoch(options.epoch or os.environ.get("SOURCE_DATE_EPOCH", "")),
    )


def _epoch(text: str) -> float | None:
    """The moment that the report calls “made”; None when nobody fixed it."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 12 and int(text) < 2**35):
        raise BadFilter(f"“{text[:20]}” is no moment: --epoch (or SOURCE_DATE_EPOCH) takes whole seconds since 1970.")
    return float(text)


def _tell(result: ReportResult, form: str) -> None:
    print(f"{result.file}  {result.pages} {COUNTED.get(form, 'pages')}  {result.seconds:.1f} s")
    _warn(result)


def _warn(result: ReportResult) -> None:
    for title in result.missing:
        print(f"Chart missing: {title}", file=sys.stderr)
    for problem in result.problems:
        print(f"Look at this: {problem}", file=sys.stderr)
