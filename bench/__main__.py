"""The command line of the benchmarks: seconds, and ratios to a peer in the same run."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from analytics.answers import PAGES, Answers
from bench import click, court, imports, page, recovery
from bench import report as paper
from data.store import Store
from settings import load


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that a piece of work takes, and what it returns."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def pages(data_dir: Path, tracking: Path) -> None:
    """Each page filled for a fresh filter and again, beside pandas summing the same rows by five dimensions."""
    answers = Answers(Store(load(data_dir)))
    frame = pd.read_csv(tracking, dtype=str)
    frame["revenue"] = pd.to_numeric(frame["revenue"])
    peer, _ = timed(
        lambda: [frame.groupby(key)["revenue"].sum() for key in ("brand", "product", "campaign", "date", "source")]
    )
    for key in PAGES:
        fresh, _ = timed(lambda key=key: answers.page(key, "brand=Gritzo"))  # type: ignore[misc]
        again, _ = timed(lambda key=key: answers.page(key, "brand=Gritzo"))  # type: ignore[misc]
        ratio = f"fresh is {fresh / peer:.1f} times five pandas sums"
        print(f"page {key:<10} fresh {fresh:5.2f} s, again {again:5.2f} s; {ratio}")


def _said() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--import-only", action="store_true", help="only the import, beside DuckDB's own reading")
    parser.add_argument("--page", action="store_true", help="only the import through the served page")
    parser.add_argument("--report", action="store_true", help="only the report on paper, beside its floor")
    parser.add_argument("--click", action="store_true", help="only one click to link, in a served house")
    parser.add_argument("--court", action="store_true", help="only the court of methods; a million rows with --rows")
    parser.add_argument("--folder", type=Path, help="where the files are made and kept for the next run")
    parser.add_argument("--recovery", action="store_true", help="only whether methods find a planted truth")
    parser.add_argument("--worlds", type=int, default=recovery.WORLDS, help="of the recovery; 1500 for the manual")
    parser.add_argument("--only", default="", help="designs or scenarios of the recovery, e.g. U,G.base")
    parser.add_argument("--to", type=Path, default=recovery.PLACE, help="file that keeps the recovery's figures")
    return parser.parse_args()


def main() -> None:
    """Run all of them, or the one that is asked for."""
    said = _said()
    if said.recovery:
        recovery.run(said.worlds, said.only, said.to)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if said.report:
            paper.measure(folder)
        elif said.click:
            click.measure(folder)
        else:
            _rows(said, folder)


def _rows(said: argparse.Namespace, folder: Path) -> None:
    """Those that need files of many rows."""
    paths = imports.files(said.folder or folder, said.rows)
    tracking = next(path for path in paths if path.name.startswith("tracking"))
    if said.page:
        page.measure(tracking, said.rows)
        return
    data_dir = imports.measure(folder, paths, said.rows)
    if said.import_only:
        return
    if not said.court:
        pages(data_dir, tracking)
        paper.measure(folder)
    court.measure(data_dir, tracking, said.rows)


if __name__ == "__main__":
    main()
