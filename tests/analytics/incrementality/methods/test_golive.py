"""Drawn go-live dates: the calendar that was drawn finds the truth, and nothing but it may be a headline."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.assumptions import Assumptions
from analytics.effects import designs, golive
from analytics.incrementality.methods.golive import GOLIVE
from analytics.incrementality.slice import Slice
from tests.analytics.incrementality import series_worlds as worlds

HOUSE = Assumptions()
WORLDS = 50


def test_the_truth_is_found_and_held_as_often_as_said() -> None:
    found = worlds.tried(GOLIVE, ((worlds.drawn(seed), 2.0) for seed in range(WORLDS)))
    assert abs(found.bias) <= 0.05 * 2 + 3 * found.error
    assert found.is_covered(WORLDS, 0.87, 0.93)
    assert found.turned_away == 0


def test_without_an_effect_p_is_even() -> None:
    p = []
    for seed in range(WORLDS):
        given = worlds.drawn(seed, 0.0, posts=12).go_live
        assert given is not None
        calendar = designs.redraw(given.record)
        p.append(golive.analyse(given.revenue, given.first.isoformat(), calendar, units=given.units).extras["p"])
    assert worlds.uniform(p, 1000)


def test_only_dates_declared_as_drawn_make_a_headline() -> None:
    said = GOLIVE(worlds.drawn(1), HOUSE)
    assert (said.status, said.role, said.family) == ("ok", "headline", "go_live")
    assert (said.unit_of_analysis, said.n_treated, said.observations) == ("post", 24, 85)
    assert said.mde > 0
    assert "Drawn dates" in said.experiment
    for word in (False, None):
        slice_ = worlds.drawn(1)
        told = replace(slice_, experiment=replace(slice_.experiment, is_random=word))
        assert (GOLIVE(told, HOUSE).status, GOLIVE(told, HOUSE).role) == ("weak", "directional")
    assert GOLIVE(replace(worlds.drawn(1), experiment=None), HOUSE).role == "directional"


def test_few_posts_are_weak() -> None:
    said = GOLIVE(worlds.drawn(2, posts=6), HOUSE)
    assert said.status == "weak"
    assert "at least 8" in said.reason


def given(**changes: object) -> Slice:
    slice_ = worlds.drawn(1)
    return replace(slice_, go_live=replace(slice_.go_live, **changes))  # type: ignore[type-var]


def revenue(place: tuple[int, int], value: float) -> np.ndarray:
    table = worlds.drawn(1).go_live.revenue.copy()  # type: ignore[union-attr]
    table[place] = value
    return table


RECORD = worlds.drawn(1).go_live.record  # type: ignore[union-attr]
BAD: dict[str, tuple[Slice, str]] = {
    "no calendar": (worlds.geo_slice(), "draw go-live dates"),
    "no spend anywhere": (replace(worlds.drawn(1), spend=0.0), "no spend"),
    "no spend on the posts": (given(spend=0.0), "nothing to divide by"),
    "constant revenue": (given(revenue=np.full((85, 24), 5.0)), "the same"),
    "an unknown day": (given(revenue=revenue((3, 4), np.nan)), "missing or infinite"),
    "missing weeks": (given(revenue=worlds.drawn(1).go_live.revenue[:60]), "wait until then, and import newer days"),  # type: ignore[union-attr]
    "a giant day": (given(revenue=revenue((3, 4), 1e12)), "One value holds"),
    "a negative day": (given(revenue=revenue((3, 4), -1.0)), "set returns off"),
    "moved dates": (given(record={**RECORD, "dates": RECORD["dates"][::-1]}), "Restore the calendar"),
    "a broken record": (given(record={"version": 1, "seed": 1}), "draw"),
    "three posts": (worlds.drawn(1, posts=3), "too few"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(BAD))
def test_what_cannot_be_measured_is_refused_in_a_sentence(name: str) -> None:
    worlds.refuses(GOLIVE, *BAD[name])
