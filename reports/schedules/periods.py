"""Decides which days a scheduled report covers: from its due date, in the schedule's zone, to two days in the query.

Days are whole calendar days, both ends inclusive; weeks start on Monday. What runs “to date” runs to the day before the
due date, the last that has ended; on the first of a month that is the whole month before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode

from data.filters import Filters
from errors import suggest
from reports.schedules.recurrence import BadSchedule

AS_CHOSEN = "as chosen"
CAMPAIGN = "campaign"
ALL = "all the data"
Span = tuple[date, date]
_DAY = timedelta(days=1)


def _first_of_month(day: date) -> date:
    return day.replace(day=1)


def _first_of_quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _last_days(number: int) -> Callable[[date], Span]:
    return lambda due: (due - _DAY * number, due - _DAY)


def _week(due: date) -> Span:
    monday = due - _DAY * due.weekday()
    return monday - _DAY * 7, monday - _DAY


def _month(due: date) -> Span:
    end = _first_of_month(due) - _DAY
    return _first_of_month(end), end


def _quarter(due: date) -> Span:
    end = _first_of_quarter(due) - _DAY
    return _first_of_quarter(end), end


_SPANS: dict[str, Callable[[date], Span]] = {
    "last full day": _last_days(1),
    "last full week": _week,
    "last full month": _month,
    "last full quarter": _quarter,
    "last 7 days": _last_days(7),
    "last 28 days": _last_days(28),
    "last 90 days": _last_days(90),
    "month to date": lambda due: (_first_of_month(due - _DAY), due - _DAY),
    "quarter to date": lambda due: (_first_of_quarter(due - _DAY), due - _DAY),
    "year to date": lambda due: (date((due - _DAY).year, 1, 1), due - _DAY),
}
PERIODS = (AS_CHOSEN, *_SPANS, CAMPAIGN, ALL)


def checked(period: str) -> str:
    """The period as the house writes it. Raises BadSchedule."""
    said = " ".join(period.casefold().split())
    if said not in PERIODS:
        raise BadSchedule(f"No period “{period[:40]}” for a report. {suggest(said, PERIODS)}")
    return said


def span(period: str, due: date, campaign: Span | None = None) -> Span | None:
    """First and last day of a period that is seen from a due date; None where the query itself says, or all counts.

    campaign: the days of the schedule's campaign. Raises BadSchedule where it has none.
    """
    if period in (AS_CHOSEN, ALL):
        return None
    if period == CAMPAIGN:
        if campaign is None:
            raise BadSchedule("The schedule's campaign has no days in the data. Import it, or choose another period.")
        return campaign
    return _SPANS[checked(period)](due)


def query(text: str, period: str, due: date, campaign: Span | None = None) -> str:
    """The query string with the days of the period; the rest of it stays. Raises BadSchedule, BadFilter."""
    if period == AS_CHOSEN:
        return text
    days = span(period, due, campaign)
    kept = [pair for pair in parse_qsl(text.removeprefix("?")) if pair[0] not in ("from", "to")]
    ends = [("from", days[0].isoformat()), ("to", days[1].isoformat())] if days else []
    found = urlencode([*ends, *kept])
    Filters.from_query(found)
    return found


def words(text: str) -> str:
    """The days that a query covers, in words: “1 Oct 2026 – 31 Oct 2026”, “All days”."""
    filters = Filters.from_query(text)
    days = Filters(since=filters.since, until=filters.until)
    return days.describe() if days.since or days.until else "All days"


def campaign_of(text: str, named: str = "") -> str:
    """The campaign that a schedule is about: that of its recurrence, else the only one in its query; '' for none."""
    chosen = Filters.from_query(text).campaign
    return named or (chosen[0] if len(chosen) == 1 else "")


def days_of(campaign: str, campaigns: Mapping[str, Span]) -> Span | None:
    """The first and last day of a campaign, however it is capitalised; None when the data does not have it."""
    folded = {name.casefold(): days for name, days in campaigns.items()}
    return folded.get(campaign.casefold())
