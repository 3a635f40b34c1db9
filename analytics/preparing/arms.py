"""Decides which arm each unit has: the one that the declaration lists, else the one that all its rows carry."""

from __future__ import annotations

import pandas as pd

from analytics.incrementality.slice import CONTROL, TREATED
from data.experiments.record import Experiment

ARMS = {"test": TREATED, "control": CONTROL}


def given(
    rows: pd.DataFrame, experiment: Experiment | None, names: dict[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with `arm` ('' for none), and the units of the arms [unit, arm].

    names: other names of units, in small letters → unit. A listed unit that has no row stands among the units all the
    same. Without lists: a unit of which some rows carry one arm has it with all its rows; one whose rows carry both
    stands in both, with the rows of each, and is thereby no design.
    """
    if experiment is not None and experiment.treated:
        return _listed(rows, experiment, names)
    said = rows["campaign_type"].map(ARMS)
    pairs = pd.DataFrame({"unit": rows["unit"], "arm": said}).dropna().drop_duplicates().sort_values(["unit", "arm"])
    pairs = pairs.reset_index(drop=True).astype(object)
    one = pairs.drop_duplicates("unit", keep=False).set_index("unit")["arm"]
    arm = rows["unit"].map(one)
    both = rows["unit"].isin(pairs["unit"]) & arm.isna()
    return rows.assign(arm=arm.astype(object).where(~both, said).fillna("")), pairs


def _listed(rows: pd.DataFrame, experiment: Experiment, names: dict[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    known = {str(unit).casefold(): str(unit) for unit in rows["unit"].dropna().unique()}
    arm_of: dict[str, str] = {}
    for arm, listed in ((TREATED, experiment.treated), (CONTROL, experiment.control)):
        for unit in listed:
            folded = unit.strip().casefold()
            arm_of.setdefault(known.get(folded) or names.get(folded) or unit, arm)
    pairs = pd.DataFrame({"unit": list(arm_of), "arm": list(arm_of.values())}, dtype=object).sort_values("unit")
    return rows.assign(arm=rows["unit"].map(arm_of).astype(object).fillna("")), pairs.reset_index(drop=True)
