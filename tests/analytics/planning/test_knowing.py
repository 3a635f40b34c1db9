"""What knowing would take is a table of the units of the data: more spend and more weeks show smaller effects."""

from __future__ import annotations

import pytest

from analytics.ask import Ask
from analytics.assumptions import Assumptions
from analytics.effects.refusals import CannotTell
from analytics.pages.incremental.planner import KNOWING
from data.filters import Filters


def test_the_table_falls_with_weeks_and_with_spend(sample_store):
    ask = Ask(sample_store.now(), Filters(), Assumptions())
    rows = KNOWING.frame(ask)
    by = rows.pivot(index="weeks", columns="level", values="smallest")
    assert by[1.0].is_monotonic_decreasing
    assert (by[0.5] > by[4.0]).all()
    assert "or more" in KNOWING.say(rows, ask)
    assert KNOWING.draw(rows, ask)["data"][0]["type"] == "heatmap"
    assert {column.key for column in KNOWING.columns} <= set(rows.columns)


def test_without_enough_units_it_refuses_in_a_sentence(sample_store):
    ask = Ask(sample_store.now(), Filters.from_query("from=2031-01-01"), Assumptions())
    with pytest.raises(CannotTell, match="use the planner below"):
        KNOWING.frame(ask)
