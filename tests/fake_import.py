"""Decides what an import is tried on: a child that reads nothing and answers in the agreed form, versions in memory.

`python -m tests.fake_import inspect --json --draft … FILES` answers like `python -m data` would. A file called
broken* ends the child, slow* takes long, ask* leaves a question open, wrong* is refused; choices are obeyed.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from errors import NoData

NAMES = {",": "comma", ";": "semicolon", "\t": "tab"}
CHILD = (sys.executable, "-m", "tests.fake_import")
PEEK = [["TrueLift demo", "", "", ""], ["Order Value", "Bought on", "Who", "Remarks"],
        ["1,499", "03/04/2026", "007", "paid twice, see mail"], ["2,310.50", "05/04/2026", "012", ""]]  # fmt: skip
SUGGESTIONS = [{"field": "city", "score": 0.64}, {"field": "campaign", "score": 0.31}]


def column(header: str, field: str, confidence: float, sample: str, *suggestions: dict[str, Any]) -> dict[str, Any]:
    """One column of an answer."""
    return {"header": header, "field": field, "confidence": confidence, "sample": sample,
            "suggestions": list(suggestions)}  # fmt: skip


def file(name: str, choice: dict[str, Any]) -> dict[str, Any]:
    """One file of an answer, as the choice says."""
    fields = choice.get("columns", {})
    known = [
        column("Order Value", "revenue", 0.98, "1,499"),
        column("Bought on", "date", 0.95, "03/04/2026"),
        column("Who", "influencer_id", 0.71, "007", {"field": "influencer_id", "score": 0.71}, *SUGGESTIONS),
        column("Town or so", "", 0.0, "Pune", *SUGGESTIONS),
        column("Remarks", "", 0.0, "paid twice, see mail"),
    ]
    columns = [{**one, "field": fields[one["header"]], "confidence": 1.0} if one["header"] in fields else one
               for one in known]  # fmt: skip
    table = "" if choice.get("table") == "none" else choice.get("table") or "tracking"
    reasons = [{"row": 7, "rule": "number.unreadable", "reason": "Row 7, Order Value: “n/a today” is not an amount."},
               {"row": 19, "rule": "row.ragged", "reason": "Row 19 has 6 cells where the header has 5."}]  # fmt: skip
    accounts = [{"field": "revenue", "header": "Order Value", "read": "180000.50", "accepted": "175400.50",
                 "set_aside": "4600.00"}]  # fmt: skip
    refused = f"{name} has no column that could be an order value." if name.startswith("wrong") else ""
    return {
        "file": name, "sheet": "", "label": name, "table": table, "why": "it has order values and who brought them",
        "encoding": choice.get("encoding") or "utf-8", "delimiter": NAMES.get(choice.get("delimiter") or ",", ","),
        "header_row": choice.get("header_row") or 2, "peek": PEEK, "key": "0011223344556677",
        "remembered": name.startswith("known"), "rows_read": 120, "accepted": 0 if refused else 117, "set_aside": 2,
        "blank": 1, "refused": refused, "money": {"revenue": 175400.5}, "accounts": accounts,
        "first_day": "2026-02-01", "last_day": "2026-07-31", "columns": columns, "unused": ["Remarks"],
        "reasons": reasons,
    }  # fmt: skip


CAPABILITIES = [
    {"key": "returns", "label": "Return on spend", "has": True, "says": "ROAS, CAC and ROI by influencer."},
    {"key": "control", "label": "Test against control", "has": False,
     "says": "No control rows: it is locked. Add campaign_type (test or control) to tracking."},
    {"key": "customers", "label": "New customers", "has": False,
     "says": "No customers: it is locked. Add user_id to tracking."},
]  # fmt: skip
NOTES = [
    {"rule": "brand", "weight": "info", "sentence": "Brand was read from the product in 40 rows.", "rows": 40},
    {"rule": "price", "weight": "check", "sentence": "3 orders cost more than 100 times the median.", "rows": 3},
]
ASKED = {"kind": "dates", "sentence": "Is 03/04/2026 in “Bought on” 3 April or 4 March?", "column": "Bought on",
         "answers": [{"value": "dmy", "says": "3 April (day first)"},
                     {"value": "mdy", "says": "4 March (month first)"}]}  # fmt: skip


def answered(verb: str, names: list[str], mode: str, choices: dict[str, Any]) -> dict[str, Any]:
    """The answer to `inspect` or `import` of files of these names."""
    files = [file(name, choices.get(name, {})) for name in names]
    ask = [
        {**ASKED, "file": name} for name in names if name.startswith("ask") and not choices.get(name, {}).get("dates")
    ]
    taken = [one for one in files if one["table"] and not one["refused"]]
    counts = {"before": 60, "after": 160, "new": 100, "changed": 12, "same": 5, "gone": 0}
    return {
        "ok": True, "error": "", "version": 4 if verb == "import" else 0, "unchanged": False,
        "draft": "" if verb == "import" else "-".join(["draft", *names]), "mode": mode,
        "base": {"version": 3, "sample": False}, "files": files,
        "tables": {one["table"]: counts for one in taken},
        "equation": {key: sum(one[key] for one in files) for key in ("rows_read", "accepted", "set_aside", "blank")}
        | {"holds": True},
        "capabilities": CAPABILITIES, "notes": NOTES, "question": ask[0] if ask else None, "questions": ask,
    }  # fmt: skip


def main(words: list[str]) -> int:
    """Answer as the child does."""
    options = dict(zip(words, words[1:], strict=False))
    if "--from-draft" in options:
        names = options["--from-draft"].split("-")[1:]
        if "stale" in names[0]:
            sys.stdout.write(json.dumps({"ok": False, "error": "The data changed meanwhile. Look again, then import."}))
            return 2
    else:
        names = [Path(word).name for word in words if word.startswith("/") and "uploads" in word and "jobs" not in word]
    choices = json.loads(Path(options["--choices"]).read_text(encoding="utf-8")) if "--choices" in options else {}
    slow = 30.0 if names and names[0].startswith("slow") else 0.3
    for step in range(1, 4):
        says = f"Reading {names[0] if names else 'files'}: {step * 40} rows"
        sys.stderr.write(json.dumps({"done": step / 4, "says": says}) + "\n")
        sys.stderr.flush()
        time.sleep(slow / 3)
    if any(name.startswith("broken") for name in names):
        return 1
    sys.stdout.write(json.dumps(answered(words[0], names, options.get("--mode", "update"), choices)))
    return 0


def _version(number: int, parent: int, **more: Any) -> dict[str, Any]:
    return {"version": number, "parent": parent, "at": f"2026-11-{number + 10:02d}T03:10:00+00:00", "sample": False,
            "mode": "update", "files": ["orders.csv", "payouts.xlsx"],
            "rows": {"tracking": 1000 * number, "payouts": 40}} | more  # fmt: skip


@dataclass
class FakeVersions:
    """Stands for analytics.versions.Versions: three versions and a way between them."""

    current: int = 3
    redos: list[int] = field(default_factory=list)
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def list(self) -> dict[str, Any]:
        """All versions."""
        known = [_version(1, 0, sample=True, mode="replace", files=[]), _version(2, 1, mode="replace"), _version(3, 2)]
        if self.current == 4 or 4 in self.redos:
            known.append(_version(4, 3))
        return {"ok": True, "error": "", "version": self.current, "versions": known, "redo": self.redos,
                "can_undo": self.current > 1, "can_redo": bool(self.redos)}  # fmt: skip

    def undo(self) -> dict[str, Any]:
        """One back."""
        if self.current == 1:
            raise NoData("There is nothing to undo: version 1 is the first.")
        self.redos.insert(0, self.current)
        return self.go(self.current - 1)

    def redo(self) -> dict[str, Any]:
        """One forth."""
        return self.go(self.redos.pop(0))

    def go(self, version: int) -> dict[str, Any]:
        """Anywhere."""
        self.asked.append(("go", version))
        self.current = version
        return self.list()

    def compare(self, before: int, after: int) -> dict[str, Any]:
        """Revenue moved, orders did not."""
        self.asked.append(("compare", before, after))
        if after == 4:
            self.current = 4
        kpis = [
            {"key": "revenue", "label": "Revenue", "unit": "money", "before": 510000.0, "after": 523000.0,
             "written": ["₹5,10,000", "₹5,23,000"], "change": "+₹13,000 · +2.5 %"},
            {"key": "roas", "label": "ROAS", "unit": "multiple", "before": 2.1, "after": 2.3,
             "written": ["2.1×", "2.3×"], "change": "+0.2× · +9.5 %"},
            {"key": "orders", "label": "Orders", "unit": "count", "before": 40, "after": 40, "written": ["40", "40"],
             "change": "unchanged"},
        ]  # fmt: skip
        said = f"Version {after} restates revenue from ₹5.1 L to ₹5.23 L: 12 rows changed in tracking."
        return {"from": before, "to": after, "headline": said, "kpis": kpis,
                "tables": {"tracking": {"before": 60, "after": 160, "new": 100, "changed": 12, "same": 5}}}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
