"""The child's answer becomes ours; whatever happens to the child, the user reads a sentence."""

from __future__ import annotations

import json
import subprocess
from types import SimpleNamespace

import pytest

from api import importing
from api.uploads import Shelf
from errors import BadUpload


@pytest.fixture(name="importer")
def _importer(tmp_path):
    shelf = Shelf(tmp_path / "uploads")
    coming = shelf.open()
    coming.stream(None, None, "my orders.csv").close()
    coming.close()
    return importing.Importer(tmp_path, shelf), coming


def answering(monkeypatch, reply):
    asked = []

    def run(command, **options):
        asked.append((command, options))
        return reply(command)

    monkeypatch.setattr(subprocess, "run", run)
    return asked


def test_the_command_names_the_folder_the_order_and_the_files(importer, monkeypatch):
    asked = answering(monkeypatch, lambda command: SimpleNamespace(stdout='{"ok": true}', stderr="", returncode=0))
    importer[0].take(importer[1].id, True, "dmy")
    command = asked[0][0]
    assert command[1:4] == ["-m", "data", "import"]
    assert {"--json", "--replace", "--dates", "dmy"} <= set(command)
    assert command[-1].startswith(str(importer[1].path))


def test_given_names_stand_in_the_answer(importer, monkeypatch):
    def reply(command):
        stored = command[-1].rsplit("/")[-1]
        text = json.dumps({"ok": True, "files": [{"file": stored, "refused": f"{stored}: row 3"}]})
        return SimpleNamespace(stdout=text, stderr="", returncode=0)

    answering(monkeypatch, reply)
    file = importer[0].inspect(importer[1].id)["files"][0]
    assert file == {"file": "my orders.csv", "refused": "my orders.csv: row 3"}


@pytest.mark.parametrize("output", ["", "Traceback (most recent call last)", "[1]"])
def test_a_child_that_breaks_is_a_sentence(importer, monkeypatch, output):
    answering(monkeypatch, lambda command: SimpleNamespace(stdout=output, stderr="boom", returncode=1))
    with pytest.raises(BadUpload, match="Try one file at a time"):
        importer[0].inspect(importer[1].id)


def test_a_child_that_never_ends_is_stopped(importer, monkeypatch):
    def reply(command):
        raise subprocess.TimeoutExpired(command, importing.INSPECT_SECONDS)

    answering(monkeypatch, reply)
    with pytest.raises(BadUpload, match="longer than 2 minutes"):
        importer[0].inspect(importer[1].id)
