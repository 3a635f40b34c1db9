"""Every real data set in CORPUS_DIR imports with no manual mapping and gives exactly its reference figures."""

from __future__ import annotations

import json
import os
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from analytics import export
from analytics.answers import Answers
from data import ingest, schema
from data.filters import Filters
from data.ingest import Plan
from data.store import Store
from settings import load

_FOLDER = os.environ.get("CORPUS_DIR", "")
SETS = sorted(path.parent for path in Path(_FOLDER).glob("*/expected.json")) if _FOLDER else []
pytestmark = pytest.mark.skipif(not SETS, reason="CORPUS_DIR names no folder of data sets")


def files_of(folder: Path) -> list[tuple[Path, str]]:
    named = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["files"]
    return [(folder / name, name) for table, names in named.items() if table != "extra" for name in names]


@pytest.fixture(scope="module", params=SETS, ids=lambda path: path.name)
def loaded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Store, dict[str, Any]]:
    folder: Path = request.param
    settings = load(tmp_path_factory.mktemp("corpus"))
    ingest.run(Plan(files_of(folder)), settings)
    figures = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["figures"]
    return folder, Store(settings), figures


def _money(value: float) -> float:
    return round(float(value), 2)


def test_the_overview_prints_the_expected_figures(loaded: tuple[Path, Store, dict[str, Any]]) -> None:
    _, store, figures = loaded
    tiles = {tile["key"]: tile["value"] for tile in export.page(Answers(store).page("overview", ""))["tiles"]}
    money = {
        "revenue.all": figures["revenue_all_rows"],
        "revenue": figures.get("revenue_attributed", figures["revenue_all_rows"]),
        "orders.all": figures["orders_all_rows"],
        "orders": figures.get("orders_attributed", figures["orders_all_rows"]),
        "spend": figures["spend"], "influencers": figures["influencers"], "followers": figures["followers_total"],
        "posts": figures.get("posts"), "reach": figures.get("reach"),
    }  # fmt: skip
    ratios = {
        "aov.all": figures.get("aov"), "aov": figures.get("aov_attributed", figures.get("aov")),
        "roas.all": figures.get("roas_all_rows"),
        "roas": figures.get("roas_attributed", figures.get("roas_all_rows")),
        "roi.all": figures.get("roi_all_rows"),
        "roi": figures.get("roi_attributed", figures.get("roi_all_rows")),
        "cost_per_order": figures.get("cost_per_order_attributed", figures.get("cost_per_order")),
        "cost_per_order.all": figures.get("cost_per_order"), "engagement_rate": figures.get("engagement_rate"),
    }  # fmt: skip
    for key, expected in money.items():
        if expected is not None:
            assert _money(tiles[key]) == _money(expected), key
    for key, expected in ratios.items():
        if expected is not None:
            assert round(tiles[key], 6) == pytest.approx(expected, abs=1.01e-6), key


def test_platforms_and_the_first_five_are_as_published(loaded: tuple[Path, Store, dict[str, Any]]) -> None:
    _, store, figures = loaded
    answers = Answers(store)
    by_platform = answers.table(("revenue",), ("platform",), "")
    expected = {
        name: value for name, value in figures["revenue_by_platform_influencer"].items() if not name.startswith("(")
    }
    found = {
        row["platform"]: _money(row["revenue"]) for row in by_platform.to_dict("records") if row["platform"][0] != "("
    }
    assert found == {name: _money(value) for name, value in expected.items()}
    for key, metric in (("top5_influencers_by_revenue", "revenue"), ("top5_influencers_by_roas", "roas")):
        if key in figures:
            rows = answers.table((metric,), ("influencer",), "", f"-{metric}", 5).to_dict("records")
            assert [round(row[metric], 6) for row in rows] == pytest.approx(
                [one[metric] for one in figures[key]], abs=1.01e-6
            )
            values = [one[metric] for one in figures[key]]
            if len(set(values)) == len(values):
                assert [row["influencer_id"] for row in rows] == [one["influencer_id"] for one in figures[key]]


def test_every_grouping_adds_up_to_the_raw_tables(loaded: tuple[Path, Store, dict[str, Any]]) -> None:
    """Conservation: no dimension, and no pair of them, gains or loses a paisa, an order or a like."""
    _, store, figures = loaded
    measures = ("revenue_all", "orders_all", "spend", "seeding_cost", "likes", "comments", "reach", "posts")
    carried = store.carried()
    keys = tuple(key for key in measures if key in carried)
    raw = store.totals(Filters(), (), keys).iloc[0]
    assert _money(raw["spend"]) == _money(figures["spend"])
    joined = figures.get("trap_row_join_spend", 0)
    assert joined == figures["spend"] or _money(raw["spend"]) != _money(joined)
    groupings = [(key,) for key in schema.DIMENSIONS] + list(combinations(schema.DIMENSIONS, 2))
    for by in groupings:
        sums = store.totals(Filters(), by, keys)[list(keys)].sum()
        for key in keys:
            assert _money(sums[key]) == _money(raw[key]), (by, key)


def test_a_whole_folder_gives_the_same_figures_as_its_four_files(loaded: tuple[Path, Store, dict[str, Any]],
                                                                 tmp_path: Path) -> None:  # fmt: skip
    """Workbooks that repeat the tables, samples and summaries beside them change nothing that was spent or sold."""
    folder, store, _ = loaded
    every = [(path, path.name) for path in sorted(folder.iterdir())]
    if len(every) == len(files_of(folder)) + 1:
        pytest.skip("the folder holds nothing but the four tables")
    settings = load(tmp_path)
    ingest.run(Plan(every), settings)
    keys = ("revenue", "revenue_all", "orders_all", "spend", "posts", "influencers", "likes")
    keys = tuple(key for key in keys if key in store.carried())
    both = [one.totals(Filters(), (), keys).iloc[0].round(2).to_dict() for one in (store, Store(settings))]
    assert both[0] == both[1]
