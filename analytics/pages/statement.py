"""Decides what one influencer's statement says: posts, orders, payouts line by line, and of nobody else a word.

For reports. It goes to the influencer: no other influencer, no sum over the brand, no return on what was paid.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from analytics import formats, sentences
from analytics.ask import Ask
from analytics.page import Chart, Page, column
from analytics.pages import ledger
from analytics.reckoning.book import Book, book_of
from analytics.reckoning.payout import Line, Part
from analytics.views import Column, PageView, Panel, Provenance, Tile
from data import schema
from errors import BadFilter

SUM = "Sum"
_WHAT = {
    "posts": "Posts", "orders": "Orders", "revenue": "Share of revenue", "once": "Fee", "bonus": "Bonus",
    "rounding": "Rounding", "adjustment": "Beyond rate × quantity", "agreed": "As agreed",
}  # fmt: skip
_UNIT = {"posts": "a post", "orders": "an order", "once": "once"}
# The posts of the selection: a line of posts stands behind each row of the cube that has all its words.
_POSTS = """
    SELECT l.date, l.platform, l.campaign, l.brand, t.url, l.reach, l.likes, l.comments
    FROM post_lines l LEFT JOIN posts t ON t.file_no = l.file_no AND t.row_no = l.row_no
    WHERE EXISTS (
        SELECT 1 FROM cube WHERE {where} AND kind = 'post' AND influencer_id = l.influencer_id
            AND date IS NOT DISTINCT FROM l.date AND brand = l.brand
            AND product = coalesce(l.product, $unknown) AND campaign = coalesce(l.campaign, $unknown)
            AND platform = coalesce(l.platform, $unknown)
            AND campaign_type IS NOT DISTINCT FROM l.campaign_type
    )
    ORDER BY l.date NULLS LAST, l.file_no, l.row_no
"""

_DAYS = "SELECT min(date) AS first, max(date) AS last FROM cube WHERE {where} AND kind IN ('post', 'order')"


def _one(ask: Ask) -> str:
    """The id of the influencer whose statement it is. Raises BadFilter unless there is exactly one."""
    chosen = ask.filters.influencer
    if len(chosen) != 1:
        many = "none is" if not chosen else f"{len(chosen)} are"
        raise BadFilter(
            f"A statement is about one influencer, and {many} chosen. Choose exactly one: influencer=<id> in the query."
        )
    return chosen[0]


def _name(ask: Ask) -> str:
    one, roster = _one(ask), ask.roster()
    return str(roster.loc[roster["influencer_id"] == one, "influencer"].iloc[0])


def _headline(ask: Ask) -> tuple[str, str]:
    name, book = _name(ask), book_of(ask)
    row = ask.table(("posts", "orders", "revenue")).iloc[0]
    parts = [sentences.counted(float(row[key]), key.removesuffix("s"), key) for key in ("posts", "orders")
             if row[key] > 0]  # fmt: skip
    worth = f" worth {formats.money_full(float(row['revenue']))}" if row["orders"] > 0 and row["revenue"] > 0 else ""
    brought = f" for {formats.listing(parts)}{worth}" if parts else ""
    if not book.lines:
        return f"{name}: no payout is stated{brought}.", _as_of(ask)
    count = sentences.counted(len(book.lines), "payout", "payouts")
    return f"{name}: {_written(book.declared, book)} in {count}{brought}.", _as_of(ask)


def _as_of(ask: Ask) -> str:
    first, last = _days(ask)
    since, until = ask.filters.since or first, ask.filters.until or last
    return f"{formats.span(since, until)}." if since and until else "The rows carry no days."


def _days(ask: Ask) -> tuple[date | None, date | None]:
    """First and last day of this influencer's own posts and orders in the selection."""
    rows = ask.store.rows("statement_days", _DAYS, ask.filters, tiers=ask.assumptions.tiers, cost=ask.assumptions.cost)
    first, last = (None if pd.isna(day) else pd.Timestamp(day).date() for day in rows.iloc[0])
    return first, last


def _written(units: int, book: Book) -> str:
    return formats.money_full(book.money(units))


def _lines(ask: Ask) -> pd.DataFrame:
    """A row a step of the reckoning, and their sum: the amounts add up to what was declared."""
    book = book_of(ask)
    rows = [_step(line, part, book) for line in book.lines for part in line.parts]
    if not rows:
        return pd.DataFrame({one.key: [] for one in _STEP})
    whole = {one.key: formats.MISSING for one in _STEP} | {"what": SUM, "payout_date": None}
    frame = pd.DataFrame([*rows, whole | {"amount": book.money(book.declared)}])
    return frame.astype({"payout_date": object}).replace({"payout_date": {np.nan: None}})


def _step(line: Line, part: Part, book: Book) -> dict[str, object]:
    paid = line.payout
    return {
        "payout_id": ledger.name_of(line), "campaign": paid.campaign or formats.MISSING,
        "basis": paid.basis or formats.MISSING, "what": _WHAT[part.kind], "rate": _rate(part),
        "quantity": _quantity(part), "amount": book.money(part.amount), "status": paid.status or formats.MISSING,
        "payout_date": ledger.day_of(paid.day),
    }  # fmt: skip


def _rate(part: Part) -> str:
    if part.rate is None:
        return formats.MISSING
    if part.kind == "revenue":
        return formats.share(float(part.rate))
    return f"{formats.money_full(float(part.rate))} {_UNIT[part.kind]}"


def _quantity(part: Part) -> str:
    if part.quantity is None:
        return formats.MISSING
    value = float(part.quantity)
    return formats.money_full(value) if part.kind == "revenue" else formats.count(value)


def _say_lines(rows: pd.DataFrame, ask: Ask) -> str:
    book = book_of(ask)
    adjusted = sum(line.difference for line in book.lines if any(part.kind == "adjustment" for part in line.parts))
    words = f"The lines add up to {_written(book.declared, book)}"
    if adjusted:
        words += f", {_written(adjusted, book)} of it adjustments to what rate × quantity gives"
    return f"{words}."


def _posts(ask: Ask) -> pd.DataFrame:
    """A row a post: day, platform, campaign, address as text, reach, likes and comments."""
    chosen = ask.assumptions
    rows = ask.store.rows(
        "statement_posts", _POSTS, ask.filters, tiers=chosen.tiers, cost=chosen.cost,
        values={"unknown": schema.UNKNOWN},
    )  # fmt: skip
    days = [None if pd.isna(day) else pd.Timestamp(day).date() for day in rows["date"]]
    engaged = rows[["likes", "comments"]].astype(float).sum(axis=1, min_count=1)
    frame = pd.DataFrame({"date": pd.Series(days, dtype=object)})
    for key in ("platform", "campaign", "url"):
        frame[key] = [formats.MISSING if pd.isna(text) else str(text) for text in rows[key]]
    reach = rows["reach"].astype(float)
    return frame.assign(reach=reach, engagements=engaged, engagement_rate=(engaged / reach.where(reach > 0)))


def _say_posts(rows: pd.DataFrame, ask: Ask) -> str:
    words = sentences.counted(len(rows), "post", "posts")
    reach, engaged = rows["reach"].sum(min_count=1), rows["engagements"].sum(min_count=1)
    said = [f"a summed reach of {formats.count(float(reach))}"] if pd.notna(reach) else []
    said += [f"{formats.count(float(engaged))} likes and comments"] if pd.notna(engaged) else []
    return f"{words}, {formats.listing(said)}." if said else f"{words}."


def _orders_by(key: str, title: str, by: str) -> Chart:
    """This influencer's orders and revenue by one dimension; they add up to the tiles."""
    label = schema.DIMENSIONS[by].label
    columns = (Column(by, label), column("orders"), column("revenue"))

    def frame(ask: Ask) -> pd.DataFrame:
        rows = ask.table(("orders", "revenue"), (by,), "" if by == "week" else "-orders")
        rows = rows[(rows["orders"].fillna(0) != 0) | (rows["revenue"].fillna(0) != 0)]
        if by == "week":
            rows[by] = ["(no day)" if pd.isna(day) else formats.day(pd.Timestamp(day)) for day in rows[by]]
        return rows[[one.key for one in columns]].reset_index(drop=True)

    def say(rows: pd.DataFrame, ask: Ask) -> str:
        orders = rows["orders"].sum(min_count=1)
        where = sentences.counted(len(rows), label.lower(), f"{label.lower()}s")
        return f"{sentences.counted(float(orders), 'order', 'orders') if pd.notna(orders) else 'Revenue'} in {where}."

    return Chart(key, title, "orders", frame, columns, say, kind="table", span=12,
                 note=lambda ask: "Attributed by code, link or id", empty="No orders in this statement.")  # fmt: skip


def _finish(view: PageView, ask: Ask) -> PageView:
    """Takes out what is not the influencer's: the files' rows and money, the notes on the data, the brand's spans."""
    book, row = book_of(ask), ask.table(("posts", "orders", "revenue")).iloc[0]
    tiles = (
        _tile("posts", "Posts", "count", row["posts"]),
        _tile("orders", "Orders", "count", row["orders"], "attributed by code, link or id"),
        _tile("revenue", "Revenue", "money", row["revenue"], "of those orders"),
        _tile("paid", "Payouts", "money", book.money(book.declared) if book.lines else float("nan"), _open(book)),
    )  # fmt: skip
    own = int(np.nansum([row["posts"], row["orders"]])) + len(book.lines)
    panels = tuple(_own_words(panel, view.provenance) for panel in view.panels)
    return replace(view, tiles=tiles, more=(), panels=panels, quality=None,
                   provenance=_own(view.provenance, own, ask))  # fmt: skip


def _open(book: Book) -> str:
    """What is paid and what is open, where the payouts say it."""
    sums: dict[str, int] = {}
    for line in book.lines:
        sums[line.payout.status] = sums.get(line.payout.status, 0) + line.declared
    return ", ".join(f"{_written(units, book)} {status}" for status, units in sums.items() if status and units)


def _tile(key: str, label: str, unit: str, value: float, note: str = "") -> Tile:
    written = formats.exact(float(value), unit)
    return Tile(
        key, label, unit, float(value), written, note or ("nothing in this statement" if written == "–" else "")
    )


def _own_words(panel: Panel, data: Provenance) -> Panel:
    """How a number is made, without what the data hold in all."""
    kept = tuple(line for line in panel.explain if not line.startswith("Data version"))
    return replace(panel, explain=(*kept, f"Data version {data.version}."))


def _own(data: Provenance, rows: int, ask: Ask) -> Provenance:
    first, last = _days(ask)
    return replace(data, rows_read=rows, rows_set_aside=0, rows_blank=0, first_day=first, last_day=last, files=(),
                   notes=())  # fmt: skip


_STEP = (Column("what", "For"), Column("campaign", "Campaign"), Column("basis", "Pay basis"), Column("rate", "Rate"),
         Column("quantity", "Quantity"), Column("amount", "Amount", "money"), Column("status", "Payout status"),
         Column("payout_date", "Paid on", "date"), Column("payout_id", "Payout"))  # fmt: skip

PAGE = Page(
    "statement", "Statement", "", (), (),
    (
        Chart("statement_payouts", "How was the payout reckoned?", "", _lines, _STEP, _say_lines, kind="table", span=12,
              note=lambda ask: "Rate × quantity, rounded to the paisa: as the payout states it, else as tracked",
              empty="No payout is stated."),
        Chart("statement_posts", "Which posts count?", "", _posts,
              (Column("date", "Day", "date"), Column("platform", "Platform"), Column("campaign", "Campaign"),
               Column("url", "Address"), column("reach"), column("engagements"), column("engagement_rate")),
              _say_posts, kind="table", span=12, empty="No posts in this statement."),
        _orders_by("statement_by_product", "Which products were ordered?", "product"),
        _orders_by("statement_by_campaign", "In which campaigns?", "campaign"),
        _orders_by("statement_by_week", "In which weeks?", "week"),
    ),
    _headline, finish=_finish,
)  # fmt: skip
