"""Difference in differences: the organ donation result, several treated units, gaps, growth, and refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics.effects.panels import difference_in_differences, growth_difference
from analytics.effects.refusals import CannotTell
from tests.golden_cases import data, golden


def world(effect: float = 2.0, seed: int = 0, units: int = 20, treated: int = 9, times: int = 8) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.MultiIndex.from_product([range(units), range(times)], names=["unit", "time"]).to_frame(index=False)
    frame["treated"] = (frame["unit"] < treated) & (frame["time"] >= times // 2)
    level, wave = rng.normal(size=units), rng.normal(size=times)
    frame["value"] = (
        level[frame["unit"]] + wave[frame["time"]] + effect * frame["treated"] + rng.normal(size=len(frame))
    )
    return frame


def organs() -> tuple[pd.DataFrame, dict[str, float]]:
    case = golden("did_organ_donation")
    quarters = case["inputs"]["pre"] + case["inputs"]["post"]
    rows = data("organ_donation.csv")
    frame = pd.DataFrame({"unit": rows["State"], "time": rows["Quarter"].map(quarters.index), "value": rows["Rate"]})
    inside = rows["Quarter"].isin(case["inputs"]["post"])
    return frame.assign(treated=rows["State"].eq(case["inputs"]["treated"]) & inside), case["expected"]


def dummies(frame: pd.DataFrame) -> float:
    """The coefficient by brute force: a column for every unit and time."""
    x = np.column_stack([
        frame["treated"].astype(float), pd.get_dummies(frame["unit"]).astype(float),
        pd.get_dummies(frame["time"]).astype(float).iloc[:, 1:],
    ])  # fmt: skip
    return float(np.linalg.lstsq(x, frame["value"].to_numpy(), rcond=None)[0][0])


def test_the_organ_donation_result_comes_out() -> None:
    frame, expected = organs()
    effect = difference_in_differences(frame, level=0.95 - 1e-9)
    assert effect.point == pytest.approx(expected["att"], abs=1e-10)
    assert effect.extras["cluster_se"] == pytest.approx(expected["cluster_se"], rel=1e-4)
    assert effect.extras["iid_se"] == pytest.approx(expected["iid_se"], rel=1e-4)
    assert effect.extras["p"] == expected["permutation_p"]
    assert effect.extras["p_cluster_normal"] == pytest.approx(0.0008, abs=5e-5)


def test_one_treated_unit_is_never_significant_by_its_clustered_error() -> None:
    effect = difference_in_differences(organs()[0])
    assert effect.extras["p_cluster"] < 0.01
    assert effect.lower < 0 < effect.upper


def test_gaps_are_reckoned_as_with_a_column_for_everything() -> None:
    frame = world().drop(index=[3, 50, 77, 140, 141])
    assert difference_in_differences(frame).point == pytest.approx(dummies(frame), abs=1e-9)
    assert difference_in_differences(world()).point == pytest.approx(dummies(world()), abs=1e-9)


def test_a_constant_effect_moves_the_estimate_by_itself() -> None:
    for frame in (world(), organs()[0]):
        base = difference_in_differences(frame)
        more = difference_in_differences(frame.assign(value=frame["value"] + 3 * frame["treated"]))
        for end in ("point", "lower", "upper"):
            assert getattr(more, end) - getattr(base, end) == pytest.approx(3)


def test_order_names_and_money_change_nothing() -> None:
    frame = organs()[0]
    base = difference_in_differences(frame)
    mixed = frame.sample(frac=1, random_state=1)
    mixed["unit"] = mixed["unit"].map({name: f"{len(name)}{name[::-1]}" for name in frame["unit"].unique()})
    other = difference_in_differences(mixed.assign(value=mixed["value"] * 80))
    found = (other.point, other.lower, other.upper, other.extras["cluster_se"])
    assert found == pytest.approx(
        tuple(80 * x for x in (base.point, base.lower, base.upper, base.extras["cluster_se"]))
    )
    assert other.extras["p"] == base.extras["p"]


def test_the_truth_is_held_about_as_often_as_stated() -> None:
    for treated in (9, 3):
        found = [difference_in_differences(world(2, seed, treated=treated), deals=399) for seed in range(30)]
        assert 0.8 <= np.mean([one.lower <= 2 <= one.upper for one in found]) <= 0.99
        assert found[0].extras["by_permutation"] == float(treated == 3)


def growth(effect: float = 2.0, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    pre, treated = 1000 * rng.lognormal(size=30), np.arange(30) < 12
    spend = 0.05 * pre * treated
    return {"pre": pre, "test": pre * (1.2 + 0.05 * rng.normal(size=30)) + effect * spend, "treated": treated,
            "spend": spend}  # fmt: skip


def test_growth_is_compared_by_welch() -> None:
    given = growth()
    grown = given["test"] / given["pre"]
    peer = stats.ttest_ind(grown[:12], grown[12:], equal_var=False)
    plain = growth_difference(given["pre"], given["test"], given["treated"], level=0.95)
    assert (plain.lower, plain.upper) == pytest.approx(tuple(peer.confidence_interval(0.95)))
    assert plain.p == pytest.approx(peer.pvalue)
    assert growth_difference(**given).point == pytest.approx(plain.point / 0.05)


def test_bad_panels_are_refused_in_a_sentence() -> None:
    frame = world()
    bad = [
        frame.drop(columns="value"),
        frame.assign(treated=False),
        frame.assign(treated=frame["time"] >= 4),
        frame.assign(treated=frame["treated"] & (frame["time"] < 6)),
        frame.assign(treated=(frame["unit"] < 3) & (frame["time"] >= 4) | (frame["unit"] == 4) & (frame["time"] >= 6)),
        frame.assign(value=frame["value"].where(frame.index != 5)),
        frame.assign(value=1.0),
        frame.assign(value=frame["value"].where(frame.index != 5, 1e9)),
        pd.concat([frame, frame.iloc[:1]]),
        frame[(frame["unit"] != 7) | (frame["time"] < 4)],
        frame.iloc[:0],
        frame[(frame["unit"] < 9) | (frame["time"] != 2)],
    ]
    for one in bad:
        with pytest.raises(CannotTell, match=r"[A-Z].*[.]$"):
            difference_in_differences(one)


def test_bad_growth_is_refused_in_a_sentence() -> None:
    good = growth()
    bad = [
        {"treated": np.arange(30) < 1}, {"spend": np.zeros(30)}, {"spend": np.ones(30)}, {"pre": -good["pre"]},
        {"test": good["pre"]}, {"test": good["test"][:-1]}, {"pre": np.zeros(30)}, {"test": np.full(30, np.nan)},
    ]  # fmt: skip
    for one in bad:
        with pytest.raises(CannotTell, match=r"[A-Z].*[.]$"):
            growth_difference(**good | one)
