"""Decides what is said of the data behind the numbers: where each row and all money went, and what stays locked."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

import pandas as pd

from analytics import formats
from analytics.views import Column, Panel, Quality
from data import schema

COUNTED = ("rows_read", "accepted", "set_aside", "blank")
MONEY = ("read", "accepted", "set_aside")
TOTAL = "All files"
_WEIGHTS = {"wrong": 0, "check": 1, "info": 2}
_FILES = (Column("file", "File"), Column("table", "Taken as"), Column("rows_read", "Rows read", "count"),
          Column("accepted", "Accepted", "count"), Column("set_aside", "Set aside", "count"),
          Column("blank", "Blank", "count"))  # fmt: skip
_MONEY = (Column("file", "File"), Column("header", "Column"), Column("read", "Read", "money"),
          Column("accepted", "Accepted", "money"), Column("set_aside", "Set aside", "money"),
          Column("unreadable", "Unreadable rows", "count"))  # fmt: skip
_QUARANTINE = (
    "The {rows} set aside can be had as a file, each with its rule and reason, to be mended and dropped back in: "
    "from the Import page, or with python -m data quarantine --out FOLDER."
)


def of(store: Any) -> Quality:
    """The quality of the data that the store answers from; remembered for the version. Raises NoData."""
    return _of(store, store.version)


@lru_cache(maxsize=8)
def _of(store: Any, version: int) -> Quality:
    files, accounts = store.files(), store.accounts()
    capabilities = store.capabilities()
    totals = {key: int(files[key].sum()) for key in COUNTED}
    notes = sorted(store.provenance().notes, key=lambda note: (_WEIGHTS.get(note.weight, 3), -note.rows))
    return Quality(
        equation=equation(totals), files=_files_panel(files, totals), money=_money_panel(files, accounts),
        notes=tuple(notes), locked=tuple(one["says"] for one in capabilities if not one["has"]),
        unlocked=tuple(one["label"][0].lower() + one["label"][1:] for one in capabilities if one["has"]),
        quarantine=_quarantine(totals["set_aside"]), records=_records(files, accounts, capabilities),
    )  # fmt: skip


def equation(totals: dict[str, int]) -> str:
    """Where every row went: “2,669 rows read = 2,654 accepted + 12 set aside + 3 blank”."""
    read, accepted, aside, blank = (formats.count(totals[key]) for key in COUNTED)
    return f"{read} rows read = {accepted} accepted + {aside} set aside + {blank} blank"


def _quarantine(rows: int) -> str:
    if not rows:
        return "No row was set aside."
    return _QUARANTINE.format(rows="one row" if rows == 1 else f"{formats.count(rows)} rows")


def _files_panel(files: pd.DataFrame, totals: dict[str, int]) -> Panel:
    """A row a file, those left out with their reason, and the sums."""
    left_out = [f"{row.file}: {row.remark}" for row in files.itertuples() if not row.table and row.remark]
    rows = files[files["table"] != ""][[column.key for column in _FILES]]
    total = pd.DataFrame([{"file": TOTAL, "table": "", **totals}])
    frame = pd.concat([rows, total], ignore_index=True)
    summary = f"{equation(totals)}."
    return Panel("files", "Where every row went", "", summary, frame, _FILES, note=" ".join(left_out), kind="table")


def _money_panel(files: pd.DataFrame, accounts: pd.DataFrame) -> Panel | None:
    """A row a file and money column, and a sum a field; None when the version counted no money."""
    if accounts.empty:
        return None
    named = accounts.merge(files[["file_no", "file"]], on="file_no", how="left")
    sums = [
        {"file": TOTAL, "header": _label(str(field)), "unreadable": int(rows["unreadable"].sum()),
         **{key: sum(rows[key], Decimal(0)) for key in MONEY}}
        for field, rows in named.groupby("field", sort=False)
    ]  # fmt: skip
    frame = pd.concat([named, pd.DataFrame(sums)], ignore_index=True)[[column.key for column in _MONEY]]
    says = "As written in the files, before anything is added up: read = accepted + set aside."
    note = "A row that several files hold is counted here in each of them, and once in the numbers."
    return Panel("money", "Where all money went", "", says, frame, _MONEY, note=note, kind="table")


def _label(field: str) -> str:
    measure = schema.MEASURES.get(field)
    return measure.label if measure else field.replace("_", " ").capitalize()


def _records(files: pd.DataFrame, accounts: pd.DataFrame, capabilities: list[dict[str, Any]]) -> dict[str, Any]:
    """For programs: amounts as text with every digit."""
    counted = files[["file", "table", *COUNTED]].to_dict("records")
    money = [
        {key: format(value, "f") if key in MONEY else value for key, value in row.items()}
        for row in accounts.to_dict("records")
    ]
    return {"files": counted, "accounts": money, "capabilities": capabilities}
