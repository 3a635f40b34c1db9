"""Where a selection cuts a declared test, no number is made of it, and the sentence says what cuts it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from analytics import prepare
from analytics.incrementality.court import headline
from analytics.preparing import choice
from data.store import Store
from tests.analytics.preparing import worlds
from tests.analytics.preparing.worlds import TEST, ask

PLACES = {"unit": "geo", "treated": ("Pune", "Delhi"), "control": ("Agra", "Surat")}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return worlds.store(tmp_path_factory.mktemp("world"))


@pytest.fixture
def declared(made: Store) -> Iterator[Callable[..., None]]:
    """Declares a variant of the test; it is forgotten afterwards."""

    def declare(**changes: object) -> None:
        made.declare(replace(TEST, **changes))  # type: ignore[arg-type]

    yield declare
    made.undeclare("june")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("platform=Instagram", "narrowing by platform"),
        ("influencer=i1", "narrowing by influencer"),
        ("campaign=Alpha", "narrowing by campaign"),
        ("min_roas=2", "narrowing by minimum ROAS"),
        ("from=2026-06-10", "choose dates that hold all of it"),
    ],
)
def test_what_cuts_a_declared_test_is_named_and_nothing_is_measured(
    made: Store, declared: Callable[..., None], query: str, words: str
) -> None:
    declared(**PLACES)
    estimates = prepare.court_of(ask(made, query))
    assert words in headline(estimates).reason
    assert "Nobody has declared" not in headline(estimates).reason
    resting = [one for one in estimates if one.family in ("holdout", "clusters", "panel", "series", "looking")]
    assert {one.reason for one in resting} == {resting[0].reason}
    assert all(one.is_refused for one in resting)


@pytest.mark.parametrize("unit", ["geo", "customer", "influencer"])
def test_orders_of_a_campaign_are_those_of_the_treated_alone(
    made: Store, declared: Callable[..., None], unit: str
) -> None:
    lists = {"geo": PLACES, "customer": {"unit": "customer", "sizes": (50, 50)},
             "influencer": {"unit": "influencer", "treated": ("i1",), "control": ("i2",)}}  # fmt: skip
    declared(**lists[unit])
    assert choice.chosen(ask(made, "campaign=Alpha")) is None
    assert choice.chosen(ask(made)) is not None


def test_a_campaigns_own_cell_is_read_by_campaign(made: Store, declared: Callable[..., None]) -> None:
    declared()
    assert choice.chosen(ask(made, "campaign=Alpha,Gamma")) is not None
    assert "narrowing" not in prepare.slice_of(ask(made, "campaign=Alpha")).unread


def test_a_test_of_another_selection_is_not_spoken_of(made: Store, declared: Callable[..., None]) -> None:
    declared(query="brand=Gritzo")
    assert prepare.slice_of(ask(made, "brand=MuscleBlaze")).unread == ""
    assert "declared for another selection" in prepare.slice_of(ask(made, "brand=MuscleBlaze", "june")).unread
    assert prepare.slice_of(ask(made, "platform=Instagram", "none")).unread == ""


def test_days_that_the_data_do_not_know_are_said(made: Store, declared: Callable[..., None]) -> None:
    declared(start=date(2027, 1, 1), end=date(2027, 2, 1))
    assert "begins on 1 Jan 2027, and the data end on 14 Jun 2026" in headline(prepare.court_of(ask(made))).reason
    declared(start=date(2027, 1, 1), end=date(2027, 2, 1), **PLACES)
    assert prepare.slice_of(ask(made)).unread == "", "what is planned for other units says nothing of those of now"
    declared(start=date(2025, 1, 1), end=date(2025, 2, 1))
    assert "ended on 1 Feb 2025, and the data begin on 1 Jun 2026" in headline(prepare.court_of(ask(made))).reason


def test_listed_units_that_no_row_names_are_told(made: Store, declared: Callable[..., None]) -> None:
    declared(treated=("Alfa", "Betta"), control=("Gamma", "Delta"))
    reason = headline(prepare.court_of(ask(made))).reason
    assert "lists for test stands in these rows (Alfa and Betta)" in reason


def test_listed_people_without_the_trait_are_no_units_of_it(tmp_path: Path) -> None:
    made = worlds.store(tmp_path, "", replace(TEST, unit="influencer", treated=("i1", "i3"), control=("i2",)))
    assert prepare.slice_of(ask(made)).cells["unit"].tolist() == ["i1", "i2", "i3"]
    assert prepare.slice_of(ask(made, "platform=Instagram")).cells["unit"].tolist() == ["i1", "i2"]
    assert prepare.slice_of(ask(made, "influencer=i1")).cells["unit"].tolist() == ["i1"]


def test_lists_of_customers_say_how_many_there_are(made: Store, declared: Callable[..., None]) -> None:
    treated = tuple(f"Alpha{number}" for number in range(5)) + tuple(f"new{number}" for number in range(15))
    declared(unit="customer", treated=treated, control=tuple(f"Gamma{number}" for number in range(5)))
    found = prepare.slice_of(ask(made)).customers
    assert found is not None
    assert (found.treated.n, found.control.n) == (20, 5)
    named = [check for one in prepare.court_of(ask(made)) for check in one.checks if check.name == "all customers"]
    assert named == []
