"""Versions stand newest first, say what undo and redo lead to, and what each changed."""

from __future__ import annotations

from layouts import versions
from tests.fake_import import FakeVersions
from tests.layouts.test_imports import text


def test_the_newest_comes_first_and_the_current_is_marked():
    said = text(versions.listing(FakeVersions().list(), "Asia/Kolkata"))
    assert said.index("Version 3") < said.index("Version 2") < said.index("Version 1")
    assert said.count('"current"') == 1
    assert "Go to version 2" in said
    assert "Go to version 3" not in said
    assert "13 Nov 2026, 08:40" in said


def test_undo_and_redo_say_where_they_lead():
    known = FakeVersions()
    said = text(versions.listing(known.list()))
    assert "Undo: back to version 2" in said
    assert "Nothing to redo" in said
    said = text(versions.listing(known.undo()))
    assert "Undo: back to version 1" in said
    assert "Redo: forward to version 3" in said


def test_a_parent_that_is_not_kept_cannot_be_undone_to():
    history = {"version": 9, "versions": [{"version": 9, "parent": 8, "files": []}], "redo": [12], "can_redo": False}
    assert versions.undone(history) == 0
    assert versions.redone(history) == 0


def test_no_version_yet_is_a_sentence():
    assert "the first import makes one" in text(versions.listing({"version": 0, "versions": []}))


def test_an_opened_version_says_rows_figures_and_the_way_to_what_was_set_aside():
    known = FakeVersions()
    version = known.list()["versions"][-1]
    held = [{"label": "orders.csv", "file": 4, "rows": 2}]
    said = text(versions.opened(version, known.compare(2, 3), held))
    for part in ("restates revenue", "₹5,10,000", "/quarantine.csv?version=3&file=4"):
        assert part in said
    assert "gone" in text(versions.opened(version, None, [], "Version 2 is gone."))


def test_without_a_sentence_the_rows_are_counted():
    compared = FakeVersions().compare(2, 3) | {"headline": ""}
    said = text(versions.opened({"version": 3, "files": [{"file": "a.csv", "hash": "0123456789abcdef"}]}, compared, []))
    assert "Tracking: 100 new and 12 changed." in said
    assert "0123456789ab" in said
    assert "0123456789abc" not in said
