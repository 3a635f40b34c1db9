"""Decides that what is said of the data adds up: every row and all money of every file, and the sums below them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from analytics import quality
from analytics.answers import Answers
from analytics.quality import COUNTED, MONEY, TOTAL
from analytics.views import Quality
from data.engines.duckdb import Writer
from data.store import Store
from tests.data.worlds import FOUR, imported

BROKEN = FOUR["tracking_data.csv"] + "organic,Gritzo_June,,u5,Oats,2026-06-05,1,lots\n\n"


@pytest.fixture(scope="module", name="store")
def _store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A world with a row that cannot be read, and a blank one."""
    return imported(tmp_path_factory.mktemp("quality"), {**FOUR, "tracking_data.csv": BROKEN})[0]


@pytest.fixture(name="said")
def _said(store: Store) -> Quality:
    return quality.of(store.now())


def test_every_file_and_their_sum_balance(said: Quality) -> None:
    frame = said.files.frame
    assert list(frame["file"])[-1] == TOTAL
    assert len(frame) == 5
    for row in frame.itertuples():
        assert row.rows_read == row.accepted + row.set_aside + row.blank
    for key in COUNTED:
        assert frame[key].iloc[-1] == frame[key].iloc[:-1].sum()
    assert frame["set_aside"].iloc[-1] == 1
    assert said.files.summary == f"{said.equation}."


def test_money_balances_in_every_column_to_the_last_digit(said: Quality) -> None:
    frame = said.money.frame
    sums = frame[frame["file"] == TOTAL]
    assert set(sums["header"]) == {"Revenue", "Total payout"}
    for row in frame.itertuples():
        assert row.read == row.accepted + row.set_aside
        assert isinstance(row.read, Decimal)
    parts = frame[frame["file"] != TOTAL]
    for key in MONEY:
        assert sum(sums[key]) == sum(parts[key])
    assert sums["read"].iloc[0] == Decimal("2950.15")


def test_the_heaviest_note_stands_first(said: Quality) -> None:
    order = {"wrong": 0, "check": 1, "info": 2}
    weights = [order.get(note.weight, 3) for note in said.notes]
    assert weights == sorted(weights)


def test_what_is_locked_says_what_would_unlock_it(said: Quality) -> None:
    assert any("campaign_type" in line for line in said.locked)
    assert "orders and revenue" in said.unlocked


def test_rows_set_aside_can_be_had(said: Quality) -> None:
    assert "The one row set aside can be had as a file" in said.quarantine


def test_programs_get_the_same_numbers(said: Quality) -> None:
    told = json.loads(json.dumps(said.records))
    assert [{key: one[key] for key in COUNTED} for one in told["files"]] == [
        {key: int(row[key]) for key in COUNTED} for row in said.files.frame.iloc[:-1].to_dict("records")
    ]
    assert sum(Decimal(one["read"]) for one in told["accounts"] if one["field"] == "revenue") == Decimal("2950.15")
    assert {one["key"] for one in told["capabilities"] if not one["has"]} >= {"has_holdout"}


def test_every_page_carries_it(store: Store) -> None:
    assert Answers(store).page("overview", "").quality == quality.of(store.now())


def test_a_version_from_before_money_was_counted_says_what_it_can(tmp_path: Path) -> None:
    store, _ = imported(tmp_path, FOUR)
    with Writer(store.snapshot(1).path) as writer:
        writer.run("DROP TABLE accounts")
    said = quality.of(store.now())
    assert said.money is None
    assert said.equation.endswith("0 blank")
    assert store.accounts().empty
