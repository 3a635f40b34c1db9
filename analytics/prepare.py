"""Decides what is remembered of a selection: its slice, its court, its evidence and findings, while nothing changes."""

from __future__ import annotations

from functools import lru_cache

from analytics.ask import Ask
from analytics.finding_rules.evidence import Evidence
from analytics.findings import findings
from analytics.incrementality.court import court, headline
from analytics.incrementality.estimate import Estimate
from analytics.incrementality.slice import Slice
from analytics.preparing import evidence, selection
from analytics.views import Finding

# What holds of a selection: the data's version, and what is declared of experiments.
_State = tuple[int, str]


def _state(ask: Ask) -> _State:
    return ask.store.version, ask.store.experiments_mark


def slice_of(ask: Ask) -> Slice:
    """The selection as the methods take it: see Slice for the meaning of each field. Raises BadExperiment."""
    return _slice(ask, _state(ask))


@lru_cache(maxsize=128)
def _slice(ask: Ask, state: _State) -> Slice:
    return selection.slice_of(ask)


def court_of(ask: Ask) -> tuple[Estimate, ...]:
    """Every method's estimate for this selection. Raises BadExperiment."""
    return _court(ask, _state(ask))


@lru_cache(maxsize=128)
def _court(ask: Ask, state: _State) -> tuple[Estimate, ...]:
    return court(_slice(ask, state), ask.assumptions)


def evidence_of(ask: Ask) -> Evidence:
    """The sums that findings may be made from."""
    return _evidence(ask, _state(ask))


@lru_cache(maxsize=64)
def _evidence(ask: Ask, state: _State) -> Evidence:
    return evidence.evidence(ask, headline(_court(ask, state)))


def findings_of(ask: Ask) -> tuple[Finding, ...]:
    """What the numbers bear out."""
    return _findings(ask, _state(ask))


@lru_cache(maxsize=64)
def _findings(ask: Ask, state: _State) -> tuple[Finding, ...]:
    return findings(_evidence(ask, state), ask.assumptions)
