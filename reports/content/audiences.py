"""Decides what each audience is shown: which pages, which panels of them and why, which sections around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from analytics.views import PageView, Panel

SECTIONS = ("front", "contents", "since", "chapters", "data", "methods", "glossary")


@dataclass(frozen=True)
class Shown:
    """A panel that an audience sees. reason: why it is among the few. columns: those of its table, () for all.

    most: findings that are told, the first ones; 0 for all.
    """

    reason: str
    columns: tuple[str, ...] = ()
    most: int = 0


Selection = Mapping[str, Mapping[str, Shown]]
"""Page key → panel key → how it is shown; a page that is not in it is shown whole."""

BRAND: Selection = {
    "overview": {
        "revenue_trend": Shown("what happened, week by week"),
        "roas_by_platform": Shown("where the money works: the first choice of every plan"),
        "roas_by_tier": Shown("which size of influencer to book next"),
    },
    "products": {
        "product_ranking": Shown("what sells"),
        "product_roas": Shown("what pays for its own promotion"),
        "roas_by_brand": Shown("which brand's money works"),
        "category_share": Shown("which group of products influencers are good for"),
    },
    "iroas": {
        "method_court": Shown("what was caused, by every method that can say it"),
        "trust": Shown("how far that can be believed"),
    },
    "cac": {
        "cac_by_platform": Shown("where an order is cheapest"),
        "cac_by_tier": Shown("which size brings it cheapest"),
        "cac_trend": Shown("whether it gets dearer"),
    },
    "insights": {
        "findings": Shown("what the numbers bear out, and what they cannot tell yet", most=6),
        "tier_platform": Shown("where size and platform work together"),
        "poor_roi": Shown("whose contract to talk about"),
    },
}
"""Two to four pictures a tab, and short tables whole; long tables stand in `everything`, never cut in here."""

FINANCE: Selection = {
    "payouts": {
        "payouts_reconciled": Shown("whether it adds up, by cause"),
        "payouts_by_month": Shown("in which month it belongs"),
        "payouts_by_pay_basis": Shown("what is paid for"),
        "payouts_by_brand": Shown("who bears it"),
        "payouts_by_platform": Shown("where it went"),
        "payouts_by_product": Shown("what it was for"),
        "payouts_by_status": Shown("what is still to be paid"),
        "payouts_by_influencer": Shown("every payee, whole"),
        "paid_without_orders": Shown("money without return"),
        "unpaid_with_revenue": Shown("claims to come"),
        "payouts_repeated": Shown("what may be paid twice"),
        "payout_ledger": Shown(
            "every payout with its reckoning, on the width of one page",
            ("influencer", "payout_id", "basis", "rate", "quantity", "recomputed", "declared", "difference", "cause",
             "status", "payout_date"),
        ),
    },
}  # fmt: skip
"""Every panel and every row; of the ledger the columns that one landscape page is wide enough for."""

EXECUTIVE: Selection = {
    "overview": {"revenue_trend": Shown("the picture of page 1 where there is no period before to compare with")},
    "insights": {"findings": Shown("the three that matter stand on page 1")},
}


@dataclass(frozen=True)
class Audience:
    """key, title, says: its name and for whom it is. pages: page keys, () for every tab. sections: of SECTIONS.

    cut: a filled page as this audience sees it. selection: the panels that it leaves.
    """

    key: str
    title: str
    says: str
    pages: tuple[str, ...] = ()
    sections: tuple[str, ...] = SECTIONS
    cut: Callable[[PageView], PageView] = lambda view: view
    selection: Selection = field(default_factory=dict)


def selected(selection: Selection, view: PageView) -> PageView:
    """The page with the panels that the selection has of it, in the page's order, and without its smaller tiles."""
    wanted = selection.get(view.key)
    if wanted is None:
        return view
    panels = tuple(_shown(panel, wanted[panel.key]) for panel in view.panels if panel.key in wanted)
    return replace(view, panels=panels, more=())


def _shown(panel: Panel, shown: Shown) -> Panel:
    if shown.columns and panel.kind == "table":
        panel = _narrowed(panel, shown.columns)
    if 0 < shown.most < len(panel.findings):
        told = f"the first {shown.most} of {len(panel.findings)} findings"
        panel = replace(panel, findings=panel.findings[: shown.most], frame=panel.frame.head(shown.most),
                        note=f"{panel.note} · {told}")  # fmt: skip
    return panel


def _narrowed(panel: Panel, columns: tuple[str, ...]) -> Panel:
    """The table with these columns, and a note on where the others are."""
    kept = tuple(column for column in panel.columns if column.key in columns)
    left_out = ", ".join(column.label for column in panel.columns if column not in kept)
    if not left_out or panel.frame.empty:
        return replace(panel, columns=kept)
    told = f"{left_out} stand in the report “everything” of this page"
    return replace(panel, columns=kept, note=" · ".join(part for part in (panel.note, told) if part))


def one_influencer(view: PageView) -> PageView:
    """A statement's page without anything that names another influencer or counts what the files hold in all.

    The page is made of one influencer's rows to begin with; what fails this is not printed, whoever put it there.
    """
    own = {str(one) for panel in view.panels for one in _ids(panel)}
    panels = tuple(replace(panel, findings=()) for panel in view.panels if len(own) < 2 or not _ids(panel))
    return replace(view, panels=panels, more=(), quality=None)


def _ids(panel: Panel) -> set[str]:
    return set(panel.frame["influencer_id"].dropna().astype(str)) if "influencer_id" in panel.frame else set()


AUDIENCES: dict[str, Audience] = {
    audience.key: audience
    for audience in (
        Audience(
            "brand", "Brand manager", "every tab with its leading questions",
            sections=("front", "contents", "since", "chapters", "data", "methods"),
            cut=partial(selected, BRAND), selection=BRAND,
        ),
        Audience(
            "executive", "Executive", "one page", ("overview", "insights"), ("front",),
            partial(selected, EXECUTIVE), EXECUTIVE,
        ),
        Audience(
            "finance", "Finance", "payouts and reconciliation", ("payouts",), SECTIONS,
            partial(selected, FINANCE), FINANCE,
        ),
        Audience(
            "statement", "Influencer statement", "one influencer: what was posted, sold and paid", ("statement",),
            ("chapters", "methods"), one_influencer,
        ),
        Audience("everything", "Everything", "every panel and every row"),
    )
}  # fmt: skip
