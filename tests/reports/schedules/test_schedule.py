"""A schedule says plainly what it is, comes back from its record, and refuses with one sentence what cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from errors import UserError
from reports.delivery.recipient import Recipient
from reports.order import Order
from reports.schedules import alerts
from reports.schedules.gate import judged
from reports.schedules.needs import DataState
from reports.schedules.recurrence import parsed
from reports.schedules.schedule import Gate, Schedule, days_of, from_record, gate_of

DUE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def schedule(text: str = "weekly mon 09:00", **more: object) -> Schedule:
    known = {"name": "Weekly", "owner": "asha@example.com", "order": Order("brand=Gritzo"), "zone": "Asia/Kolkata"}
    return Schedule(id="s1", recurrence=parsed(text), **{**known, **more})  # type: ignore[arg-type]


def test_a_schedule_comes_back_from_its_record() -> None:
    own = schedule(
        recipients=(Recipient("mail", "a@example.com", "xlsx"), Recipient("folder", "board")),
        gate=Gate("rows", 48, 6, "skip"), holidays=(date(2026, 12, 25),), catch_up="all",
        rule=alerts.parsed("roas below 1.5").as_record(),
    )  # fmt: skip
    assert from_record(own.as_record()) == own
    assert replace(own, rule=None).words() == "every Monday at 09:00 (Asia/Kolkata), last full week"
    assert own.words().endswith("and whenever the data change, last full week")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("daily 9:05", "every day at 09:05"),
        ("Weekly Thu, mon 09:00", "every Monday and Thursday at 09:00"),
        ("monthly 22 09:00", "on the 22nd of every month at 09:00"),
        ("quarterly last 09:00", "on the last day of every quarter at 09:00"),
        ("quarterly 2 09:00", "on the 2nd of every quarter’s first month at 09:00"),
        ("month end +1 09:00", "1 day after the end of every month at 09:00"),
        ("business day last 09:00", "on the last business day of every month at 09:00"),
        ("campaign end +7 09:00 Summer drop", "7 days after the campaign “Summer drop” ends, at 09:00"),
        ("0 9 * * MON-FRI", "by cron “0 9 * * MON-FRI”"),
        ("on demand", "only when it is asked for"),
    ],
)
def test_how_often_is_read_and_said(text: str, words: str) -> None:
    assert parsed(text).words() == words
    assert parsed(parsed(text).text()) == parsed(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Nothing says when"),
        ("dayly 09:00", "Did you mean “daily”"),
        ("daily", "Something is missing after “daily”"),
        ("daily 24:00", "“24:00” is no time of day"),
        ("daily 09:00 often", "“often” is too much"),
        ("weekly 09:00", "Something is missing"),
        ("weekly someday 09:00", "“someday” is no weekday"),
        ("monthly 0 09:00", "not 1 to 31 or last"),
        ("monthly ٣ 09:00", "no day of the month"),
        ("business day 24 09:00", "not 1 to 23 or last"),
        ("campaign end +7 09:00", "Something is missing"),
        ("cron 61 9 * * *", "“61” is no minute"),
        ("0 9 31 2 *", "“31” is no day that its months have"),
        ("cron 0 9 * *", "not five fields"),
        ("x" * 300, "longer than"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_with_what_to_do(text: str, sentence: str) -> None:
    with pytest.raises(UserError) as raised:
        schedule(text)
    assert sentence in str(raised.value)
    assert str(raised.value).endswith((".", "”.", "?"))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"name": "a\nBcc: b@c.de"}, "line break"),
        ({"name": " "}, "not 1 to 120 letters"),
        ({"owner": ""}, "Nobody is told"),
        ({"owner": "asha"}, "no mail address"),
        ({"zone": "+05:30"}, "is an offset"),
        ({"catch_up": "some"}, "no way to catch up"),
        ({"order": Order("brnd=Gritzo")}, "is no filter"),
        ({"period": "campaign"}, "no campaign is named"),
        (
            {
                "order": Order("influencer=I1", audience="statement"),
                "rule": alerts.parsed("roas below 1.5").as_record(),
            },
            "must not tell",
        ),
    ],
)
def test_what_cannot_be_is_refused(more: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        schedule(**more)


def test_gates_and_holidays_are_read_from_texts() -> None:
    assert gate_of("imported 6h", "2d", "skip") == Gate("imported", 6, 48, "skip")
    assert gate_of("rows 2 days") == Gate("rows", 48)
    assert gate_of("") == Gate()
    assert days_of(["2026-12-25", " 2026-01-26"]) == (date(2026, 1, 26), date(2026, 12, 25))
    for wrong in (lambda: gate_of("imported soon"), lambda: gate_of("fresh"), lambda: days_of(["Xmas"])):
        with pytest.raises(UserError):
            wrong()


def at(hours: float) -> float:
    return (DUE + timedelta(hours=hours)).timestamp()


@pytest.mark.parametrize(
    ("gate", "data", "hours", "act"),
    [
        (Gate(), DataState(), 0, "go"),
        (Gate("imported", 6, 4), DataState(1, at(-5)), 0, "go"),
        (Gate("imported", 6, 4), DataState(1, at(-7)), 0, "wait"),
        (Gate("imported", 6, 4), DataState(1, at(-7)), 4, "go"),
        (Gate("imported", 6, 4, "skip"), DataState(1, at(-7)), 4, "skip"),
        (Gate("rows", 48, 4), DataState(1, 0, date(2026, 11, 21)), 0, "go"),
        (Gate("rows", 48, 4), DataState(1, 0, date(2026, 11, 20)), 0, "wait"),
        (Gate("new", 0, 4), DataState(7, 0), 0, "wait"),
        (Gate("new", 0, 4), DataState(8, 0), 0, "go"),
        (Gate("new", 0, 0, "skip"), DataState(), 0, "skip"),
    ],
)
def test_the_gate_waits_until_its_deadline_and_then_does_as_chosen(
    gate: Gate, data: DataState, hours: float, act: str
) -> None:
    verdict = judged(schedule(gate=gate), DUE, DUE + timedelta(hours=hours), data, 7)
    assert verdict.act == act
    if act == "wait":
        assert "It waits for newer data until Mon 23 Nov 2026, 18:30 IST (Asia/Kolkata)." in verdict.sentence
    if act == "go" and hours:
        assert verdict.sentence.startswith("The data were imported on")
