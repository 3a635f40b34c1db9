"""Decides that a refusal is a sentence for people, and that no odd number gets past the door."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analytics.effects.refusals import CannotTell, at_level, numbers
from errors import UserError


@pytest.mark.parametrize("values", [[], [math.nan], [1.0, -math.inf], ["word"], [None], [[1.0], [1.0, 2.0]]])
def test_odd_values_are_refused_in_a_sentence(values: list[object]) -> None:
    with pytest.raises(CannotTell, match=r"^The arm .*\.$"):
        numbers(values, "the arm")


@pytest.mark.parametrize("level", [0.0, 0.49, 1.0, -1.0, math.nan, math.inf])
def test_odd_levels_are_refused(level: float) -> None:
    with pytest.raises(CannotTell, match=r"level between"):
        at_level(level)


def test_a_refusal_is_something_to_show() -> None:
    assert issubclass(CannotTell, UserError)


def test_what_is_given_is_not_changed() -> None:
    given = np.array([1.0, 2.0])
    numbers(given, "the arm")[0] = 9.0
    assert list(given) == [1.0, 2.0]
