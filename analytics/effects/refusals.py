"""Decides when no number may be given: the refusal all effects share, and the checks of what comes in."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from errors import UserError

Numbers = npt.NDArray[np.float64]
# Fourth powers of it, and of one divided by it, still are numbers.
LARGEST = 1e30
ENOUGH = 8


class CannotTell(UserError):
    """No number can be given; its text is the one sentence that says what is wrong and what would mend it."""


def numbers(values: Any, what: str) -> Numbers:
    """The values as a fresh float array; CannotTell when one is missing, infinite or absurd, or none."""
    try:
        array: Numbers = np.array(values, dtype=float)
    except (TypeError, ValueError):
        raise CannotTell(f"{_capital(what)} holds something that is not a number: correct it.") from None
    if array.size == 0:
        raise CannotTell(f"{_capital(what)} is empty, so there is nothing to measure.")
    strange = int((~np.isfinite(array)).sum())
    if strange:
        raise CannotTell(
            f"{_capital(what)} has {strange} missing or infinite of {array.size} values: fill or leave out those rows."
        )
    largest = float(np.abs(array).max())
    if largest > LARGEST or 0 < largest < 1 / LARGEST:
        raise CannotTell(f"{_capital(what)} holds a value beyond anything countable: correct it.")
    return array


def no_giant(values: Numbers, what: str) -> None:
    """CannotTell when one of eight or more values outweighs all others together: the result would be that one's."""
    sizes = np.abs(values).ravel()
    if sizes.size >= ENOUGH and 2 * sizes.max() > sizes.sum() > 0:
        share = float(sizes.max() / sizes.sum())
        raise CannotTell(f"One value holds {share:.0%} of {what}: check that row, or leave it out.")


def at_level(level: float) -> float:
    """The level itself; CannotTell unless it lies between 0.5 and 0.999."""
    if not 0.5 <= level <= 0.999:
        raise CannotTell(f"An interval at {level:g} cannot be given: choose a level between 0.5 and 0.999.")
    return float(level)


def _capital(what: str) -> str:
    return what[:1].upper() + what[1:]
