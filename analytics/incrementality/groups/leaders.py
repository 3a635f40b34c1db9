"""Decides who leads once luck is taken out: shrunken values, ranks with their ends, chances, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analytics import formats
from analytics.assumptions import Assumptions
from analytics.effects import shrinkage
from analytics.effects.effect import Effect
from analytics.effects.refusals import CannotTell
from analytics.incrementality.groups.believed import FEWEST, believed, tail
from analytics.incrementality.groups.shared import UNNAMED, Doses, Floats, shared_by_spend
from analytics.incrementality.groups.slices import BELIEVED, MOST_FALSE, SHARED, UNDRAWN, judged
from analytics.incrementality.verdict import BREAK_EVEN
from analytics.ratios import NAN, smallest_seen

COLUMNS = (
    "influencer_id", "influencer", "units", "spend", "raw", "raw_lower", "raw_upper", "mde", "shrunk", "lower", "upper",
    "kept", "rank_middle", "rank_first", "rank_last", "chance_best", "beats_mean", "verdict", "method",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Board:
    """The groups, best first. rows: [COLUMNS]; draws: draw × group, in the order of `rows`; level of all intervals;
    mean: spend-weighted iROAS of all of them; is_random: whether the arms were drawn."""

    rows: pd.DataFrame
    draws: Floats
    level: float
    mean: float
    is_random: bool

    def beats(self, a: str, b: str) -> float:
        """Probability that a's true iROAS lies above b's, given all units; ids as in influencer_id."""
        one, other = (self.draws[:, self._place(name)] for name in (a, b))
        return float((one > other).mean() + (one == other).mean() / 2)

    def _place(self, name: str) -> int:
        found = np.flatnonzero(self.rows["influencer_id"] == name)
        if not len(found):
            raise CannotTell(f"“{name}” is not among those compared: choose two of those listed.")
        return int(found[0])

    def picks(self, count: int) -> Effect:
        """Mean iROAS to expect of the first `count`, with the same money each; extras: promised, by raw values."""
        if not 1 <= count <= len(self.rows):
            raise CannotTell(f"{count} of {len(self.rows)} influencers can't be picked: choose from 1 to all of them.")
        own = self.draws[:, :count].mean(axis=1)
        low, high = np.quantile(own, [(1 - self.level) / 2, (1 + self.level) / 2])
        point = float(own.mean())
        promised = float(self.rows["raw"].head(count).mean())
        return Effect(point, min(float(low), point), max(float(high), point), self.level, float(own.std()), np.inf,
                      {"promised": promised})  # fmt: skip


def board(given: Doses, names: dict[str, str], assumptions: Assumptions, is_random: bool) -> Board:
    """The leaderboard of the influencers paid in the units. names: influencer_id → name.

    raw: `iroas.shared_by_spend` with its interval; mde: smallest raw value that its size shows, multiples. shrunk:
    `iroas.shrunken`. kept: share of 0 to 1, how much of the
    scatter between influencers the data resolve for this one; its luck share is 1 − kept. Ranks: 1 is best; first and
    last: ends of the rank at the same level. chance_best, beats_mean (the spend-weighted mean): shares. verdict: of the
    shrunken interval, Benjamini–Hochberg over all influencers. Raises CannotTell.
    """
    raw = shared_by_spend(given, assumptions.confidence).set_index("group").loc[list(given.groups)]
    found = believed(given, draws=max(500, min(4000, 4_000_000 // len(given.groups))))
    half = found.sds * _reach(assumptions.confidence)
    rows = pd.DataFrame(
        {
            "influencer_id": given.groups, "influencer": [names.get(one, one) for one in given.groups],
            "units": given.units, "spend": given.group_spend, "raw": raw["estimate"].to_numpy(),
            "raw_lower": raw["lower"].to_numpy(), "raw_upper": raw["upper"].to_numpy(), "mde": raw["mde"].to_numpy(),
            "shrunk": found.points,
            "lower": found.points - half, "upper": found.points + half, "kept": found.kept.clip(0, 1), "p": NAN,
        }
    )  # fmt: skip
    if is_random:
        rows["p"] = tail(found.points, found.sds, BREAK_EVEN)
    return _ranked(rows, found.draws, assumptions.confidence, is_random)


def board_of_estimates(
    groups: pd.DataFrame, assumptions: Assumptions, is_random: bool, seed: int = shrinkage.SEED
) -> Board:
    """The same for groups that were each measured by themselves (a holdout a campaign, a test a brand).

    groups: [influencer_id, influencer, units, spend, raw, se], one row a group; by effects.shrinkage. Raises
    CannotTell below 3 groups, and where a standard error is not above zero.
    """
    level = assumptions.confidence
    shrunk = shrinkage.shrink(groups["raw"], groups["se"], level)
    reach = groups["se"] * _reach(level)
    rows = groups.drop(columns="se").assign(
        raw_lower=groups["raw"] - reach, raw_upper=groups["raw"] + reach,
        mde=[smallest_seen(float(se), np.inf, level) for se in groups["se"]], shrunk=shrunk.points, lower=shrunk.lower,
        upper=shrunk.upper, kept=shrunk.kept, p=tail(shrunk.points, shrunk.sds, BREAK_EVEN) if is_random else NAN,
    )  # fmt: skip
    draws = shrinkage.true_values(groups["raw"], groups["se"], seed=seed)
    return _ranked(rows, draws, level, is_random)


def _reach(level: float) -> float:
    return float(stats.norm.isf((1 - level) / 2))


def _ranked(rows: pd.DataFrame, draws: Floats, level: float, is_random: bool) -> Board:
    """Ranks, chances and verdicts of those with a name, best first."""
    named = np.flatnonzero((rows["influencer_id"] != UNNAMED) & (rows["spend"] > 0))
    if len(named) < FEWEST:
        raise CannotTell(
            f"{len(named)} influencers with spend are too few to tell luck from difference: at least {FEWEST} are "
            "needed."
        )
    order = named[np.lexsort((rows["influencer_id"].to_numpy()[named].astype(str), -rows["shrunk"].to_numpy()[named]))]
    kept, drawn = rows.iloc[order].reset_index(drop=True), draws[:, order]
    weights = kept["spend"].to_numpy(float) / float(kept["spend"].sum())
    whole = drawn @ weights
    places = (-drawn).argsort(axis=1).argsort(axis=1) + 1
    edges = [(1 - level) / 2, 0.5, (1 + level) / 2]
    first, middle, last = np.quantile(places, edges, axis=0, method="inverted_cdf").astype(int)
    table = kept.assign(
        rank_middle=middle, rank_first=first, rank_last=last, chance_best=(places == 1).mean(axis=0),
        beats_mean=(drawn > whole[:, None]).mean(axis=0), method=BELIEVED.id, agrees=True,
    )  # fmt: skip
    table = judged(table, level)[list(COLUMNS)]
    return Board(table, drawn, level, float(whole.mean()), is_random)


def luck(kept: float) -> str:
    """What share of a raw lead or lag is luck, in words: “94 % is luck”."""
    return f"{formats.share(round(1 - kept, 2))} is luck"


def next_sentence(row: pd.Series, level: float) -> str:
    """What the next campaign with this influencer will probably return, once the raw value has come back."""
    span = formats.interval(float(row["lower"]), float(row["upper"]), "multiple")
    expected, shown = formats.multiple(float(row["shrunk"])), formats.multiple(float(row["raw"]))
    raw = formats.interval(float(row["raw_lower"]), float(row["raw_upper"]), "multiple")
    return (
        f"A next campaign with {row['influencer']} will probably return {expected} ({formats.share(level)} interval "
        f"{span}, {row['method']}), not the {shown} ({raw}, {SHARED.id}) that its raw share shows, of which "
        f"{luck(float(row['kept']))}."
    )


def leading_sentence(found: Board) -> str:
    """Who leads, how sure that is, and how many may be judged."""
    best, count = found.rows.iloc[0], len(found.rows)
    span = formats.interval(best["lower"], best["upper"], "multiple")
    words = (
        f"{best['influencer']} leads with iROAS {formats.multiple(best['shrunk'])} ({formats.share(found.level)} "
        f"interval {span}, {best['method']}), place {best['rank_first']} to {best['rank_last']} of {count}, with a "
        f"chance of {formats.share(best['chance_best'])} to be the best."
    )
    sure = int((found.rows["verdict"] != "cannot tell yet").sum())
    told = f"{formats.count(sure)} of {formats.count(count)} can be told from break-even"
    how = f"at most {formats.share(MOST_FALSE)} of such verdicts false"
    undrawn = "" if found.is_random else f" {UNDRAWN}"
    return f"{words} {told} ({how}).{undrawn}"
