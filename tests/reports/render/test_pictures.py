"""Decides that charts are drawn at the asked size, alike by the quick and the slow way, and that no browser is left."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from xml.etree import ElementTree

import kaleido
import pytest

import theme
from reports.render import pictures as static
from reports.render.pictures import FAULT, HOOK, NO_BROWSER, NO_TIME, Pictures, quick
from tests.reports.fakes import chart, moving


def dressed(panel) -> dict:
    return theme.dress(panel.figure, mode="light", medium="paper")


def test_size_is_what_was_asked_for(pictures: Pictures) -> None:
    figures = [(dressed(moving()), 661, 220), (dressed(chart("a", "A?")), 320, 154)]
    for drawing, (_, width, height) in zip(pictures.draw(figures), figures, strict=True):
        root = ElementTree.fromstring(drawing.svg)
        assert (root.get("width"), root.get("height")) == (str(width), str(height))


def test_the_same_figure_gives_the_same_text(pictures: Pictures) -> None:
    figure = (dressed(moving()), 400, 200)
    other = (dressed(chart("a", "A?")), 300, 150)
    first, between, again = pictures.draw([figure, other, figure])
    assert first == again != between


def test_the_quick_way_draws_the_same_pixels_as_the_stock_way(pictures: Pictures) -> None:
    figures = [dressed(chart("a", "A?", bars=9)), dressed(moving())]
    pictures.draw([(figures[1], 300, 150)])
    with Pictures(maker=kaleido.Kaleido) as stock:
        for figure in figures:
            assert pictures.pixels(figure, 400, 220) == stock.pixels(figure, 400, 220)


def test_without_the_private_hook_the_stock_class_does_the_work() -> None:
    class Other:
        pass

    assert hasattr(kaleido.Kaleido, HOOK)
    assert quick(Other) is Other
    assert issubclass(quick(), kaleido.Kaleido)
    assert quick() is not kaleido.Kaleido


def test_no_browser_is_said_not_raised(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))
    monkeypatch.setattr(static.Chromium, "find_browser", lambda **_: None)
    with Pictures() as blind:
        assert not blind.warm()
        assert [drawing.reason for drawing in blind.draw([(dressed(moving()), 300, 150)] * 3)] == [NO_BROWSER] * 3


def test_a_figure_that_plotly_refuses_does_not_harm_the_others(pictures: Pictures) -> None:
    good = (dressed(moving()), 300, 150)
    drawings = pictures.draw([good, ({"data": 7, "layout": 7}, 300, 150), good])
    assert drawings[0].svg
    assert (drawings[1].svg, drawings[1].reason) == (None, FAULT)
    assert drawings[2] == drawings[0]


def test_charts_that_have_no_time_left_are_named(pictures: Pictures) -> None:
    times = iter([0.0, 0.0, 91.0, 91.0])
    hurried = Pictures(clock=lambda: next(times))
    hurried._browser = pictures._browser
    assert [drawing.reason for drawing in hurried.draw([(dressed(moving()), 300, 150)] * 2)] == ["", NO_TIME]


@pytest.mark.browser
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
def test_a_browser_that_dies_or_hangs_is_replaced_and_none_is_left(blow: signal.Signals) -> None:
    figure = (dressed(moving()), 300, 150)
    with Pictures(chart_seconds=3) as own:
        before = own.draw([figure])
        first = own.pid
        os.killpg(first, blow)
        assert own.draw([figure]) == before
        second = own.pid
        assert second != first
    for group in (first, second):
        assert not _alive(group)


def _alive(group: int) -> list[str]:
    """Processes of that group which are more than a name in the process table, after at most 10 seconds."""
    for _ in range(100):
        stats = [_stat(file) for file in Path("/proc").glob("[0-9]*/stat")]
        living = [fields[0] for fields in stats if fields[2:3] == [str(group)] and fields[0] != "Z"]
        if not living:
            return []
        time.sleep(0.1)
    return living


def _stat(file: Path) -> list[str]:
    """State, parent and group of a process; nothing when it is gone."""
    try:
        return file.read_text().rpartition(") ")[2].split()
    except OSError:
        return []
