"""Decides which hostile strings the exports are tried on: those of NAUGHTY_DIR where it is set, and a list of ours."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from pathlib import Path

OURS = (
    "=1+1", "=cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "+1", "-1", "-12.5", "- dash", "\t=1", "\r=1", "\n=1",
    " =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "\u202e=1", "＝1+1", "＋1", "－1", "＠SUM(A1)", "'=1", "''=1", "' =1",
    "=HYPERLINK(\"http://example.test\",\"x\")", "http://example.test", "https://example.test/?a=1", "mailto:a@b.test",
    "ftp://example.test", "internal:Sheet1!A1", "external:x.xlsx", "{=1+1}", "=IMPORTXML(\"x\",\"y\")", "@asha.rao",
    "+91 98200 12345", "-", "--", "'", "''", "'tis", "1e5", "007", "1,23,456", "TRUE", "NA", "null", "n/a", "#N/A",
    "#REF!", "a,b", "a;b", "a\tb", 'a"b', "a\nb", "a\r\nb", "a\rb", "line\n=1", "x,=1", "x;=1", "x\t=1", '",=1',
    "आशा शर्मा", "Ψ", "‮abc", "👩‍👩‍👧", "_x0041_", "_x005F_", "&amp;", "<b>", "]]>", "<f>1+1</f>", "\x01\x02\x1f",
    "\x7f\x9f", "\ufffe", "", " ", "a ", " a", "=" * 300, "x" * 400,
)  # fmt: skip
_PROSE = re.compile(r"```text\n(.*?)```", re.DOTALL)


def _given() -> list[str]:
    home = os.environ.get("NAUGHTY_DIR")
    if not home:
        return []
    blns = json.loads((Path(home) / "blns" / "blns.json").read_text(encoding="utf-8"))
    prose = _PROSE.findall((Path(home) / "payloads" / "csv-injection.md").read_text(encoding="utf-8"))
    return [*blns, *(line.removeprefix("    ") for block in prose for line in block.splitlines() if line.strip())]


STRINGS: tuple[str, ...] = tuple(dict.fromkeys([*OURS, *_given()]))


def is_run(text: str) -> bool:
    """By another rule than ours: the first character that is no blank is one that a spreadsheet runs.

    A tab or a line end in front of everything counts too: some spreadsheets cut there and begin a cell anew.
    """
    if text[:1] in ("\t", "\r", "\n"):
        return True
    for letter in text:
        if letter.isspace() or unicodedata.category(letter) in ("Cc", "Cf", "Zs", "Zl", "Zp"):
            continue
        return letter in "=+-@＝＋－＠"
    return False
