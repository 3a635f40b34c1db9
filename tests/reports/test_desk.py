"""What the screen asks of reports: choices, a preview before anything is kept, schedules, runs, notices, editions."""

from __future__ import annotations

import pytest

from data.ledger.deliveries import Deliveries
from data.ledger.editions import Asked, Edition, Editions
from data.ledger.runs import DueRow, Runs
from data.ledger.schedules import Schedules
from errors import UserError
from reports.delivery.recipient import Recipient
from reports.desk import Desk
from settings import load
from tests.fakes import FakeAnswers

WEEKLY = {
    "name": "Gritzo weekly", "owner": "asha@example.com", "view": "here", "kind": "weekly", "days": [0, 3],
    "at": "09:00", "zone": "Asia/Kolkata", "recipients": "board/weekly\nasha@example.com,xlsx",
}  # fmt: skip


@pytest.fixture(name="house")
def _house(tmp_path):
    return load(tmp_path, {"TRUELIFT_TIMEZONE": "Asia/Kolkata"})


@pytest.fixture(name="desk")
def _desk(house):
    return Desk(house, FakeAnswers())


def kept(desk, **changes):
    desk.keep(WEEKLY | changes, "brand=Gritzo")
    return desk.schedules()[-1]["id"]


def test_a_preview_says_five_runs_and_their_days_and_keeps_nothing(desk):
    said = desk.preview({**WEEKLY, "name": "", "owner": "", "fresh": "rows", "length": "2d"}, "brand=Gritzo")
    assert len(said["next"]) == 5
    assert all(one.startswith(("Mon ", "Thu ")) and "09:00 IST (Asia/Kolkata)" in one for one in said["next"])
    assert (said["when"], said["view"]) == ("every Monday and Thursday at 09:00", "Brand: Gritzo")
    assert said["waits"].startswith("waits up to 4 hours for rows up to 2 days")
    assert desk.schedules() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"days": []}, "Choose at least one day of the week"),
        ({"kind": "monthly", "day": "32"}, "write a number from 1 to 31 or “last”"),
        ({"kind": "after month end", "n": "x"}, "number of days after"),
        ({"kind": "campaign end"}, "Name the campaign"),
        ({"kind": "cron", "cron": "0 9 31 2 *"}, "cron"),
        ({"at": ""}, "time of day"),
        ({"recipients": "asha@nowhere@"}, "no mail address"),
        ({"recipients": "../etc"}, "no folder for reports"),
        ({"recipients": "https://hooks.example.com/x"}, "TRUELIFT_WEBHOOK_HOSTS"),
        ({"zone": "IST"}, "No time zone"),
        ({"fresh": "rows", "length": "soon"}, "no length of time"),
        ({"template": "statement"}, "exactly one"),
        ({"owner": ""}, "Nobody is told"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_nothing_is_kept(desk, changes, words):
    with pytest.raises(UserError, match=words):
        desk.keep(WEEKLY | changes, "brand=Gritzo")
    assert desk.schedules() == []


def test_a_schedule_stands_in_words_and_can_be_changed(desk):
    one = kept(desk)
    said = desk.schedules()[0]
    assert (said["name"], said["state"], said["last"]) == ("Gritzo weekly", "active", None)
    assert said["what"] == "Brand: Gritzo · last full week · Brand manager"
    assert said["to"] == ["board/weekly (PDF)", "asha@example.com (Excel)"]
    fields = desk.fields(one)
    assert fields["recipients"] == WEEKLY["recipients"]
    desk.keep({**fields, "kind": "business day", "day": "last", "name": "Monthly"}, fields["query"], one)
    said = desk.schedules()
    assert [(item["id"], item["name"]) for item in said] == [(one, "Monthly")]
    assert said[0]["when"].startswith("on the last business day of every month at 09:00")
    assert desk.fields(one)["day"] == "last"


def test_every_kind_that_is_offered_can_be_kept_and_read_back(desk):
    more = {"day": "5", "n": "3", "campaign": "Summer drop", "cron": "0 9 * * 1", "days": [1]}
    for kind in desk.choices()["kinds"]:
        one = kept(desk, kind=kind, **more)
        fields = desk.fields(one)
        assert fields["kind"] == kind
        desk.keep(fields, fields["query"], one)
        assert desk.fields(one) == fields


def test_pause_resume_and_remove_say_what_they_did(desk):
    one = kept(desk)
    assert desk.act("pause", one).startswith("Paused")
    assert (desk.schedules()[0]["state"], desk.schedules()[0]["reason"]) == ("paused", "Paused by hand.")
    desk.act("resume", one)
    assert desk.schedules()[0]["state"] == "active"
    desk.act("remove", one)
    assert desk.schedules() == []
    with pytest.raises(UserError, match="not there any more"):
        desk.act("pause", one)


def test_one_now_goes_to_the_owner_and_to_everybody_only_when_asked(desk, house):
    one = kept(desk)
    desk.act("now", one)
    desk.act("everybody", one)
    runs = Runs(house.ledger).of(one)
    assert sorted([len(run.recipients) for run in runs]) == [0, 1]
    assert {run.recipients[0]["address"] for run in runs if run.recipients} == {"asha@example.com"}
    assert desk.last(one)["state"] == "due"


def ended(house, one, state, reader):
    """A run that ended so, with one reader in that state."""
    runs, deliveries = Runs(house.ledger), Deliveries(house.ledger)
    run = runs.open_now(one, DueRow("2026-11-16T09:00", 1795000000.0, "Asia/Kolkata"), "w")
    deliveries.begin(run.id, Recipient("mail", "asha@example.com"), "<1@x>", one)
    deliveries.end(run.id, "<1@x>", reader, "The server said 550.")
    runs.end(run.id, "w", state, "1 of 1 recipient did not get it.")
    return run.id


def test_a_failed_run_can_be_sent_again_and_a_sent_one_not(desk, house):
    one = kept(desk)
    run = ended(house, one, "failed", "failed")
    said = desk.history(one)[0]
    assert (said["state"], said["again"], said["in_doubt"]) == ("failed", "failed", False)
    assert said["recipients"][0]["reason"] == "The server said 550."
    desk.act("resend", run)
    assert desk.last(one)["state"] == "due"
    with pytest.raises(UserError, match="cannot be sent again"):
        desk.act("resend", run)


def test_what_is_in_doubt_is_sent_again_only_when_that_is_said(desk, house):
    run = ended(house, kept(desk), "in doubt", "in doubt")
    said = desk.history(desk.schedules()[0]["id"])[0]
    assert (said["again"], said["in_doubt"]) == ("", True)
    desk.act("resend in doubt", run)
    assert Deliveries(house.ledger).of(run)[0].state == "due"


def test_notices_stay_until_they_are_put_away(desk, house):
    Deliveries(house.ledger).notice("k", "asha@example.com", "“Weekly” was not sent", "The disk is full.")
    before = desk.signs()
    assert [one["sentence"] for one in desk.notices()] == ["The disk is full."]
    desk.seen("k")
    assert desk.notices() == []
    assert desk.signs()["notices"] != before["notices"]


def edition(house, **changes):
    (house.reports_dir).mkdir(exist_ok=True)
    (house.reports_dir / "e1.pdf").write_bytes(b"%PDF-1.7")
    values = {"id": "e1", "mark": "2026-11-21 · abc123", "content": "c", "made": 1795000000.0,
              "query": "from=2026-07-01&to=2026-07-31&brand=Gritzo", "pages": ("overview",), "audience": "brand",
              "form": "pdf", "data_version": 3, "file": "e1.pdf", "sha256": "s",
              "asked": Asked("job", "j")}  # fmt: skip
    Editions(house.ledger).add(Edition(**values | changes), {})


def test_editions_say_view_template_form_version_and_who_asked(desk, house):
    edition(house)
    found = desk.editions()
    assert (found["total"], found["page"], found["pages"]) == (1, 0, 1)
    row = found["rows"][0]
    assert (row["view"], row["template"], row["form"]) == (
        "1 Jul 2026 – 31 Jul 2026 · Brand: Gritzo",
        "Brand manager",
        "PDF",
    )
    assert (row["version"], row["by"], row["href"]) == (3, "a click", "/reports/file/e1.pdf")
    assert desk.shown("e1.pdf", "pdf") == "TrueLift Gritzo 2026-07-01 to 2026-07-31 2026-11-21 · abc123.pdf"
    (house.reports_dir / "e1.pdf").unlink()
    assert desk.editions()["rows"][0]["href"] == ""


def test_files_are_found_by_the_whole_id_only(desk, house):
    edition(house)
    assert desk.file("e1", "pdf") == "e1.pdf"
    assert desk.file("e1", "html") == ""
    one = kept(desk)
    run = Runs(house.ledger).open_now(one, DueRow("x", 1.0, "UTC"), "w")
    Runs(house.ledger).note(run.id, "w", files=[{"form": "pdf", "file": "e1.pdf", "shown": "x.pdf"}])
    assert desk.file(run.id, "pdf") == "e1.pdf"
    assert desk.file(run.id[:8], "pdf") == ""


@pytest.mark.parametrize(
    ("wish", "pages", "form"),
    [({}, (), "pdf"), ({"only": "only"}, ("cac",), "pdf"), ({"form": "html", "archive": "yes"}, (), "html")],
)
def test_a_report_at_once_is_of_all_tabs_or_of_this_one(desk, wish, pages, form):
    found = desk.wanted("brand=Gritzo", "/cac", wish)
    assert found[:2] == (pages, form)
    assert found[2]["variant"] == ""


def test_a_report_at_once_that_cannot_be_says_why(desk):
    with pytest.raises(UserError, match="No tab is open"):
        desk.wanted("", "/reports", {"only": "only"})
    with pytest.raises(UserError, match="exactly one"):
        desk.wanted("", "/", {"template": "statement"})
    assert desk.wanted("influencer=0030", "/", {"template": "statement", "only": "only"})[0] == ()
    assert desk.wanted("", "/", {"archive": "yes"})[2]["variant"] == "pdf/a-3a"


def test_a_schedule_that_cannot_be_read_says_so_and_can_be_removed(desk, house):
    one = Schedules(house.ledger).add({"name": "Old", "recurrence": {"kind": "fortnightly"}})
    said = desk.schedules()[0]
    assert (said["state"], said["name"]) == ("broken", "Old")
    assert "fortnightly" in said["reason"]
    desk.act("remove", one)
    assert desk.schedules() == []
