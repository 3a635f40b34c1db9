"""The Incremental ROAS Center says what the declared design earns: a verdict, a direction, or not measured yet."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics import export
from analytics.answers import Answers
from analytics.views import PageView
from data import ingest
from data.experiments import kept
from data.experiments.record import Experiment
from data.ingest import Plan
from data.store import Store
from settings import Settings, load

UNITS = tuple(f"Town {number:02d}" for number in range(24))
DRAWN = tuple(np.random.default_rng(11).permutation(UNITS)[:12].tolist())
FIRST, LAST = date(2026, 4, 27), date(2026, 6, 7)
RATIO = 3.0
IN_TIME = ("balance", "pre_trend", "lift_over_time", "lift_cumulative", "placebo_time", "placebo_units")


def _rows(arms: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Towns by day, whose spend from 27 April on brings RATIO times itself; half of it is attributed."""
    draw, days = np.random.default_rng(4), pd.date_range("2026-02-02", LAST)
    sold, paid = [], []
    for place, unit in enumerate(UNITS):
        size, spend = 5000 * float(np.exp(draw.normal(0, 0.5))), 0.0
        for day in days:
            caused = RATIO * 0.08 * size if unit in DRAWN and day.date() >= FIRST else 0.0
            usual = size * max(0.1, 1 + draw.normal(0, 0.1))
            sold.append((unit, f"I{place % 6}" if caused else "", day.date(), 2, round(usual / 2 + caused, 2)))
            sold.append((unit, "", day.date(), 2, round(usual / 2, 2)))
            spend += caused / RATIO
        paid += [(f"I{place % 6}", unit, round(spend, 2), "2026-05-15")] if spend else []
    orders = pd.DataFrame(sold, columns=["campaign", "influencer_id", "date", "orders", "revenue"])
    if arms:
        orders["campaign_type"] = np.where(orders["campaign"].isin(DRAWN), "test", "control")
    return orders, pd.DataFrame(paid, columns=["influencer_id", "campaign", "total_payout", "payout_date"])


def _settings(folder: Path, arms: bool) -> Settings:
    folder.mkdir(parents=True)
    orders, paid = _rows(arms)
    orders.insert(0, "tracking_id", [f"T{number}" for number in range(len(orders))])
    people = pd.DataFrame({"influencer_id": [f"I{n}" for n in range(6)], "name": [f"Name {n}" for n in range(6)]})
    files = {"tracking": orders, "payouts": paid.assign(basis="post"), "influencers": people}
    for name, frame in files.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    settings = load(folder / "var")
    ingest.run(Plan([(folder / f"{name}.csv", f"{name}.csv") for name in files]), settings)
    return settings


def _declared(settings: Settings, is_random: bool | None) -> PageView:
    control = tuple(unit for unit in UNITS if unit not in DRAWN)
    experiment = Experiment(
        "towns", "Towns", "campaign", is_random, start=FIRST, end=LAST, treated=DRAWN, control=control, stated_by="Asha"
    )
    kept.save(settings.data_dir, experiment)
    return Answers(Store(settings)).page("iroas", "")


@pytest.fixture(scope="module", name="marked")
def _marked(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return _settings(tmp_path_factory.mktemp("marked") / "files", arms=True)


@pytest.fixture(scope="module", name="drawn")
def _drawn(tmp_path_factory: pytest.TempPathFactory) -> PageView:
    return _declared(_settings(tmp_path_factory.mktemp("drawn") / "files", arms=False), True)


def test_without_a_design_nothing_is_measured_and_the_attributed_number_is_named(tmp_path: Path) -> None:
    view = Answers(Store(_settings(tmp_path / "plain", arms=False))).page("iroas", "")
    assert view.headline == "What influencers caused is not measured yet."
    assert "Attributed ROAS" in view.subline
    assert "not what was caused" in view.subline
    tile = next(tile for tile in view.tiles if tile.key == "iroas")
    assert tile.written == "–"
    assert "headline" not in set(view.panel("method_court").frame["standing"])
    for key in (*IN_TIME, "test_control"):
        assert view.panel(key).figure is None
        assert view.panel(key).summary.endswith(".")
    refused = view.panel("refused_methods").frame
    assert len(refused) > 3
    assert refused["reason"].str.endswith(".").all()


def test_arms_that_nobody_declared_are_directional_only(marked: Settings) -> None:
    assert not kept.listed(marked.data_dir)
    view = Answers(Store(marked)).page("iroas", "")
    assert view.headline == "What influencers caused is not measured yet."
    standings = set(view.panel("method_court").frame["standing"])
    assert not standings & {"headline"}
    assert standings & {"weak", "directional"}
    assert view.panel("test_control").figure is not None


@pytest.mark.parametrize("said", [None, False])
def test_an_experiment_that_was_not_drawn_has_pictures_and_no_headline(marked: Settings, said: bool | None) -> None:
    view = _declared(marked, said)
    assert view.headline == "What influencers caused is not measured yet."
    assert "headline" not in set(view.panel("method_court").frame["standing"])
    assert view.panel("pre_trend").figure is not None


def test_a_drawn_experiment_measures_with_its_interval_its_method_and_its_stamp(drawn: PageView) -> None:
    view = drawn
    assert view.headline == "Influencers caused more revenue than they cost."
    assert "iroas.geo_regression" in view.subline
    assert "Towns: campaigns drawn at random" in view.subline
    tile = next(tile for tile in view.tiles if tile.key == "iroas")
    assert tile.lower <= RATIO <= tile.upper
    first = view.panel("method_court").frame.iloc[0]
    assert (first["standing"], first["method"]) == ("headline", "iroas.geo_regression")
    for key in IN_TIME[1:]:
        assert view.panel(key).figure is not None, key
    assert set(view.panel("lift_over_time").frame["method"]) == {"iroas.geo_regression"}
    assert len(view.panel("trust").frame) == 10


def test_every_light_has_a_shape_and_a_word_and_a_sentence(drawn: PageView) -> None:
    for record in drawn.panel("trust").frame.to_dict("records"):
        shape, _, word = record["light"].partition(" ")
        assert shape in "●◆■○"
        assert word in ("holds", "with care", "fails", "not known")
        assert record["says"].endswith(".")
        assert (record["figure"] == "") == (shape == "○")


def test_no_panel_says_nan_or_shows_a_number_of_a_refused_method(drawn: PageView) -> None:
    view = drawn
    text = json.dumps(export.page(view), allow_nan=False, ensure_ascii=False)
    assert "nan" not in text.casefold().replace("finance", "").replace("nano", "")
    frame = view.panel("methods").frame
    refused = frame[frame["standing"] == "refused"]
    assert refused[["estimate", "lower", "upper", "mde"]].isna().all(axis=None)
    known = frame[frame["standing"] != "refused"]
    assert (known["lower"] <= known["estimate"]).all()
    assert (known["estimate"] <= known["upper"]).all()
