"""Decides that nothing a data set holds can act: it is printed as it is written, fetches nothing and links nowhere."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analytics.figures.ranking import ranking
from analytics.metrics import METRICS
from analytics.views import Column, Finding, Note, Panel, Tile
from reports.order import Order
from reports.papers import structure
from reports.papers.document import clean
from reports.render.pictures import Pictures
from reports.render.svg import tame
from reports.report import build
from tests.reports.conftest import read
from tests.reports.fakes import DATA, FakeAnswers, page


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A port on this machine that hears whoever asks."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def lines(address: str) -> tuple[str, ...]:
    """What people write into names."""
    return (
        f"<img src='{address}/a.png'>", f"<link rel=stylesheet href={address}/a.css>", "<b>bold</b> & co",
        f"<style>@import url({address}/b.css)</style>", "javascript:alert(1)", "file:///etc/passwd", "{{ 7 * 7 }}",
        f"<a href='{address}'>click</a>", "url(file:///etc/hostname)", "{% raw %}", "<script>alert(1)</script>",
    )  # fmt: skip


def hostile(address: str):
    """A page that holds them in every place that carries text, and a figure that asks for pictures."""
    words = lines(address)
    frame = pd.DataFrame({"name": list(words), "value": [float(index + 1) for index in range(len(words))]})
    figure = ranking(frame, METRICS["roas"])
    sources = (f"{address}/pic.png", "file:///etc/hostname")
    figure["layout"]["images"] = [{"source": source, "x": 0, "y": 1, "sizex": 1, "sizey": 1} for source in sources]
    columns = (Column("name", words[0]), Column("value", words[7], "multiple"))
    chart = Panel("a", words[0], "roas", words[1], frame, columns, figure, note=words[2], explain=words)
    table = Panel("b", words[3], "roas", words[4], frame, columns, kind="table", note=words[5])
    found = Finding("f", "k", words[7], words[8], "works", action=words[6])
    told = Panel("c", words[9], "roas", words[10], frame, (), kind="findings", findings=(found,))
    return replace(
        page("overview"), title=words[7], headline=words[0], subline=words[1], filters=words[3], remarks=words,
        tiles=(Tile("x", words[0], "money", 1.0, words[7], words[1], "1 %", "up", "good", words[2]),),
        panels=(chart, table, told), assumptions=words[6],
        provenance=replace(DATA, files=words, notes=tuple(Note("r", "info", word) for word in words)),
    )  # fmt: skip


def test_hostile_text_is_printed_and_does_nothing(
    listener: socket.socket, pictures: Pictures, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    answers = FakeAnswers(overview=hostile(address))
    done = read(build(answers, Order("", ("overview",), audience="everything"), tmp_path / "r.pdf", pictures=pictures))
    with pytest.raises(BlockingIOError):
        listener.accept()
    squeezed = done.text.replace(" ", "")
    for word in lines(address):
        assert word.replace(" ", "") in squeezed
    assert done.result.missing == ()
    for sheet in done.reader.pages:
        for note in sheet.get("/Annots", []):
            assert "/URI" not in str(note.get_object())
    raw = done.result.file.read_bytes()
    for sign in (b"/URI", b"/JavaScript", b"/Launch"):
        assert sign not in raw
    carried = structure.attachments(raw)
    assert all(name == "manifest.json" or re.fullmatch(r"table-[a-z0-9_-]+\.csv", name) for name in carried)
    assert "fetch" not in caplog.text.lower()


def test_a_drawing_keeps_its_text_and_loses_what_points_outside() -> None:
    drawing = b"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
    <script>alert(1)</script><foreignObject><b/></foreignObject><g class="empty"/>
    <defs><clipPath id="clip4f2a1b"><rect width="1" height="1"/></clipPath></defs>
    <g clip-path="url(#clip4f2a1b)" onclick="alert(1)"><image href="http://a/b.png"/><image xlink:href="file:///x"/>
    <text style="fill: url('http://a/c')"><a xlink:href="javascript:alert(1)">name</a> 13.7 </text></g></svg>"""
    tamed = tame(drawing)
    for sign in ("script", "foreignObject", "onclick", "http://a", "file:", "javascript", "clip4f2a1b", "empty"):
        assert sign not in tamed
    assert "name" in tamed
    assert 'id="i0"' in tamed
    assert "url(#i0)" in tamed


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("a\x00b\x1bc", "abc"),
        ("a\ud800b", "ab"),
        ("\u202egnp.exe", "gnp.exe"),
        ("e" + "\u0301" * 5000, "e" + "\u0301" * 4),
        ("मामा ₹ é", "मामा ₹ é"),
        (7, 7),
    ],
)
def test_only_what_a_page_can_hold_is_printed(written: object, printed: object) -> None:
    assert clean(written) == printed
