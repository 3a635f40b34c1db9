"""No sentence says a number that its tiles, tables, findings or bridge do not: tried over random filters of the sample.

TRUELIFT_STATES=50 tries as many; without it a few, to stay quick.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from analytics.answers import Answers
from errors import UserError
from reports.content import checked
from reports.content.checked import exceptions, numbers, strays
from reports.content.report import Report
from reports.order import Order
from reports.report import collected

STATES = int(os.environ.get("TRUELIFT_STATES", "4"))


def state(answers: Answers, seed: int) -> str:
    """Some filters; for the first seed none."""
    chance = random.Random(seed)
    options = answers.options()
    pairs = []
    for key in chance.sample(sorted(options), chance.choice([0, 1, 1, 2]) if seed else 0):
        known = options[key]
        pairs += [(key, value) for value in chance.sample(known, min(len(known), chance.choice([1, 1, 2])))]
    first, last = answers.span() or pytest.fail("the sample has days")
    if seed % 2:
        since = first + timedelta(days=chance.randrange((last - first).days))
        until = min(last, since + timedelta(days=chance.choice([6, 30, 90, 180])))
        pairs += [("from", since.isoformat()), ("to", until.isoformat())]
    return urlencode(pairs)


@pytest.mark.parametrize("seed", range(STATES))
def test_every_number_of_every_sentence_has_its_evidence(answers: Answers, seed: int) -> None:
    query = state(answers, seed)
    try:
        report = collected(answers, Order(query, audience="everything"))
    except UserError:
        return
    assert strays(report) == ()


@pytest.fixture(scope="module")
def sound(answers: Answers) -> Report:
    return collected(answers, Order())


def test_a_number_that_nothing_bears_out_is_found(sound: Report) -> None:
    front = replace(sound.front, headline="Influencers brought ₹98.76 L.", why="Return rose from 1.23× to 4.56×.")
    found = strays(replace(sound, front=front))
    assert {stray.number for stray in found} == {"98.76 L", "1.23", "4.56"}
    view = sound.views[0]
    panel = replace(view.panels[1], summary="Attributed rose 987.6 %.", key="some_panel")
    found = strays(replace(sound, views=(replace(view, panels=(view.panels[0], panel)), *sound.views[1:])))
    assert "987.6" in {stray.number for stray in found if stray.where == "overview some_panel"}


def test_a_count_of_findings_in_words_is_counted_again(sound: Report) -> None:
    front = replace(sound.front, why="Nine findings are borne out by their intervals.")
    assert [stray.number for stray in strays(replace(sound, front=front))] == ["Nine"]


def test_most_changes_of_a_digit_are_found(sound: Report) -> None:
    """The guard is awake: one digit of a number of a sentence is changed, and it is said to be a stray."""
    chance, tried, found = random.Random(3), 0, 0
    for view in sound.views:
        for panel in view.panels:
            longer = [number for number in numbers(panel.summary) if len(number) > 2]
            if panel.key in checked.UNSHOWN_IN or not longer:
                continue
            number = chance.choice(sorted(longer))
            wrong = number.translate(str.maketrans("0123456789", "1234567890"))
            mended = replace(panel, summary=panel.summary.replace(number, wrong))
            told = strays(replace(sound, views=(replace(view, panels=(mended,)),)))
            tried, found = tried + 1, found + (wrong in {stray.number for stray in told})
    assert tried >= 8
    assert found >= 0.8 * tried


def test_numbers_are_read_as_they_are_written() -> None:
    assert numbers("₹12.57 L, −0.34× and 4.98 % of 1,23,456; 90 %, Q3, h264.") == {
        "12.57 L", "0.34", "4.98", "1,23,456", "90",
    }  # fmt: skip


def test_every_exception_has_its_reason() -> None:
    assert all(key and len(reason) > 3 for key, reason in exceptions())
