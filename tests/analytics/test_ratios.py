"""Decides that ratios of sums, their differences and the false-discovery guard are what the literature says."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analytics import ratios
from analytics.permutation import permuted_p


def golden(name: str) -> dict[str, Any]:
    folder = os.environ.get("GOLDEN_DIR")
    if not folder:
        pytest.skip("GOLDEN_DIR is not set: the published results are not at hand")
    found: dict[str, Any] = json.loads(Path(folder, f"{name}.json").read_text())
    return found


def test_fieller_agrees_with_hauschke() -> None:
    published = golden("fieller_asat")
    given, expected = published["inputs"], published["expected"]
    found = ratios.ratio_of_means(given["numerator"], given["denominator"], given["level"], pooled=True)
    assert found.estimate == pytest.approx(expected["ratio"], rel=1e-8)
    assert [found.lower, found.upper] == pytest.approx(expected["ci95"], rel=1e-8)


def test_ratio_of_sums_agrees_with_davison_and_hinkley() -> None:
    expected = golden("ratio_of_sums_bigcity")["expected"]
    cities = pd.read_csv(Path(os.environ["GOLDEN_DIR"], "bigcity.csv"))
    point, se = ratios.linearised(cities["x"].to_numpy(), cities["u"].to_numpy())
    assert point == pytest.approx(expected["ratio"], rel=1e-10)
    assert se == pytest.approx(expected["se_linearised"], rel=1e-8)
    found = ratios.ratio(cities["x"].to_numpy(), cities["u"].to_numpy(), 0.9)
    # Fieller is not the bootstrap: it must lie where the five bootstrap intervals lie.
    assert [found.lower, found.upper] == pytest.approx(expected["ci90"]["studentized"], abs=0.01)


def test_benjamini_and_hochberg_reject_four() -> None:
    published = golden("fdr_bh1995")
    marks = ratios.benjamini_hochberg(published["inputs"]["p"], 0.05)
    assert marks.sum() == published["expected"]["rejected_bh_05"]
    assert marks[:4].all()


def test_over_plain_counts_a_comparison_is_welchs() -> None:
    published = golden("welch_sleep")
    one, two = published["inputs"]["group1"], published["inputs"]["group2"]
    found = ratios.compare(one, np.ones(10), two, np.ones(10), 0.95)
    expected = published["expected"]
    assert [found.lower, found.upper] == pytest.approx(expected["ci95"], rel=1e-8)
    assert found.p == pytest.approx(expected["p"], rel=1e-8)
    assert found.p == pytest.approx(stats.ttest_ind(one, two, equal_var=False).pvalue, rel=1e-10)


def test_what_was_not_computable_never_stands() -> None:
    assert list(ratios.benjamini_hochberg([math.nan, 1e-9, math.nan])) == [False, True, False]
    assert list(ratios.benjamini_hochberg([])) == []


def test_an_uncertain_denominator_leaves_the_ratio_unbounded() -> None:
    found = ratios.ratio([1.0, 2.0, 3.0], [0.0, 0.0, 100.0], 0.9)
    assert found.estimate == pytest.approx(0.06)
    assert (found.lower, found.upper) == (-math.inf, math.inf)
    assert not found.is_bounded


@pytest.mark.parametrize("under", [[0.0, 0.0], [-1.0, 0.5], [math.nan, math.nan]])
def test_without_a_denominator_there_is_no_ratio(under: list[float]) -> None:
    found = ratios.ratio([1.0, 2.0], under, 0.9)
    assert math.isnan(found.estimate)
    assert found.reason


def test_a_ratio_needs_two_clusters() -> None:
    assert ratios.ratio([1.0], [1.0], 0.9).reason
    assert ratios.ratio_of_means([1.0], [1.0, 2.0], 0.9).reason
    assert ratios.ratio_of_means([1.0, 2.0], [-1.0, 0.0], 0.9).reason
    assert not ratios.compare([1.0], [1.0], [1.0, 2.0], [1.0, 1.0], 0.9).is_known
    assert not ratios.compare([1.0, 2.0], [1.0, 2.0], [3.0, 3.0], [1.0, 1.0], 0.9).is_known
    assert math.isnan(permuted_p([1.0], [1.0], [1.0, 2.0], [1.0, 1.0]))


def test_shared_clusters_cancel_what_they_share() -> None:
    noise = np.random.default_rng(5).normal(10, 3, 40)
    ones = np.ones(40)
    apart = ratios.compare(noise + 1, ones, noise, ones, 0.9)
    shared = ratios.compare_shared(noise + 1 + 0.01 * ones * np.arange(40), ones, noise, ones, 0.9)
    assert shared.se < apart.se / 4
    assert not ratios.compare_shared([1.0], [0.0], [1.0], [1.0], 0.9).is_known


def test_the_smallest_difference_seen_is_seen_in_four_of_five() -> None:
    generator = np.random.default_rng(3)
    ones = np.ones(30)
    mde = ratios.smallest_seen(math.sqrt(2 / 30), 58, 0.9)
    seen = 0
    for _ in range(400):
        found = ratios.compare(generator.normal(10 + mde, 1, 30), ones, generator.normal(10, 1, 30), ones, 0.9)
        seen += found.lower > 0
    assert 0.74 < seen / 400 < 0.86


def test_few_skewed_clusters_do_not_fool_the_deals() -> None:
    """Five against sixty: the linearised p alone rejects near 18 % at 10 %; 200 worlds, Monte Carlo error 2 points."""
    generator, rejected = np.random.default_rng(11), 0
    for _ in range(200):
        spend = np.exp(generator.normal(0, 1, 65))
        revenue = 3 * spend * np.exp(generator.normal(0, 0.8, 65))
        rejected += permuted_p(revenue[:5], spend[:5], revenue[5:], spend[5:]) < 0.1
    assert rejected / 200 < 0.16


def test_deals_find_a_planted_difference_whichever_group_is_smaller() -> None:
    generator = np.random.default_rng(2)
    spend = np.exp(generator.normal(0, 0.5, 60))
    revenue = spend * np.exp(generator.normal(0, 0.3, 60))
    revenue[:20] *= 3
    there = permuted_p(revenue[:20], spend[:20], revenue[20:], spend[20:])
    back = permuted_p(revenue[20:], spend[20:], revenue[:20], spend[:20])
    assert there < 0.01
    assert back < 0.01
    many = np.ones(2000)
    assert permuted_p(many[:100], many[:100], many, many) == 0.0
    assert permuted_p([1.0, 2.0, 1.5], many[:3], np.arange(2000.0), many) < 0.05
    assert permuted_p([0.0, 0.0], [0.0, 0.0], many[:5], many[:5]) == 1.0
