"""Decides how a tile's little line is drawn: an SVG mask, so that its colour comes from the stylesheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from urllib.parse import quote

WIDTH, HEIGHT, EDGE = 96, 20, 3


def points(values: Sequence[float]) -> list[tuple[float, float]]:
    """Positions in the picture, oldest first; values that are missing are left out. Empty when fewer than three."""
    known = [(place, value) for place, value in enumerate(values) if math.isfinite(value)]
    if len(known) < 3:
        return []
    low, high = min(value for _, value in known), max(value for _, value in known)
    step = (WIDTH - 2 * EDGE) / (len(values) - 1)
    rise = (HEIGHT - 2 * EDGE) / ((high - low) or 1)
    return [(round(EDGE + place * step, 1), round(HEIGHT - EDGE - (value - low) * rise, 1)) for place, value in known]


def mask(values: Sequence[float]) -> str:
    """The line with a dot at its end as a CSS `url(…)`; empty when there is too little to draw."""
    places = points(values)
    if not places:
        return ""
    line = " ".join(f"{x},{y}" for x, y in places)
    x, y = places[-1]
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">'
        f'<polyline points="{line}" fill="none" stroke="black" stroke-width="1.4" stroke-linejoin="round" '
        f'stroke-linecap="round"/><circle cx="{x}" cy="{y}" r="2"/></svg>'
    )
    return f'url("data:image/svg+xml,{quote(picture)}")'
