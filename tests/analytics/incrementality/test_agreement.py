"""Decides that agreement is counted over measurements only, and says who stands apart, with interval and name."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from analytics.incrementality.agreement import agreement
from analytics.incrementality.estimate import Estimate
from tests.analytics.incrementality.test_verdict import told

NAN = math.nan
HEAD = told(2.0, 1.5, 2.5)


def other(method: str, point: float, half: float, role: str = "directional") -> Estimate:
    return replace(told(point, point - half, point + half, role), method=method)


def test_it_says_how_many_agree_and_who_does_not() -> None:
    heard = [HEAD, *(other(f"iroas.m{place}", 2.1, 0.5) for place in range(4)), other("iroas.tbr", 3.1, 0.3),
             other("iroas.did", 0.5, 0.2)]  # fmt: skip
    found = agreement(heard)
    assert (found.methods, found.holds, found.apart) == (6, 4, ("iroas.did", "iroas.tbr"))
    assert found.spread == pytest.approx(2.6)
    assert found.share == pytest.approx(4 / 6)
    assert found.sentence == (
        "4 of 6 methods agree with the headline; iroas.did says 0.50× (90 % interval 0.30–0.70×), below it; "
        "iroas.tbr says 3.1× (90 % interval 2.8–3.4×), above it."
    )


def test_many_apart_are_counted_and_the_furthest_named() -> None:
    found = agreement([HEAD, *(other(f"iroas.m{place}", 4 + place, 0.5) for place in range(5))])
    assert found.apart[0] == "iroas.m4"
    assert found.sentence.startswith("0 of 5 methods agree")
    assert found.sentence.endswith("3 more stand apart.")


def test_formulas_and_refusals_are_not_asked() -> None:
    refused = replace(told(NAN, NAN, NAN, "directional", status="refused", reason="No."), method="iroas.tbr")
    found = agreement([HEAD, other("iroas.legacy", 22.0, 1.0, "comparison"), refused])
    assert (found.methods, found.holds) == (0, 0)
    assert math.isnan(found.share)
    assert math.isnan(found.spread)
    assert "nothing confirms iroas.holdout" in found.sentence


def test_one_other_is_spoken_of_as_one() -> None:
    assert agreement([HEAD, other("iroas.tbr", 2, 1)]).sentence == "The one other method agrees with the headline."
    assert agreement([HEAD, other("iroas.tbr", 9, 1)]).sentence.startswith("The one other method does not agree")


def test_without_a_headline_the_directions_are_set_beside_each_other() -> None:
    two = agreement([other("iroas.a", 1.0, 0.5), other("iroas.b", 3.0, 0.5)])
    assert two.sentence.startswith("There is no headline to agree with; 1 of 2 directional methods")
    assert "from iroas.a 1.0× (90 % interval 0.50–1.5×) to iroas.b 3.0× (90 % interval 2.5–3.5×)" in two.sentence
    one = agreement([other("iroas.a", 1.0, 0.5)])
    assert "Only one method has a number here" in one.sentence
    assert agreement([]).sentence == "No method has a number here, so there is nothing to agree on."
