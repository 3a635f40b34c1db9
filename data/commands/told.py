"""Decides how an import is told: one JSON object for programs and the Import page, lines for people, its progress."""

from __future__ import annotations

import heapq
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from data.incoming.plan import Report, Tell
from data.incoming.staging import Staged
from data.quality.accounts import Account
from data.values.written import count

_REASONS = 50
_HOW_TO_SAY = {"dates": " Say it with --dates dmy or --dates mdy."}


def _columns(item: Staged) -> list[dict[str, Any]]:
    return [
        {"header": column.header, "field": column.field, "sample": column.sample, "confidence": column.confidence,
         "suggestions": [{"field": name, "score": score} for name, score in column.suggestions]}
        for column in item.recognised.columns
    ]  # fmt: skip


def _account(one: Account) -> dict[str, Any]:
    amounts = {key: format(getattr(one, key), "f") for key in ("read", "accepted", "set_aside")}
    return {"field": one.field, "header": one.header, "unreadable": one.unreadable, **amounts}


def _file(item: Staged, accounts: Iterable[Account]) -> dict[str, Any]:
    raw, first = item.raw, heapq.nsmallest(_REASONS, item.set_aside, key=lambda one: one.row)
    return {
        "file": raw.file, "sheet": raw.sheet.strip(), "label": raw.label, "table": "" if item.refused else item.table,
        "why": item.recognised.why, "encoding": raw.encoding, "delimiter": raw.delimiter, "header_row": raw.header_row,
        "peek": raw.peek, "key": item.recognised.key,
        "remembered": item.recognised.remembered, "likely": item.recognised.likely,
        "rows_read": raw.read, "accepted": item.accepted, "set_aside": len(item.set_aside), "blank": raw.blank,
        "refused": item.refused, "columns": _columns(item), "unused": list(item.recognised.unused), "money": item.money,
        "accounts": [_account(one) for one in accounts],
        "first_day": item.first_day and item.first_day.isoformat(),
        "last_day": item.last_day and item.last_day.isoformat(),
        "reasons": [{"row": one.row, "rule": one.rule, "reason": one.reason} for one in first],
    }  # fmt: skip


def equation(report: Report) -> dict[str, Any]:
    """Rows over all files that were taken: read = accepted + set aside + blank."""
    taken = [item for item in report.staged if not item.refused]
    read, blank = sum(item.raw.read for item in taken), sum(item.raw.blank for item in taken)
    accepted, aside = sum(item.accepted for item in taken), sum(len(item.set_aside) for item in taken)
    holds = read == accepted + aside + blank
    return {"rows_read": read, "accepted": accepted, "set_aside": aside, "blank": blank, "holds": holds}


def as_record(report: Report) -> dict[str, Any]:
    """A report as one JSON object, for the Import page and for programs."""
    version, sample = report.base
    questions = [asdict(one) for one in report.questions]
    return {
        "ok": True, "error": "", "version": report.version, "unchanged": report.unchanged, "draft": report.draft,
        "mode": report.mode, "base": {"version": version, "sample": sample} if version else None,
        "files": [_file(item, report.accounts_of(item)) for item in report.staged],
        "tables": {table: asdict(fate) for table, fate in report.fates.items()},
        "equation": equation(report),
        "capabilities": [asdict(one) for one in report.capabilities],
        "notes": [asdict(note) for note in report.notes],
        "question": questions[0] if questions else None, "questions": questions,
    }  # fmt: skip


def nothing(error: str) -> dict[str, Any]:
    """The same object when nothing could be done, with the sentence that says why."""
    return as_record(Report(0, [])) | {"ok": False, "error": error}


def say(record: dict[str, Any], kept: bool) -> None:
    """Lines for people, of the record."""
    if record["unchanged"]:
        print(f"Nothing changed: version {record['version']} holds these files already.")
        return
    for one in record["files"]:
        _say_file(one)
    _say_sums(record)
    for note in record["notes"]:
        if note["rule"] != "file.left_out":
            print(f"  {note['weight']:<12} {note['sentence']}")
    for one in record["capabilities"]:
        if not one["has"]:
            print(f"  locked       {one['says']}")
    for one in record["questions"]:
        print(f"  asked        {one['sentence']}{_HOW_TO_SAY.get(one['kind'], '')}")
    print(f"Version {record['version']} is current." if kept else "Nothing was changed: this was only a look.")
    if record["draft"]:
        print(f"To import what was looked at: python -m data import --from-draft {record['draft']}")


def _say_sums(record: dict[str, Any]) -> None:
    """The rows against what is loaded, and the equation."""
    for table, fate in record["tables"].items():
        if record["base"]:
            parts = ", ".join(f"{count(fate[key])} {key}" for key in ("new", "changed", "same", "gone"))
            print(f"  {table:<12} {parts}: {count(fate['before'])} rows before, {count(fate['after'])} after")
    sums = record["equation"]
    read, accepted, aside, blank = (count(sums[key]) for key in ("rows_read", "accepted", "set_aside", "blank"))
    print(f"  rows         {read} read = {accepted} accepted + {aside} set aside + {blank} blank")


def _say_file(one: dict[str, Any]) -> None:
    if one["refused"]:
        print(f"  left out     {one['refused']}")
        return
    money = "".join(f", {key} {amount:,.2f}" for key, amount in one["money"].items())
    taken = f"{count(one['rows_read'])} rows read, {count(one['accepted'])} accepted"
    left = f"{count(one['set_aside'])} set aside, {count(one['blank'])} blank"
    print(f"  {one['table']:<12} {one['label']}: {taken}, {left}{money}")
    for reason in one["reasons"][:5]:
        print(f"               {reason['reason']}")


def progress(as_json: bool) -> Tell:
    """What tells how far the import is, on stderr: a JSON object a line, or one line that rewrites itself."""

    def tell(done: float, says: str) -> None:
        if as_json:
            line = json.dumps({"done": round(done, 4), "says": says}, ensure_ascii=False) + "\n"
        else:
            line = f"\r\x1b[K{done:4.0%}  {says}" + ("\n" if done >= 1 else "")
        sys.stderr.write(line)
        sys.stderr.flush()

    return tell
