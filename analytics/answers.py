"""Decides who answers: the one door through which screen, paper and programs get filled pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from analytics import page as pages_of
from analytics import tiles
from analytics.ask import Ask
from analytics.assumptions import Assumptions
from analytics.page import Page
from analytics.pages import bridge, cac, insights, overview, payouts, product_hub, statement
from analytics.pages.incremental import page as incremental
from analytics.views import Column, PageView, Panel, Provenance
from data import schema
from data.filters import Filters
from errors import BadFilter, NoData, suggest

PAGES: dict[str, Page] = {
    module.PAGE.key: module.PAGE for module in (overview, product_hub, incremental, cac, insights)
}
PAPER_PAGES: dict[str, Page] = {module.PAGE.key: module.PAGE for module in (payouts, statement)}
"""Pages without a tab: asked for by reports and programs."""


@dataclass(frozen=True)
class PageInfo:
    """One tab: its key, its title and the path that opens it."""

    key: str
    title: str
    path: str


@dataclass(frozen=True)
class Declared:
    """One panel of a page before it is filled."""

    key: str
    title: str
    kind: str
    span: int
    columns: tuple[Column, ...]


class Answers:
    """Filled pages and tables from a store that it is handed."""

    def __init__(self, store: Any) -> None:
        self._store = store

    @property
    def pages(self) -> tuple[PageInfo, ...]:
        """The tabs, in order."""
        return tuple(PageInfo(page.key, page.title, page.path) for page in PAGES.values())

    @property
    def paper_pages(self) -> tuple[PageInfo, ...]:
        """The pages that have no tab: for reports and programs."""
        return tuple(PageInfo(page.key, page.title, page.path) for page in PAPER_PAGES.values())

    def declared(self, key: str) -> tuple[Declared, ...]:
        """The panels of a page before they are filled."""
        charts = _page(key).charts
        return tuple(Declared(chart.key, chart.title, chart.kind, chart.span, chart.columns) for chart in charts)

    def declared_tiles(self, key: str) -> tuple[tuple[str, str], ...]:
        """The tiles of a page before they are filled: key and label."""
        return tuple((tile, tiles.label(tile)) for tile in _page(key).tiles)

    def page(self, key: str, query: str) -> PageView:
        """The page filled for a query string (filters and ways of reckoning). Raises UserError."""
        return pages_of.build(_page(key), self._ask(query), self.canonical(query))

    def bridge(self, query: str, printed: int | None = None) -> Panel | None:
        """Why the return changed against the period before; None where nothing can be compared. Raises UserError.

        printed: the version of the data that the period before was last printed from, where one is known.
        """
        return bridge.panel(self._ask(query), printed)

    def table(
        self, keys: tuple[str, ...], by: tuple[str, ...], query: str, sort: str = "", limit: int | None = None
    ) -> pd.DataFrame:
        """Any metrics by any dimensions. Raises UserError."""
        return self._ask(query).table(keys, by, sort, limit)

    def _ask(self, query: str) -> Ask:
        assumptions = Assumptions.from_query(query)
        # A page is answered from one version, though another is imported, undone or redone while it is filled.
        store = self._store.now()
        filters = store.resolved(Filters.from_query(query), assumptions.tiers)
        return Ask(store, filters, assumptions)

    def canonical(self, query: str) -> str:
        """The query in its shortest form, spelled as the data: filters, then what differs from the usual reckoning."""
        filters, assumptions = Filters.from_query(query), Assumptions.from_query(query)
        if self._store.version:
            filters = self._store.resolved(filters, assumptions.tiers)
        parts = (filters.to_query(), assumptions.to_query())
        return "&".join(part for part in parts if part)

    def options(self) -> dict[str, list[str]]:
        """Dimension → values for the controls, those in brackets last; empty without data."""
        if not self._store.version:
            return {}
        found = {key: self._store.values(key) for key in schema.FILTERED if key != "influencer"}
        return {key: sorted(values, key=lambda value: value.startswith("(")) for key, values in found.items()}

    def named(self, influencers: tuple[str, ...]) -> list[dict[str, str]]:
        """Labels (names) and values (ids) of some influencers, for their control."""
        if not self._store.version:
            return [{"label": one, "value": one} for one in influencers]
        roster = self._ask("").roster().set_index("influencer_id")["influencer"]
        return [{"label": str(roster.get(one, one)), "value": one} for one in influencers]

    def span(self) -> tuple[date, date] | None:
        """First and last day of the data."""
        span: tuple[date, date] | None = self._store.span() if self._store.version else None
        return span

    @property
    def timezone(self) -> str:
        """The zone whose calendar days are counted."""
        return str(self._store.timezone)

    def fingerprint(self) -> dict[str, str]:
        """What every answer rests on: sha256 of the data version's file, mark of what was declared. Raises NoData."""
        found: dict[str, str] = self._store.fingerprint()
        return found

    def provenance(self) -> Provenance | None:
        """Where the numbers come from; None without data."""
        try:
            provenance: Provenance = self._store.provenance()
        except NoData:
            return None
        return provenance


def _page(key: str) -> Page:
    known = PAGES | PAPER_PAGES
    if key not in known:
        raise BadFilter(f"No page “{key}”. {suggest(key, known)}")
    return known[key]
