"""The Reports page: every field has a label, states are words, what is destructive asks first."""

from __future__ import annotations

import pytest

from layouts import ids, reports_editions, reports_form, reports_menu, reports_schedules
from layouts.screen import functions
from reports.desk import Desk
from reports.schedules import asked
from settings import load
from tests.fakes import FakeAnswers
from tests.layouts.test_imports import text

RUN = {
    "id": "r1", "state": "failed", "asked": "due", "due": "Mon 16 Nov 2026, 09:00 IST (Asia/Kolkata)", "reason": "550",
    "remark": "", "covers": "9 Nov 2026 – 15 Nov 2026", "ended": "16 Nov 2026, 09:01", "version": 3, "again": "failed",
    "files": [{"href": "/reports/file/r1.pdf", "form": "PDF"}], "in_doubt": True,
    "recipients": [{"state": "in doubt", "shown": "asha@example.com", "form": "PDF", "reason": "No answer."}],
}  # fmt: skip
ONE = {"id": "s1", "name": "Weekly", "state": "active", "reason": "", "what": "Brand: Gritzo", "when": "every Monday",
       "next": "Mon 23 Nov", "to": [], "waits": "", "last": None}  # fmt: skip


@pytest.fixture(name="choices", scope="module")
def _choices(tmp_path_factory):
    return Desk(load(tmp_path_factory.mktemp("house"), {}), FakeAnswers()).choices()


def walk(component):
    yield component
    children = getattr(component, "children", None)
    for child in children if isinstance(children, list | tuple) else [children]:
        if hasattr(child, "to_plotly_json"):
            yield from walk(child)


def test_the_form_asks_what_the_desk_reads(choices):
    assert reports_form.FIELDS == asked.FIELDS
    found = [part for part in walk(reports_form.section(choices)) if hasattr(part, "id")]
    there = {part.id for part in found if isinstance(part.id, str)}
    assert {ids.scheduling(key) for key in reports_form.FIELDS} <= there
    assert {ids.scheduling_part(part) for part in reports_form.PARTS} <= there
    assert len(there) == len([part for part in found if isinstance(part.id, str)])


def test_every_field_has_a_label(choices):
    for made in (reports_form.section(choices), reports_menu.buttons(choices)):
        labelled = {part.htmlFor for part in walk(made) if getattr(part, "htmlFor", None)}
        grouped = {ids.scheduling("days"), *(ids.wish(key) for key in ("only", "form", "paper", "archive"))}
        fields = {
            part.id for part in walk(made) if isinstance(getattr(part, "id", None), str) and hasattr(part, "value")
        }
        assert fields - grouped <= labelled | {None}


def test_the_menu_offers_every_template_form_and_paper(choices):
    said = text(reports_menu.buttons(choices))
    for words in ("Report as PDF", "This tab only", "Executive", "Influencer statement", "web page", "Letter", "PDF/A"):
        assert words in said


def test_a_schedule_says_state_and_next_run_and_asks_before_it_goes():
    said = text(reports_schedules.listing([ONE]))
    for words in (
        "active",
        "next Mon 23 Nov",
        "nobody: its reports stay here",
        "Send me one now",
        "Pause",
        "Yes, remove",
    ):
        assert words in said
    paused = text(reports_schedules.listing([{**ONE, "state": "paused", "reason": "Paused by hand."}]))
    assert "Resume" in paused
    assert "Paused by hand." in paused


def test_no_schedule_yet_is_one_sentence():
    assert "No schedule yet" in text(reports_schedules.listing([]))


def test_a_run_shows_its_file_its_readers_and_the_ways_to_send_it_again():
    said = text(reports_schedules.history([RUN]))
    for words in ("/reports/file/r1.pdf", "asha@example.com (PDF)", "No answer.", "Send again to those who failed",
                  "Ask the reader before you send it again"):  # fmt: skip
        assert words in said
    sent = text(reports_schedules.history([{**RUN, "state": "sent", "again": "", "in_doubt": False}]))
    assert "Send again" not in sent


def test_the_filters_of_the_page_before_are_offered_in_words():
    assert reports_form.views("") == [{"label": "All data", "value": "here"}]
    assert reports_form.views("brand=Gritzo")[0]["label"] == "Brand: Gritzo (of the page you came from)"
    assert len(reports_form.views("brand=Gritzo", is_kept=True)) == 2


def test_a_preview_shows_five_runs_or_why_there_are_none():
    said = {"next": ["Mon", "Tue"], "none": "", "covers": "1 Oct", "period": "last full month", "when": "daily",
            "zone": "UTC", "view": "All data", "waits": "waits up to 4 hours",
            "short": "The data end on 31 Jul."}  # fmt: skip
    shown = text(reports_form.preview(said))
    assert all(
        words in shown for words in ("Mon", "Tue", "1 Oct", "It waits up to 4 hours.", "The data end on 31 Jul.")
    )
    none = text(reports_form.preview({**said, "next": [], "covers": "", "none": "It is not due by itself."}))
    assert "It is not due by itself." in none


def test_editions_are_listed_turned_over_and_judged_in_words():
    row = {"id": "e1", "mark": "2026-11-21 · abc", "view": "All data", "headline": "", "by": "a click", "pages": 3,
           "template": "Executive", "form": "PDF", "version": 3, "made": "21 Nov 2026, 10:00", "href": ""}  # fmt: skip
    assert "its file is gone" in text(reports_editions.listing({"total": 1, "page": 0, "pages": 1, "rows": [row]}))
    known = {"total": 41, "page": 1, "pages": 3, "rows": [{**row, "href": "/reports/file/e1.pdf"}]}
    said = text(reports_editions.listing(known))
    assert all(words in said for words in ("Page 2 of 3", "Check edition 2026-11-21", "41 editions", "3 pages"))
    assert "No report has been made yet." in text(reports_editions.listing({"rows": []}))
    lines = [f"line {number}" for number in range(12)]
    judged = text(reports_editions.verdict({"state": "restated", "sentence": "Restated: 2 tiles.", "lines": lines}))
    assert "and 4 more" in judged


def test_the_screen_hands_over_what_the_callbacks_ask(choices):
    shown = functions(FakeAnswers(), "UTC", None, choices)
    assert shown.wishes == reports_menu.FIELDS
    assert callable(shown.schedules)
