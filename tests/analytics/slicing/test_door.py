"""Decides that each value is measured by the same test as the whole, that nothing is lost, and that gaps are said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.ask import Ask
from analytics.assumptions import Assumptions
from analytics.effects.refusals import CannotTell
from analytics.incrementality.groups.slices import TABLE
from analytics.page import Chart, Page, build
from analytics.pages.incremental import people
from analytics.prepare import slice_of
from analytics.slicing import door as slicing
from analytics.slicing import parts as slice_parts
from data.experiments.record import NONE, Experiment
from data.filters import Filters
from data.store import Store
from tests.analytics.preparing import worlds


def asked(store: Store, query: str = "", **how: object) -> Ask:
    return Ask(store, Filters.from_query(query), Assumptions(**how))  # type: ignore[arg-type]


def test_every_dimension_is_told_or_says_why_not(sample_store: Store) -> None:
    rows = slicing.slices_of(asked(sample_store))
    assert tuple(rows.columns) == ("dimension", *TABLE, "verdict")
    assert set(rows["dimension"]) == set(slicing.DIMENSIONS)
    known, refused = rows[rows["status"] != "refused"], rows[rows["status"] == "refused"]
    assert np.isfinite(known[["estimate", "lower", "upper", "spend"]].astype(float)).all(axis=None)
    assert ((known["lower"] <= known["estimate"]) & (known["estimate"] <= known["upper"])).all()
    assert known["method"].str.startswith("iroas.").all()
    assert refused["reason"].str.endswith(".").all()
    assert refused["estimate"].isna().all()
    assert not known["value"].str.startswith("(").any()


def test_values_of_one_dimension_add_up_to_the_units(sample_store: Store) -> None:
    ask = asked(sample_store)
    whole = slice_of(ask)
    parts = slice_parts.parts(ask, whole, "product_category", "campaign")
    cut = [slicing._within(whole, part, None) for _, part in parts.groupby("value")]
    assert len(cut) > 3
    for frame, column in (("cells", "revenue_all"), ("cells", "spend"), ("clusters", "pre"), ("clusters", "test")):
        added = sum(float(getattr(one, frame)[column].sum()) for one in cut)
        assert added == pytest.approx(float(getattr(whole, frame)[column].sum()), rel=1e-9)


def test_a_value_holds_what_the_narrowed_selection_holds(sample_store: Store) -> None:
    ask = asked(sample_store)
    for brand, mine in slicing._narrowed(ask, slice_of(ask), "brand").items():
        theirs = slice_of(ask.narrowed(brand=(brand,))).cells.set_index("unit")["revenue_all"]
        own = mine.cells.set_index("unit")["revenue_all"]
        assert own.to_dict() == pytest.approx(theirs.reindex(own.index).fillna(0.0).to_dict())


def test_a_unit_that_sold_nothing_of_a_product_counts_with_nothing(sample_store: Store) -> None:
    ask = asked(sample_store)
    brands = slice_parts.homes(ask, "brand", ["HKVitals"])["HKVitals"]
    found = slicing._narrowed(ask, slice_of(ask), "product")
    joint = found["Joint Support"].cells
    assert set(joint["unit"]) == set(brands) & set(slice_of(ask).cells["unit"])
    assert (joint["revenue_all"] == 0).any()


DESIGNS = (
    replace(worlds.TEST, unit="campaign"),
    replace(worlds.TEST, unit="geo", treated=("Pune", "Delhi"), control=("Agra", "Surat")),
    replace(worlds.TEST, unit="campaign", start=None, end=None),
)


@pytest.mark.parametrize("declared", DESIGNS, ids=["campaigns", "places", "campaigns by their own period"])
def test_one_query_finds_what_one_query_a_value_finds(tmp_path: Path, declared: Experiment) -> None:
    ask = worlds.ask(worlds.store(tmp_path, "", declared), "", "june")
    whole = slice_of(ask)
    held = slice_parts.parts(ask, whole, "brand", declared.unit)
    assert not whole.clusters.empty
    for brand in ("Gritzo", "MuscleBlaze"):
        mine = slicing._within(whole, held[held["value"] == brand], None).clusters.set_index("unit")
        theirs = slice_of(ask.narrowed(brand=(brand,))).clusters.set_index("unit")
        for key in ("pre", "test"):
            assert mine[key].to_dict() == pytest.approx(theirs[key].reindex(mine.index).fillna(0.0).to_dict())
    shares = held.groupby("unit")["test"].sum().loc[whole.clusters["unit"]]
    assert shares.tolist() == pytest.approx([1.0] * 4)


def test_places_and_customers_share_nothing_out(tmp_path: Path) -> None:
    made = worlds.store(tmp_path, "", DESIGNS[1])
    row = slicing.dimension_of(worlds.ask(made, "", "june"), "platform").iloc[0]
    assert row["status"] == "refused"
    assert "Payouts do not say which place" in row["reason"]


def test_platforms_share_all_spend_of_the_test_units(sample_store: Store) -> None:
    ask = asked(sample_store)
    whole = slice_of(ask)
    given = slicing._doses(ask, whole, "platform")
    stated = whole.clusters if not whole.clusters.empty else whole.cells
    assert given.spend.sum() <= float(stated["spend"].sum()) * (1 + 1e-9)
    assert len(given.groups) >= 5
    assert given.units.max() <= len(given.treated)


def test_the_leaderboard_names_every_influencer_with_spend(sample_store: Store) -> None:
    found = slicing.leaders_of(asked(sample_store))
    assert len(found.rows) > 50
    assert not found.rows.isna().any(axis=None)
    assert found.rows["influencer"].ne(found.rows["influencer_id"]).all()
    assert slicing.leaders_of(asked(sample_store)) is found


def test_without_control_everything_is_refused_in_sentences(sample_store: Store) -> None:
    ask = asked(sample_store, "campaign_type=test")
    rows = slicing.slices_of(ask)
    assert (rows["status"] == "refused").all()
    assert rows["reason"].str.endswith(".").all()
    with pytest.raises(CannotTell, match=r"\.$"):
        slicing.leaders_of(ask)


def test_undeclared_arms_are_shown_and_never_judged(sample_store: Store) -> None:
    ask = asked(sample_store, experiment=NONE)
    rows = slicing.slices_of(ask)
    assert set(rows["verdict"]) == {"cannot tell yet"}
    assert not (rows["standing"] == "same test inside").any()
    assert set(slicing.leaders_of(ask).rows["verdict"]) == {"cannot tell yet"}


def test_days_outside_the_test_do_not_say_who_was_paid_in_it(sample_store: Store) -> None:
    ask = asked(sample_store)
    low, high = sample_store.span() or (date(2026, 1, 1), date(2026, 1, 2))
    narrowed = ask.narrowed(since=low, until=high)
    assert slicing._during(narrowed, slice_of(ask)) == narrowed


@pytest.mark.parametrize("query", ["", "campaign_type=test", "brand=Gritzo", "platform=TikTok"])
def test_panels_are_filled_or_say_why_not(sample_store: Store, query: str) -> None:
    page = Page("people", "People", "/people", (), (), people.CHARTS, lambda ask: ("", ""))
    view = build(page, asked(sample_store, query), query)
    for panel in view.panels:
        assert panel.summary
        assert "nan" not in panel.summary.lower().split()
        assert panel.summary.endswith(".")
        for item in panel.columns:
            assert panel.frame.empty or item.key in panel.frame


def test_pictures_show_what_the_table_says(sample_store: Store) -> None:
    ask = asked(sample_store)
    charts: tuple[Chart, ...] = (people.LEADERS, people.SLICES)
    for chart in charts:
        assert chart.draw is not None
        rows = chart.shown(chart.frame(ask))
        figure = chart.draw(rows, ask)
        assert figure["data"]
    raw = pd.DataFrame(people.LEADERS.frame(ask))
    assert (raw["luck"] + raw["kept"]).to_numpy() == pytest.approx(1.0)
