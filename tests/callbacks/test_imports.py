"""Dropped files are looked at, asked about and imported; a refusal is a sentence."""

from __future__ import annotations

import json

import pytest
from dash import Dash

from callbacks import imports
from layouts import imports as screen
from tests import wires
from tests.fakes import FakeImporter

ORDERS = '{"order":["ALL"],"type":"date-order"}.n_clicks'


def wired(importer):
    app = Dash("imports", suppress_callback_exceptions=True)
    app.layout = screen.layout
    imports.register(app, importer, screen.inspected, screen.imported)
    return app


def look(app, upload="a" * 32):
    return wires.ask(app, "import-dates.data", "upload.data", {"upload.data": {"id": upload, "files": ["orders.csv"]}})


def test_a_file_is_shown_with_what_it_was_taken_for():
    answer = look(wired(FakeImporter()))
    text = json.dumps(answer, ensure_ascii=False)
    assert "120 rows read = 117 accepted + 2 set aside + 1 blank" in text
    assert "₹1,75,400.50" in text
    assert answer["import-next"]["hidden"] is False


def test_an_open_question_holds_the_import_back_until_it_is_answered():
    importer = FakeImporter(question=True)
    app = wired(importer)
    answer = look(app)
    assert answer["import-next"]["hidden"] is True
    assert "Is 03/04/2026 3 April or 4 March?" in json.dumps(answer)
    key = {"type": "date-order", "order": "dmy"}
    name = json.dumps(key, sort_keys=True, separators=(",", ":"))
    values = {"upload.data": {"id": "a" * 32}, ORDERS: [(key, 1)]}
    answer = wires.ask(app, "import-dates.data", f"{name}.n_clicks", values)
    assert answer["import-next"]["hidden"] is False
    assert answer["import-dates"]["data"] == "dmy"
    assert importer.asked[-1] == ("inspect", "a" * 32, "dmy")


def test_files_that_are_gone_are_a_sentence():
    answer = look(wired(FakeImporter()), "gone")
    assert "Drop them again." in json.dumps(answer)
    assert answer["import-next"]["hidden"] is True


@pytest.mark.parametrize(("mode", "replace"), [("replace", True), ("add", False)])
def test_the_import_says_what_it_took(mode, replace):
    importer = FakeImporter()
    values = {"import-button.n_clicks": 1, "upload.data": {"id": "a" * 32}, "import-mode.value": mode}
    values["import-dates.data"] = "mdy"
    answer = wires.ask(wired(importer), "import-next.hidden@", "import-button.n_clicks", values)
    assert importer.asked == [("take", "a" * 32, replace, "mdy")]
    assert "data version 4" in json.dumps(answer)
