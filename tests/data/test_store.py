"""Decides that a store stands on the version it was given, whatever is imported or taken back beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from data import ingest
from data.filters import Filters
from data.ingest import Plan
from data.store import Store
from data.versions import history
from errors import NoData
from settings import Settings, load
from tests.data.worlds import FOUR, TRACKING, imported, write

DEARER = TRACKING.replace("2026-06-02,1,500", "2026-06-02,1,800")


def revenue(store: Store) -> float:
    return float(store.totals(Filters(), measures=("revenue",))["revenue"].iloc[0])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Two versions: the second corrects one order."""
    imported(tmp_path, FOUR)
    settings = load(tmp_path / "var")
    ingest.run(Plan(write(tmp_path, {**FOUR, "tracking_data.csv": DEARER}), replace=True), settings)
    return settings


def test_a_version_answers_the_same_for_ever(settings: Settings) -> None:
    first, now = Store(settings, 1), Store(settings)
    assert (revenue(first), revenue(now)) == (1800.15, 2100.15)
    assert (first.version, now.version) == (1, 2)
    history.undo(settings)
    assert (revenue(first), revenue(now), revenue(Store(settings, 2))) == (1800.15, 1800.15, 2100.15)
    history.redo(settings)
    assert (revenue(first), revenue(now)) == (1800.15, 2100.15)


def test_a_store_that_stands_still_keeps_its_version_through_an_undo(settings: Settings) -> None:
    store = Store(settings)
    standing = store.now()
    history.undo(settings)
    assert (standing.version, revenue(standing), standing.provenance().version) == (2, 2100.15, 2)
    assert (store.version, revenue(store), store.provenance().version) == (1, 1800.15, 1)
    assert standing.now() is standing


def test_what_a_version_remembers_serves_whoever_comes_back_to_it(settings: Settings) -> None:
    store = Store(settings)
    standing = store.now()
    history.undo(settings)
    assert store.now() is store.at(1)
    history.redo(settings)
    assert store.now() is standing


@pytest.mark.parametrize("version", [0, 9, -1])
def test_a_version_that_is_not_kept_names_those_that_are(settings: Settings, version: int) -> None:
    for ask in (lambda: Store(settings).at(version), lambda: revenue(Store(settings, version))):
        with pytest.raises(NoData, match=rf"Version {version} is not kept. Kept are 1 and 2\."):
            ask()


def test_without_data_there_is_no_version_to_stand_on(tmp_path: Path) -> None:
    store = Store(load(tmp_path))
    assert store.version == 0
    for ask in (store.now, lambda: store.at(1)):
        with pytest.raises(NoData, match="No data has been imported yet"):
            ask()


def test_more_versions_than_are_held_open_all_answer(settings: Settings, tmp_path: Path) -> None:
    for amount in range(6):
        text = TRACKING.replace("2026-06-02,1,500", f"2026-06-02,1,{900 + amount}")
        ingest.run(Plan(write(tmp_path, {**FOUR, "tracking_data.csv": text}), replace=True), settings)
    store = Store(settings)
    stores = [store.at(version) for version in range(1, 9)]
    for _ in range(2):
        assert [round(revenue(one) - 1300.15, 2) for one in stores] == [500, 800, *range(900, 906)]
