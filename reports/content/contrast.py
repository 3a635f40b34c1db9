"""Decides whether a colour can be read on white paper, after WCAG 2.2 (relative luminance and contrast ratio)."""

from __future__ import annotations

import re

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
READABLE = 4.5


def is_colour(text: str) -> bool:
    """Whether it is written as #rgb or #rrggbb."""
    return bool(_COLOUR.fullmatch(text))


def ratio(colour: str) -> float:
    """Contrast of a colour on white, 1 to 21."""
    return 1.05 / (_luminance(_parts(colour)) + 0.05)


def tint(colour: str, white: float) -> str:
    """The colour mixed with so much white, a share of 1."""
    return _written([part + (255 - part) * white for part in _parts(colour)])


def darkened(colour: str) -> str:
    """The colour, or the lightest shade of it in which words can be read on white."""
    parts = _parts(colour)
    for step in range(101):
        shade = _written([part * (1 - step / 100) for part in parts])
        if ratio(shade) >= READABLE:
            return shade
    return _written([0, 0, 0])


def _parts(colour: str) -> list[float]:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    return [float(int(digits[place : place + 2], 16)) for place in (0, 2, 4)]


def _written(parts: list[float]) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in parts)


def _luminance(parts: list[float]) -> float:
    """Relative luminance, 0 for black to 1 for white: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
