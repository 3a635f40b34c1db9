"""Decides what is sent in tests: one small report, and the strings that are tried in every name of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from reports.delivery.recipient import Parcel
from settings import Settings, Smtp

PDF = b"%PDF-1.7 not much of a report\r\n.\r\n..\n%%EOF"
FROM = "TrueLift <reports@truelift.example>"
LINE_ENDS = (
    "a\r\nBcc: x@evil.example", "a\nBcc: x@evil.example", "a\rBcc: x@evil.example", "a\r\n\r\nbody", "a\x00b", "a\x0bb",
    "a\x85Bcc: x@evil.example", "a\u2028Bcc: x@evil.example", "a\u2029b", "a\r\n.\r\nMAIL FROM:<x@evil.example>",
    "=?utf-8?q?a=0ABcc=3A_x=40evil.example?=", "=?utf-8?q?a=0D=0ABcc=3A_x=40evil.example?=",
    "=?utf-8?b?YQpCY2M6IHhAZXZpbC5leGFtcGxl?=", "=?UTF-8?Q?a=0ABcc=3A_x=40evil.example=0A_b?= tail",
    "=?utf-8?q?=3D=3Futf-8=3Fq=3Fa=3D0ABcc=3D3A_x=3D40evil.example=3F=3D?=", "=?us-ascii*en?q?a=0ABcc:x?=",
    "=?utf-8?q?a?= =?utf-8?q?=0ABcc=3Ax=40evil.example?=", "=?x-none?q?a=0ABcc:_x=40evil.example?=", "=?utf-8?q?a",
    "=?utf-16?b?AGEACgBCAGMAYwA6?=", "=?utf-7?q?a+AAo-Bcc:?=", "x <y@evil.example>, z@evil.example",
    '"a" <b@evil.example>',
    "a\u202egpj.exe", "\u2066a\u2069", "\ufeff", "\u200b", "a, b; c: d;", "(comment)", "\\", '"', "x" * 4000, "अ" * 900,
    "आशा शर्मा", "👩‍👩‍👧 family", "\ud800", "to:undisclosed;", "a@b@c", "%0d%0aBcc:x@evil.example", " ", "",
)  # fmt: skip


def naughty() -> list[str]:
    """The strings that break programs (NAUGHTY_DIR), the CRLF list, and ours."""
    home = os.environ.get("NAUGHTY_DIR")
    given: list[str] = []
    if home:
        given += json.loads((Path(home) / "blns" / "blns.json").read_text(encoding="utf-8"))
        lines = Path(home) / "payloads" / "crlf" / "crlfinjection.txt"
        given += lines.read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys([*LINE_ENDS, *given]))


def house(folder: Path, port: int = 0, **more: Any) -> Settings:
    """Settings of a house with a mail server on this port of this machine; 0: none."""
    smtp = Smtp("127.0.0.1", port, "never") if port else None
    return Settings(folder, smtp=smtp, **{"mail_from": FROM, "public_url": "https://reports.example.com", **more})


def parcel(folder: Path, **more: Any) -> Parcel:
    """A report of one small PDF."""
    file = folder / "report.pdf"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(PDF)
    usual: dict[str, Any] = {
        "run": "run1", "schedule": "weekly", "title": "Weekly return", "sentence": "Influencers brought ₹3.94 Cr.",
        "due": "Monday 3 August 2026, 09:00 (Asia/Kolkata)", "period": "27 Jul – 2 Aug 2026",
        "filters": "Brand: Gritzo",
        "edition": "2026-08-03 · a41f9c", "files": (("Weekly return.pdf", file, "application/pdf"),),
        "link": "/reports/file/abc.pdf", "tiles": (("Revenue", "₹3.94 Cr"), ("ROAS", "11.6×")),
    }  # fmt: skip
    return Parcel(**{**usual, **more})
