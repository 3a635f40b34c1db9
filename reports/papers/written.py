"""Decides what every form of a report is handed on as: its bytes, and how many pages, sheets or tabs it has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Written:
    """A finished file. pages: of a PDF its pages, of a workbook its sheets, else the tabs in it."""

    content: bytes
    pages: int
