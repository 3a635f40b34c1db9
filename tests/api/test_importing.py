"""The child's answer becomes ours; whatever happens to the child, the user reads a sentence."""

from __future__ import annotations

import sys
import time

import pytest

from api import importing, jobs
from api.uploads import Shelf
from errors import BadUpload
from tests.fake_import import CHILD


@pytest.fixture(name="shelf")
def _shelf(tmp_path):
    return Shelf(tmp_path / "uploads")


def importer(shelf, child=CHILD):
    return importing.Importer(shelf.folder.parent, shelf, child)


def dropped(shelf, *names):
    coming = shelf.open()
    for name in names:
        coming.stream(None, None, name).write(b"a,b\n1,2\n")
    coming.close()
    return coming.id


def ended(house, upload, job):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        now = house.follow(upload, job)
        if now["state"] == "done":
            return now
        time.sleep(0.05)
    raise AssertionError("the job never ended")


def asked(monkeypatch):
    commands = []
    monkeypatch.setattr(jobs, "start", lambda folder, command, *_: commands.append((folder, list(command))))
    return commands


def test_a_look_names_what_was_said_and_the_files(shelf, monkeypatch):
    commands = asked(monkeypatch)
    upload = dropped(shelf, "my orders.csv")
    wish = {"mode": "append", "dates": "dmy", "choices": {"my orders.csv": {"table": "posts"}}}
    importer(shelf, importing.CHILD).look(upload, wish)
    folder, command = commands[0]
    assert command[1:4] == ["-m", "data", "inspect"]
    assert {"--json", "--draft", "--progress", "--mode", "append", "--dates", "dmy"} <= set(command)
    assert command[command.index("--choices") + 1] == str(folder / importing.CHOICES)
    assert (folder / importing.CHOICES).read_text() == '{"my orders.csv": {"table": "posts"}}'
    assert command[-1].startswith(str(shelf.folder))
    assert command[-1].endswith("/my orders.csv")


def test_files_are_looked_at_and_exactly_that_is_imported(shelf):
    house, upload = importer(shelf), dropped(shelf, "orders.csv", "posts.csv")
    job = house.look(upload, {"mode": "replace"})
    seen = ended(house, upload, job)
    assert [one["file"] for one in seen["answer"]["files"]] == ["orders.csv", "posts.csv"]
    assert (seen["verb"], seen["answer"]["mode"]) == ("inspect", "replace")
    taken = ended(house, upload, house.take(upload, job))
    assert (taken["verb"], taken["answer"]["version"]) == ("import", 4)
    assert house.files(upload) == []


def test_an_import_that_is_refused_keeps_the_files(shelf):
    house, upload = importer(shelf), dropped(shelf, "stale.csv")
    job = house.look(upload, {})
    ended(house, upload, job)
    answer = ended(house, upload, house.take(upload, job))["answer"]
    assert answer["error"] == "The data changed meanwhile. Look again, then import."
    assert len(house.files(upload)) == 1


def test_a_new_look_stops_the_one_before(shelf):
    house, upload = importer(shelf), dropped(shelf, "slow.csv")
    first = house.look(upload, {})
    house.look(upload, {})
    assert "was stopped" in ended(house, upload, first)["answer"]["error"]


def test_a_stop_is_a_sentence(shelf):
    house, upload = importer(shelf), dropped(shelf, "slow.csv")
    job = house.look(upload, {})
    house.cancel(upload, job)
    assert "was stopped" in ended(house, upload, job)["answer"]["error"]


@pytest.mark.parametrize("output", ["", "Traceback (most recent call last)", "[1]", "{"])
def test_a_child_that_breaks_is_a_sentence(shelf, output):
    house = importer(shelf, (sys.executable, "-c", f"print({output!r})"))
    upload = dropped(shelf, "orders.csv")
    assert ended(house, upload, house.look(upload, {}))["answer"]["error"] == importing.BROKE


@pytest.mark.parametrize("job", ["", "..", "../..", "0" * 16, "/etc"])
def test_a_job_that_is_not_there_is_a_sentence(shelf, job):
    upload = dropped(shelf, "orders.csv")
    for ask in (importer(shelf).follow, importer(shelf).take, importer(shelf).cancel):
        with pytest.raises(BadUpload, match="no longer here"):
            ask(upload, job)
    with pytest.raises(BadUpload, match="Drop them again"):
        importer(shelf).follow("0" * 32, job)


def test_a_file_can_be_taken_out_again(shelf):
    house, upload = importer(shelf), dropped(shelf, "a.csv", "b.csv")
    key = house.files(upload)[0]["key"]
    assert [one["name"] for one in house.remove(upload, key)] == ["b.csv"]
    assert [one["name"] for one in house.remove(upload, "../..")] == ["b.csv"]
