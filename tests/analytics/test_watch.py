"""A watched number is the screen's own, over whole days only, beside a period before that the data hold whole."""

from __future__ import annotations

import math
from datetime import date

import pytest

from analytics.answers import Answers
from analytics.watch import watched
from data.store import Store
from errors import BadFilter
from tests.data.worlds import FOUR, imported

LATE = "from=2026-06-03&to=2026-06-05"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return imported(tmp_path_factory.mktemp("watch"), FOUR)[0]


def test_it_is_the_number_that_a_table_has(store: Store) -> None:
    for query in ("", "platform=instagram", "from=2026-06-01&to=2026-06-02"):
        found = watched(store, "roas", query)
        assert found.value == Answers(store).table(("roas",), (), query)["roas"].iloc[0]
        assert (found.version, found.why) == (1, "")
    assert watched(store, "revenue", "platform=instagram").query == "from=2026-06-01&to=2026-06-05&platform=Instagram"


def test_the_period_before_is_as_long_and_whole(store: Store) -> None:
    found = watched(store, "revenue", "from=2026-06-03&to=2026-06-04", compare=True)
    assert (found.value, found.before) == (pytest.approx(300.05), pytest.approx(1500.1))
    assert found.before_days == (date(2026, 6, 1), date(2026, 6, 2))
    cut = watched(store, "revenue", LATE, compare=True)
    assert math.isnan(cut.before)
    assert cut.why == "the data do not hold the whole period before"


def test_days_that_the_data_do_not_reach_yet_have_no_number(store: Store) -> None:
    found = watched(store, "revenue", "from=2026-06-03&to=2026-06-09")
    assert math.isnan(found.value)
    assert found.why == "the data end on 5 Jun 2026, before these days do"


def test_what_cannot_be_computed_says_why(store: Store) -> None:
    found = watched(store, "roas", "from=2026-06-01&to=2026-06-02&product=Oats")
    assert (math.isnan(found.value), bool(found.why)) == (True, True)
    assert watched(store, "iroas", "").why.startswith("Not measured yet.")
    with pytest.raises(BadFilter, match="No platform “Instagrm”"):
        watched(store, "roas", "platform=Instagrm")


def test_the_estimate_comes_with_its_interval(sample_store: Store) -> None:
    found = watched(sample_store, "iroas", "")
    tile = next(tile for tile in Answers(sample_store).page("overview", "").tiles if tile.key == "iroas")
    assert (found.value, found.lower, found.upper) == (tile.value, tile.lower, tile.upper)
    assert found.lower < found.value < found.upper
