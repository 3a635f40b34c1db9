"""Decides what docs/methods.md says: every method of the court, the ladder, the trust checks, how they were tried."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analytics.incrementality.court import LADDER, METHODS
from analytics.incrementality.estimate import FAMILIES, Method
from analytics.incrementality.groups.slices import SLICE_METHODS, SliceMethod
from analytics.incrementality.trust.checks import CHECKS
from analytics.manual.markdown import MADE, table
from settings import ROOT

RECOVERY = ROOT / "docs" / "recovery.json"
"""What `./truelift bench --recovery` measured; without it the page has no table of worlds."""
_OPENING = f"""# Methods of incremental ROAS

{MADE}

Every method gets the same prepared selection and the same ways of reckoning, and hands back the same kind of estimate:
point, interval and its level, id and version, unit of analysis, sizes, spend, the checks it made, and a status: `ok`
(all its conditions hold), `weak` (a number, with the sentence that says what does not hold) or `refused` (no number,
with the sentence that says what would unlock it).
"""
_LADDER = """## Who speaks

The headline comes from a randomised design only, and the method follows from the declared design, never from which
result looks best:

| what was drawn at random | what is known of the time before | headline |
| --- | --- | --- |
| customers | revenue before the test | `iroas.cuped` |
| customers | nothing | `iroas.holdout` |
| places, influencers, campaigns | at least 8 units of each arm (or all) sold before the test | `iroas.geo_regression` |
| places, influencers, campaigns | less | `iroas.holdout` |
| go-live dates | – | `iroas.golive` |
| any arms, until the declared end of the test; later too, where daily looks were declared | – | `iroas.always_valid` |

Whether it was drawn is the user's word, asked once per experiment and stamped on every estimate that rests on it.
Undeclared means directional. A test/control column on order rows alone is no design. Where the design's own method
refuses, no other takes its place: the headline is “not measured yet”, and the attributed ROAS is named as what it is.
Every other method stands beside the headline. `iroas.tbr` is weak unless its four checks pass and it lies within the
interval of `iroas.geo_regression`, where there is one.

There are three verdicts, and the interval alone decides: **works** (it lies wholly above break-even), **does not**
(wholly below), **cannot tell yet** (it holds break-even, or the estimate is no headline). Each is said with the number,
the interval, its level, the method's id and the smallest effect that this size can show with 80 % power. Single brands,
platforms, campaigns and influencers are judged only where the whole has a headline, and as one list
(Benjamini–Hochberg); where they share units, what is said of them is directional and says so.

**Agreement meter**: of the methods with a number (published formulas are not asked), how many intervals hold the
headline's point, how far the points lie apart, and who stands apart.
"""
_CHECKS = """## The ten trust checks

Each has a light (green, amber, red, or grey: not known), a figure and a sentence. They are about the headline; without
one, about the directional estimate that comes nearest to it.
"""
_SLICES = """## Inside a measured whole

For brand, product, platform, tier, campaign and influencer. Lists of groups are judged by Benjamini–Hochberg at 10 %.
"""
_WORLDS = """## How they do where the truth is known

Simulated worlds whose true iROAS is planted; written by `./truelift bench --recovery`. {intervals} intervals; coverage
is the share that holds the truth, size the share that rejects “no effect” where there is none, power the share that
lies wholly above 0. weak, refused: share of worlds in which the method's own checks say so. Monte Carlo error of a
coverage: see ±. A method is bold where it promises to be right, and marked † where its assumptions are broken.
"""


def page(recovery: Path = RECOVERY) -> str:
    """docs/methods.md. recovery: the file that the bench writes."""
    checks = ((f"`{key}`", name, green) for key, (name, _, green) in CHECKS.items())
    parts = [
        _OPENING,
        _LADDER,
        _CHECKS,
        table("key | check | green means", checks),
        "## The methods\n",
        table("id | method | family | role at most", _overview()),
        *_families(),
        _SLICES,
        *(_method(one) for one in SLICE_METHODS),
        *_worlds(recovery),
    ]
    return "\n".join(parts)


def _overview() -> Iterator[tuple[str, str, str, str]]:
    for one in METHODS.values():
        yield f"`{one.id}`", one.label, FAMILIES[one.family], _role(one)


def _role(one: Method | SliceMethod) -> str:
    """The most that it may be; what may speak for a design but never leads the ladder is its second opinion."""
    if isinstance(one, Method) and one.role == "headline" and one.id not in LADDER:
        return "second opinion on the same design"
    return one.role


def _families() -> Iterator[str]:
    for key, name in FAMILIES.items():
        mine = [one for one in METHODS.values() if one.family == key]
        if mine:
            yield f"### {name}\n"
            yield from (_method(one) for one in mine)


def _method(one: Method | SliceMethod) -> str:
    """One method, in full."""
    lines = {
        "Formula": one.formula, "Needs": "; ".join(one.needs), "Assumes": "; ".join(one.assumptions),
        "Known flaw": one.flaw, "Source": one.source, "Role": _role(one),
    }  # fmt: skip
    said = "\n".join(f"- {term}: {words}" for term, words in lines.items())
    return f"#### {one.label}\n\n`{one.id}`, version {one.version}\n\n{said}\n"


def _worlds(place: Path) -> Iterator[str]:
    """The table methods × scenarios and the power curves that the bench left; nothing where it left none."""
    if not place.is_file():
        return
    kept: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    yield _WORLDS.format(intervals=f"{kept['level']:.0%}".replace("%", " %"))
    for scenario in kept["scenarios"]:
        mine = [row for row in kept["rows"] if row["scenario"] == scenario["key"]]
        if mine:
            says = f"{scenario['says'][0].upper()}{scenario['says'][1:]}".rstrip(".")
            yield f"### `{scenario['key']}`\n\n{says}. {mine[0]['worlds']} worlds, true iROAS {mine[0]['truth']:g}.\n"
            yield table(_HEAD, (_row(row) for row in mine))
    yield from _curves(kept["power"])
    yield from (_published(one) for one in kept["tables"])


_HEAD = "method | bias | coverage % | half-width | power % | size % | weak % | refused % | coverage % when ok"
_FIGURES = ("half_width", "power", "size", "weak", "refused", "coverage_when_ok")


def _row(row: dict[str, Any]) -> list[str]:
    name = f"**`{row['method']}`**" if row["passes"] else f"`{row['method']}`{' †' if row['breaks'] else ''}"
    around = [_within(row["bias"], row["bias_error"]), _within(row["coverage"], row["coverage_error"])]
    return [name, *around, *(_figure(row[key]) for key in _FIGURES)]


def _within(value: float | None, error: float | None) -> str:
    return _figure(value) if value is None or error is None else f"{_figure(value)} ± {_figure(error)}"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:g}".replace("-", "−")


def _curves(curves: list[dict[str, Any]]) -> Iterator[str]:
    """Power by true iROAS of the methods that should pass."""
    if not curves:
        return
    yield "### Power by true iROAS\n\nShare of worlds (%) whose interval lies wholly above 0.\n"
    head = ["scenario", "method", *(f"{true:g}×" for true in curves[0]["true_iroas"])]
    rows = ([f"`{one['scenario']}`", f"`{one['method']}`", *map(_figure, one["power"])] for one in curves)
    yield table(" | ".join(head), rows)


def _published(one: dict[str, Any]) -> str:
    """One table of the design's own report, ours beside the published figures."""
    rows = ([name, *cells] for name, cells in one["rows"])
    return f"### {one['title']}\n\n" + table(" | ".join(["", *one["columns"]]).strip(), rows)
