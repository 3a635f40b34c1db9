"""Decides that no incremental ROAS appears without an interval, and that what cannot be measured is refused."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.assumptions import Assumptions
from analytics.effects.adjusted import Moments
from analytics.incrementality import court as court_of
from analytics.incrementality.court import METHODS, court, designated, headline, is_drawn
from analytics.incrementality.estimate import FAMILIES, Estimate, Method, Numbers
from analytics.incrementality.methods.holdout import HOLDOUT, lift
from analytics.incrementality.methods.portfolio import against_portfolio
from analytics.incrementality.slice import Customers, OrderRows, Slice
from analytics.incrementality.verdict import verdict, verdict_sentence
from data.experiments.record import Experiment

HOUSE = Assumptions()


def rows(values: np.ndarray) -> OrderRows:
    return OrderRows(len(values), float(values.mean()), float(values.std(ddof=1)))


def world(seed: int = 0, effect: float = 0.0, treated: int = 40, control: int = 20) -> Slice:
    """Campaigns drawn at random, 4,000 of revenue and 1,000 of spend each, `effect` × spend caused."""
    draw = np.random.default_rng(seed)
    revenue = 4000 * np.exp(draw.normal(0, 0.3, treated + control))
    revenue[:treated] += effect * 1000
    cells = pd.DataFrame(
        {
            "unit": [f"c{number}" for number in range(treated + control)],
            "arm": ["treated"] * treated + ["control"] * control,
            "revenue_all": revenue,
            "orders_all": np.round(draw.uniform(5, 15, treated + control)),
            "spend": [1000.0] * treated + [0.0] * control,
        }
    )
    live = np.arange(60) >= 20
    daily = pd.DataFrame(
        {
            "date": pd.date_range("2026-01-01", periods=60),
            "revenue": np.where(live, draw.gamma(4, 500, 60), 0.0),
            "revenue_organic": draw.gamma(9, 300, 60),
        }
    )
    people = pd.DataFrame(
        {"influencer_id": list("abcdefgh"), "revenue": draw.gamma(3, 900, 8), "spend": draw.gamma(9, 100, 8)}
    )
    campaigns = people.rename(columns={"influencer_id": "campaign"}).assign(chosen=[True] + [False] * 7)
    revenue_sum, organic = float(daily["revenue"].sum()), float(daily["revenue_organic"].sum())
    return Slice(
        spend=1000.0 * treated, revenue=revenue_sum, revenue_all=revenue_sum + organic, revenue_organic=organic,
        cells=cells, influencers=people, campaigns=campaigns, daily=daily, treated_rows=rows(revenue[:treated]),
        control_rows=rows(revenue[treated:]), declared_random=True,
    )  # fmt: skip


def heard(slice_: Slice) -> dict[str, Estimate]:
    return {estimate.method: estimate for estimate in court(slice_, HOUSE)}


def test_every_method_is_heard_once_in_the_order_of_the_families() -> None:
    assert [estimate.method for estimate in court(world(), HOUSE)] == list(METHODS)
    families = [method.family for method in METHODS.values()]
    assert families == sorted(families, key=list(FAMILIES).index)
    assert len({method.label for method in METHODS.values()}) == len(METHODS)
    for method in METHODS.values():
        assert method.id.startswith("iroas.")
        assert method.formula
        assert method.flaw.endswith(".")
        assert method.needs
        assert method.assumptions
        assert method.source
        assert (method.family == "published") == (method.role == "comparison")


def test_published_formulas_never_speak_for_us() -> None:
    for name, estimate in heard(world(effect=3)).items():
        if METHODS[name].family == "published":
            assert estimate.lower < estimate.estimate < estimate.upper
            assert (estimate.status, estimate.role, verdict(estimate)) == ("weak", "comparison", "cannot tell yet")
            assert "not a measurement" in verdict_sentence(estimate)
            assert name in verdict_sentence(estimate)


def fake(name: str, role: str, interval: tuple[float, float, float] = (2.0, 1.5, 2.5), reason: str = "") -> Method:
    def work(slice_: Slice, assumptions: Assumptions) -> Numbers:
        return Numbers(interval, "campaign", 20, 20, (), reason, mde=0.5)

    return Method(name, "1", name, "f", ("n",), ("a",), "Flaw.", "s", role, work, "clusters", True)


def refusing(name: str, role: str) -> Method:
    return replace(fake(name, role), work=lambda slice_, assumptions: "An arm is empty.")


LADDER = ("iroas.golive", "iroas.cuped", "iroas.geo_regression", "iroas.holdout")


def sit(monkeypatch: pytest.MonkeyPatch, *methods: Method) -> None:
    monkeypatch.setattr(court_of, "METHODS", {method.id: method for method in methods})


def declared(unit: str, is_random: bool | None = True, **fields: object) -> Slice:
    calendar = {"version": 1} if unit == "go_live" else None
    given = Experiment("one", "Spring test", unit, is_random, calendar=calendar)
    return replace(world(), experiment=given, **fields)  # type: ignore[arg-type]


def clusters(sold: int = 60) -> pd.DataFrame:
    pre = np.where(np.arange(60) % 3 < 2, 100.0, 120.0) * (np.arange(60) < sold)
    cells = world().cells
    return cells[["unit", "arm", "spend"]].assign(pre=pre, test=cells["revenue_all"], pre_spend=0.0)


def customers(columns: int) -> Customers:
    arm = Moments(50, np.ones(columns), np.eye(columns))
    return Customers(arm, arm, 0.1, 1e4)


DESIGNS = {
    "iroas.cuped": declared("customer", customers=customers(2)),
    "iroas.holdout": declared("customer", customers=customers(1)),
    "iroas.geo_regression": declared("geo", clusters=clusters(), pre_days=90.0),
    "iroas.golive": declared("go_live"),
}


@pytest.mark.parametrize("expected", DESIGNS)
def test_the_design_decides_who_speaks_and_nothing_else(expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others would look better or worse; they stand beside it all the same."""
    for mine in ((2.0, -50.0, 50.0), (9.0, 8.9, 9.1)):
        sit(monkeypatch, *(fake(name, "headline", mine if name == expected else (3.0, 2.9, 3.1)) for name in LADDER))
        heard_ = court(DESIGNS[expected], HOUSE)
        assert [one.method for one in heard_ if one.role == "headline"] == [expected]
        assert headline(heard_).method == expected
        assert {one.role for one in heard_} == {"headline", "directional"}


def test_a_time_before_counts_once_eight_units_of_each_arm_sold_in_it() -> None:
    for unit in ("geo", "influencer", "campaign"):
        assert designated(declared(unit)) == "iroas.holdout"
        assert designated(declared(unit, clusters=clusters(), pre_days=90.0)) == "iroas.geo_regression"
        assert designated(declared(unit, clusters=clusters(48), pre_days=90.0)) == "iroas.geo_regression"
        assert designated(declared(unit, clusters=clusters(47), pre_days=90.0)) == "iroas.holdout"
        assert designated(declared(unit, clusters=clusters(), pre_days=0.0)) == "iroas.holdout"


@pytest.mark.parametrize("word", [None, False])
@pytest.mark.parametrize("expected", DESIGNS)
def test_undeclared_means_directional(expected: str, word: bool | None, monkeypatch: pytest.MonkeyPatch) -> None:
    sit(monkeypatch, *(fake(name, "headline") for name in LADDER))
    slice_ = DESIGNS[expected]
    assert slice_.experiment is not None
    heard_ = court(replace(slice_, experiment=replace(slice_.experiment, is_random=word)), HOUSE)
    assert {(one.role, one.status) for one in heard_} == {("directional", "weak")}
    said = headline(heard_, 3.9)
    assert said.is_refused
    assert said.reason == (
        "Not measured yet. Attributed ROAS 3.9× is what codes and links were credited with, not what was caused. "
        "Nobody has declared that the arms were drawn at random, so this is directional only. "
        "It is measured by arms or go-live dates drawn at random, kept apart, and declared as an experiment."
    )


def test_until_its_declared_end_a_test_is_read_by_what_may_be_read_daily() -> None:
    last = world().daily["date"].max().date()
    for end, expected in ((last, "iroas.holdout"), (last + timedelta(days=1), "iroas.always_valid")):
        slice_ = declared("campaign")
        assert slice_.experiment is not None
        dated = replace(slice_.experiment, start=date(2026, 1, 20), end=end)
        running = replace(slice_, experiment=dated)
        assert designated(running) == expected
        assert headline(court(running, HOUSE)).method == expected


def test_the_experiments_word_outweighs_the_selections() -> None:
    assert not is_drawn(replace(declared("campaign", None), declared_random=True))
    assert is_drawn(replace(declared("campaign", True), declared_random=None))


def test_where_the_design_refuses_nobody_speaks_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    sit(monkeypatch, refusing("iroas.geo_regression", "headline"), fake("iroas.holdout", "headline"))
    said = headline(court(DESIGNS["iroas.geo_regression"], HOUSE))
    assert said.method == "iroas.none"
    assert said.reason == "Not measured yet. An arm is empty."
    assert said.experiment.startswith("Spring test: places drawn at random")


@pytest.mark.parametrize(("point", "believed"), [(1.5, True), (2.5, True), (1.49, False), (2.51, False)])
def test_time_regression_must_lie_within_cluster_regression(
    point: float, believed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    gbr, tbr = fake("iroas.geo_regression", "headline"), fake("iroas.tbr", "directional", (point, 1.0, 3.0))
    sit(monkeypatch, gbr, tbr)
    found = court(DESIGNS["iroas.geo_regression"], HOUSE)[1]
    assert (found.status == "ok") == believed
    assert believed or "outside the 90 % interval 1.5–2.5× of iroas.geo_regression" in found.reason
    sit(monkeypatch, refusing("iroas.geo_regression", "headline"), tbr)
    assert court(DESIGNS["iroas.geo_regression"], HOUSE)[1].status == "ok"
    sit(monkeypatch, gbr, replace(tbr, work=fake("x", "headline", (9.0, 8.0, 10.0), "Its checks fail.").work))
    assert court(DESIGNS["iroas.geo_regression"], HOUSE)[1].reason.startswith("Its checks fail. It lies outside")


def test_the_scaled_formula_reports_the_roas_where_the_truth_is_nothing() -> None:
    found = [heard(world(seed))["iroas.legacy_scaled"] for seed in range(15)]
    assert np.mean([estimate.estimate for estimate in found]) == pytest.approx(4.0 * math.exp(0.045), rel=0.06)
    assert "1 − p" in found[0].checks[0].says


def test_the_holdout_finds_nothing_where_there_is_nothing_and_two_where_there_is_two() -> None:
    for truth in (0.0, 2.0):
        found = [HOLDOUT(world(seed, truth), HOUSE) for seed in range(80)]
        assert np.mean([estimate.estimate for estimate in found]) == pytest.approx(truth, abs=0.12)
        covered = np.mean([estimate.lower <= truth <= estimate.upper for estimate in found])
        # 90 % promised, Monte Carlo error of 80 worlds 3.4 points.
        assert 0.81 < covered < 0.98


def test_its_interval_is_welchs() -> None:
    slice_ = world(3, 1.0)
    revenue, arm = slice_.cells["revenue_all"].to_numpy(), slice_.cells["arm"].to_numpy()
    test = stats.ttest_ind(revenue[arm == "treated"], revenue[arm == "control"], equal_var=False)
    interval = test.confidence_interval(0.9)
    found = HOLDOUT(slice_, HOUSE)
    # 40 units and 40,000 of spend: a thousandth of the difference per unit.
    assert [found.lower, found.upper] == pytest.approx([interval.low / 1000, interval.high / 1000], rel=1e-10)


def test_only_a_declared_random_assignment_makes_a_headline() -> None:
    declared = headline(court(world(1, 3), HOUSE))
    assert (declared.method, declared.role, verdict(declared)) == ("iroas.holdout", "headline", "works")
    for word in (None, False):
        slice_ = replace(world(1, 3), declared_random=word)
        alone = HOLDOUT(slice_, HOUSE)
        assert (alone.status, alone.role) == ("weak", "directional")
        assert "random" in alone.reason
        assert "Directional only" in verdict_sentence(alone)
        assert headline(court(slice_, HOUSE)).reason.startswith("Not measured yet.")
    assert headline(()).is_refused


def test_seven_units_are_weak_and_eight_are_not() -> None:
    assert HOLDOUT(world(treated=30, control=7), HOUSE).status == "weak"
    assert HOLDOUT(world(treated=30, control=8), HOUSE).status == "ok"


def test_the_verdict_follows_the_interval_alone() -> None:
    found = HOLDOUT(world(effect=3), HOUSE)
    for ends, expected in (((1.1, 2.0), "works"), ((0.2, 0.9), "does not"), ((0.5, 2.0), "cannot tell yet")):
        estimate = replace(found, estimate=sum(ends) / 2, lower=ends[0], upper=ends[1])
        assert verdict(estimate) == expected
        assert verdict_sentence(estimate).lower().startswith(expected)
    assert verdict(replace(found, lower=1.1), break_even=1.5) == "cannot tell yet"


def test_an_ill_formed_estimate_cannot_be_made() -> None:
    good = HOLDOUT(world(), HOUSE)
    for change in (
        {"lower": good.estimate + 1}, {"upper": good.estimate - 1}, {"estimate": math.nan}, {"upper": math.inf},
        {"status": "refused", "reason": "No."}, {"status": "weak", "reason": ""}, {"status": "fine"}, {"role": "star"},
    ):  # fmt: skip
        with pytest.raises(ValueError, match=r"iroas\.holdout"):
            replace(good, **change)


def with_cells(**columns: object) -> Slice:
    slice_ = world()
    return replace(slice_, cells=slice_.cells.assign(**columns))


FLIPPING = world()
HOSTILE = {
    "no spend": Slice(0.0, 1.0, 1.0),
    "unknown spend": Slice(math.nan, 1.0, 1.0),
    "nothing but spend": Slice(5.0, 0.0, 0.0),
    "no control": replace(world(), cells=world().cells.query("arm == 'treated'"), control_rows=OrderRows()),
    "no test": replace(world(), cells=world().cells.query("arm == 'control'"), treated_rows=OrderRows()),
    "one unit an arm": world(treated=2, control=2).__class__(
        spend=1.0, revenue=1.0, revenue_all=1.0, cells=world().cells.iloc[[0, 1, 40]]
    ),
    "units in both arms": replace(FLIPPING, cells=pd.concat([FLIPPING.cells, FLIPPING.cells.assign(arm="control")])),
    "spend not on the units": with_cells(spend=0.0),
    "constant revenue": with_cells(revenue_all=4000.0),
    "negative revenue": with_cells(revenue_all=np.r_[-1.0, np.arange(59.0)]),
    "all returned": with_cells(revenue_all=-5.0),
    "nothing sold": with_cells(revenue_all=0.0, orders_all=0.0),
    "unknown revenue": with_cells(revenue_all=np.r_[np.nan, np.arange(59.0)]),
    "giant outlier": with_cells(revenue_all=np.r_[1e12, np.arange(59.0)]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_bad_input_is_refused_in_a_sentence(name: str) -> None:
    slice_ = HOSTILE[name]
    for estimate in (*court(slice_, HOUSE), headline(court(slice_, HOUSE))):
        text = f"{verdict_sentence(estimate)} {estimate.reason} {' '.join(check.says for check in estimate.checks)}"
        assert "nan" not in text.lower().split()
        assert "inf" not in text.lower().split()
        assert "None" not in text
        if estimate.is_refused:
            assert estimate.reason.endswith(".")
            assert not estimate.reason[0].islower()
    refused = HOLDOUT(slice_, HOUSE)
    assert refused.is_refused, name
    assert math.isnan(lift(slice_, HOUSE).estimate) or name in ("no spend", "unknown spend")


def test_a_heavy_tail_is_said_and_does_not_hide_the_result() -> None:
    revenue = np.r_[world().cells["revenue_all"].to_numpy()[:59], 150_000.0]
    found = HOLDOUT(with_cells(revenue_all=revenue), HOUSE)
    assert (found.status, found.role) == ("weak", "headline")
    assert "misses more often" in found.reason


def test_organic_rows_are_not_narrowed_by_what_they_lack() -> None:
    slice_ = replace(world(), organic_carries=False, narrowed_by=("platform", "tier"))
    for name in ("iroas.organic_subtraction", "iroas.organic_rate_matched"):
        assert "Organic rows carry no platform and tier" in heard(slice_)[name].reason
    busy = replace(world(), daily=world().daily.assign(revenue=5.0))
    assert "no days show" in heard(busy)["iroas.organic_rate_matched"].reason
    short = replace(world(), daily=world().daily.tail(5))
    assert "dated" in heard(short)["iroas.organic_subtraction"].reason


def test_the_whole_portfolio_has_nothing_to_compare_with() -> None:
    whole = replace(world(), campaigns=world().campaigns.drop(columns="chosen"))
    assert "whole portfolio" in heard(whole)["iroas.vs_portfolio"].reason
    few = replace(world(), campaigns=world().campaigns.head(2))
    assert "needs 3" in heard(few)["iroas.vs_portfolio_weighted"].reason
    unpaid = world().campaigns.assign(chosen=False)
    assert "no spend" in heard(replace(world(), campaigns=unpaid))["iroas.vs_portfolio"].reason


def test_campaigns_against_their_own_mean_average_nothing() -> None:
    table = against_portfolio(world().campaigns, 0.9)
    assert table["vs_simple"].mean() == pytest.approx(0, abs=1e-12)
    assert (table["vs_weighted"] * table["spend"]).sum() == pytest.approx(0, abs=1e-6)
    assert (table["lower"] < table["vs_simple"]).all()
    assert list(table["roas"]) == sorted(table["roas"], reverse=True)
    assert against_portfolio(world().campaigns.head(2), 0.9).empty


def test_an_assumed_haircut_is_taken_as_assumed() -> None:
    people = world().influencers
    found = METHODS["iroas.assumed_baseline"](world(), Assumptions(assumed_organic=0.5))
    assert found.estimate == pytest.approx(0.5 * people["revenue"].sum() / people["spend"].sum())
    by_campaign = replace(world(), influencers=people.head(0), campaigns=world().campaigns.assign(chosen=True))
    assert heard(by_campaign)["iroas.assumed_baseline"].unit_of_analysis == "campaign"
    uneven = replace(world(), influencers=people.assign(spend=[1e6, 1e-3, 0, 0, 0, 0, 0, 0]))
    assert "differs too much" in heard(uneven)["iroas.assumed_baseline"].reason


def test_lift_is_the_ratio_of_means_less_one() -> None:
    slice_ = world(2, 2.0)
    means = slice_.cells.groupby("arm")["revenue_all"].mean()
    found = lift(slice_, HOUSE)
    assert found.estimate == pytest.approx(means["treated"] / means["control"] - 1)
    assert found.lower < found.estimate < found.upper


def test_a_slice_says_which_column_it_lacks() -> None:
    with pytest.raises(ValueError, match="daily lacks"):
        Slice(1.0, 1.0, 1.0, daily=pd.DataFrame({"date": []}))
    with pytest.raises(ValueError, match="neither treated nor control"):
        replace(world(), cells=world().cells.assign(arm="test"))
