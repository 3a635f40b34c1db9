"""Decides that hostile files, imported for real, make reports that fetch nothing, link nowhere and show them as text.

TRUELIFT_HOSTILE says how many data sets: 200 for all lines of all lists.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.answers import Answers
from reports.order import Order
from reports.papers import pdf
from reports.papers.document import clean
from reports.papers.pdf import Attachment
from reports.render.pictures import Pictures
from reports.report import build
from tests.data.worlds import imported
from tests.reports.conftest import read_text
from tests.reports.papers.hostile import data_sets, faults_of_page, faults_of_pdf

SETS = int(os.environ.get("TRUELIFT_HOSTILE", "3"))
PDF = Order(pages=("overview",), audience="everything")
WEB = Order(pages=("overview", "products"), form="html", audience="everything")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A port on this machine that hears whoever asks."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def test_hostile_files_do_nothing_on_paper(
    listener: socket.socket, pictures: Pictures, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    canary, secret = tmp_path / "canary.txt", secrets.token_hex(12)
    canary.write_text(secret)
    began, names = time.monotonic(), 0
    for number, files in enumerate(data_sets(SETS, address, canary)):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        store, report = imported(folder, files)
        answers = Answers(store)
        made = build(answers, PDF, folder / "r.pdf", pictures=pictures)
        assert faults_of_pdf(made.file, secret.encode()) == []
        web = build(answers, WEB, folder / "r.html")
        faults, text = faults_of_page(web.file, secret.encode())
        assert faults == []
        written, shown = squeezed(read_text(made.file)), squeezed(text)
        for name in _written(answers):
            names += 1
            assert squeezed(str(clean(name))) in shown
            assert squeezed(pdf.printable(str(clean(name)))) in written
        with pytest.raises(BlockingIOError):
            listener.accept()
    sys.stdout.write(f"\n{SETS} data sets in {time.monotonic() - began:.0f} s, {names} texts as written\n")
    assert names
    assert "fetch" not in caplog.text.casefold()


def test_the_search_for_faults_finds_them(tmp_path: Path) -> None:
    """What the other test must never find, made on purpose."""
    links = "<a href='javascript:alert(1)'>a</a><a href='file:///etc/hostname'>b</a><a href='https://a.test/'>c</a>"
    made = pdf.write(f"<html lang=en><title>x</title>{links}</html>", attachments=[Attachment("x.csv", b"secret", "x")])
    (tmp_path / "r.pdf").write_bytes(made.content)
    assert sorted(faults_of_pdf(tmp_path / "r.pdf", b"secret")) == [
        "carries x.csv", "holds the canary", "links to file:///etc/hostname", "links to javascript:alert(1)",
    ]  # fmt: skip
    (tmp_path / "r.html").write_text(f"{links}<img src=http://a/b onerror=x><iframe></iframe>secret")
    faults, text = faults_of_page(tmp_path / "r.html", b"secret")
    assert len(faults) == 6
    assert "secret" in text


def _written(answers: Answers) -> set[str]:
    """What the files' texts became in the tables of the page."""
    found: set[str] = set()
    for panel in answers.page("overview", "").panels:
        if panel.kind == "table":
            texts = [column.key for column in panel.columns if column.unit == "text"]
            found |= {str(cell) for key in texts for cell in panel.frame[key].dropna()}
    return found


def squeezed(text: str) -> str:
    """Without blanks: lines break where they may."""
    return re.sub(r"[\s\u00ad\u200b]+", "", text)
