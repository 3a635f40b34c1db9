"""Decides what every builder keeps to: valid, pure, free of colours, readable without a pointer."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import plotly.graph_objects as go
import pytest

import theme

Draw = Callable[[str], dict[str, Any]]
MEANT = {
    "trend": ["Attributed", "Organic", "Diwali", "₹10 L", "Mar"],
    "trend_many": ["Brand 0", "Brand 5", "2×"],
    "ranking": ["Amy &lt;b&gt;Silva&lt;/b&gt;", "Richard Barthol…ernandez", "R&amp;D", " 4.1× ", " – "],
    "ranking_losses": ["Influencer 11", " 250 % ", " −25 % ", "and 2 more"],
    "intervals": ["2.1×", "headline", "break-even 1×", "refused: reports ROAS when the truth<br>is 0"],
    "quadrant_log": ["Amy Silva", "Kabir", "ROAS (each step × 10) · 1 without a value not shown", "₹1,000", "1×"],
    "quadrant_groups": ["Instagram", "Twitter", "Mark Perez", "ROAS", "Spend"],
    "ring": ["Instagram  50.8 %", "Others  3.95 %", "₹3.54 Cr", "Revenue"],
    "waterfall_cut": ["10.8×", "+0.50×", "−0.20×", "–", "11.6×", "Jan–Jul<br>before"],
    "waterfall_written": ["3.28×", "+0.01×", "+0.79×", "−0.55×", "Before"],
    "waterfall_loss": ["₹100", "−₹130", "−₹30"],
    "stacked": ["45 %", "55 %", "96 %", "–", "Post", "Order", "HKVitals"],
    "histogram": ["41", "₹10,000", "half bring less", "Revenue"],
    "band": ["Sold", "Expected", "test begins", "₹15 L"],
    "band_sum": ["Caused so far", "₹15 L"],
    "court": [
        "The headline",
        "Regression over clusters",
        "<b>2.1×</b>  1.4–2.9×",
        "Difference of means, Welch &amp; all",
        "<b>−22.8×</b>  −23.7 to −22.0×",
        "Published formulas",
        "break-even 1×",
    ],
    "grid": ["4.1×", "9.8×<br>n = 3", "–", "Nano", "Twitter"],
}


def _texts(item: Any, key: str = "") -> Iterator[str]:
    """Whatever a figure writes on paper: hover texts left out."""
    if isinstance(item, dict):
        for name, value in item.items():
            if name not in ("customdata", "hovertemplate"):
                yield from _texts(value, name)
    elif isinstance(item, list):
        for value in item:
            yield from _texts(value, key)
    elif key in ("text", "ticktext", "name"):
        yield item


def _roles(item: Any) -> Iterator[str]:
    if isinstance(item, dict):
        item = list(item.values())
    if isinstance(item, list):
        for value in item:
            yield from _roles(value)
    elif isinstance(item, str) and item.startswith("--"):
        yield item


@pytest.mark.parametrize("mode", theme.MODES)
@pytest.mark.parametrize("medium", theme.MEDIA)
def test_plotly_takes_every_figure_once_dressed(case: tuple[str, Any], mode: str, medium: str) -> None:
    _, (frame, draw) = case
    dressed = theme.dress(draw(frame), mode, medium)
    go.Figure(dressed)
    assert not list(_roles(dressed))


def test_the_frame_is_left_as_it_was(case: tuple[str, Any]) -> None:
    _, (frame, draw) = case
    before = frame.copy(deep=True)
    assert draw(frame) == draw(frame)
    assert frame.equals(before)


def test_a_figure_has_no_title_size_template_or_colour(case: tuple[str, Any]) -> None:
    _, (frame, draw) = case
    figure = draw(frame)
    text = json.dumps(figure, ensure_ascii=False, allow_nan=False)
    assert set(figure) == {"data", "layout"}
    assert not {"title", "width", "height", "template", "font"} & set(figure["layout"])
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|\bnan\b|Infinity", text)
    assert set(_roles(figure)) <= set(theme.tokens())


def test_what_matters_is_written_and_not_only_hovered(case: tuple[str, Any]) -> None:
    name, (frame, draw) = case
    written = set(_texts(draw(frame)))
    assert set(MEANT[name]) <= written


def test_hover_text_is_written_by_us_and_says_no_trace_name(case: tuple[str, Any]) -> None:
    _, (frame, draw) = case
    for trace in draw(frame)["data"]:
        assert trace.get("hoverinfo") == "skip" or trace["hovertemplate"] == "%{customdata}<extra></extra>"


def test_each_builder_states_how_few_and_how_many_it_draws() -> None:
    from analytics.figures import (
        band,
        breakdown,
        court,
        distribution,
        grid,
        interval,
        quadrant,
        ranking,
        trend,
        waterfall,
    )

    for module in (band, breakdown, court, distribution, grid, interval, quadrant, ranking, trend, waterfall):
        assert 1 <= module.LEAST < module.MOST
