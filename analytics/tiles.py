"""Decides what a headline number says: its value, how it moved, whether that is good, and why it is missing."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from analytics import formats, metrics, prepare
from analytics.ask import Ask, Compared
from analytics.incrementality.court import attributed_sentence, headline
from analytics.incrementality.verdict import in_words
from analytics.views import Tile

IROAS = "iroas"
_STEADY = 0.0005


def filled(keys: tuple[str, ...], ask: Ask, spark: bool = False) -> tuple[Tile, ...]:
    """One tile a metric; `iroas` is the headline estimate with its interval, or the reason that there is none."""
    if not keys:
        return ()
    plain = tuple(key for key in keys if key != IROAS)
    now = ask.table(plain)
    compared = ask.compared() if spark else None
    moved = _moves(plain, compared)
    series = _sparks(plain, ask) if spark else {}
    tiles = []
    for key in keys:
        if key == IROAS:
            tiles.append(_estimate(ask))
            continue
        value = float(now[key].iloc[0])
        tiles.append(_tile(key, value, ask, *moved.get(key, ("", "", "")), compared, series.get(key, ())))
    return tuple(tiles)


def known(tiles: tuple[Tile, ...]) -> tuple[Tile, ...]:
    """The tiles that have a value."""
    return tuple(tile for tile in tiles if not math.isnan(tile.value))


def _tile(key: str, value: float, ask: Ask, change: str, direction: str, verdict: str, compared: Compared | None,
          spark: tuple[float, ...]) -> Tile:  # fmt: skip
    metric = metrics.METRICS[key]
    note = ask.why_missing(key) if math.isnan(value) else metric.says
    if metric.uses_spend and key != "spend" and ask.assumptions.cost == "gifts" and not math.isnan(value):
        note = f"{note}; cash + gifts" if note else "cash + gifts"
    versus = compared.versus if compared and change else ""
    return Tile(
        key, metric.label, metric.unit, value, metric.write(value), note, change, direction, verdict, versus, spark
    )


def _moves(keys: tuple[str, ...], compared: Compared | None) -> dict[str, tuple[str, str, str]]:
    """Metric → change in words, direction, verdict; only where both spans have a value."""
    if compared is None:
        return {}
    later, earlier = compared.now.table(keys), compared.before.table(keys)
    moves = {}
    for key in keys:
        now, before = float(later[key].iloc[0]), float(earlier[key].iloc[0])
        words = formats.change(now, before, metrics.METRICS[key].unit)
        if words and not math.isnan(now) and not math.isnan(before):
            steady = abs(now - before) <= _STEADY * abs(before)
            direction = "" if steady else "up" if now > before else "down"
            moves[key] = (words, direction, _verdict(metrics.METRICS[key].better, direction))
    return moves


def _verdict(better: str, direction: str) -> str:
    if not better or not direction:
        return ""
    return "good" if (better == "higher") == (direction == "up") else "bad"


def _sparks(keys: tuple[str, ...], ask: Ask) -> dict[str, tuple[float, ...]]:
    grain = ask.grain()
    frame = ask.table(keys, (grain,))
    frame = frame[frame[grain].notna()]
    if len(frame) <= 2:
        return {}
    return {key: tuple(float(value) for value in frame[key] if np.isfinite(value)) for key in keys}


def _estimate(ask: Ask) -> Tile:
    """The headline iROAS: never without its interval and method; unmeasured, what the attributed ROAS is instead."""
    roas = ask.value("roas")
    estimate = headline(prepare.court_of(ask), roas)
    if estimate.is_refused:
        note = f"Not measured yet. {attributed_sentence(roas)}".strip()
        return Tile(IROAS, "iROAS", "multiple", math.nan, formats.MISSING, f"{note} See Incremental ROAS.")
    note = f"{formats.share(estimate.level)} interval, {in_words(estimate)} ({estimate.method})"
    written = formats.multiple(estimate.estimate)
    return Tile(
        IROAS, "iROAS", "multiple", estimate.estimate, written, note, lower=estimate.lower, upper=estimate.upper
    )


@cache
def label(key: str) -> str:
    """A tile's label before it is filled."""
    return "iROAS" if key == IROAS else metrics.metric(key).label
