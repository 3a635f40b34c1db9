"""Decides how a world with known truth is written, and how the marked sample is loaded."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from data import ingest, simulate
from data.commands import Commands, Run
from data.ingest import Plan
from data.values.written import count
from data.versions import snapshots
from settings import Settings


def _sample(arguments: argparse.Namespace, settings: Settings) -> None:
    """Load the marked sample where there is no data yet."""
    if snapshots.current(settings.data_dir) and not arguments.force:
        print("There is data already: the sample was not loaded.")
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = simulate.write(simulate.simulate(), folder)
        files = [(path, path.name) for path in paths if path.suffix == ".csv"]
        report = ingest.run(Plan(files, replace=True, sample=True), settings)
        settings.data_dir.joinpath("sample-truth.json").write_bytes(Path(folder, "truth.json").read_bytes())
    print(
        f"The sample is loaded: {count(sum(item.raw.read for item in report.staged))} rows, version {report.version}."
    )


def _simulate(arguments: argparse.Namespace, settings: Settings) -> None:
    paths = simulate.write(simulate.simulate(arguments.seed, arguments.rows), Path(arguments.out))
    print("\n".join(str(path) for path in paths))


def add(commands: Commands) -> dict[str, Run]:
    """Declare the commands; returns what runs each."""
    sample = commands.add_parser("sample", help="load the marked sample data where there is no data yet")
    sample.add_argument("--into", "--data", dest="data", metavar="DIR")
    sample.add_argument("--force", action="store_true", help="also over data that is there")
    world = commands.add_parser("simulate", help="write four CSV files of a world whose true iROAS is known")
    world.add_argument("--rows", type=int, help="tracking rows (about 14,000 unless told)")
    world.add_argument("--seed", type=int, default=7)
    world.add_argument("--out", required=True, metavar="DIR")
    return {"sample": _sample, "simulate": _simulate}
