"""Decides how the speed of an import is told: in a process of its own, beside DuckDB's own reading of the same file."""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from data import ingest, simulate
from data.engines.duckdb import Writer
from data.ingest import Plan
from settings import load


def files(folder: Path, rows: int) -> list[Path]:
    """The CSV files of a simulated world with so many tracking rows; made once."""
    made = folder / f"files-{rows}"
    if not (made / "truth.json").is_file():
        simulate.write(simulate.simulate(7, rows), made)
    return sorted(made.glob("*.csv"))


def measure(folder: Path, paths: list[Path], rows: int) -> Path:
    """Print seconds, rows a second, peak memory and the ratio to read_csv; returns the data folder that was filled."""
    data_dir = folder / "var"
    seconds, busy, peak = _child("import", data_dir, paths)
    tracking = next(path for path in paths if path.name.startswith("tracking"))
    plain, plain_busy, _ = _child("peer", folder / "peer.duckdb", [tracking])
    print(f"import {rows:,} tracking rows   {seconds:6.2f} s  {rows / seconds:>9,.0f} rows/s  peak {peak:,.0f} MiB")
    print(f"  DuckDB read_csv alone        {plain:6.2f} s  ours is {seconds / plain:.1f} times that")
    print(f"  of the processors            {busy:6.2f} s  against {plain_busy:.2f} s: {busy / plain_busy:.1f} times")
    return data_dir


def _child(what: str, target: Path, paths: list[Path]) -> tuple[float, float, float]:
    """Seconds, processor seconds and peak MiB of one piece of work in a process of its own."""
    command = [sys.executable, "-m", "bench.imports", what, str(target), *map(str, paths)]
    said = subprocess.run(command, check=True, capture_output=True, text=True, env=dict(os.environ)).stdout.split()
    return float(said[-3]), float(said[-2]), float(said[-1])


def _peer(target: Path, path: Path) -> None:
    """What DuckDB does by itself, with its own settings and as many threads as ours."""
    target.unlink(missing_ok=True)
    with Writer(target) as peer:
        peer.run("RESET force_compression; RESET memory_limit; SET preserve_insertion_order=true")
        peer.run("CREATE TABLE t AS SELECT * FROM read_csv(?)", [str(path)])


def main() -> None:
    """One piece of work; prints its seconds, its processor seconds and the peak of this process in MiB."""
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description=__doc__)
    parser.add_argument("what", choices=("import", "peer"))
    parser.add_argument("target", type=Path)
    parser.add_argument("paths", type=Path, nargs="+")
    said = parser.parse_args()
    start, busy = time.perf_counter(), time.process_time()
    if said.what == "import":
        ingest.run(Plan([(path, path.name) for path in said.paths], mode="replace"), load(said.target))
    else:
        _peer(said.target, said.paths[0])
    taken = time.perf_counter() - start, time.process_time() - busy
    print(*taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
