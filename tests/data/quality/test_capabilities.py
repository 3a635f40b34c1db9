"""What the data cannot answer is said with the column that would open it."""

from __future__ import annotations

from pathlib import Path

from data.engines.duckdb import Reader
from data.quality import capabilities
from data.versions import snapshots
from tests.data.worlds import FOUR, INFLUENCERS, PAYOUTS, TRACKING, imported


def found(folder: Path, files: dict[str, str | bytes]) -> dict[str, capabilities.Capability]:
    imported(folder, files)
    now = snapshots.current(folder / "var")
    assert now
    reader = Reader(now.path)
    all_of_them = {one.key: one for one in capabilities.found(reader)}
    reader.close()
    return all_of_them


def test_the_usual_four_files_lack_a_control_group(tmp_path: Path) -> None:
    one = found(tmp_path, dict(FOUR))
    assert not one["has_holdout"].has
    says = "No control rows: test against control is locked. Add campaign_type (test or control) to tracking."
    assert one["has_holdout"].says == says
    there = {key for key, it in one.items() if it.has}
    assert there >= {"has_orders", "has_organic", "has_users", "has_posts", "has_reach", "has_dates", "has_cost",
                     "has_products", "has_brands", "has_campaigns", "has_followers", "has_platforms"}  # fmt: skip
    assert not there & {"has_margin", "has_gifts", "has_geo", "has_touches", "has_impressions", "has_periods"}


def test_a_column_opens_what_it_is_said_to_open(tmp_path: Path) -> None:
    head, *rows = TRACKING.splitlines()
    arms = ["test", "control", "test", "control", "test"]
    body = [f"{row},{arm},0.4,3,Pune,during" for row, arm in zip(rows, arms, strict=True)]
    tracking = "\n".join([f"{head},campaign_type,margin,clicks,city,period", *body])
    one = found(tmp_path, {**FOUR, "tracking_data.csv": tracking + "\n"})
    for key in ("has_holdout", "has_margin", "has_touches", "has_geo", "has_periods"):
        assert one[key].has, key
        assert "locked" not in one[key].says


def test_people_and_payouts_alone_lock_orders(tmp_path: Path) -> None:
    one = found(
        tmp_path, {"influencers.csv": INFLUENCERS, "payouts.csv": PAYOUTS.replace("12,per_order,50,1,50\n", "")}
    )
    assert one["has_cost"].has
    assert not one["has_orders"].has
    assert one["has_orders"].says.endswith("Add the tracking table with a revenue column.")
