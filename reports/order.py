"""Decides what may be asked of a report: filters, pages, paper, audience, form; and how that is written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from errors import BadFilter, suggest

FORMS = ("pdf", "html", "xlsx", "json")
PAPERS = ("A4", "Letter")
VARIANTS = ("", "pdf/a-3u", "pdf/a-3a", "pdf/ua-1")
AUDIENCES = ("brand", "executive", "finance", "statement", "everything")
LONGEST_REASON = 300
_JOINERS = "\u200c\u200d"
"""Nobody sees these two, and Hindi falls apart without them."""
_OPTIONS = ("audience", "paper", "variant", "brand")


@dataclass(frozen=True)
class Order:
    """One report as it is asked for.

    query: filters as in the address. pages: tabs by key; none: those of the audience. form: one of FORMS. audience:
    one of AUDIENCES. paper: one of PAPERS. variant: of the PDF, one of VARIANTS ('' is a tagged PDF). brand: name of
    a theme file, '' for the house's. version: of the data, None for the current one. epoch: seconds since 1970 that
    the report calls “made”, None for the moment of making. schedule: id of the schedule that it is made for: its
    editions are a row of their own. reason: why it was made, for page one, kept as one clean line; '' where somebody
    simply asked. Raises BadFilter for a value that there is not.
    """

    query: str = ""
    pages: tuple[str, ...] = ()
    form: str = "pdf"
    audience: str = "brand"
    paper: str = "A4"
    variant: str = ""
    brand: str = ""
    version: int | None = None
    epoch: float | None = None
    schedule: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", _line(self.reason))
        for what, value, known in (
            ("format", self.form, FORMS),
            ("template", self.audience, AUDIENCES),
            ("paper", self.paper, PAPERS),
            ("variant", self.variant, VARIANTS),
        ):
            if value not in known:
                raise BadFilter(f"No {what} “{value}” for a report. {suggest(value, [one for one in known if one])}")

    def options(self) -> dict[str, str]:
        """What a job's record keeps besides query, pages, form and version."""
        return {key: str(getattr(self, key)) for key in _OPTIONS}

    def as_record(self) -> dict[str, Any]:
        """The order as JSON has it; `from_record` reads it back."""
        return {**vars(self), "pages": list(self.pages)}


def _line(text: str) -> str:
    """One line without signs that nobody sees, cut where it is too long for page one."""
    shown = "".join(sign if sign.isprintable() or sign in _JOINERS else " " for sign in text[: 4 * LONGEST_REASON])
    line = " ".join(shown.split())
    return line if len(line) <= LONGEST_REASON else f"{line[: LONGEST_REASON - 1].rstrip()}…"


def from_record(record: Mapping[str, Any]) -> Order:
    """An order from its record; what an older record lacks is as usual. Raises BadFilter."""
    known = {key: record[key] for key in Order.__dataclass_fields__ if key in record}
    return Order(**{**known, "pages": tuple(known.get("pages", ()))})
