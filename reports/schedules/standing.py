"""Decides what the data are, as far as a schedule asks: version, when it was imported, last day, days of campaigns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from data.filters import Filters
from data.store import Store
from data.versions import history
from errors import NoData
from reports.schedules.needs import DataState
from settings import Settings

_CAMPAIGNS = """
SELECT campaign, CAST(min(date) AS VARCHAR) AS first, CAST(max(date) AS VARCHAR) AS last
FROM facts WHERE {where} AND date IS NOT NULL GROUP BY campaign
"""


def data_now(settings: Settings) -> Callable[[], DataState]:
    """What the data are, asked again only when another version is the current one. Raises NoData when damaged."""
    store, known = Store(settings), [DataState()]

    def ask() -> DataState:
        version = history.versions(settings.data_dir).current
        if version != known[0].version:
            known[0] = _state(settings, store) if version else DataState()
        return known[0]

    return ask


def _state(settings: Settings, store: Store) -> DataState:
    try:
        now = store.now()
    except NoData:
        return DataState()
    said = history.versions(settings.data_dir).find(now.version)
    imported = datetime.fromisoformat(said.at).timestamp() if said and said.at else 0.0
    days = now.rows("campaign days", _CAMPAIGNS, Filters())
    campaigns = {
        str(name): (datetime.fromisoformat(first).date(), datetime.fromisoformat(last).date())
        for name, first, last in zip(days["campaign"], days["first"], days["last"], strict=True)
    }
    return DataState(now.version, imported, now.provenance().last_day, campaigns)
