"""Decides how the versions of the data set stand on the screen: newest first, with the ways back and forth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from analytics import formats
from layouts import ids
from layouts.importing import words
from layouts.importing.result import RENEWED, figures, quarantines

Known = Mapping[str, Any]
HOW = {"update": "updated by key", "append": "rows added", "replace": "replaced everything"}
NONE_YET = "No version yet: the first import makes one."
SAYS = "Every import is a version. Go back to any of them; nothing is lost on the way."


def place() -> Component:
    """The part of the Import page that holds the versions; its list comes by itself."""
    return html.Section(
        [
            dcc.Store(id=ids.VERSIONS_RENEWED),
            html.Div([html.H2("Versions"), html.P(SAYS, className="muted")], className="versions-lead"),
            html.Div([], id=ids.VERSIONS),
        ],
        className="versions",
        **{"aria-label": "Versions"},
    )


def listing(history: Known, zone: str = "UTC") -> Component:
    """All versions, the newest first. history: as `python -m data versions --json` says it."""
    known = sorted(history.get("versions", []), key=lambda one: -one["version"])
    if not known:
        return html.P(NONE_YET, className="muted")
    items = [_version(one, history, ZoneInfo(zone)) for one in known]
    return html.Div([_ways(history), html.Ol(items, className="version-list")])


def _ways(history: Known) -> Component:
    back, forth = undone(history), redone(history)
    buttons = (
        ("undo", f"Undo: back to version {back}" if back else "Nothing to undo", back),
        ("redo", f"Redo: forward to version {forth}" if forth else "Nothing to redo", forth),
    )
    return html.Div(
        [
            html.Button(text, id=ids.version_act(name), className="button", disabled=not target)
            for name, text, target in buttons
        ],
        className="replies",
    )


def undone(history: Known) -> int:
    """Which version an undo leads to; 0 when there is none."""
    parents = {one["version"]: one.get("parent") for one in history.get("versions", [])}
    target = parents.get(history.get("version")) if history.get("can_undo", True) else 0
    return target if target in parents else 0


def redone(history: Known) -> int:
    """Which version a redo leads to; 0 when there is none."""
    redo = history.get("redo") or []
    return redo[0] if redo and history.get("can_redo", True) else 0


def _version(one: Known, history: Known, zone: ZoneInfo) -> Component:
    number, current = one["version"], one["version"] == history.get("version")
    rows = sum((one.get("rows") or {}).values())
    facts = [
        when(one.get("at"), zone),
        words.counted(rows, "row"),
        HOW.get(one.get("mode") or "", "") if one.get("parent") else "",
    ]
    more = [
        html.Summary("What it changed", id=ids.version_opens(number)),
        html.Div([], id=ids.version_body(number), role="status"),
    ]
    return html.Li(
        [
            _head(one, current),
            html.P(" · ".join(part for part in facts if part), className="muted"),
            html.P(_files(one), className="version-files"),
            html.Details(more),
        ],
        className="version current" if current else "version",
        **{"aria-current": "true" if current else "false"},
    )


def _head(one: Known, current: bool) -> Component:
    number = one["version"]
    marks = [html.Span("current", className="verdict good")] if current else []
    marks += [html.Span("sample", className="verdict plain")] if one.get("sample") else []
    go = html.Button("Go to it", id=ids.version_act("go", number), className="button",
                     **{"aria-label": f"Go to version {number}"})  # fmt: skip
    return html.Div([html.H3(f"Version {number}"), *marks, None if current else go], className="version-head")


def _files(one: Known) -> str:
    names = [item if isinstance(item, str) else item.get("file", "") for item in one.get("files") or []]
    return formats.listing(names) if names else ("Made by TrueLift" if one.get("sample") else "")


def when(text: str | None, zone: ZoneInfo) -> str:
    """A moment given in ISO form, in the house's zone: 21 Nov 2026, 08:40."""
    if not text:
        return ""
    moment = datetime.fromisoformat(text)
    moment = moment.astimezone(zone) if moment.tzinfo else moment
    return f"{formats.day(moment)}, {moment:%H:%M}"


def opened(version: Known, compared: Known | None, held: Sequence[Known], trouble: str = "") -> Component:
    """What a version changed against the one before: rows, headline figures, its files and their rows set aside."""
    files = [item for item in version.get("files") or [] if isinstance(item, dict)]
    hashes = [
        html.Li([item.get("file", ""), html.Code((item.get("hash") or item.get("sha256") or "")[:12])])
        for item in files
    ]
    return html.Div(
        [
            html.P(trouble, className="muted") if trouble else None,
            html.P(_moved(compared)) if compared else None,
            figures(compared),
            html.Ul(hashes, className="hashes") if hashes else None,
            quarantines(version["version"], held),
        ],
        className="version-opened",
    )


def _moved(compared: Known) -> str:
    if compared.get("headline"):
        return str(compared["headline"])
    keys = (("new", "new"), ("changed", "changed"), ("gone", "gone"))
    parts = []
    for name, counts in (compared.get("tables") or {}).items():
        said = [f"{formats.count(counts[key])} {text}" for key, text in keys if counts.get(key)]
        if said:
            parts.append(f"{name.capitalize()}: {formats.listing(said)}.")
    return f"Against version {compared['from']}: {' '.join(parts) or 'no row changed.'}"


def moved(history: Known) -> Component:
    """What is current after going to another version."""
    says = f"Version {history['version']} is current now. Every page and report shows it from here on."
    ways = [html.A("See the overview", href="/", className="button")]
    return html.Div([html.P(says), html.Div(ways, className="replies")], className="notice left good", **RENEWED)
