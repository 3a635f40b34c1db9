"""What a design rests on adds up to what was sold, has one arm a unit, and is the same however its days are said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics import prepare
from analytics.preparing import choice
from data.experiments.record import UNITS
from data.store import Store
from errors import BadExperiment
from tests.analytics.preparing import worlds
from tests.analytics.preparing.worlds import START, TEST, ask
from tests.data.worlds import TRACKING, imported

PAISA = 0.005


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return worlds.store(tmp_path_factory.mktemp("world"), "", TEST)


@pytest.fixture
def declared(made: Store) -> Iterator[Callable[..., str]]:
    """Declares a variant of the test and gives its key; it is forgotten afterwards."""

    def declare(**changes: object) -> str:
        made.declare(replace(TEST, key="other", **changes))  # type: ignore[arg-type]
        return "other"

    yield declare
    made.undeclare("other")


@pytest.mark.parametrize("unit", ["campaign", "geo", "influencer"])
def test_no_paisa_is_lost_between_the_store_the_days_and_the_units(
    made: Store, declared: Callable[..., str], unit: str
) -> None:
    lists = {"campaign": (("Alpha", "Beta"), ("Gamma", "Delta")), "geo": (("pune", "Delhi"), ("Agra", "Surat")),
             "influencer": (("i1",), ("Dev Shah",))}  # fmt: skip
    treated, control = lists[unit]
    slice_ = prepare.slice_of(ask(made, key=declared(unit=unit, treated=treated, control=control)))
    sold = made.totals(ask(made).filters, (), ("revenue_all",))["revenue_all"].iloc[0]
    series, clusters = slice_.series, slice_.clusters
    assert series[["treated", "control", "organic"]].to_numpy().sum() == pytest.approx(sold, abs=PAISA)
    if unit == "influencer":
        assert clusters.empty, "nobody posted before the test, so nothing is known of the time before"
        return
    assert clusters[["pre", "test"]].to_numpy().sum() == pytest.approx(
        series[["treated", "control"]].to_numpy().sum(), abs=PAISA
    )
    assert slice_.panel["revenue"].sum() == pytest.approx(clusters[["pre", "test"]].to_numpy().sum(), abs=PAISA)
    assert clusters["spend"].sum() == pytest.approx(300.75)
    assert series["spend"].sum() == pytest.approx(300.75)


def test_every_unit_has_one_arm(made: Store) -> None:
    slice_ = prepare.slice_of(ask(made, key="june"))
    for frame in (slice_.cells, slice_.clusters):
        assert dict(zip(frame["unit"], frame["arm"], strict=True)) == {
            "Alpha": "treated", "Beta": "treated", "Gamma": "control", "Delta": "control",
        }  # fmt: skip


def test_a_design_is_the_same_from_its_days_and_from_the_rows_own_period(
    made: Store, declared: Callable[..., str]
) -> None:
    by_days = prepare.slice_of(ask(made, key="june"))
    by_rows = prepare.slice_of(ask(made, key=declared(start=None, end=None)))
    for name in ("cells", "clusters", "series", "panel"):
        left, right = getattr(by_days, name), getattr(by_rows, name)
        if name == "panel":
            assert len(left)
        pd.testing.assert_frame_equal(left, right)
    assert (by_rows.pre_days, by_rows.test_days) == (by_days.pre_days, by_days.test_days) == (7, 7)


def test_the_cells_hold_the_test_alone(made: Store) -> None:
    slice_ = prepare.slice_of(ask(made, key="june"))
    sold = made.totals(ask(made, f"from={START}&campaign=Alpha").filters, (), ("revenue_all",))["revenue_all"].iloc[0]
    assert slice_.cells.set_index("unit").loc["Alpha", "revenue_all"] == pytest.approx(sold)
    assert slice_.cells.set_index("unit").loc["Alpha", "spend"] == pytest.approx(200.5)


def test_without_a_word_from_anybody_the_rows_arms_are_followed_and_nothing_is_called_random(made: Store) -> None:
    slice_ = prepare.slice_of(ask(made, key="none"))
    assert slice_.experiment is None
    assert slice_.declared_random is None
    assert len(slice_.clusters) == 4
    assert len(slice_.series) == 14


def test_a_unit_with_rows_of_both_arms_stands_in_both(tmp_path: Path) -> None:
    mixed = worlds.tracking().replace("Gamma,control,test", "Gamma,test,test", 2)
    slice_ = prepare.slice_of(ask(worlds.store(tmp_path, mixed, TEST)))
    assert slice_.cells["unit"].tolist().count("Gamma") == 2


def test_a_listed_unit_that_sold_nothing_counts_with_nothing(made: Store, declared: Callable[..., str]) -> None:
    key = declared(unit="geo", treated=("Pune", "Kochi"), control=("Agra", "Surat"))
    kochi = prepare.slice_of(ask(made, key=key)).clusters.set_index("unit").loc["Kochi"]
    assert (kochi["pre"], kochi["test"], kochi["spend"]) == (0, 0, 0)


def test_spend_without_a_place_lies_on_the_treated_places_by_what_they_sold_before(
    made: Store, declared: Callable[..., str]
) -> None:
    key = declared(unit="geo", treated=("Pune", "Delhi"), control=("Agra", "Surat"))
    clusters = prepare.slice_of(ask(made, key=key)).clusters.set_index("unit")
    shares = clusters.loc[["Pune", "Delhi"], "pre"] / clusters.loc[["Pune", "Delhi"], "pre"].sum()
    assert clusters.loc[["Pune", "Delhi"], "spend"].to_list() == pytest.approx((shares * 300.75).to_list())
    assert clusters.loc[["Agra", "Surat"], "spend"].eq(0).all()


def test_when_a_day_is_before_for_one_and_in_the_test_for_another_there_is_no_one_series(tmp_path: Path) -> None:
    lines = worlds.tracking().splitlines()
    later = [line.replace("Beta,test,test", "Beta,test,pre") if "2026-06-09" in line else line for line in lines]
    made = worlds.store(tmp_path, "\n".join(later) + "\n", replace(TEST, start=None, end=None))
    assert prepare.slice_of(ask(made)).series.empty


def test_without_a_period_and_without_days_there_is_no_time_before(tmp_path: Path) -> None:
    made = worlds.store(tmp_path, worlds.tracking(period=False), replace(TEST, start=None, end=None))
    slice_ = prepare.slice_of(ask(made))
    assert slice_.clusters.empty
    assert slice_.series.empty
    assert slice_.pre_days == 0
    whole = made.totals(ask(made, "campaign=Alpha").filters, (), ("revenue_all",))["revenue_all"].iloc[0]
    assert slice_.cells.set_index("unit").loc["Alpha", "revenue_all"] == pytest.approx(whole)


def test_days_that_cut_a_test_leave_its_units_out(made: Store, declared: Callable[..., str]) -> None:
    key = declared(start=None, end=None)
    assert prepare.slice_of(ask(made, "from=2026-06-10", key)).cells.empty
    assert len(prepare.slice_of(ask(made, f"from={START}", key)).clusters) == 4


def test_an_order_without_a_place_tells_nothing_of_places(tmp_path: Path) -> None:
    one = replace(TEST, unit="geo")
    slice_ = prepare.slice_of(ask(worlds.store(tmp_path, worlds.tracking(place=False), one)))
    assert slice_.experiment == one
    assert slice_.clusters.empty
    assert slice_.cells.empty


def test_a_customer_test_counts_those_who_bought_nothing(made: Store, declared: Callable[..., str]) -> None:
    arms = {"treated": tuple(f"Alpha{n}" for n in range(5)), "control": tuple(f"Gamma{n}" for n in range(5))}
    slice_ = prepare.slice_of(ask(made, key=declared(unit="customer", sizes=(20, 30), **arms)))
    found = slice_.customers
    assert found is not None
    rows = pd.read_csv(StringIO(worlds.tracking()))
    for arm, name, size in ((found.treated, "Alpha", 20), (found.control, "Gamma", 30)):
        own = rows[rows["campaign"].eq(name)]
        both = own.assign(is_pre=own["date"] < f"{START}").pivot_table(
            index="user_id", columns="is_pre", values="revenue", aggfunc="sum", fill_value=0.0
        )
        values = np.zeros((size, 2))
        values[: len(both), 0], values[: len(both), 1] = both[False], both[True]
        assert arm.n == size
        assert arm.means == pytest.approx(values.mean(axis=0))
        assert arm.covariances == pytest.approx(np.cov(values.T))
    assert found.mixed == 0
    assert found.spend == pytest.approx(300.75)
    sold = made.totals(ask(made).filters, (), ("revenue_all",))["revenue_all"].iloc[0]
    assert slice_.series[["treated", "control", "organic"]].to_numpy().sum() == pytest.approx(sold, abs=PAISA)


def test_customers_of_both_arms_are_counted_and_left_out(tmp_path: Path) -> None:
    both = worlds.tracking().replace(",Gamma0,", ",Alpha0,")
    made = worlds.store(tmp_path, both, replace(TEST, unit="customer", sizes=(50, 50)))
    found = prepare.slice_of(ask(made)).customers
    assert found is not None
    assert found.mixed == 1


def test_more_buyers_than_were_drawn_are_no_arms(made: Store, declared: Callable[..., str]) -> None:
    assert prepare.slice_of(ask(made, key=declared(unit="customer", sizes=(3, 50)))).customers is None


def test_a_calendar_is_held_against_the_days_of_its_people(made: Store, declared: Callable[..., str]) -> None:
    posts = [{"influencer": "i2", "earliest": "2026-06-08", "latest": "2026-06-12", "traits": {}}] * 2
    posts += [{"influencer": "Nobody", "earliest": "2026-06-08", "latest": "2026-06-12", "traits": {}}]
    calendar = {
        "version": 1,
        "seed": 3,
        "rules": {},
        "posts": posts,
        "dates": ["2026-06-08", "2026-06-10", "2026-06-09"],
    }
    slice_ = prepare.slice_of(ask(made, key=declared(unit="go_live", start=None, end=None, calendar=calendar)))
    found = slice_.go_live
    assert found is not None
    assert found.units == (0, 0, 1)
    assert found.revenue.shape == (14, 2)
    sold = made.totals(ask(made, "influencer=i2").filters, (), ("revenue",))["revenue"].iloc[0]
    assert found.revenue.sum() == pytest.approx(sold, abs=PAISA)
    assert found.first == date(2026, 6, 1)
    assert found.spend == pytest.approx(100.25)
    assert slice_.declared_random is None, "drawn dates say nothing of the arms"


def test_the_newest_that_covers_a_selection_measures_it(made: Store) -> None:
    made.declare(replace(TEST, key="gritzo", query="brand=gritzo", stated_on=date(2026, 6, 20)))
    made.declare(replace(TEST, key="planned", start=date(2027, 1, 1), end=date(2027, 2, 1), stated_on=date(2026, 7, 1)))
    chosen = {query: choice.chosen(ask(made, query)) for query in (
        "", "brand=Gritzo", "brand=MuscleBlaze", "brand=Gritzo&platform=Instagram", "from=2026-06-10",
        "from=2026-06-08&to=2026-06-14")}  # fmt: skip
    keys = {query: one.key if one else "" for query, one in chosen.items()}
    assert keys["brand=Gritzo"] == "gritzo"
    assert keys["brand=Gritzo&platform=Instagram"] == ""
    assert keys["from=2026-06-10"] == "", "these days cut the test"
    assert keys[""] == keys["from=2026-06-08&to=2026-06-14"] == keys["brand=MuscleBlaze"] != ""
    made.undeclare("gritzo")
    made.undeclare("planned")


def test_an_experiment_that_nobody_declared_is_told_with_the_nearest(made: Store) -> None:
    with pytest.raises(BadExperiment, match="Did you mean “june”"):
        prepare.slice_of(ask(made, key="jun"))


def test_what_was_remembered_is_renewed_when_the_declaration_changes(tmp_path: Path) -> None:
    made = worlds.store(tmp_path, "", TEST)
    before = prepare.slice_of(ask(made))
    assert before is prepare.slice_of(ask(made))
    made.declare(replace(TEST, is_random=False))
    assert prepare.slice_of(ask(made)).declared_random is False
    made.undeclare("june")
    assert prepare.slice_of(ask(made)).experiment is None


def test_the_sample_brings_its_own_experiment(sample_store: Store) -> None:
    slice_ = prepare.slice_of(ask(sample_store))
    assert slice_.experiment is not None
    assert (slice_.experiment.key, slice_.declared_random, slice_.unit_name) == ("sample", True, "campaign")
    assert len(slice_.clusters) == 96
    days = slice_.series["date"]
    filters = ask(sample_store, f"from={days.iloc[0]:%Y-%m-%d}&to={days.iloc[-1]:%Y-%m-%d}").filters
    sold = sample_store.totals(filters, (), ("revenue_all",))["revenue_all"].iloc[0]
    assert slice_.series[["treated", "control", "organic"]].to_numpy().sum() == pytest.approx(sold, abs=PAISA)


THIN = {
    "no tracking": {"tracking.csv": None},
    "no payouts": {"payouts.csv": None},
    "no arms": {"tracking.csv": TRACKING},
    "no days": {"tracking.csv": "campaign,campaign_type,revenue\nA,test,5\nB,control,3\n"},
    "one arm": {
        "tracking.csv": "campaign,campaign_type,date,revenue,city\nA,test,2026-06-01,5,Pune\nA,test,2026-06-09,7,\n"
    },
    "returns": {"tracking.csv": worlds.tracking().replace(",1,1", ",1,-1")},
    "strange words": {
        "tracking.csv": worlds.tracking().replace(",pre,", ",Phase 1,").replace(",test,test,", ",test,🙂,")
    },
}


@pytest.fixture(scope="module", params=list(THIN))
def thin(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Store:
    files = {**worlds.FILES, **THIN[request.param]}
    return imported(tmp_path_factory.mktemp("thin"), {name: text for name, text in files.items() if text is not None})[
        0
    ]


@pytest.mark.parametrize("unit", [*UNITS, "none"])
def test_whatever_the_files_lack_a_slice_is_made_and_holds_no_endless_number(thin: Store, unit: str) -> None:
    calendar = {"posts": [{"influencer": "007"}], "dates": ["2026-06-03"]} if unit == "go_live" else None
    listed = {"treated": ("A", "Pune", "007"), "control": ("B", "Agra", "12")}
    keys = ["none"]
    for changes in ({}, {"start": None, "end": None}, listed) if unit != "none" else ():
        keys.append(f"{unit.replace('_', '')}{len(keys)}")
        thin.declare(replace(TEST, key=keys[-1], unit=unit, calendar=calendar, **changes))
    for key in keys:
        for query in ("", "from=2026-06-02&to=2026-06-12"):
            slice_ = prepare.slice_of(ask(thin, query, key))
            for frame in (slice_.cells, slice_.clusters, slice_.series, slice_.panel):
                assert np.isfinite(frame.select_dtypes("number").to_numpy(float)).all()
