"""Decides what a report is made of before it meets a paper: one object that PDF, web page, workbook and JSON write."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.formats import HOUSE, Locale
from analytics.views import PageView
from reports.content.audiences import Audience
from reports.content.brand import HOUSE_BRAND, Brand
from reports.content.front import Front
from reports.order import Order


@dataclass(frozen=True)
class Mark:
    """What a report is called among all editions. id: “2026-08-01 · a41f9c”; made: instant in ISO form, with zone."""

    id: str
    made: str


@dataclass(frozen=True)
class Report:
    """views: the pages as the audience sees them, in order, at least one. since: what changed since the edition before
    (reports.editions), None where there was none."""

    order: Order
    audience: Audience
    views: tuple[PageView, ...]
    front: Front
    mark: Mark
    brand: Brand = HOUSE_BRAND
    locale: Locale = HOUSE
    since: object | None = None

    @property
    def reason(self) -> str:
        """Why it was made, '' where somebody simply asked; stands above the headline on every paper."""
        return self.order.reason

    @property
    def title(self) -> str:
        """Of the file, and of its running head."""
        return f"Influencer return, {self.views[0].filters}"
