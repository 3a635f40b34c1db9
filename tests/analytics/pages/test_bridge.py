"""Two imports over the same days: what the second one changed of the period before is its own part, to the paisa."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest

from analytics.answers import Answers
from data import ingest, simulate
from data.ingest import Plan
from data.store import Store
from settings import Settings, load

MORE = Decimal("37.50")


@pytest.fixture(scope="module", name="twice")
def _twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[date, float]]:
    """A data folder with two versions, orders of early days worth more in the second; day → by how much in all."""
    folder = tmp_path_factory.mktemp("twice")
    settings = load(folder / "var")
    paths = [path for path in simulate.write(simulate.simulate(seed=11, rows=3000), folder) if path.suffix == ".csv"]
    ingest.run(Plan([(path, path.name) for path in paths]), settings)
    tracking = next(path for path in paths if "tracking" in path.name)
    rows = pd.read_csv(tracking, dtype=str, keep_default_na=False)
    days = pd.to_datetime(rows["date"])
    early = (rows["influencer_id"] != "") & (days < days.min() + pd.Timedelta(days=90))
    chosen = rows.index[early][:40]
    rows.loc[chosen, "revenue"] = [str(Decimal(rows.at[row, "revenue"]) + MORE) for row in chosen]
    rows.to_csv(tracking, index=False)
    ingest.run(Plan([(tracking, tracking.name)]), settings)
    more = days[chosen].dt.date.value_counts() * float(MORE)
    return settings, {day: float(amount) for day, amount in more.items()}


def test_what_was_restated_is_a_part_of_its_own(twice: tuple[Settings, dict[date, float]]) -> None:
    settings, more = twice
    store = Store(settings)
    now, printed = Answers(store).bridge(""), Answers(store.at(1)).bridge("")
    assert now is not None
    assert printed is not None
    values, before = now.frame["value"].tolist(), printed.frame["value"].tolist()
    first, last = (pd.Timestamp(day).date() for day in re.findall(r"\d+ \w+ \d{4}", now.frame["words"][0]))
    added = sum(amount for day, amount in more.items() if first <= day <= last)
    sums = [
        Answers(one).table(("revenue", "spend"), (), f"from={first}&to={last}").iloc[0] for one in (store.at(1), store)
    ]
    restated = now.frame.set_index("name").loc["Restated", "value"]
    assert values[0] == pytest.approx(before[0], rel=1e-12)
    assert sums[1]["revenue"] - sums[0]["revenue"] == pytest.approx(added, abs=0.005)
    # A payout for revenue is laid by revenue, so that the spend of the days may move as well.
    then, since = (one["revenue"] / one["spend"] for one in sums)
    assert restated == pytest.approx(since - then, rel=1e-9)
    assert sum(values[:-1]) == pytest.approx(values[-1], rel=1e-12)
    assert "Restated" not in printed.frame["name"].tolist()


def test_a_view_that_the_second_import_did_not_touch_was_not_restated(
    twice: tuple[Settings, dict[date, float]],
) -> None:
    settings, more = twice
    after = max(more) + timedelta(days=1)
    panel = Answers(Store(settings)).bridge(f"from={after + timedelta(days=90)}&to={after + timedelta(days=150)}")
    assert panel is not None
    assert "Restated" not in panel.frame["name"].tolist()
    assert "nothing was restated" in panel.note
