"""Decides how a count is written in a sentence: grouped as the house groups, 12,34,567."""

from __future__ import annotations


def group(digits: str, indian: bool = True) -> str:
    """Digits with separators: 12345678 → 1,23,45,678 (Indian) or 12,345,678."""
    head, tail = digits[:-3], digits[-3:]
    size = 2 if indian else 3
    parts: list[str] = []
    while head:
        parts.insert(0, head[-size:])
        head = head[:-size]
    return ",".join([*parts, tail])


def count(number: int) -> str:
    """Whole things: 1,23,456."""
    return ("-" if number < 0 else "") + group(str(abs(number)))
