"""Decides how a report is dressed for a client: name, logo, colours, fonts, cover and footer, from a theme file."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import theme
from errors import UserError, suggest
from reports.content import contrast, fonts, logo

FOLDER = "themes"
FALLBACK = '"Noto Sans", "Noto Sans Devanagari", sans-serif'
TEXTS = ("accent", "good", "bad", "caution", "ink", "muted")
"""Colours that words are written in: WCAG AA, 4.5:1 on white."""
MARKS = ("series-1", "series-2", "series-3", "series-4", "series-5")
"""Colours that only shapes are drawn in: 3:1."""
LINES = ("line", "line-strong")
_KEYS = {"name": str, "logo": str, "font": str, "footer": str, "cover": bool, "colours": dict}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_LONGEST = {"name": 60, "footer": 120, "font": 60, "logo": 120}


@dataclass(frozen=True)
class Brand:
    """name: in the running head. logo: a data: address, '' for none. colours: custom property (“--accent”) → colour.

    font: a family that is installed, '' for the house's. cover: whether a page with name and logo comes first.
    footer: a line of the client's own at the foot of every page.
    """

    name: str = "TrueLift"
    logo: str = ""
    colours: Mapping[str, str] = field(default_factory=dict)
    font: str = ""
    cover: bool = False
    footer: str = ""

    @property
    def tokens(self) -> dict[str, str]:
        """The custom properties that replace the house's: colours, and “--font” where the brand has one."""
        return {**self.colours, **({"--font": f'"{self.font}", {FALLBACK}'} if self.font else {})}

    def css(self) -> str:
        """Custom properties that replace the house's; '' where nothing does."""
        said = "; ".join(f"{key}: {value}" for key, value in self.tokens.items())
        return f":root {{ {said} }}" if said else ""


HOUSE_BRAND = Brand()


def load(data_dir: Path | None, name: str, installed: Callable[[str], bool] = fonts.installed) -> Brand:
    """The brand of themes/<name>.toml (or .json) in the data folder; the house's for ''.

    installed: whether this machine has a family of fonts. Raises UserError with the one thing to mend: no such file, a
    key that there is not, a colour too pale for text, a logo that is none, a font that is not installed.
    """
    if not name:
        return HOUSE_BRAND
    file = _file(data_dir, name)
    said = _said(file)
    colours = _colours(said.get("colours", {}), file.name)
    font = said.get("font", "")
    if font and not (re.fullmatch(r"[\w .&'-]+", font) and installed(font)):
        raise UserError(f"The font “{font}” of the theme {file.name} is not installed. Install it, or name another.")
    picture = logo.carried(file.parent, said["logo"], file.name) if said.get("logo") else ""
    return Brand(said.get("name", HOUSE_BRAND.name), picture, colours, font, said.get("cover", False),
                 said.get("footer", ""))  # fmt: skip


def _file(data_dir: Path | None, name: str) -> Path:
    """Where that theme lies; a name with a path in it is no name."""
    folder = (data_dir or Path()) / FOLDER
    for ending in ("toml", "json"):
        file = folder / f"{name}.{ending}"
        if _NAME.fullmatch(name) and file.is_file():
            return file
    known = sorted(file.stem for file in folder.glob("*") if file.suffix in (".toml", ".json"))
    there = suggest(name, known) if known else f"Put it there as {FOLDER}/{name}.toml in the data folder."
    raise UserError(f"No theme “{name}” for a report. {there}")


def _said(file: Path) -> dict[str, Any]:
    """What the file says, each key of its kind."""
    try:
        text = file.read_text(encoding="utf-8")
        said: Any = tomllib.loads(text) if file.suffix == ".toml" else json.loads(text)
    except RecursionError:
        raise UserError(f"The theme {file.name} is nested too deep to be one. See docs/reports.md.") from None
    except (ValueError, OSError) as error:
        raise UserError(f"The theme {file.name} cannot be read: {error}. Mend it there.") from None
    if not isinstance(said, dict):
        raise UserError(f"The theme {file.name} is no table of keys. Begin with name = “…”.")
    for key, value in said.items():
        if key not in _KEYS:
            raise UserError(f"The theme {file.name} has a key “{key}” that there is not. {suggest(key, _KEYS)}")
        if not isinstance(value, _KEYS[key]):
            raise UserError(f"In the theme {file.name}, “{key}” is not {_kind(key)}. See docs/reports.md.")
        if len(value if isinstance(value, str) else "") > _LONGEST.get(key, 0):
            raise UserError(f"In the theme {file.name}, “{key}” is longer than {_LONGEST[key]} letters. Shorten it.")
    return said


def _kind(key: str) -> str:
    return {str: "a text", bool: "true or false", dict: "a table of colours"}[_KEYS[key]]


def _colours(said: Mapping[str, Any], file: str) -> dict[str, str]:
    """The custom properties that the theme's colours replace, with those that follow from them."""
    found: dict[str, str] = {}
    for key, value in said.items():
        if key not in (*TEXTS, *MARKS, *LINES):
            raise UserError(
                f"The theme {file} has a colour “{key}” that there is not. {suggest(key, (*TEXTS, *MARKS, *LINES))}"
            )
        if not isinstance(value, str) or not contrast.is_colour(value):
            raise UserError(f"In the theme {file}, the colour {key} is “{value}”. Write it as #rrggbb.")
        needed = 4.5 if key in TEXTS else 3.0 if key in MARKS else 1.0
        ratio = contrast.ratio(value)
        if ratio < needed:
            raise UserError(
                f"In the theme {file}, the colour {key} ({value}) has a contrast of {int(ratio * 10) / 10:.1f}:1 on "
                f"white; {needed:g}:1 is needed to be read. Choose a darker one."
            )
        found |= _following(key, value)
    return found | {f"--{key}": str(value) for key, value in said.items()}


def _following(key: str, value: str) -> dict[str, str]:
    """What is drawn in a shade of that colour: charts follow the accent, marks and soft tones the judgement."""
    if key == "accent":
        return {
            "--accent-strong": value, "--accent-soft": contrast.tint(value, 0.7), "--series-1": value,
            "--accent-ground": contrast.tint(value, 0.92), "--series-1-ink": value,
            "--heat-low": contrast.tint(value, 0.95), "--heat-high": contrast.tint(value, 0.6),
            "--on-series-1": _upon(value), **_steps(value),
        }  # fmt: skip
    if key in ("good", "bad"):
        return {f"--{key}-mark": value, f"--{key}-soft": contrast.tint(value, 0.7),
                f"--{key}-ground": contrast.tint(value, 0.92)}  # fmt: skip
    if key in MARKS:
        return {f"--{key}-ink": contrast.darkened(value), f"--on-{key}": _upon(value)}
    return {}


def _steps(value: str) -> dict[str, str]:
    """Parts with an order in four tints of the accent; the last stays the house's dark one."""
    tints = {number: contrast.tint(value, white) for number, white in ((1, 0.78), (2, 0.55), (3, 0.3), (4, 0.0))}
    return {f"--step-{n}": tint for n, tint in tints.items()} | {f"--on-step-{n}": _upon(t) for n, t in tints.items()}


def _upon(colour: str) -> str:
    """The text that can be read on that colour: the house's light one, or its dark one."""
    house = theme.tokens()
    return house["--on-series-1"] if contrast.ratio(colour) >= contrast.READABLE else house["--on-series-2"]
