"""Callbacks of reports: a menu's wish becomes a job, a wrong one a sentence; schedules are previewed and kept."""

from __future__ import annotations

import json

from data.ledger.schedules import Schedules
from settings import load
from tests import wires
from tests.fakes import FakeLedger, made

FORM = {
    "query.data": "brand=Gritzo", "schedule-name.value": "Weekly", "schedule-owner.value": "asha@example.com",
    "schedule-kind.value": "daily", "schedule-at.value": "09:00", "schedule-recipients.value": "board",
}  # fmt: skip


def key(kind, **parts):
    return json.dumps({"type": kind, **parts}, sort_keys=True, separators=(",", ":"))


def keep(app):
    """The press on “Keep the schedule”; several callbacks write where it says so, so that it is found by its state."""
    values = FORM | {"schedule-keep.n_clicks": 1}
    return wires.ask(app, "schedule-name.value@", "schedule-keep.n_clicks", values)


def act(app, what, one):
    wildcard = '{"act":["ALL"],"key":["ALL"],"type":"schedule-act"}.n_clicks'
    pressed = {"type": "schedule-act", "act": what, "key": one}
    changed = f"{key('schedule-act', act=what, key=one)}.n_clicks"
    places = {'{"key":["ALL"],"type":"schedule-said"}.id': [({"type": "schedule-said", "key": one},) * 2]}
    return wires.ask(app, "schedules-said.children", changed, {wildcard: [(pressed, 1)], **places})


def test_the_menu_asks_for_this_tab_as_a_web_page(tmp_path):
    ledger = FakeLedger()
    app = made(tmp_path, ledger=ledger)
    values = {"report-make.n_clicks": 1, "query.data": "brand=Gritzo", "address.pathname": "/cac",
              "report-wish-only.value": "only", "report-wish-form.value": "html",
              "report-wish-template.value": "executive", "report-wish-paper.value": "Letter"}  # fmt: skip
    answer = wires.ask(app, "report-job.data", "report-make.n_clicks", values)
    job = ledger.jobs[answer["report-job"]["data"]]
    assert (job.pages, job.format, job.options["audience"], job.options["paper"]) == (
        ("cac",),
        "html",
        "executive",
        "Letter",
    )


def test_a_wish_that_cannot_be_is_a_sentence_and_no_job(tmp_path):
    ledger = FakeLedger()
    app = made(tmp_path, ledger=ledger)
    values = {"report-make.n_clicks": 1, "address.pathname": "/", "report-wish-template.value": "statement"}
    assert "exactly one" in json.dumps(wires.ask(app, "report-job.data", "report-make.n_clicks", values))
    assert ledger.jobs == {}


def test_a_report_is_cancelled(tmp_path):
    ledger = FakeLedger()
    app = made(tmp_path, ledger=ledger)
    one = ledger.add_report("", (), "pdf")
    pressed = {"type": "report-cancel", "key": one, "place": "card"}
    values = {'{"key":["ALL"],"place":["ALL"],"type":"report-cancel"}.n_clicks': [(pressed, 1)]}
    wires.ask(app, "report-clock.n_intervals", f"{key('report-cancel', key=one, place='card')}.n_clicks", values)
    assert ledger.jobs[one].state == "cancelled"


def test_a_form_is_previewed_and_a_wrong_one_says_what_is_wrong(tmp_path):
    app = made(tmp_path)
    said = json.dumps(wires.ask(app, "schedule-preview.children", "schedule-at.value", FORM))
    assert said.count("(Asia/Kolkata)") >= 5
    wrong = {**FORM, "schedule-recipients.value": "asha@nowhere@"}
    assert "no mail address" in json.dumps(wires.ask(app, "schedule-preview.children", "schedule-at.value", wrong))


def test_a_schedule_is_kept_and_paused(tmp_path):
    app = made(tmp_path)
    answer = keep(app)
    assert "is kept" in json.dumps(answer)
    one = Schedules(load(tmp_path, {}).ledger).all()[0]
    assert one.record["order"]["query"] == "brand=Gritzo"
    assert "Paused" in json.dumps(act(app, "pause", one.id))
    assert Schedules(load(tmp_path, {}).ledger).all()[0].state == "paused"
    assert "not there any more" in json.dumps(act(app, "pause", "nobody"))


def test_a_kept_schedule_fills_the_form_again(tmp_path):
    app = made(tmp_path)
    keep(app)
    one = Schedules(load(tmp_path, {}).ledger).all()[0].id
    pressed = {"type": "schedule-act", "act": "change", "key": one}
    values = {'{"act":"change","key":["ALL"],"type":"schedule-act"}.n_clicks': [(pressed, 1)]}
    changed = f"{key('schedule-act', act='change', key=one)}.n_clicks"
    answer = wires.ask(app, "new-schedule.open", changed, values)
    assert answer["schedule-edited"]["data"] == {"id": one, "query": "brand=Gritzo"}
    assert (answer["schedule-name"]["value"], answer["schedule-recipients"]["value"]) == ("Weekly", "board")
    assert answer["new-schedule"]["open"] is True
