"""Decides that only our figures reach the browser: data bring text and numbers into one, and no door takes one."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as drawing
from hypothesis import strategies as st

import theme
from analytics.answers import Answers
from analytics.figures.quadrant import quadrant
from analytics.figures.ranking import ranking
from analytics.metrics import METRICS
from data.ledger.jobs import Ledger
from reports.order import Order, from_record
from reports.render.pictures import Pictures
from tests import fakes
from tests.data.worlds import imported
from tests.reports.papers.hostile import data_sets, lists, ours

FETCHING = {"source", "href", "url", "src", "images", "updatemenus", "sliders", "mapbox", "map", "geo", "geojson",
            "topojson", "style", "frames"}  # fmt: skip
ALLOWED = re.compile(r"</?(?:b|i|br|sub|sup|extra)\s*/?>", re.IGNORECASE)
WRITTEN = {"text", "name", "ticktext", "customdata", "hovertext", "hovertemplate", "texttemplate", "labels", "ids", "x",
           "y", "title", "categoryarray", "legendgroup", "meta"}  # fmt: skip
ADDRESS = re.compile(r"url\(|^[a-z][a-z0-9+.-]*:(?!\s|$)|^//", re.IGNORECASE)
LINES = [*ours("http://127.0.0.1:9", Path("/etc/hostname")), *lists()]


def faults(figure: Any, key: str = "", inside: str = "") -> Iterator[str]:
    """What in a figure could act: a key that fetches, markup that is not ours, an address where no text stands.

    `meta` is drawn only where a text asks for it, and none may.
    """
    if isinstance(figure, dict):
        yield from (f"{inside}.{name}" for name in FETCHING & set(figure))
        for name, value in figure.items():
            if name != "meta":
                yield from faults(value, str(name), f"{inside}.{name}")
    elif isinstance(figure, list | tuple):
        for value in figure:
            yield from faults(value, key, inside)
    elif isinstance(figure, str) and _acts(figure, key):
        yield f"{inside}: {figure[:80]}"


def _acts(text: str, key: str) -> bool:
    """Whether a text under that key is more than a text."""
    markup = re.search(r"<\s*/?[a-z!?]", ALLOWED.sub("", text), re.IGNORECASE)
    return bool(markup or "%{meta" in text or (key not in WRITTEN and ADDRESS.search(text)))


def test_the_figures_of_hostile_files_hold_text_and_numbers(tmp_path: Path) -> None:
    (files,) = data_sets(1, "http://127.0.0.1:9", tmp_path / "canary")
    answers = Answers(imported(tmp_path, files)[0])
    drawn = 0
    for info in answers.pages:
        for panel in answers.page(info.key, "").panels:
            if panel.figure:
                drawn += 1
                dressed = theme.dress(panel.figure, mode="light", medium="paper")
                assert list(faults(dressed)) == [], f"{info.key} {panel.key}"
    assert drawn > 10


@drawing(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.one_of(st.sampled_from(LINES), st.text(min_size=1, max_size=60)), min_size=2, max_size=8, unique=True)
)
def test_no_name_becomes_more_than_text(names: list[str]) -> None:
    values = [float(place + 1) for place in range(len(names))]
    bars = pd.DataFrame({"name": names, "value": values})
    bubbles = pd.DataFrame({"name": names, "x": values, "y": values, "size": values, "group": names[::-1]})
    for figure in (ranking(bars, METRICS["roas"]), quadrant(bubbles, METRICS["spend"], METRICS["roas"])):
        assert list(faults(theme.dress(figure, mode="light", medium="paper"))) == []


def test_the_search_for_faults_finds_them() -> None:
    assert len(list(faults({"layout": {"images": [{"source": "http://a/b.png"}]}}))) == 3
    assert list(faults({"data": [{"text": ["<a href='javascript:x'>y</a>"]}]}))
    assert list(faults({"data": [{"marker": {"color": "url(http://a)"}}]}))
    assert not list(faults({"data": [{"text": ["<b>ROAS</b>: 2×<br>javascript:alert(1)"]}]}))


def test_the_browser_is_told_to_load_no_mathematics() -> None:
    told: list[dict[str, Any]] = []

    class Watched:
        def __init__(self, **said: Any) -> None:
            told.append(said)
            raise TimeoutError

    assert not Pictures(maker=Watched).warm()
    assert told[0]["mathjax"] is False
    assert "source" not in inspect.getsource(theme.dress)


def test_no_order_and_no_job_can_carry_a_figure(tmp_path: Path) -> None:
    figure = {"data": [], "layout": {"images": [{"source": "file:///etc/hostname"}]}}
    with pytest.raises(TypeError):
        Order(figure=figure)
    sent = Order().as_record() | {"figure": figure, "figures": [figure], "layout": figure["layout"]}
    assert from_record(sent) == Order()
    with pytest.raises(TypeError):
        Ledger(f"sqlite:///{tmp_path / 'l.sqlite'}").add_report("", (), figure=figure)


def test_no_door_of_the_house_takes_a_figure(tmp_path: Path) -> None:
    """Every callback's inputs are known; none is a figure. A figure sent to a report's address is refused."""
    house = fakes.made(tmp_path)
    client = house.server.test_client()
    for callback in client.get("/_dash-dependencies").json:
        for part in [*callback["inputs"], *callback["state"]]:
            if callback.get("clientside_function") is None:
                assert part["property"] not in ("figure", "layout", "relayoutData", "extendData"), callback["output"]
    body = json.dumps({"data": [], "layout": {"images": [{"source": "file:///etc/hostname"}]}})
    for path in ("/reports", "/reports/file/x.pdf", "/reports/render", "/render", "/figure", "/export", "/api/report"):
        answer = client.post(path, data=body, content_type="application/json")
        assert answer.status_code in (404, 405), path
