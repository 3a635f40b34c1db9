"""Decides what the user is told when something cannot be done.

    UserError                 a sentence for people: what is wrong, where, what to do
    ├── BadFilter             the address or query asks for something that is not there
    ├── BadAssumption         a way of reckoning outside its bounds
    ├── NoData                nothing has been imported, or nothing is left after the filters
    ├── StaleData             the data changed under the reader
    ├── BadExperiment         an experiment is declared in a way that cannot be
    └── BadUpload             a file that cannot become one of the four tables

One class, three faces: a panel's sentence, HTTP 400, a note in the PDF. Anything else that is raised is a
bug. This module imports nothing of ours.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class UserError(Exception):
    """Something the reader can mend; its text is the sentence to show."""


class BadFilter(UserError):
    """The query names a key or a value that does not exist."""


class BadAssumption(UserError):
    """A way of reckoning is unknown or outside its bounds."""


class NoData(UserError):
    """There is nothing to answer from."""


class StaleData(UserError):
    """The data set that was asked for is no longer the current one."""


class BadExperiment(UserError):
    """What was said of an experiment cannot be, or names one that is not there."""


class BadUpload(UserError):
    """A file cannot be read as one of the four tables."""


def suggest(word: str, known: Iterable[str]) -> str:
    """End of a sentence: the nearest known word, or what there is to choose from."""
    words = [str(item) for item in known]
    folded = {item.casefold(): item for item in words}
    near = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    if near:
        return f"Did you mean “{folded[near[0]]}”?"
    if not words:
        return "The data has none."
    shown = ", ".join(words[:8]) + (", …" if len(words) > 8 else "")
    return f"There is: {shown}."
