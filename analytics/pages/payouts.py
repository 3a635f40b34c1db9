"""Decides what the payouts page answers: what was paid to whom, by which basis, and whether it adds up. For reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analytics import charts, formats, sentences
from analytics.ask import Ask, named_groups
from analytics.figures.trend import trend
from analytics.metrics import METRICS
from analytics.page import Chart, Page, column
from analytics.pages import ledger
from analytics.reckoning.book import Book, book_of
from analytics.reckoning.reckon import ROUNDED
from analytics.views import Column, Figure, PageView, Tile
from data import schema

NO_DAY = "(no day)"
_BESIDE = ("seeding_cost", "orders")


def _headline(ask: Ask) -> tuple[str, str]:
    book = book_of(ask)
    if not book.lines:
        return "No payouts are in this selection.", "Import the payouts table, or take a filter off."
    paid = sum(1 for units in book.laid.values() if units)
    whom = sentences.counted(paid, "influencer", "influencers")
    lies = (
        "in cash was declared for" if book.declared == book.paid else "of payouts in cash falls on this selection, for"
    )
    first = f"{formats.money_full(book.money(book.paid))} {lies} {whom}"
    return f"{first}; {_apart(book)}.", _status(book)


def _apart(book: Book) -> str:
    """Whether every payout is what its rate gives, and how far all of them stand from that."""
    odd = sum(len(lines) for cause, lines in book.by_cause().items() if cause not in ("as computed", *ROUNDED))
    gap = book.declared - book.recomputed
    size = formats.money_full(abs(book.money(gap)))
    if not odd:
        return f"every payout is what its rate gives{f', but for {size} of rounding' if gap else ''}"
    whose = f"{formats.count(odd)} of {sentences.counted(len(book.lines), 'payout is', 'payouts are')}"
    in_all = f"{size} {'more' if gap > 0 else 'less'} is declared than recomputed" if gap else "the sums agree"
    return f"{whose} not what the rate gives, and {in_all}"


def _status(book: Book) -> str:
    """What is paid and what is still open, where the payouts say it; what lies outside the selection."""
    sums: dict[str, int] = {}
    for line in book.lines:
        sums[line.payout.status] = sums.get(line.payout.status, 0) + line.declared
    parts = [f"{formats.money_full(book.money(units))} {status}" for status, units in sums.items() if status and units]
    said = f"By status: {formats.listing(parts)}." if parts else "The payouts state no status."
    return f"{said} {elsewhere(book)}".strip()


def elsewhere(book: Book) -> str:
    """A sentence on what of these payouts lies outside the selection; "" when nothing does."""
    outside = book.declared - book.paid
    if not outside:
        return ""
    whole, part = (formats.money_full(book.money(units)) for units in (book.declared, outside))
    return f"They come to {whole} as a whole: {part} of it paid for what these filters leave out."


def _paid_by(key: str, title: str, by: str, span: int = 6, beside: tuple[str, ...] = _BESIDE) -> Chart:
    """Payouts and gifts by one dimension; every amount is in one of its rows, so they add up to the tile."""
    label = schema.DIMENSIONS[by].label
    columns = (Column(by, label), column("payout"), Column("share", "Share of payouts", "share"),
               *(column(other) for other in beside))  # fmt: skip

    def frame(ask: Ask) -> pd.DataFrame:
        rows = _with_payouts(ask.table(("payout", *beside), (by,), "-payout"))
        whole = rows["payout"].sum()
        share = rows["payout"] / whole if whole > 0 else np.nan
        named = rows.assign(share=share, **{by: rows[by].fillna(schema.UNKNOWN)})
        return named[[one.key for one in columns]].reset_index(drop=True)

    def shown(rows: pd.DataFrame) -> pd.DataFrame:
        return named_groups(rows, by).dropna(subset=["payout"])

    def say(rows: pd.DataFrame, ask: Ask) -> str:
        return sentences.shares(rows, by, "payout", "takes")

    return Chart(key, title, "payout", frame, columns, say, charts.drawn_ranked(by, "payout"), shown,
                 lambda ask: "Payouts as declared, laid on what they paid for", span=span, least=2,
                 empty=f"No payout here can be told apart by {label.lower()}.")  # fmt: skip


def _with_payouts(rows: pd.DataFrame) -> pd.DataFrame:
    """The groups that were paid or seeded."""
    return rows[(rows["payout"].fillna(0) != 0) | (rows["seeding_cost"].fillna(0) != 0)]


def _months(ask: Ask) -> pd.DataFrame:
    """Payouts by the month of the posts and orders that they paid for; what has no day stands in a row of its own."""
    rows = _with_payouts(ask.table(("payout", *_BESIDE), ("month",)))
    written = [NO_DAY if pd.isna(day) else f"{pd.Timestamp(day):%Y-%m}" for day in rows["month"]]
    return rows.assign(month=written).reset_index(drop=True)


def _say_months(rows: pd.DataFrame, ask: Ask) -> str:
    dated = named_groups(rows, "month").dropna(subset=["payout"])
    if dated.empty:
        return "No payout lies on a post or order with a day, so none can be put into a month."
    most = dated.loc[dated["payout"].idxmax()]
    count = sentences.counted(len(dated), "month", "months")
    when = formats.month(pd.Timestamp(most["month"]))
    return f"The most in a month is {formats.money(most['payout'])}, for {when}, of {count}."


def _draw_months(rows: pd.DataFrame, ask: Ask) -> Figure:
    days = pd.to_datetime(rows["month"] + "-01")
    shown = pd.DataFrame({"date": days, "name": "Payouts in cash", "value": rows["payout"].astype(float)})
    return trend(shown.reset_index(drop=True), METRICS["payout"])


def _tiles(view: PageView, ask: Ask) -> PageView:
    """The tiles that are sums over payouts, beside those that are metrics."""
    book, with_orders = book_of(ask), _with_orders(ask)
    paid = sum(1 for units in book.laid.values() if units)
    people = sentences.counted(len(with_orders), "influencer", "influencers")
    gap = book.declared - book.recomputed
    sums = [formats.money_full(book.money(units)) for units in (book.declared, book.recomputed)]
    idle = [line for line in book.lines if line.declared and line.payout.influencer_id not in with_orders]
    worth = formats.money_full(book.money(sum(line.declared for line in idle)))
    made = (
        _tile("influencers_paid", "With a payout here", "count", float(paid), f"{people} brought orders"),
        _tile("payout_gap", "Declared less recomputed", "money", book.money(gap),
              f"{sums[0]} declared, {sums[1]} recomputed"),
        _tile("payouts_without_orders", "Payouts without orders", "count", float(len(idle)),
              f"{worth} to influencers without an attributed order here"),
    )  # fmt: skip
    own = {tile.key: replace(tile, written=formats.exact(tile.value, tile.unit)) for tile in (*view.tiles, *made)}
    if not book.lines:
        return view
    order = ("payout", "seeding_cost", "influencers_paid", "cost_per_order", "payout_gap", "payouts_without_orders")
    return replace(view, tiles=tuple(own[key] for key in order))


def _tile(key: str, label: str, unit: str, value: float, note: str) -> Tile:
    return Tile(key, label, unit, value, formats.exact(value, unit), note)


def _with_orders(ask: Ask) -> frozenset[str]:
    rows = ask.table(("orders",), ("influencer",)).dropna(subset=["influencer_id"])
    return frozenset(rows.loc[rows["orders"] > 0, "influencer_id"].astype(str))


def _people(keep: Callable[[pd.DataFrame], pd.Series], sort: str) -> Callable[[Ask], pd.DataFrame]:
    """Influencers of the selection that `keep` holds for, largest `sort` first."""

    def frame(ask: Ask) -> pd.DataFrame:
        rows = ask.table(("payout", "seeding_cost", "posts", "orders", "revenue"), ("influencer",), f"-{sort}")
        rows = rows.dropna(subset=["influencer_id"])
        kept = rows[keep(rows)]
        return kept[[one.key for one in _PERSON]].reset_index(drop=True)

    return frame


def _counted_people(amount: str, what: str) -> Callable[[pd.DataFrame, Ask], str]:
    def say(rows: pd.DataFrame, ask: Ask) -> str:
        whom = sentences.counted(len(rows), "influencer", "influencers")
        return f"{whom} {what}: {formats.money(float(rows[amount].sum()))} in all."

    return say


_PERSON = (Column("influencer", "Influencer"), Column("influencer_id", "Id"), column("payout"),
           column("seeding_cost"), column("posts"), column("orders"), column("revenue"))  # fmt: skip
_WITHOUT: Sequence[Chart] = (
    Chart("paid_without_orders", "Who has a payout and brought no order?", "payout",
          _people(lambda rows: (rows["payout"].fillna(0) > 0) & ~(rows["orders"] > 0), "payout"), _PERSON,
          _counted_people("payout", "without an attributed order here"), kind="table", span=12,
          empty="Everybody with a payout brought an order in this selection."),
    Chart("unpaid_with_revenue", "Who brought revenue without a payout here?", "revenue",
          _people(lambda rows: (rows["revenue"] > 0) & ~(rows["payout"].fillna(0) > 0), "revenue"), _PERSON,
          _counted_people("revenue", "with revenue and no payout here"), kind="table", span=12,
          empty="Everybody who brought revenue in this selection has a payout in it."),
)  # fmt: skip

PAGE = Page(
    "payouts", "Payouts", "",
    ("payout", "seeding_cost", "cost_per_order"), (),
    (
        ledger.RECONCILED,
        Chart("payouts_by_month", "When was it earned?", "payout", _months,
              (Column("month", "Month"), column("payout"), *(column(other) for other in _BESIDE)),
              _say_months, _draw_months, lambda rows: named_groups(rows, "month").dropna(subset=["payout"]),
              lambda ask: "By the day of the posts and orders that were paid for", span=8,
              empty="No payouts are in this selection."),
        _paid_by("payouts_by_pay_basis", "By which basis?", "basis", 4),
        _paid_by("payouts_by_brand", "For which brand?", "brand"),
        _paid_by("payouts_by_platform", "For which platform?", "platform"),
        _paid_by("payouts_by_product", "For which product?", "product"),
        _paid_by("payouts_by_status", "What is paid, what is open?", "status", beside=("seeding_cost",)),
        ledger.PEOPLE,
        *_WITHOUT,
        ledger.COPIES,
        ledger.LEDGER,
    ),
    _headline, finish=_tiles,
)  # fmt: skip
