"""The days that a report covers follow from its due date; what else the query says stays."""

from __future__ import annotations

from datetime import date

import pytest

from reports.schedules import periods
from reports.schedules.recurrence import BadSchedule

DUE = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("last full day", "2026-11-22", "2026-11-22"),
        ("last full week", "2026-11-16", "2026-11-22"),
        ("last full month", "2026-10-01", "2026-10-31"),
        ("last full quarter", "2026-07-01", "2026-09-30"),
        ("last 7 days", "2026-11-16", "2026-11-22"),
        ("last 28 days", "2026-10-26", "2026-11-22"),
        ("last 90 days", "2026-08-25", "2026-11-22"),
        ("month to date", "2026-11-01", "2026-11-22"),
        ("quarter to date", "2026-10-01", "2026-11-22"),
        ("year to date", "2026-01-01", "2026-11-22"),
    ],
)
def test_each_period_from_one_due_date(period: str, first: str, last: str) -> None:
    asked = "from=2020-01-01&to=2020-02-01&brand=Gritzo&cost=cash"
    assert periods.query(asked, period, DUE) == f"from={first}&to={last}&brand=Gritzo&cost=cash"


def test_to_date_on_the_first_is_the_whole_month_before() -> None:
    assert periods.span("month to date", date(2026, 3, 1)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert periods.span("year to date", date(2026, 1, 1)) == (date(2025, 1, 1), date(2025, 12, 31))


def test_as_chosen_leaves_the_query_and_all_takes_its_days_away() -> None:
    asked = "from=2026-01-01&brand=Gritzo"
    assert periods.query(asked, "as chosen", DUE) == asked
    assert periods.query(asked, "all the data", DUE) == "brand=Gritzo"
    assert periods.words("brand=Gritzo") == "All days"
    assert periods.words("from=2026-10-01&to=2026-10-31") == "1 Oct 2026 – 31 Oct 2026"


def test_a_campaigns_days_are_the_datas() -> None:
    days = (date(2026, 3, 1), date(2026, 3, 8))
    assert periods.query("campaign=Holi", "campaign", DUE, days) == "from=2026-03-01&to=2026-03-08&campaign=Holi"
    assert periods.days_of("holi", {"Holi": days}) == days
    assert periods.campaign_of("campaign=Holi") == "Holi"
    assert periods.campaign_of("campaign=Holi&campaign=Diwali") == ""
    with pytest.raises(BadSchedule, match="has no days"):
        periods.query("", "campaign", DUE)


def test_an_unknown_period_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadSchedule, match="Did you mean “last full week”"):
        periods.checked("last ful week")
