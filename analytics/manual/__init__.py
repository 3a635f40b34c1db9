"""Decides which pages of docs/ are written from the registries, so that they never lag behind."""

from __future__ import annotations

import sys

from analytics.manual import methods, metrics, vocabulary
from settings import ROOT

PAGES = {
    "docs/metrics.md": metrics.page,
    "docs/methods.md": methods.page,
    "docs/vocabulary.md": vocabulary.page,
}


def write(check: bool = False) -> int:
    """Write the pages; with `check` only say which are out of date (1 when one is)."""
    late = 0
    for name, page in PAGES.items():
        path, text = ROOT / name, page()
        if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            sys.stderr.write(f"{name} is out of date: run ./truelift docs.\n")
            late = 1
        elif not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return late
