"""Decides that colour lives in one file, can be read, and is never the only sign."""

import itertools
import re
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

import theme

ROOT = Path(__file__).resolve().parents[1]
OURS = ("*.css", "*.py", "*.js", "*.jinja", "*.j2", "*.html")
FOREIGN = {"bootstrap.min.css", "tokens.css"}
COLOUR = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?(?:[0-9a-fA-F]{2})?\b|\b(?:rgb|hsl)a?\(")
SERIES = [f"--series-{number}" for number in range(1, 6)]
TEXTS = ["--ink", "--muted", "--accent", "--good", "--bad", "--caution", "--grey-series-ink"]
TEXTS += [f"{series}-ink" for series in SERIES]
MARKS = ["--accent", "--good-mark", "--bad-mark", "--grey-series", "--no-effect", "--total", *SERIES]
UPON = [
    ("--on-accent", "--accent"), ("--on-strong", "--strong"), ("--ink", "--heat-low"), ("--ink", "--heat-high"),
    ("--accent", "--accent-ground"), ("--muted", "--accent-ground"), ("--good", "--good-ground"),
    ("--bad", "--bad-ground"), ("--caution", "--caution-ground"),
    ("--ink", "--hover-ground"), ("--muted", "--hover-ground"),
    ("--on-grey-series", "--grey-series"), *((f"--on-series-{n}", f"--series-{n}") for n in range(1, 6)),
    *((f"--on-step-{n}", f"--step-{n}") for n in range(1, 6)),
]  # fmt: skip
# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
DEFICIENCIES = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])


def _linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance."""
    dark, light = sorted(float(_linear(colour) @ XYZ[1]) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def _lab(linear: np.ndarray) -> np.ndarray:
    """CIE Lab 1976."""
    ratio = XYZ @ linear / WHITE
    curve = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * curve[1] - 16, 500 * (curve[0] - curve[1]), 200 * (curve[1] - curve[2])])


def _ours() -> list[Path]:
    """Our own sources; hidden folders, tests and what running left behind are none."""
    roots = [path for path in ROOT.iterdir() if path.name not in ("tests", "var") and not path.name.startswith(".")]
    inside = [path for root in roots for pattern in OURS for path in (root.rglob(pattern) if root.is_dir() else [])]
    beside = [path for path in roots if path.suffix == ".py"]
    return [path for path in inside + beside if path.name not in FOREIGN]


def test_no_colour_stands_outside_the_tokens() -> None:
    texts = {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in _ours()}
    assert [f"{path}: {hit}" for path, text in texts.items() for hit in COLOUR.findall(text)] == []


def test_every_token_that_is_used_exists() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in _ours()}
    known = set(theme.tokens()) | {
        name for text in texts.values() for name in re.findall(r"(--[\w-]+)[\"']?\s*:", text)
    }
    for path, text in texts.items():
        used = set(re.findall(r"var\((--[\w-]+)", text))
        if "figures" in path.parts or path.name == "theme.py":
            used |= set(re.findall(r'"(--[a-z][\w-]+)"', text))
        assert {name for name in used if not name.startswith("--bs-")} <= known, path


def test_light_and_dark_have_the_same_roles() -> None:
    light, dark = theme.tokens("light"), theme.tokens("dark")
    colours = [{name for name, value in tokens.items() if value.startswith("#")} for tokens in (light, dark)]
    assert colours[0] == colours[1]
    assert [name for name in colours[0] if light[name] == dark[name]] == []


@pytest.mark.parametrize("mode", theme.MODES)
def test_text_and_marks_can_be_read(mode: str) -> None:
    tokens = theme.tokens(mode)
    pairs = [(text, ground, 4.5) for text in TEXTS for ground in ("--page", "--card")]
    pairs += [(mark, ground, 3.0) for mark in MARKS for ground in ("--page", "--card")]
    pairs += [(text, ground, 4.5) for text, ground in UPON]
    found = {(one, other): _contrast(tokens[one], tokens[other]) / least for one, other, least in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < 1} == {}


@pytest.mark.parametrize("mode", theme.MODES)
def test_five_series_differ_for_every_eye_and_in_grey(mode: str) -> None:
    colours = [_linear(theme.tokens(mode)[f"--series-{number}"]) for number in range(1, 6)]
    for matrix in DEFICIENCIES.values():
        seen = [_lab(np.clip(np.array(matrix) @ colour, 0, 1)) for colour in colours]
        assert min(np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)) > 15
    lightness = sorted(float(_lab(colour)[0]) for colour in colours)
    assert min(np.diff(lightness)) > 6


def test_screen_and_paper_differ_in_font_size_alone() -> None:
    def flat(item: object, path: str = "") -> dict[str, object]:
        if isinstance(item, dict):
            return {name: leaf for key, value in item.items() for name, leaf in flat(value, f"{path}/{key}").items()}
        return {path: item}

    screen, paper = flat(theme.SCREEN), flat(theme.PAPER)
    assert {name.rsplit("/", 1)[1] for name in screen if screen[name] != paper[name]} == {"size"}


def test_dressing_copies_and_leaves_names_alone() -> None:
    trace = {"type": "bar", "name": "--accent", "text": ["--ink"], "marker": {"color": ["--accent"]}}
    figure = {"data": [trace], "layout": {}}
    dressed = theme.dress(figure, "dark")
    assert trace["marker"] == {"color": ["--accent"]}
    assert "template" not in figure["layout"]
    assert dressed["data"][0]["name"] == "--accent"
    assert dressed["data"][0]["text"] == ["--ink"]
    assert dressed["data"][0]["marker"]["color"] == [theme.tokens("dark")["--accent"]]
    go.Figure(dressed)


def test_a_view_that_was_kept_stays_kept() -> None:
    assert theme.dress({"data": [], "layout": {"uirevision": "mine"}})["layout"]["uirevision"] == "mine"
    assert theme.dress({"data": [], "layout": {}})["layout"]["uirevision"] == "truelift"


def test_an_unknown_role_is_an_error() -> None:
    with pytest.raises(KeyError):
        theme.dress({"data": [{"line": {"color": "--no-such-role"}}], "layout": {}})


@pytest.mark.parametrize("mode", theme.MODES)
def test_ordered_parts_grow_from_light_to_dark_and_are_told_apart_in_grey(mode: str) -> None:
    tokens = theme.tokens(mode)
    steps = [_contrast(tokens[f"--step-{number}"], tokens["--card"]) for number in range(1, 6)]
    assert all(after / before >= 1.4 for before, after in itertools.pairwise(steps))
    assert steps[0] >= 1.35
