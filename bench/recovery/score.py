"""Decides how a method is judged over many worlds: bias, coverage, half-width, power, with Monte Carlo errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

LEVEL = 0.9
Interval = tuple[float, float, float]  # estimate, lower, upper
Method = Callable[[Any], Interval]
NAN = float("nan")


@dataclass(frozen=True)
class Figure:
    """A figure over the worlds with the scatter of one world; error: its Monte Carlo error."""

    value: float
    sd: float
    worlds: int

    @property
    def error(self) -> float:
        """Monte Carlo error over these worlds."""
        return self.against(0)

    def against(self, worlds: int) -> float:
        """Error of the difference from a figure over `worlds` other worlds (0: from one without error)."""
        return self.sd * float(np.sqrt(1 / max(self.worlds, 1) + (1 / worlds if worlds else 0)))


@dataclass(frozen=True)
class Runs:
    """What a method said in many worlds: arrays of one length; truth: what it should have said."""

    truth: np.ndarray
    estimate: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    def figures(self) -> dict[str, Figure]:
        """By name: mean, bias, rmse, coverage (%), half (median half-width), lower0 (% of worlds with lower end above
        0) and rejects (% with 0 outside)."""
        error = self.estimate - self.truth
        inside = (self.lower <= self.truth) & (self.truth <= self.upper)
        known = np.isfinite(self.lower)
        return {
            "mean": _mean(self.estimate),
            "bias": _mean(error),
            "rmse": _root(_mean(error**2)),
            "coverage": _mean(100.0 * inside[known]),
            "half": _median((self.upper - self.lower)[known] / 2),
            "lower0": _mean(100.0 * (self.lower > 0)[known]),
            "rejects": _mean(100.0 * ((self.lower > 0) | (self.upper < 0))[known]),
        }


def _mean(values: np.ndarray) -> Figure:
    kept = np.asarray(values, dtype=float)
    kept = kept[np.isfinite(kept)]
    if not len(kept):
        return Figure(NAN, NAN, 0)
    return Figure(float(kept.mean()), float(kept.std()), len(kept))


def _median(values: np.ndarray) -> Figure:
    """The middle one, its error from the order statistics one binomial standard deviation away."""
    kept = np.sort(values)
    if len(kept) < 2:
        return Figure(NAN, NAN, 0)
    reach = np.sqrt(len(kept)) / 2
    low, high = (kept[int(np.clip(len(kept) / 2 + side * reach, 0, len(kept) - 1))] for side in (-1, 1))
    return Figure(float(np.median(kept)), float((high - low) / 2 * np.sqrt(len(kept))), len(kept))


def _root(square: Figure) -> Figure:
    """The root of a mean square, its error by linearising."""
    root = float(np.sqrt(square.value))
    return Figure(root, square.sd / (2 * root) if root else 0.0, square.worlds)


def play(
    make: Callable[[np.random.Generator], Any], methods: Mapping[str, Method], worlds: Iterable[int]
) -> dict[str, Runs]:
    """Every method in every world (one seed each); worlds are made once and forgotten."""
    said: dict[str, list[tuple[float, float, float, float]]] = {name: [] for name in methods}
    for seed in worlds:
        world = make(np.random.default_rng(seed))
        for name, method in methods.items():
            said[name].append((float(np.mean(world.true_iroas)), *method(world)))
    return {name: Runs(*np.array(rows, dtype=float).T) for name, rows in said.items()}


@dataclass(frozen=True)
class Beside:
    """A published figure: its value, over how many worlds it was found, the unit of its last digit, and whether it is a
    share of worlds in % (whose scatter is the binomial's, also where ours happens to be 0 or 100)."""

    value: float
    worlds: int
    digit: float
    is_share: bool = False

    def agrees(self, ours: Figure) -> bool:
        """Whether ours lies within 3 Monte Carlo errors of it (both errors, plus its rounding)."""
        scatter = max(ours.sd, (self.value * (100 - self.value)) ** 0.5) if self.is_share else ours.sd
        error = Figure(ours.value, scatter, ours.worlds).against(self.worlds)
        return abs(ours.value - self.value) <= 3 * error + self.digit / 2


def beside(text: str, worlds: int, is_share: bool = False) -> Beside:
    """A published figure as it is printed, e.g. '+.15' or '89.3'."""
    digits = len(text.partition(".")[2])
    return Beside(float(text), worlds, 10.0**-digits, is_share)


def cell(ours: Figure | None, published: Beside | None) -> str:
    """'ours ± error | published ok', dashes where there is none."""
    if ours is None or not np.isfinite(ours.value):
        return "–"
    text = f"{ours.value:.2f} ± {ours.error:.2f}"
    if published is None:
        return text
    return f"{text} | {published.value:g} {'ok' if published.agrees(ours) else 'OFF'}"


@dataclass(frozen=True)
class Table:
    """What is printed: rows of a name and one text a column."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    def show(self) -> None:
        """Print it, columns aligned."""
        width = max(len(name) for name, _ in self.rows) + 2
        widths = [
            max(len(column), *(len(cells[at]) for _, cells in self.rows)) + 2 for at, column in enumerate(self.columns)
        ]
        print(f"\n{self.title}")
        print("".ljust(width) + "".join(text.ljust(wide) for text, wide in zip(self.columns, widths, strict=True)))
        for name, cells in self.rows:
            print(name.ljust(width) + "".join(text.ljust(wide) for text, wide in zip(cells, widths, strict=True)))


def table(title: str, columns: Iterable[str], rows: Iterable[tuple[str, Iterable[str]]]) -> Table:
    """The table of these rows."""
    return Table(title, tuple(columns), tuple((name, tuple(cells)) for name, cells in rows))
