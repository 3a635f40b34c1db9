"""Decides how payouts are laid open: declared against recomputed, by cause, by influencer, and one by one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from analytics import formats, sentences
from analytics.ask import Ask, told_apart
from analytics.page import Chart, column
from analytics.reckoning.book import NOBODY, Book, book_of
from analytics.reckoning.payout import CAUSES, Line
from analytics.reckoning.reckon import counted
from analytics.views import Column

ALL = "All payouts"
_NONE = "No payouts are in this selection."
_OF_LINE = (
    Column("influencer", "Influencer"), Column("influencer_id", "Id"), Column("payout_id", "Payout"),
    Column("campaign", "Campaign"), Column("basis", "Pay basis"), Column("rate", "Rate as stated"),
    Column("quantity", "Quantity"), Column("recomputed", "Recomputed", "money"),
    Column("declared", "Declared", "money"), Column("difference", "Difference", "money"), Column("cause", "Cause"),
    Column("why", "Reckoned from"), Column("bonus", "Bonus inside", "money"), Column("gifts", "Gifts at cost", "money"),
    Column("status", "Payout status"), Column("payout_date", "Paid on", "date"),
)  # fmt: skip


def name_of(line: Line) -> str:
    """A payout's own id, else where it stands in its file."""
    return line.payout.payout_id or f"row {line.payout.row[1]}"


def quantity_of(line: Line) -> str:
    """What its rate counts, in words: 2 posts + ₹8,120 of revenue; "" where it counts nothing that is known."""
    known = [part for part in line.parts if part.quantity is not None]
    return " + ".join(counted(part.kind, part.quantity) for part in known)


def day_of(text: str) -> date | None:
    """A day that stands as text; None for none."""
    return date.fromisoformat(text) if text else None


def _row(line: Line, book: Book) -> dict[str, object]:
    paid = line.payout
    return {
        "influencer": paid.influencer, "influencer_id": paid.influencer_id, "payout_id": name_of(line),
        "campaign": paid.campaign, "basis": paid.basis, "rate": paid.rate, "quantity": quantity_of(line),
        "recomputed": book.money(line.recomputed), "declared": book.money(paid.declared),
        "difference": book.money(line.difference), "cause": line.cause, "why": line.why,
        "bonus": book.money(paid.bonus or None), "gifts": book.money(paid.gift or None), "status": paid.status,
        "payout_date": day_of(paid.day),
    }  # fmt: skip


def _frame(lines: Iterable[Line], book: Book) -> pd.DataFrame:
    keys = [one.key for one in _OF_LINE]
    frame = pd.DataFrame([_row(line, book) for line in lines], columns=keys)
    texts = [one.key for one in _OF_LINE if one.unit == "text"]
    frame[texts] = frame[texts].replace("", formats.MISSING)
    return frame.astype({"payout_date": object}).replace({"payout_date": {np.nan: None}})


def _ledger(ask: Ask) -> pd.DataFrame:
    book = book_of(ask)
    rows = told_apart(_frame(book.lines, book))
    # The quantity is all that the rate counts; with the bonus beside it each row multiplies out on paper.
    bonus = rows["bonus"].map(lambda paid: "" if formats.is_missing(paid) else f" + {formats.money_full(paid)} bonus")
    return rows.assign(quantity=(rows["quantity"] + bonus).where(rows["quantity"] != formats.MISSING, rows["quantity"]))


def _say_ledger(rows: pd.DataFrame, ask: Ask) -> str:
    book = book_of(ask)
    right = sum(1 for line in book.lines if line.cause == "as computed")
    whole = sentences.counted(len(book.lines), "payout", "payouts")
    words = f"{formats.count(right)} of {whole} are to the paisa what their rate gives."
    return words + _other_counts(book)


def _other_counts(book: Book) -> str:
    """A sentence on payouts that state other orders than were tracked; "" without any."""
    stated = [line.payout for line in book.lines if "orders" in line.payout.stated]
    pairs = [(one.stated["orders"], one.own.get("orders", one.all.get("orders"))) for one in stated]
    other = sum(1 for said, tracked in pairs if tracked is not None and said != tracked)
    if not other:
        return ""
    return f" {formats.count(other)} of {formats.count(len(pairs))} that state their orders state others than tracked."


def _reconciled(ask: Ask) -> pd.DataFrame:
    """A row a cause, and all of them; in each declared = recomputed + difference."""
    book = book_of(ask)
    if not book.lines:
        return pd.DataFrame({one.key: [] for one in _CAUSE})
    rows = [_sums(cause, CAUSES[cause], lines, book) for cause, lines in book.by_cause().items()]
    return pd.DataFrame([*rows, _sums(ALL, "declared = recomputed + difference", book.lines, book)])


def _sums(name: str, means: str, lines: tuple[Line, ...], book: Book) -> dict[str, object]:
    sums = {
        "declared": sum(line.declared for line in lines), "recomputed": sum(line.recomputed or 0 for line in lines),
        "difference": sum(line.difference for line in lines),
    }  # fmt: skip
    written = {key: book.money(units) for key, units in sums.items()}
    return {"cause": name, "means": means, "payouts": float(len(lines)), **written}


def _say_reconciled(rows: pd.DataFrame, ask: Ask) -> str:
    """Declared = recomputed and the differences by cause, with every amount."""
    book = book_of(ask)
    words = f"{_money(book.declared, book)} declared = {_money(book.recomputed, book)} recomputed"
    for cause, lines in book.by_cause().items():
        gap = sum(line.difference for line in lines)
        if gap:
            words += f" {'−' if gap < 0 else '+'} {_money(abs(gap), book)} ({cause})"
    return f"{words}.{_no_rates(book)}"


def _no_rates(book: Book) -> str:
    if book.lines and not any(line.payout.rate for line in book.lines):
        return " The payouts carry no rate, so nothing can be recomputed: the amounts stand as declared."
    return ""


def _money(units: int, book: Book) -> str:
    return formats.money_full(book.money(units))


def _by_influencer(ask: Ask) -> pd.DataFrame:
    """A row an influencer who is paid: whole payouts, what lies on the selection, and what came back."""
    book = book_of(ask)
    groups: dict[str, list[Line]] = {}
    for line in book.lines:
        groups.setdefault(line.payout.influencer_id, []).append(line)
    rows = [_person(one, lines, book) for one, lines in groups.items()]
    brought = ask.table(("orders", "revenue", "cost_per_order"), ("influencer",)).drop(columns="influencer")
    brought = brought.assign(influencer_id=brought["influencer_id"].fillna(""))
    found = pd.DataFrame(rows, columns=[*_PERSON_SUMS])
    frame = found.merge(brought.drop_duplicates("influencer_id"), on="influencer_id", how="left")
    nobody = frame["influencer_id"] == ""
    frame.loc[nobody, ["orders", "revenue", "cost_per_order"]] = np.nan
    ordered = frame.sort_values(["declared", "influencer"], ascending=[False, True], kind="stable")
    return ordered[[one.key for one in _PERSON]].reset_index(drop=True)


def _person(key: str, lines: list[Line], book: Book) -> dict[str, object]:
    sums = _sums(key, "", tuple(lines), book)
    return {
        "influencer": lines[0].payout.influencer if key else NOBODY, "influencer_id": key,
        "payouts": sums["payouts"], "payout": book.money(book.laid.get(key, 0)), "declared": sums["declared"],
        "recomputed": sums["recomputed"], "difference": sums["difference"],
        "seeding_cost": book.money(book.gifts.get(key)),
    }  # fmt: skip


def _say_people(rows: pd.DataFrame, ask: Ask) -> str:
    first, book = rows.iloc[0], book_of(ask)
    whom = sentences.counted(len(rows), "influencer", "influencers")
    words = f"{whom} with {_money(book.declared, book)} declared"
    if len(rows) > 1:
        words += f"; the most, {formats.money_full(first['declared'])}, for {first['influencer']}"
    return words + "."


def _copies(ask: Ask) -> pd.DataFrame:
    """Payouts that repeat an earlier row in everything but their id."""
    book = book_of(ask)
    repeated = book.copies()
    frame = _frame((book.lines[place] for place in repeated), book)
    return frame.assign(repeats=[name_of(line) for line in repeated.values()])


def _say_copies(rows: pd.DataFrame, ask: Ask) -> str:
    many = sentences.counted(len(rows), "payout repeats", "payouts repeat")
    sums = book_of(ask)
    whole = _money(sum(sums.lines[place].declared for place in sums.copies()), sums)
    return f"{many} an earlier row: {whole} that may be owed only once."


_CAUSE = (Column("cause", "Cause"), Column("means", "Meaning"), Column("payouts", "Payouts", "count"),
          Column("declared", "Declared", "money"), Column("recomputed", "Recomputed", "money"),
          Column("difference", "Difference", "money"))  # fmt: skip
_PERSON = (Column("influencer", "Influencer"), Column("influencer_id", "Id"), Column("payouts", "Payouts", "count"),
           column("payout"), Column("declared", "Declared", "money"), Column("recomputed", "Recomputed", "money"),
           Column("difference", "Difference", "money"), column("seeding_cost"), column("orders"), column("revenue"),
           column("cost_per_order"))  # fmt: skip
_PERSON_SUMS = ("influencer", "influencer_id", "payouts", "payout", "declared", "recomputed", "difference",
                "seeding_cost")  # fmt: skip

RECONCILED = Chart(
    "payouts_reconciled", "Does it add up?", "payout", _reconciled, _CAUSE, _say_reconciled, kind="table", span=12,
    note=lambda ask: "Whole payouts of this selection · recomputed: rate × quantity + bonus, as the payout states them,"
                     " else as tracked", empty=_NONE,
)  # fmt: skip
PEOPLE = Chart(
    "payouts_by_influencer", "Who was paid, and what came back?", "payout", _by_influencer, _PERSON, _say_people,
    kind="table", span=12, empty=_NONE,
    note=lambda ask: "Declared and recomputed: whole payouts · payouts in cash, orders, revenue: in this selection",
)  # fmt: skip
COPIES = Chart(
    "payouts_repeated", "Is anything there twice?", "payout", _copies,
    (*(one for one in _OF_LINE if one.key in ("influencer", "influencer_id", "payout_id", "campaign", "basis", "rate",
                                              "declared", "status", "payout_date")), Column("repeats", "Repeats")),
    _say_copies, kind="table", span=12, empty="No payout repeats another in everything but its id.",
)  # fmt: skip
LEDGER = Chart(
    "payout_ledger", "What was each payout reckoned from?", "payout", _ledger, _OF_LINE, _say_ledger, kind="table",
    span=12, note=lambda ask: "One row a payout, whole, by influencer · difference = declared − recomputed",
    empty=_NONE,
)  # fmt: skip
