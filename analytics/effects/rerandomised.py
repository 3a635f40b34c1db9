"""Decides which clusters are treated: dealt at random until the pre-period is balanced, and tested as dealt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from analytics.effects.effect import Effect
from analytics.effects.inversion import inverted
from analytics.effects.means import positive_spend
from analytics.effects.refusals import CannotTell, Numbers, numbers

Marks = npt.NDArray[np.bool_]
VERSION = 1
SEED = 20261121
DRAWS = 1999
BATCH = 512
TRIES = 400
FEWEST = 4
NEGLIGIBLE = 0.1


@dataclass(frozen=True)
class Assignment:
    """Who is treated, and what deals it again: share treated, seed, and the share of deals that count as balanced."""

    treated: tuple[bool, ...]
    share: float
    accepted: float
    seed: int

    def record(self) -> dict[str, Any]:
        """Everything but the pre-period, as JSON can hold it."""
        kept: dict[str, Any] = {"version": VERSION, "share": self.share, "accepted": self.accepted, "seed": self.seed}
        return kept | {"treated": list(self.treated)}


@dataclass(frozen=True)
class Balance:
    """One pre-period figure in both arms. standardised: difference ÷ √((sd_T² + sd_C²)/2); variance_ratio: sd_T² ÷
    sd_C² (1 when neither varies, 0 when only the control does); is_balanced: |standardised| ≤ 0.1 (Austin 2009)."""

    name: str
    mean_treated: float
    mean_control: float
    difference: float
    standardised: float
    variance_ratio: float
    is_balanced: bool


def assign(pre: Any, share: float = 0.5, accepted: float = 0.1, seed: int = SEED) -> Assignment:
    """Deals clusters to treatment until their pre-period is balanced.

    pre: cluster × figure (or one figure a cluster), known before the test. share: of clusters treated (0.5, 0.8).
    accepted: share of random deals that pass; the Mahalanobis distance of the arms' means must lie below that
    quantile of its reference (Morgan & Rubin 2012); 1 takes the first deal. CannotTell with fewer than 4 clusters,
    2 in an arm, or when no deal passes.
    """
    figures = _figures(pre)
    treated = _deals(figures, share, accepted, 1, seed)[0]
    return Assignment(tuple(bool(mark) for mark in treated), share, accepted, seed)


def reassign(pre: Any, record: Mapping[str, Any]) -> Assignment:
    """The assignment of a record, dealt again. CannotTell when the pre-period or the record was changed."""
    made = assign(pre, float(record["share"]), float(record["accepted"]), int(record["seed"]))
    if list(made.treated) != list(record.get("treated", made.treated)):
        raise CannotTell("The stored arms are not those that the stored seed deals: the record or pre-period changed.")
    return made


def balance_table(pre: Any, treated: Any, names: Sequence[str]) -> list[Balance]:
    """One row a pre-period figure; a figure that is the same everywhere is balanced."""
    figures, marks = _figures(pre), _marks(treated)
    if len(marks) != len(figures) or len(names) != figures.shape[1]:
        raise CannotTell("The arms, the figures and their names don't fit together: give every cluster all of them.")
    return [_balance(name, figures[marks, place], figures[~marks, place]) for place, name in enumerate(names)]


def analyse(
    outcome: Any, pre: Any, assignment: Assignment, level: float = 0.9, spend: float | None = None,
    adjust: bool = True, draws: int = DRAWS, seed: int = SEED,
) -> Effect:  # fmt: skip
    """Difference of means between arms against deals that would have passed the same balance rule.

    outcome: one value a cluster. adjust: outcomes are first freed from the pre-period by least squares over all
    clusters (which the exactness does not depend on; Rosenbaum 2002). The interval holds every constant effect that is
    not rejected. spend: money on the treated; the effect is then n treated × difference ÷ spend, a multiple.
    extras: p (two-sided), assignments.
    """
    figures, marks = _figures(pre), np.array(assignment.treated, dtype=bool)
    values = numbers(outcome, "the outcome").ravel()
    if not len(values) == len(marks) == len(figures):
        raise CannotTell("The outcome, the pre-period and the arms differ in length: give every cluster all of them.")
    if np.ptp(values) == 0:
        raise CannotTell("Every cluster has the same outcome, so nothing shows how sure the difference is.")
    dealt = np.vstack([marks, _deals(figures, assignment.share, assignment.accepted, draws, seed)])
    dose = marks.astype(float)
    if spend is not None:
        dose = dose * positive_spend(spend) / marks.sum()
    outcomes, doses = (_apart(dealt, _freed(part, figures) if adjust else part) for part in (values, dose))
    if abs(outcomes).max() <= 1e-12 * np.abs(values).max():
        raise CannotTell("The pre-period explains the outcome wholly, so there is no scatter to judge by.")
    return inverted((float(outcomes[0]), float(doses[0])), (outcomes, doses), level)


def _figures(pre: Any) -> Numbers:
    figures = numbers(pre, "the pre-period")
    figures = figures[:, None] if figures.ndim == 1 else figures
    if len(figures) < FEWEST:
        raise CannotTell(f"{len(figures)} clusters are too few to deal into two arms: at least {FEWEST} are needed.")
    return figures


def _marks(treated: Any) -> Marks:
    marks: Marks = np.asarray(treated, dtype=bool)
    if marks.all() or not marks.any():
        raise CannotTell(f"No cluster is {'control' if marks.all() else 'treated'}: an arm is empty.")
    return marks


def _deals(figures: Numbers, share: float, accepted: float, draws: int, seed: int) -> Marks:
    """Balanced deals, one a row, from one stream of random numbers."""
    n = len(figures)
    few = round(n * share)
    if not 2 <= few <= n - 2 or not 0 < accepted <= 1:
        raise CannotTell(f"{share:.0%} of {n} clusters leaves an arm with fewer than two: change the share.")
    whitened = _whitened(figures)
    # n_T n_C / n × squared distance of whitened means is chi-square in the rank of the figures.
    limit = float(stats.chi2.ppf(accepted, max(whitened.shape[1], 1))) if accepted < 1 else np.inf
    rng, found, kept = np.random.default_rng(seed), [], 0
    for _ in range(TRIES + draws):
        marks = rng.random((BATCH, n)).argsort(axis=1).argsort(axis=1) < few
        apart = marks @ whitened * (n / (few * (n - few)))
        passed = marks[(apart**2).sum(axis=1) * few * (n - few) / n <= limit]
        found.append(passed)
        kept += len(passed)
        if kept >= draws:
            return np.vstack(found)[:draws]
    raise CannotTell("No deal of these clusters is as balanced as asked: accept a larger share of deals.")


def _whitened(figures: Numbers) -> Numbers:
    """Figures centred and turned so that they are unrelated with variance 1; what does not vary is dropped."""
    centred = figures - figures.mean(axis=0)
    scale = np.abs(centred).max(axis=0)
    centred = centred[:, scale > 1e-12 * np.abs(figures).max(axis=0)]
    if not centred.shape[1]:
        return np.zeros((len(figures), 1))
    left, sizes, _ = np.linalg.svd(centred / np.abs(centred).max(axis=0), full_matrices=False)
    kept: Numbers = left[:, sizes > 1e-10 * sizes[0]] * np.sqrt(len(figures) - 1)
    return kept


def _freed(values: Numbers, figures: Numbers) -> Numbers:
    """Less what the pre-period explains; at most a quarter as many figures as clusters are used."""
    turned = _whitened(figures)[:, : max(len(figures) // 4, 1)]
    design = np.column_stack([np.ones(len(values)), turned])
    left: Numbers = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return left


def _apart(dealt: Marks, values: Numbers) -> Numbers:
    few = int(dealt[0].sum())
    inside = dealt @ values
    apart: Numbers = inside / few - (values.sum() - inside) / (dealt.shape[1] - few)
    return apart


def _balance(name: str, one: Numbers, two: Numbers) -> Balance:
    apart = float(one.mean() - two.mean())
    spreads = [float(part.var(ddof=1)) if len(part) > 1 else 0.0 for part in (one, two)]
    spread = float(np.sqrt(sum(spreads) / 2))
    size = max(abs(float(one.mean())), abs(float(two.mean())))
    if spread <= 1e-12 * size:
        # Arms without scatter differ wholly or not at all.
        standardised = 0.0 if abs(apart) <= 1e-12 * size else float(np.sign(apart)) * len(one)
    else:
        standardised = apart / spread
    ratio = spreads[0] / spreads[1] if spreads[1] > 0 else float(spreads[0] == 0)
    return Balance(
        name, float(one.mean()), float(two.mean()), apart, standardised, ratio, abs(standardised) <= NEGLIGIBLE
    )
