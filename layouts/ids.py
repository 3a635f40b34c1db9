"""Decides what every component is called: each id once, as a constant or a function of page, panel and filter keys."""

from __future__ import annotations

Wildcard = dict[str, object]

ADDRESS, QUERY, PICKED, NOTE, PAGE = "address", "query", "picked", "note", "page"
DATES, SPAN, RESET, FILTER_COUNT, COPY = "dates", "span", "reset", "filter-count", "copy"
DATE_PANEL, MORE_PANEL, MORE_BUTTON, FILTER_SHEET = "date-panel", "more-panel", "more-button", "filter-sheet"
SCHEME, TEMPLATES, THEME = "scheme", "templates", "theme"
BANNER = "banner"
DRAWER, DRAWER_BODY = "drawer", "drawer-body"
REPORT_BUTTON, REPORT_JOB, REPORT_CLOCK, REPORT_PANEL = "report-button", "report-job", "report-clock", "report-panel"
REPORTS_LIST, REPORTS_CLOCK = "reports-list", "reports-clock"
UPLOAD, INSPECTED, IMPORT_MODE, IMPORT_DATES = "upload", "inspected", "import-mode", "import-dates"
IMPORT_BUTTON, IMPORT_CHECK, IMPORT_RESULT, IMPORT_NEXT = (
    "import-button",
    "import-check",
    "import-result",
    "import-next",
)
INFLUENCER = "filter-influencer"


def control(key: str) -> str:
    """The control of one filter or assumption."""
    return f"filter-{key}"


def quick(since: str, until: str) -> Wildcard:
    """A button that sets the date span; both ends as ISO days."""
    return {"type": "quick", "since": since, "until": until}


def nav(path: str) -> Wildcard:
    """A link of the header."""
    return {"type": "nav", "path": path}


def part(page: str, name: str) -> str:
    """One part of a tab that is filled as a whole: root, headline, subline, tiles, more, remarks, notice."""
    return f"{page}-{name}"


def panel(kind: str, page: str, key: str) -> Wildcard:
    """One part of a panel; kind: card, summary, body, foot, spec, figure, picture, grid, message."""
    return {"type": kind, "page": page, "panel": key}


def opens(what: str, page: str, key: str) -> Wildcard:
    """The button that opens the drawer; what: 'table' or 'explain'."""
    return {"type": "open", "what": what, "page": page, "panel": key}


def dates(order: str) -> Wildcard:
    """The button that answers which way round day and month stand; order: 'dmy' or 'mdy'."""
    return {"type": "date-order", "order": order}
