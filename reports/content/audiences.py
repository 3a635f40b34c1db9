"""Decides what each audience is shown: which pages, which panels of them, which sections around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analytics.views import PageView

SECTIONS = ("front", "contents", "since", "chapters", "data", "methods", "glossary")


@dataclass(frozen=True)
class Audience:
    """key, title, says: its name and for whom it is. pages: page keys, () for every tab. sections: of SECTIONS.

    cut: a filled page as this audience sees it.
    """

    key: str
    title: str
    says: str
    pages: tuple[str, ...] = ()
    sections: tuple[str, ...] = SECTIONS
    cut: Callable[[PageView], PageView] = lambda view: view


AUDIENCES: dict[str, Audience] = {
    key: Audience(key, title, says)
    for key, title, says in (
        ("brand", "Brand manager", "every tab with its leading questions"),
        ("executive", "Executive", "one page"),
        ("finance", "Finance", "payouts and reconciliation"),
        ("statement", "Influencer statement", "one influencer: what was posted, sold and paid"),
        ("everything", "Everything", "every panel and every row"),
    )
}
