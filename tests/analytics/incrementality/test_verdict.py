"""Decides that a verdict never contradicts its interval, in what it is and in what it says."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.incrementality.estimate import ROLES, Estimate
from analytics.incrementality.verdict import (
    CANNOT_TELL,
    DOES_NOT,
    WORKS,
    number_sentence,
    size_sentence,
    verdict,
    verdict_sentence,
)

AMOUNTS = st.floats(-1e4, 1e4)
NAN = math.nan


def told(
    point: float, lower: float, upper: float, role: str = "headline", mde: float = NAN, **more: object
) -> Estimate:
    given_: dict[str, object] = {"status": "ok", "reason": "", "family": "holdout"} | more
    return Estimate(
        "iroas.holdout", "1", "Test against control", point, lower, upper, 0.9, "campaign", 20, 20, 1e6, (),
        str(given_["status"]), str(given_["reason"]), "Flawed.", role, mde, str(given_["family"]),
    )  # fmt: skip


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    lower, point, upper = sorted(draw(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS)))
    mde = draw(st.one_of(st.just(NAN), st.floats(1e-3, 1e4)))
    return told(point, lower, upper, draw(st.sampled_from(ROLES)), mde)


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "").replace("×", ""))


@given(estimates(), st.floats(0.1, 20))
def test_a_verdict_never_contradicts_the_interval(estimate: Estimate, break_even: float) -> None:
    found = verdict(estimate, break_even)
    assert found in (WORKS, DOES_NOT, CANNOT_TELL)
    assert (found == WORKS) == (estimate.role == "headline" and estimate.lower > break_even)
    assert (found == DOES_NOT) == (estimate.role == "headline" and estimate.upper < break_even)


@given(estimates())
def test_the_sentence_says_what_the_interval_says(estimate: Estimate) -> None:
    text = verdict_sentence(estimate)
    assert number_sentence(estimate) in text
    assert re.search(r"iROAS \S+× \(90 % interval .+×, iroas\.holdout\)", text)
    assert ("lies wholly above" in text) == (estimate.role != "comparison" and estimate.lower > 1)
    assert ("lies wholly below" in text) == (estimate.role != "comparison" and estimate.upper < 1)
    starts = [word for word in (WORKS, DOES_NOT, CANNOT_TELL) if text.lower().startswith(f"{word}:")]
    assert starts == ([verdict(estimate)] if estimate.role == "headline" else [])
    assert not re.search(r"\b(nan|inf)\b", text)


@given(st.floats(1.0000001, 1.4), st.floats(0, 3))
def test_an_end_that_reads_like_break_even_is_said_to_be_close(lower: float, width: float) -> None:
    text = verdict_sentence(told(lower + width, lower, lower + 2 * width + 1))
    written = number(re.findall(r"interval (\S+?)–", text)[0])
    assert written > 1 or "by less than 0.1" in text


def test_every_verdict_names_the_smallest_effect_that_this_size_shows() -> None:
    assert "this size tells 0.80× or more from nothing" in verdict_sentence(told(2, 1.5, 2.5, mde=0.8))
    assert "this size tells 0.40× or more from nothing" in verdict_sentence(told(0.5, 0.3, 0.7, mde=0.4))
    open_ = verdict_sentence(told(2, -2, 6, mde=5.6))
    assert open_.startswith("Cannot tell yet: iROAS 2.0× (90 % interval −2.0 to 6.0×, iroas.holdout) holds 1.0×; ")
    assert "tells 5.6× or more from nothing; " in open_
    assert open_.endswith("telling it from break-even takes about 32 times as many campaigns.")
    assert "no size in reach" in size_sentence(told(2, -200, 600, mde=300))
    assert size_sentence(told(2, 1, 3)) == ""


def test_what_stands_beside_the_headline_earns_no_verdict() -> None:
    model = told(3, 2, 4, "directional", family="series")
    assert verdict(model) == CANNOT_TELL
    assert verdict_sentence(model).endswith("It rests on a model, not on the draw of the arms.")
    second = told(3, 2, 4, "directional")
    assert verdict_sentence(second).startswith("Beside the headline: iROAS 3.0×")
    weak = told(3, 2, 4, "directional", status="weak", reason="Nobody has declared it.")
    assert verdict_sentence(weak).endswith("Nobody has declared it.")


@pytest.mark.parametrize("role", ROLES)
def test_a_refusal_has_a_reason_and_no_number(role: str) -> None:
    refused = told(NAN, NAN, NAN, role, status="refused", reason="An arm is empty.")
    assert verdict(refused) == CANNOT_TELL
    assert verdict_sentence(refused) == "An arm is empty."
    assert number_sentence(refused) == "iROAS – (iroas.holdout)"
