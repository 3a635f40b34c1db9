"""Dropped files are looked at, asked about and imported; a refusal is a sentence; a new list is no click."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from dash import Dash, html

from api.uploads import Limits
from callbacks import imports, versions, wiring
from errors import BadUpload, NoData
from layouts import ids, screen
from tests import wires
from tests.fake_import import FakeVersions, answered
from tests.fakes import FakeAnswers

UPLOAD = {"id": "a" * 32, "files": [{"key": "k1", "name": "orders.csv", "size": 8}], "at": 1}
JOB = {"upload": "a" * 32, "job": "1" * 16, "wish": {"mode": "update", "dates": "", "choices": {}}}


@dataclass
class FakeImporter:
    """Stands for api.importing.Importer: its job is as far as `now` says."""

    now: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    gone: bool = False
    left: list[dict[str, Any]] = field(default_factory=lambda: list(UPLOAD["files"]))

    def _said(self, *what: Any) -> None:
        self.asked.append(what)
        if self.gone:
            raise BadUpload("These files are no longer here. Drop them again.")

    def look(self, upload: str, wish: Any) -> str:
        """Begin a look."""
        self._said("look", upload, wish)
        return "2" * 16

    def take(self, upload: str, job: str) -> str:
        """Begin an import."""
        self._said("take", upload, job)
        return "3" * 16

    def cancel(self, upload: str, job: str) -> None:
        """Stop."""
        self._said("cancel", upload, job)

    def follow(self, upload: str, job: str) -> dict[str, Any]:
        """How far."""
        self._said("follow", upload, job)
        return {"verb": "inspect", "share": 0.5, "says": "half", "state": "running", "answer": {}} | self.now

    def files(self, upload: str) -> list[dict[str, Any]]:
        """The files."""
        return self.left

    def remove(self, upload: str, key: str) -> list[dict[str, Any]]:
        """Without one."""
        self._said("remove", upload, key)
        return self.left


class FakeWithheld:
    """Stands for data.quality.withheld.Withheld."""

    def listed(self, version: int = 0, draft: str = "") -> list[dict[str, Any]]:
        """One file with rows set aside."""
        return [{"file": 5, "label": "orders.csv", "table": "tracking", "rows": 2}]


def wired(importer=None, history=None, answers=None):
    app = Dash("imports", suppress_callback_exceptions=True)
    app.layout = html.Div()
    shown = screen.functions(answers or FakeAnswers(), "Asia/Kolkata", Limits())
    data = wiring.Data(importer or FakeImporter(), history or FakeVersions(), FakeWithheld())
    imports.register(app, data, shown, partial(wiring.first_mode, answers or FakeAnswers()))
    versions.register(app, answers or FakeAnswers(), data, shown)
    return app


def prop(key, name):
    return f"{json.dumps(key, sort_keys=True, separators=(',', ':'))}.{name}"


def pattern(kind, name, **keys):
    return prop({"type": kind, **{key: ["ALL"] for key in keys} | {k: v for k, v in keys.items() if v}}, name)


CHOICES = pattern("import-choice", "value", what="", file="", column="")
AGAIN = pattern("import-act", "n_clicks", act="again", place="")
TAKE = pattern("import-act", "n_clicks", act="take", place="")
CANCEL = pattern("import-act", "n_clicks", act="cancel", place="")
REPLIES = pattern("import-reply", "n_clicks", question="", value="")
HEADERS = pattern("import-header", "n_clicks", file="", row="")


def look(importer, changed, **values):
    given = {"upload.data": UPLOAD, "import-job.data": JOB, "import-shown.data": SHOWN} | values
    if CHOICES in given:
        given[prop_ids(CHOICES)] = [(key, key) for key, _ in given[CHOICES]]
    return wires.ask(wired(importer), "..import-job.data...", changed, given)


def prop_ids(name):
    return name.rpartition(".")[0] + ".id"


SHOWN = {
    "mode": "update",
    "files": [{"label": "orders.csv", "table": "tracking", "encoding": "utf-8", "delimiter": ",",
               "columns": [["Who", "influencer_id"], ["Town", "none"]]}],
    "questions": [{"kind": "dates", "file": "orders.csv", "column": "Day"}],
}  # fmt: skip


def test_a_drop_begins_a_look_that_replaces_the_sample():
    importer = FakeImporter()
    answer = look(importer, "upload.data", **{"import-job.data": None})
    assert importer.asked == [("look", "a" * 32, {"mode": "replace", "dates": "", "choices": {}})]
    assert answer["import-job"]["data"]["job"] == "2" * 16
    assert answer["import-clock"]["disabled"] is False
    assert "Reading your files" in json.dumps(answer["import-progress"])


def test_own_data_are_updated():
    assert wiring.first_mode(FakeAnswers(empty=True)) == "replace"
    answers = FakeAnswers()
    answers._data = lambda: type("Data", (), {"is_sample": False})()
    assert wiring.first_mode(answers) == "update"


def test_more_files_keep_what_was_said():
    importer = FakeImporter()
    job = JOB | {"wish": {"mode": "append", "choices": {"orders.csv": {"table": "posts"}}}}
    look(importer, "upload.data", **{"import-job.data": job})
    assert importer.asked[0][2] == {"mode": "append", "dates": "", "choices": {"orders.csv": {"table": "posts"}}}


def test_files_that_are_gone_are_a_sentence():
    answer = look(FakeImporter(gone=True), "upload.data")
    assert "Drop them again." in json.dumps(answer["import-result"])
    assert answer["import-clock"]["disabled"] is True


@pytest.mark.parametrize(("what", "value"), [("table", "posts"), ("delimiter", ";"), ("encoding", "cp1252")])
def test_how_a_file_is_read_is_looked_at_at_once(what, value):
    importer, key = FakeImporter(), ids.choice(what, 0)
    look(importer, prop(key, "value"), **{CHOICES: [(key, value)]})
    assert importer.asked[0][2]["choices"] == {"orders.csv": {what: value}}


def test_a_column_waits_until_it_is_asked_for():
    importer, key = FakeImporter(), ids.choice("column", 0, 1)
    assert look(importer, prop(key, "value"), **{CHOICES: [(key, "city")]}).status_code == 204
    again = ids.act("again", "foot")
    look(importer, prop(again, "n_clicks"), **{CHOICES: [(key, "city")], AGAIN: [(again, 1)]})
    assert importer.asked[0][2]["choices"] == {"orders.csv": {"columns": {"Town": "city"}, "table": "tracking"}}


def test_new_lists_and_buttons_on_the_screen_are_no_click():
    importer, key, reply = FakeImporter(), ids.choice("table", 0), ids.reply(0, "dmy")
    values = {CHOICES: [(key, "tracking")], REPLIES: [(reply, None)]}
    assert look(importer, prop(reply, "n_clicks"), **values).status_code == 204
    assert look(importer, prop(key, "value"), **values).status_code == 204
    assert importer.asked == []


def test_a_reply_and_a_header_row_are_looked_at_at_once():
    importer, reply, row = FakeImporter(), ids.reply(0, "dmy"), ids.header_row(0, 3)
    look(importer, prop(reply, "n_clicks"), **{REPLIES: [(reply, 1)]})
    look(importer, prop(row, "n_clicks"), **{HEADERS: [(row, 1)]})
    assert importer.asked[0][2]["choices"] == {"orders.csv": {"dates": {"Day": "dmy"}}}
    assert importer.asked[1][2]["choices"] == {"orders.csv": {"header_row": 3}}


def test_changed_columns_are_counted_and_hold_the_import_back():
    key = ids.choice("column", 0, 1)
    values = {CHOICES: [(key, "city")], prop_ids(CHOICES): [(key, key)], "import-shown.data": SHOWN}
    answer = wires.ask(wired(), "import-pending.children", prop(key, "value"), values)
    assert "1 column changed" in json.dumps(answer)
    assert answer["import-foot"]["className"] == "waits"


def follow(importer, history=None):
    return wires.ask(wired(importer, history), "import-shown.data", "import-clock.n_intervals",
                     {"import-clock.n_intervals": 1, "import-job.data": JOB})  # fmt: skip


def test_progress_is_shown_while_it_runs():
    answer = follow(FakeImporter())
    assert "half" in json.dumps(answer["import-progress"])
    assert set(answer) == {"import-progress", "import-clock"}


def test_a_look_that_is_done_is_shown_with_the_way_to_import_it():
    seen = answered("inspect", ["orders.csv"], "update", {})
    answer = follow(FakeImporter({"state": "done", "answer": seen}))
    said = json.dumps(answer["inspected"], ensure_ascii=False)
    assert "117 rows of tracking" in said
    assert "file=5" in said
    assert "Remove orders.csv" in said
    assert "Import 117 rows" in json.dumps(answer["import-foot"])
    assert answer["import-clock"]["disabled"] is True


def test_an_import_that_is_done_shows_what_moved():
    taken = answered("import", ["orders.csv"], "update", {})
    history = FakeVersions()
    answer = follow(FakeImporter({"state": "done", "verb": "import", "answer": taken}), history)
    assert history.asked == [("compare", 3, 4)]
    assert "₹5,23,000" in json.dumps(answer["import-result"], ensure_ascii=False)
    assert answer["versions-renewed"]["data"] == 4
    assert answer["upload"]["data"] is None
    assert answer["inspected"]["children"] is None


def test_an_import_that_is_refused_leaves_the_look_and_offers_another():
    taken = {"ok": False, "error": "The data changed meanwhile. Look again, then import.", "files": []}
    answer = follow(FakeImporter({"state": "done", "verb": "import", "answer": taken}))
    assert "changed meanwhile" in json.dumps(answer["import-result"])
    assert "children" not in answer["inspected"]
    assert "versions-renewed" not in answer


def test_a_job_that_is_gone_is_a_sentence():
    assert "Drop them again." in json.dumps(follow(FakeImporter(gone=True)))


def press(importer, output, key, name):
    values = {name: [(key, 1)], "import-job.data": JOB, "upload.data": UPLOAD}
    return wires.ask(wired(importer), output, prop(key, "n_clicks"), values)


def test_what_was_looked_at_is_imported():
    importer = FakeImporter()
    answer = press(importer, "..import-job.data@", ids.act("take", "foot"), TAKE)
    assert importer.asked == [("take", "a" * 32, "1" * 16)]
    assert answer["import-job"]["data"]["job"] == "3" * 16


def test_a_look_can_be_stopped():
    importer = FakeImporter()
    item = next(one for one in wired(importer).server.test_client().get("/_dash-dependencies").json
                if any('"cancel"' in part["id"] for part in one["inputs"]))  # fmt: skip
    answer = press(importer, item["output"], ids.act("cancel", "progress"), CANCEL)
    assert importer.asked == [("cancel", "a" * 32, "1" * 16)]
    assert answer == {"import-clock": {"disabled": False}}


@pytest.mark.parametrize("left", [[], [{"key": "k2", "name": "b.csv", "size": 1}]])
def test_a_file_is_taken_out_of_the_batch(left):
    importer = FakeImporter(left=left)
    answer = press(importer, "..upload.data...", ids.leave("k1"), pattern("import-leave", "n_clicks", file=""))
    assert importer.asked == [("remove", "a" * 32, "k1")]
    assert (answer["upload"]["data"] or {}).get("files", []) == left


ACTS = pattern("version-act", "n_clicks", act="", version="", place="")


def move(history, name, version=0):
    key = ids.version_act(name, version)
    return wires.ask(wired(history=history), "versions-renewed.data@", prop(key, "n_clicks"), {ACTS: [(key, 1)]})


@pytest.mark.parametrize(("name", "version", "now"), [("undo", 0, 2), ("go", 1, 1)])
def test_another_version_becomes_current(name, version, now):
    answer = move(FakeVersions(), name, version)
    assert f"Version {now} is current now." in json.dumps(answer)


def test_what_cannot_be_undone_is_a_sentence():
    answer = move(FakeVersions(current=1), "undo")
    assert "There is nothing to undo" in json.dumps(answer)
    assert "versions-renewed" not in answer


def test_versions_are_listed_when_the_page_opens():
    answer = wires.ask(wired(), "versions.children", "", {})
    assert "Undo: back to version 2" in json.dumps(answer)


def test_the_sample_line_follows_the_version():
    answer = wires.ask(wired(), "banner.children", "versions-renewed.data", {"versions-renewed.data": 4})
    assert "Sample data" in json.dumps(answer)


def opened(history, version):
    key = ids.version_opens(version)
    app = wired(history=history)
    item = wires.find(app, '"type":"version-body"')
    call = {
        "output": item["output"], "outputs": {"id": ids.version_body(version), "property": "children"},
        "inputs": [{"id": key, "property": "n_clicks", "value": 1}], "changedPropIds": [prop(key, "n_clicks")],
        "state": [{"id": key, "property": "id", "value": key},
                  {"id": ids.version_body(version), "property": "children"}],
    }  # fmt: skip
    assert len(item["state"]) == 2
    return json.dumps(app.server.test_client().post("/_dash-update-component", json=call).json, ensure_ascii=False)


def test_a_version_opens_with_what_it_changed():
    assert "restates revenue" in opened(FakeVersions(), 3)
    assert "no longer kept" in opened(FakeVersions(), 9)


def test_a_version_that_cannot_be_compared_says_why():
    history = FakeVersions()
    history.compare = refused
    assert "Version 2 is not kept." in opened(history, 3)


def refused(before, after):
    raise NoData("Version 2 is not kept.")
