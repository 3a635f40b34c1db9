"""A query fills the open tab; what cannot be answered is one sentence."""

from __future__ import annotations

import json

import pytest

from tests import wires
from tests.fakes import FakeAnswers, FakeLedger, made


def fill(app, query, page="overview"):
    return wires.ask(app, f"{page}-root.className", "query.data", {"query.data": query})


@pytest.mark.parametrize("page", ["overview", "products", "iroas", "cac", "insights"])
def test_every_tab_is_filled(tmp_path, page):
    answer = fill(made(tmp_path), "", page)
    assert answer[f"{page}-root"]["className"] == "view"
    assert "₹3.94\u00a0Cr" in answer[f"{page}-headline"]["children"]


def test_the_query_reaches_the_answers_as_it_is(tmp_path):
    answers = FakeAnswers()
    fill(made(tmp_path, answers), "brand=Gritzo")
    assert answers.asked == [("overview", "brand=Gritzo")]


def test_a_filter_changes_a_tile(tmp_path):
    assert "₹1.97 Cr" in json.dumps(fill(made(tmp_path), "brand=Gritzo"), ensure_ascii=False)


def test_a_panel_without_a_figure_says_why(tmp_path):
    answer = fill(made(tmp_path), "")
    key = '{"page":"overview","panel":"refused","type":"%s"}'
    assert answer[key % "message"]["children"].startswith("Cannot tell yet")
    assert answer[key % "body"]["className"] == "card-body without"
    assert answer[key % "spec"]["data"] is None


def test_nothing_is_asked_before_the_query_is_known(tmp_path):
    answers = FakeAnswers()
    assert fill(made(tmp_path, answers), None).status_code == 204
    assert answers.asked == []


def test_a_bad_value_is_one_sentence_and_a_way_out(tmp_path):
    answer = fill(made(tmp_path), "brand=Gritzzo")
    text = json.dumps(answer["overview-notice"], ensure_ascii=False)
    assert "No brand “Gritzzo” in the data. Did you mean “Gritzo”?" in text
    assert "Reset filters" in text
    assert answer["overview-root"]["className"] == "view refused"


def test_without_data_the_way_leads_to_import(tmp_path):
    text = json.dumps(fill(made(tmp_path, FakeAnswers(empty=True)), ""))
    assert "Nothing has been imported yet." in text
    assert "/import" in text


def test_a_fault_of_ours_is_a_calm_line_with_a_reference(tmp_path, caplog):
    text = json.dumps(fill(made(tmp_path, FakeAnswers(broken=True)), "brand=Gritzo"))
    assert "Something went wrong on our side" in text
    assert "Traceback" not in text
    assert "ZeroDivisionError" not in text
    assert "brand=Gritzo" in caplog.text


def test_the_path_mounts_its_tab_alone(tmp_path):
    app = made(tmp_path)
    text = json.dumps(wires.ask(app, "page.children", "address.pathname", {"address.pathname": "/cac"}))
    assert "cac-root" in text
    assert "overview-root" not in text
    lost = json.dumps(wires.ask(app, "page.children", "address.pathname", {"address.pathname": "/nowhere"}))
    assert "There is no page at this address." in lost


@pytest.mark.parametrize(("what", "text"), [("table", "₹5,40,000"), ("explain", "version 3: 12,480 rows read")])
def test_the_drawer_shows_a_panel(tmp_path, what, text):
    key = {"type": "open", "what": what, "page": "overview", "panel": "trend"}
    name = json.dumps(key, sort_keys=True, separators=(",", ":"))
    wildcard = '{"page":["ALL"],"panel":["ALL"],"type":"open","what":["ALL"]}.n_clicks'
    answer = wires.ask(made(tmp_path), "drawer.is_open", f"{name}.n_clicks", {wildcard: [(key, 1)], "query.data": ""})
    assert answer["drawer"] == {"is_open": True, "title": "How did revenue move?"}
    assert text in json.dumps(answer["drawer-body"], ensure_ascii=False)


def test_a_button_that_only_appeared_opens_nothing(tmp_path):
    wildcard = '{"page":["ALL"],"panel":["ALL"],"type":"open","what":["ALL"]}.n_clicks'
    key = {"type": "open", "what": "table", "page": "overview", "panel": "trend"}
    name = json.dumps(key, sort_keys=True, separators=(",", ":"))
    answer = wires.ask(made(tmp_path), "drawer.is_open", f"{name}.n_clicks", {wildcard: [(key, None)]})
    assert answer.status_code == 204


def test_a_report_is_asked_once_and_followed_to_its_link(tmp_path):
    ledger = FakeLedger()
    app = made(tmp_path, ledger=ledger)
    values = {"report-button.n_clicks": 1, "query.data": "brand=Gritzo"}
    asked = wires.ask(app, "report-job.data", "report-button.n_clicks", values)
    values |= {"report-job.data": asked["report-job"]["data"], "report-clock.n_intervals": 1}
    answer = wires.ask(app, "report-clock.disabled", "report-job.data", values)
    assert answer["report-clock"]["disabled"] is False
    assert "No report worker is running. Start it with ./truelift work." in json.dumps(answer)
    for _ in range(2):
        answer = wires.ask(app, "report-clock.disabled", "report-clock.n_intervals", values)
    assert answer["report-clock"]["disabled"] is True
    assert "/reports/file/job0.pdf" in json.dumps(answer)
    assert [(job.query, len(job.pages)) for job in ledger.jobs.values()] == [("brand=Gritzo", 5)]
