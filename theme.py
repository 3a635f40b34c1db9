"""Decides how a figure is dressed: which colour a role has, which type a medium uses. Colours stand in tokens.css."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

TOKENS = Path(__file__).resolve().parent / "assets" / "tokens.css"
MODES = ("light", "dark")
MEDIA = ("screen", "paper")
FONT = "Inter Variable, Inter, Noto Sans, sans-serif"

_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_TOKEN = re.compile(r"(--[\w-]+)\s*:\s*([^;]+);")


@cache
def _sheet(path: Path) -> Mapping[str, Mapping[str, str]]:
    """The custom properties for each mode; what stands under @media is for style sheets alone."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    found: dict[str, dict[str, str]] = {mode: {} for mode in MODES}
    for selector, body in _RULE.findall(text.partition("@media")[0]):
        properties = {name: value.strip() for name, value in _TOKEN.findall(body)}
        for mode in MODES:
            if ":root" in selector or f'"{mode}"' in selector:
                found[mode] |= properties
    return MappingProxyType({mode: MappingProxyType(tokens) for mode, tokens in found.items()})


def tokens(mode: str = "light") -> dict[str, str]:
    """Every token of a mode ('light' or 'dark') by its name with both dashes; KeyError for another mode."""
    return dict(_sheet(TOKENS)[mode])


def _axis(size: float) -> dict[str, Any]:
    return {
        "automargin": True, "fixedrange": True, "showgrid": False, "zeroline": False,
        "gridcolor": "--grid", "linecolor": "--line", "tickfont": {"color": "--muted"},
        "ticks": "", "tickangle": 0, "ticklabelstandoff": 5,
        "title": {"font": {"color": "--muted", "size": size}, "standoff": 8},
    }  # fmt: skip


def template(medium: str = "screen") -> dict[str, Any]:
    """Plotly template in roles, for 'screen' or 'paper': the two differ in font size alone."""
    size = float(tokens()[f"--chart-text-{medium}"].removesuffix("px"))
    return {
        "layout": {
            "font": {"family": FONT, "size": size, "color": "--ink"},
            "paper_bgcolor": "--card",
            "plot_bgcolor": "--card",
            "colorway": [f"--series-{number}" for number in range(1, 6)],
            "margin": {"l": 4, "r": 4, "t": 12, "b": 4},
            "showlegend": False,
            "dragmode": False,
            "hovermode": "closest",
            "hoverlabel": {
                "bgcolor": "--card", "bordercolor": "--line-strong", "align": "left", "namelength": 0,
                "font": {"family": FONT, "size": size, "color": "--ink"},
            },
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "annotationdefaults": {"showarrow": False, "font": {"color": "--muted"}},
            "xaxis": _axis(size),
            "yaxis": _axis(size),
        }
    }  # fmt: skip


SCREEN, PAPER = template("screen"), template("paper")


def _coloured(item: Any, colours: Mapping[str, str], here: bool = False) -> Any:
    """A copy with the roles under colour keys replaced: a name that looks like a role stays a name."""
    if isinstance(item, Mapping):
        return {key: _coloured(value, colours, here or "color" in key) for key, value in item.items()}
    if isinstance(item, list | tuple):
        return [_coloured(value, colours, here) for value in item]
    if here and isinstance(item, str) and item.startswith("--"):
        return colours[item]
    return item


def dress(
    figure: Mapping[str, Any],
    mode: str = "light",
    medium: str = "screen",
    own: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """A deep copy of the figure with template and colours put in; the figure itself is left alone.

    own: tokens of a brand in place of the house's, and its “--font”. KeyError when the figure names a role that
    tokens.css does not have. assets/dress.js does the same.
    """
    wanted = template(medium)
    if "--font" in own:
        wanted["layout"]["font"]["family"] = own["--font"]
    layout = {"uirevision": "truelift"} | dict(figure["layout"]) | {"template": wanted}
    dressed: dict[str, Any] = _coloured({**figure, "layout": layout}, tokens(mode) | dict(own))
    return dressed
