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
REPORT_MENU, REPORT_MORE, REPORT_MAKE = "report-menu", "report-more", "report-make"
REPORT_REFUSED, SCHEDULE_VIEW = "report-refused", "schedule-this-view"
REPORTS_LIST, REPORTS_CLOCK, REPORTS_WORKER = "reports-list", "reports-clock", "reports-worker"
NOTICES, SCHEDULES, SCHEDULES_SAID = "reports-notices", "schedules", "schedules-said"
SCHEDULE_FORM, SCHEDULE_PREVIEW, SCHEDULE_KEEP = "new-schedule", "schedule-preview", "schedule-keep"
SCHEDULE_KEPT, SCHEDULE_EDITED, SCHEDULE_LEAVE = "schedule-kept", "schedule-edited", "schedule-leave"
EDITIONS, EDITIONS_PAGE = "editions", "editions-page"
UPLOAD, WISH, SHOWN, JOB = "upload", "import-wish", "import-shown", "import-job"
IMPORT_CLOCK, IMPORT_PROGRESS, INSPECTED = "import-clock", "import-progress", "inspected"
IMPORT_FOOT, IMPORT_PENDING, IMPORT_RESULT = "import-foot", "import-pending", "import-result"
VERSIONS, VERSIONS_RENEWED = "versions", "versions-renewed"
INFLUENCER = "filter-influencer"
PLANNED, PLAN_WISH, PLAN_STOPS = "planned", "wish-of-plan", "stops-of-plan"
DRAW, DRAW_SAID, DRAWN, DRAWN_WISH = "draw", "draw-said", "drawn", "drawn-wish"
KEEP, KEPT = "keep-calendar", "kept-calendar"
CALENDAR_FILE, CALENDAR_CSV, CALENDAR_ICS = "calendar-file", "calendar-csv", "calendar-ics"
EXPERIMENTS, EXPERIMENTS_RENEWED, FORGOTTEN = "experiments-list", "experiments-renewed", "experiment-forgotten"
DECLARE, DECLARED = "declare", "declared"


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


def choice(what: str, file: int = -1, column: int = -1) -> Wildcard:
    """A control that says how a file is to be read; what: mode, table, encoding, delimiter, column (of that place)."""
    return {"type": "import-choice", "what": what, "file": file, "column": column}


def header_row(file: int, row: int) -> Wildcard:
    """The button that makes a row of a file its header; rows are counted from 1."""
    return {"type": "import-header", "file": file, "row": row}


def reply(question: int, value: str) -> Wildcard:
    """The button that answers an open question."""
    return {"type": "import-reply", "question": question, "value": value}


def act(name: str, place: str) -> Wildcard:
    """A button of the import: take, again, cancel. place: where it stands."""
    return {"type": "import-act", "act": name, "place": place}


def leave(file: str) -> Wildcard:
    """The button that takes a file out of the batch, by its key."""
    return {"type": "import-leave", "file": file}


def version_act(name: str, version: int = 0, place: str = "list") -> Wildcard:
    """A button that makes another version current: undo, redo, go. place: where it stands."""
    return {"type": "version-act", "act": name, "version": version, "place": place}


def version_opens(version: int) -> Wildcard:
    """The line that opens what a version changed."""
    return {"type": "version-opens", "version": version}


def version_body(version: int) -> Wildcard:
    """Where what a version changed is written."""
    return {"type": "version-body", "version": version}


def plan(field: str) -> str:
    """A field of the form that plans a test."""
    return f"plan-{field}"


def sliding(field: str) -> str:
    """The slider of a field of the form that plans a test."""
    return f"slide-{field}"


def drawing(field: str) -> str:
    """A field of the form that draws a go-live calendar."""
    return f"draw-{field}"


def declaring(field: str) -> str:
    """A field of the form that declares an experiment."""
    return f"declare-{field}"


def declaring_part(name: str) -> str:
    """A part of the form that declares an experiment which comes and goes: sizes, lists, times."""
    return f"declare-part-{name}"


def forget(key: str) -> Wildcard:
    """The button that removes a declared experiment, by its key."""
    return {"type": "experiment-forget", "key": key}


def wish(field: str) -> str:
    """A field of the menu that asks for a report at once."""
    return f"report-wish-{field}"


def scheduling(field: str) -> str:
    """A field of the form that makes a schedule."""
    return f"schedule-{field}"


def scheduling_part(name: str) -> str:
    """A part of that form which comes and goes: at, days, day, n, campaign, cron, length, wait."""
    return f"schedule-part-{name}"


def sign(what: str) -> str:
    """What is known of one part of the Reports page: schedules, runs, notices, editions, jobs, worker."""
    return f"reports-sign-{what}"


def schedule_act(act: str, key: str) -> Wildcard:
    """A button that does something with a schedule or with a run, by its id."""
    return {"type": "schedule-act", "act": act, "key": key}


def schedule_part(kind: str, key: str) -> Wildcard:
    """A place of one schedule. kind: said, live (its last run), opens (its history), runs (what that opens)."""
    return {"type": f"schedule-{kind}", "key": key}


def notice_seen(key: str) -> Wildcard:
    """The button that puts a notice away."""
    return {"type": "notice-seen", "key": key}


def report_cancel(key: str, place: str) -> Wildcard:
    """The button that cancels a report that is being made. place: where it stands."""
    return {"type": "report-cancel", "key": key, "place": place}


def edition_part(kind: str, key: str) -> Wildcard:
    """A part of one edition. kind: check (its button), verdict, says, clock, job."""
    return {"type": f"edition-{kind}", "key": key}


def editions_go(page: int) -> Wildcard:
    """The button that turns the list of editions to a page."""
    return {"type": "editions-go", "page": page}
