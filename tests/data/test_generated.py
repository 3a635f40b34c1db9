"""Files as the world writes them: whatever the dialect and its faults, no row and no amount is lost, none is guessed.

Two thousand files in every run (TRUELIFT_FILES=10000 by hand), twenty to an import.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from data import ingest
from data.incoming.staging import Staged
from data.ingest import Plan
from settings import load
from tests.data.generated import MONEY, Generated, files

TOGETHER = 20
FILES = int(os.environ.get("TRUELIFT_FILES", "2000"))
SEEN: Counter[str] = Counter()
BATCHES = st.tuples(*(files(place) for place in range(TOGETHER)))


@settings(
    max_examples=FILES // TOGETHER, deadline=None, database=None, derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)  # fmt: skip
@given(BATCHES)
def test_no_row_and_no_amount_of_a_generated_file_is_lost_or_guessed(batch: tuple[Generated, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = [(Path(folder, made.name), made.name) for made in batch]
        for (path, _), made in zip(paths, batch, strict=True):
            path.write_bytes(made.content)
        report = ingest.run(Plan(paths, keep=False), load(Path(folder, "var")))
    by_name = {made.name: made for made in batch}
    assert len(report.staged) == len(batch)
    for item in report.staged:
        _hold(item, by_name[item.raw.file])


def _hold(item: Staged, made: Generated) -> None:
    """The row and the money equation of one file, against what its maker knows."""
    SEEN["files"] += 1
    SEEN["rows"] += made.rows
    SEEN["refused"] += bool(item.refused)
    if item.refused:
        return
    aside = {one.row for one in item.set_aside}
    assert item.raw.read == item.accepted + len(item.set_aside) + item.raw.blank
    assert all(one.rule and one.reason for one in item.set_aside)
    SEEN["set aside"] += len(aside)
    if "open quote" in made.faults.values():
        return
    assert item.raw.read == made.rows
    wrong = {number for number, fault in made.faults.items() if fault in ("short", "long", "junk amount")}
    assert wrong <= aside
    meant = sum((amount or Decimal(0) for number, amount in made.amounts.items() if number not in aside), Decimal(0))
    assert abs(Decimal(str(item.money[MONEY[made.table]])) - meant) < Decimal("0.005")


def test_the_generated_files_are_counted() -> None:
    """After the property: enough files were read, and nearly all of them were taken."""
    assert SEEN["files"] >= FILES * 0.9
    assert SEEN["refused"] <= SEEN["files"] * 0.1
