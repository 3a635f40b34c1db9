"""A rule is what a person types, and whatever way its number takes it fires once a crossing, never within its slack."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.metrics import METRICS
from reports.schedules import amounts
from reports.schedules.alerts import ARMED, FIRED, IROAS, KINDS, Rule, from_record, moved, parsed
from reports.schedules.amounts import POINTS, RELATIVE
from reports.schedules.recurrence import BadSchedule

BOUNDS = st.integers(-(10**7), 10**7).map(lambda number: number / 100)
VALUES = st.one_of(st.floats(-50, 50), st.sampled_from((-1.0, 0.0, 1.0, 1.5, 1.7, math.nan)))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Any rule that can be."""
    kind, metric = draw(st.sampled_from(KINDS)), draw(st.sampled_from(sorted(METRICS)))
    unit = METRICS[metric].unit
    if kind in ("up by", "down by"):
        unit = draw(st.sampled_from((RELATIVE, POINTS if unit == "share" else unit)))
        low, high = sorted((abs(draw(BOUNDS)), abs(draw(BOUNDS)) or 0.01))
        return Rule(metric, kind, high, low, unit)
    low, high = sorted((draw(BOUNDS), draw(BOUNDS)))
    metric, unit = draw(st.sampled_from(((metric, unit), (IROAS, "multiple"))))
    return Rule(metric, kind, high, low, unit) if kind == "above" else Rule(metric, kind, low, high, unit)


@given(rules())
def test_a_rule_is_its_text(rule: Rule) -> None:
    assert parsed(rule.text()) == rule == from_record(rule.as_record())
    assert rule.words().startswith(f"{rule.label} ")


@given(st.sampled_from(("money", "count", "multiple", "share", RELATIVE, POINTS)), BOUNDS)
def test_an_amount_is_its_text_to_the_last_digit(unit: str, value: float) -> None:
    for text in (amounts.exact(value, unit), amounts.said(value, unit)):
        assert float(amounts.read(text, unit) or 0) == value


@given(BOUNDS, st.floats(-9e4, 9e4), st.sampled_from(("money", "count", "multiple", "share")))
def test_a_number_beside_its_bound_reads_as_on_its_side(bound: float, value: float, unit: str) -> None:
    read = amounts.read(amounts.beside(value, bound, unit), unit)
    assert read is not None
    assert (float(read) > bound) - (float(read) < bound) == (value > bound) - (value < bound)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("roas below 1.5 back above 1.7", Rule("roas", "below", 1.5, 1.7, "multiple")),
        ("ROAS falls below 1.5x", Rule("roas", "below", 1.5, 1.65, "multiple")),
        ("spend up by 20 % vs the period before", Rule("spend", "up by", 0.2, 0.18, RELATIVE)),
        ("Spend is up by more than 20%, back within 15 %", Rule("spend", "up by", 0.2, 0.15, RELATIVE)),
        ("cost per order > ₹2 L back below 1.5 lakh", Rule("cost_per_order", "above", 2e5, 1.5e5, "money")),
        ("Revenue, organic included under 1.5 Cr", Rule("revenue.all", "below", 1.5e7, 1.65e7, "money")),
        ("engagement rate down by 2 pt", Rule("engagement_rate", "down by", 0.02, 0.018, POINTS)),
        ("conversion rate above 12 %", Rule("cvr", "above", 0.12, 0.108, "share")),
        ("profit below 0", Rule("profit", "below", 0.0, 0.0, "money")),
        ("cost per 1,000 reached over ₹300", Rule("cpm.reach", "above", 300.0, 270.0, "money")),
        ("iroas below 1", Rule(IROAS, "below", 1.0, 1.1, "multiple")),
        ("orders up by 500 against the period before", Rule("orders", "up by", 500.0, 450.0, "count")),
    ],
)
def test_what_people_type_is_understood(text: str, rule: Rule) -> None:
    assert parsed(text) == rule


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The alert says nothing."),
        ("roas 1.5", "does not say when to send a report. Write it as “roas below 1.5 back above 1.7”."),
        ("rosa below 2", "No metric “rosa” for an alert. Did you mean “ROAS”?"),
        ("cost per oder below 2", "Did you mean “Cost per order”?"),
        ("roas below ₹5", "is no amount of ROAS in the alert. Write it as 1.5x."),
        ("spend above $500", "is no amount of Spend in the alert. Write it as ₹2 L."),
        ("engagement rate above 5", "Write it as 12 %."),
        ("roas below nan", "is no amount of ROAS"),
        ("roas below 1.5 back above 1.4", "it must be above 1.5× or at it."),
        ("spend up by -3 %", "A change of nothing is no alert."),
        ("iroas up by 20 %", "iROAS is an interval"),
        ("roas below 1" + "0" * 300, "is longer than 200 letters"),
    ],
)
def test_a_mistake_is_one_sentence_that_says_how_to_write_it(text: str, sentence: str) -> None:
    with pytest.raises(BadSchedule) as caught:
        parsed(text)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def fired_at(rule: Rule, path: list[float]) -> list[int]:
    """The looks by which a rule fires."""
    state, found = ARMED, []
    for place, value in enumerate(path):
        state, fires = moved(rule, state, value)
        found += [place] if fires else []
    return found


@given(rules(), st.lists(VALUES, max_size=40))
@example(parsed("roas below 1.5 back above 1.7"), [1.4, 1.6, 1.4, 1.7, 1.4, math.nan, 1.8])
def test_one_message_a_crossing_none_within_the_slack_none_lost(rule: Rule, path: list[float]) -> None:
    """Against the literal story: beyond the threshold it is told, then not until the number has been back."""
    sign = -1 if rule.kind == "below" else 1
    waits, told = False, []
    for place, value in enumerate(path):
        if math.isnan(value):
            continue
        if waits:
            waits = not sign * value <= sign * rule.back
        elif sign * value > sign * rule.threshold:
            told.append(place)
            waits = True
    assert fired_at(rule, path) == told


@given(rules(), st.lists(VALUES, max_size=40))
def test_numbers_that_cannot_be_computed_change_nothing(rule: Rule, path: list[float]) -> None:
    broken = [math.nan, *(value for one in path for value in (one, math.nan))]
    assert [(place - 1) // 2 for place in fired_at(rule, broken)] == fired_at(rule, path)


def test_a_number_that_trembles_around_the_threshold_fires_once() -> None:
    rule = parsed("roas below 1.5 back above 1.7")
    assert fired_at(rule, [1.8, 1.49, 1.51, 1.49, 1.69, 1.0, 1.7, 1.6, 1.5, 1.49]) == [1, 9]
    assert moved(rule, FIRED, 1.7) == (ARMED, False)
    assert moved(rule, ARMED, 1.5) == (ARMED, False)


def test_of_an_interval_the_near_end_counts() -> None:
    above, below = parsed("iroas above 1"), parsed("iroas below 1")
    assert (above.of(1.5, 0.7, 2.4, math.nan), below.of(0.5, 0.2, 1.2, math.nan)) == (0.7, 1.2)
    assert not above.holds(0.7)
    assert below.holds(below.of(0.5, 0.2, 0.9, math.nan))


def test_a_change_is_against_the_period_before() -> None:
    up, down = parsed("spend up by 20 %"), parsed("spend down by ₹100")
    nothing = math.nan
    assert up.of(125.0, nothing, nothing, 100.0) == pytest.approx(0.25)
    assert down.of(50.0, nothing, nothing, 200.0) == 150.0
    assert math.isnan(up.of(125.0, nothing, nothing, 0.0))
    assert math.isnan(up.of(125.0, nothing, nothing, nothing))
