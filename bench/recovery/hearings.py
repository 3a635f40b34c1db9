"""Decides how the court's own methods are judged: heard in worlds of known truth, as a user would hear them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.assumptions import Assumptions
from analytics.incrementality.court import METHODS, court, headline
from analytics.incrementality.estimate import Estimate
from analytics.incrementality.trust.checks import trust
from analytics.incrementality.trust.lights import RED
from bench.recovery.scenarios import CUPED, CURVE, DEALT, GBR, GO_LIVE, HOLDOUT, SCENARIOS, Scenario
from bench.recovery.score import LEVEL, NAN, Figure, Runs

COURT_WORLDS = 300  # the whole court is heard in so many; methods that may be a headline, in all of them
CURVE_WORLDS, LIGHT_WORLDS = 500, 100
OF_ARMS = ("pre_trend", "placebo_date", "balance")  # trust checks that look at how the arms came about
HEADLINE = (HOLDOUT, CUPED, GBR, DEALT, GO_LIVE)
EFFECT, NOTHING = 2.0, 0.0
ASSUMED = Assumptions(confidence=LEVEL)
STATUSES = ("ok", "weak", "refused")


@dataclass(frozen=True)
class Heard:
    """What one method said in many worlds: its numbers (NaN where refused) and the place of its status in STATUSES."""

    runs: Runs
    status: np.ndarray

    def share(self, *statuses: str) -> float:
        """% of worlds in which it had one of these statuses."""
        places = [STATUSES.index(status) for status in statuses]
        return 100.0 * float(np.isin(self.status, places).mean())

    def when_ok(self) -> Figure:
        """Coverage (%) among the worlds in which its checks let it speak."""
        ok = self.status == 0
        runs = Runs(*(values[ok] for values in (self.runs.truth, self.runs.estimate, self.runs.lower, self.runs.upper)))
        return runs.figures()["coverage"]


def hear(scenario: Scenario, true_iroas: float, seeds: Iterable[int], only: Iterable[str] = ()) -> dict[str, Heard]:
    """Every method of the court, or only some, in the worlds of these seeds."""
    chosen = list(only)
    said: dict[str, list[tuple[float, ...]]] = {}
    for seed in seeds:
        slice_, truth = scenario.world(seed, true_iroas)
        for one in [METHODS[key](slice_, ASSUMED) for key in chosen] if chosen else court(slice_, ASSUMED):
            said.setdefault(one.method, []).append(_told(one, truth))
    return {key: _heard(rows) for key, rows in said.items()}


def _told(one: Estimate, truth: float) -> tuple[float, ...]:
    return truth, one.estimate, one.lower, one.upper, float(STATUSES.index(one.status))


def _heard(rows: list[tuple[float, ...]]) -> Heard:
    truth, estimate, lower, upper, status = np.array(rows, dtype=float).T
    return Heard(Runs(truth, estimate, lower, upper), status.astype(int))


def _joined(one: Heard, two: Heard | None) -> Heard:
    if two is None:
        return one
    names = ("truth", "estimate", "lower", "upper")
    parts = [np.concatenate([getattr(heard.runs, name) for heard in (one, two)]) for name in names]
    return Heard(Runs(*parts), np.concatenate([one.status, two.status]))


def both(scenario: Scenario, true_iroas: float, worlds: int) -> dict[str, Heard]:
    """The whole court in the first worlds, and the methods that should pass here in all of them."""
    first = hear(scenario, true_iroas, range(min(worlds, COURT_WORLDS)))
    kept = [key for key in scenario.passes if key in HEADLINE and key in METHODS]
    rest = hear(scenario, true_iroas, range(COURT_WORLDS, worlds), kept) if kept else {}
    return {key: _joined(heard, rest.get(key)) for key, heard in first.items()}


def rows(scenario: Scenario, worlds: int) -> Iterator[dict[str, Any]]:
    """One row a method that ever spoke here, or whose assumptions are broken here."""
    effect, null = both(scenario, EFFECT, worlds), both(scenario, NOTHING, worlds)
    red = alarms(scenario, worlds)
    for key, heard in effect.items():
        broken = key in scenario.breaks
        if heard.share("refused") < 100 or broken:
            told = {"passes": key in scenario.passes, "breaks": broken, "red_lights": rounded(red.get(key, NAN), 1)}
            yield _row(scenario, key, heard, null[key]) | told


def _row(scenario: Scenario, key: str, heard: Heard, null: Heard) -> dict[str, Any]:
    found, none = heard.runs.figures(), null.runs.figures()
    return {
        "scenario": scenario.key, "method": key, "label": METHODS[key].label, "role": METHODS[key].role,
        "worlds": len(heard.status), "truth": rounded(float(heard.runs.truth.mean())),
        "bias": rounded(found["bias"].value), "bias_error": rounded(found["bias"].error),
        "coverage": rounded(found["coverage"].value, 1), "coverage_error": rounded(_error(found["coverage"]), 1),
        "half_width": rounded(found["half"].value), "power": rounded(found["lower0"].value, 1),
        "size": rounded(none["rejects"].value, 1), "weak": rounded(heard.share("weak"), 1),
        "refused": rounded(heard.share("refused"), 1), "coverage_when_ok": rounded(heard.when_ok().value, 1),
    }  # fmt: skip


def _error(coverage: Figure) -> float:
    """Monte Carlo error of a coverage that is as promised, in points."""
    return 100 * float(np.sqrt(LEVEL * (1 - LEVEL) / max(coverage.worlds, 1))) if coverage.worlds else float("nan")


def rounded(value: float, digits: int = 3) -> float | None:
    """As the file holds it: no more digits than the machine's rounding leaves alike, nothing where there is none."""
    return round(value, digits) + 0.0 if np.isfinite(value) else None


def alarms(scenario: Scenario, worlds: int) -> dict[str, float]:
    """% of worlds in which a trust check of the arms is red, by the headline that it stands beside; {} without one.

    What the methods themselves cannot know, whether the arms were drawn as declared, only these lights can show.
    """
    red: dict[str, list[bool]] = {}
    for seed in range(min(worlds, LIGHT_WORLDS) if scenario.lit else 0):
        slice_, _ = scenario.world(seed, EFFECT)
        heard = court(slice_, ASSUMED)
        lights = {light.key: light.light for light in trust(slice_, heard, ASSUMED)}
        red.setdefault(headline(heard).method, []).append(any(lights.get(key) == RED for key in OF_ARMS))
    return {key: 100.0 * float(np.mean(values)) for key, values in red.items()}


def curves(scenario: Scenario, worlds: int) -> Iterator[dict[str, Any]]:
    """Share of worlds (%) whose interval lies wholly above 0, by true iROAS, of each method that should pass."""
    kept = [key for key in scenario.passes if key in METHODS and scenario.curve]
    if not kept:
        return
    count = min(worlds, CURVE_WORLDS)
    points: dict[str, list[float | None]] = {key: [] for key in kept}
    for true_iroas in CURVE:
        for key, heard in hear(scenario, true_iroas, range(count), kept).items():
            points[key].append(rounded(heard.runs.figures()["lower0"].value, 1))
    for key, values in points.items():
        yield {"scenario": scenario.key, "method": key, "worlds": count, "true_iroas": list(CURVE), "power": values}


def chosen(words: Iterable[str]) -> list[Scenario]:
    """Scenarios by design letter or by key; all when there is no word."""
    asked = list(words)
    return [one for one in SCENARIOS.values() if not asked or one.letter in asked or one.key in asked]
