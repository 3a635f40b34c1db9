"""Decides when dropped files are looked at, when they are imported, and what the page shows meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from errors import UserError
from layouts import ids

CHOICES = {"type": "import-choice", "what": ALL, "file": ALL, "column": ALL}
HEADERS = {"type": "import-header", "file": ALL, "row": ALL}
REPLIES = {"type": "import-reply", "question": ALL, "value": ALL}
LEAVES = {"type": "import-leave", "file": ALL}
TICK_MS, BUSY_MS = 400, 3_600_000
CALM, BUSY = "inspected", "inspected busy"
LOOKED = [
    Output(ids.JOB, "data"),
    Output(ids.IMPORT_CLOCK, "disabled"),
    Output(ids.IMPORT_PROGRESS, "children"),
    Output(ids.INSPECTED, "className"),
    Output(ids.IMPORT_FOOT, "children"),
    Output(ids.IMPORT_RESULT, "children"),
]
FOLLOWED = [
    Output(ids.IMPORT_PROGRESS, "children", allow_duplicate=True),
    Output(ids.IMPORT_CLOCK, "disabled", allow_duplicate=True),
    Output(ids.INSPECTED, "children"),
    Output(ids.INSPECTED, "className", allow_duplicate=True),
    Output(ids.SHOWN, "data"),
    Output(ids.IMPORT_FOOT, "children", allow_duplicate=True),
    Output(ids.IMPORT_RESULT, "children", allow_duplicate=True),
    Output(ids.UPLOAD, "data", allow_duplicate=True),
    Output(ids.VERSIONS_RENEWED, "data"),
]


def register(app: Dash, data: Any, screen: Any, first_mode: Callable[[], str]) -> None:
    """data: importer, versions, withheld (callbacks.wiring.Data). screen: layouts.screen.functions.

    first_mode(): how files meet what is loaded until the reader says otherwise.
    """
    _register_look(app, data.importer, screen, first_mode)
    _register_pending(app, screen)
    _register_leave(app, data.importer)
    _register_take(app, data.importer, screen)
    _register_stop(app, data.importer)
    _register_follow(app, data, screen)
    app.clientside_callback(ClientsideFunction("truelift", "followBatch"), Input(ids.UPLOAD, "data"))


def _acts(name: str) -> dict[str, Any]:
    """All buttons that do this, wherever they stand."""
    return {"type": "import-act", "act": name, "place": ALL}


def _pressed() -> bool:
    """Whether something was really pressed or dropped: new buttons on the screen fire too, without a value."""
    return any(item["value"] for item in ctx.triggered)


def _begun(screen: Any, verb: str) -> Any:
    return screen.progress_of_import({"verb": verb, "share": 0, "says": ""})


def _register_look(app: Dash, importer: Any, screen: Any, first_mode: Callable[[], str]) -> None:
    controls = [Input(CHOICES, "value"), Input(HEADERS, "n_clicks"), Input(REPLIES, "n_clicks")]

    @app.callback(
        LOOKED,
        Input(ids.UPLOAD, "data"),
        *controls,
        Input(_acts("again"), "n_clicks"),
        State(CHOICES, "id"),
        State(ids.SHOWN, "data"),
        State(ids.JOB, "data"),
        prevent_initial_call=True,
    )
    def look(upload: Any, values: list[Any], *others: Any) -> tuple[Any, ...]:
        places, now, job = others[-3:]
        changed, button = screen.changes(now, places, values), _button()
        if not upload or not (button or _at_once(screen, changed)):
            raise PreventUpdate
        known = job["wish"] if job and job["upload"] == upload["id"] else {"mode": first_mode()}
        wish = screen.wished(known, now, changed, button)
        begun = asked(lambda: importer.look(upload["id"], wish))
        if isinstance(begun, UserError):
            return None, True, None, CALM, None, screen.import_refused(f"{begun}")
        job = {"upload": upload["id"], "job": begun, "wish": wish}
        return job, False, _begun(screen, "inspect"), BUSY, None, None


def _button() -> Any:
    """What was really dropped or pressed: new buttons on the screen fire too, without a value, and so do new lists."""
    fired = {item["prop_id"] for item in ctx.triggered if item["value"]}
    ids_fired = [key for name, key in ctx.triggered_prop_ids.items() if name in fired]
    return next((key for key in ids_fired if not isinstance(key, dict) or key["type"] != CHOICES["type"]), None)


def _at_once(screen: Any, changed: list[Any]) -> bool:
    """Whether a changed list asks for a look now: a column's meaning waits until “Look again” is pressed."""
    done = ctx.triggered_id
    return any(place == done and place["what"] in screen.at_once for place, _ in changed)


def _register_pending(app: Dash, screen: Any) -> None:
    @app.callback(
        Output(ids.IMPORT_PENDING, "children"),
        Output(ids.IMPORT_FOOT, "className"),
        Input(CHOICES, "value"),
        State(CHOICES, "id"),
        State(ids.SHOWN, "data"),
        prevent_initial_call=True,
    )
    def count(values: list[Any], places: list[Any], now: Any) -> tuple[Any, str]:
        changed = [place for place, _ in screen.changes(now, places, values) if place["what"] == "column"]
        return screen.pending(len(changed)), "waits" if changed else ""


def _register_leave(app: Dash, importer: Any) -> None:
    @app.callback(
        Output(ids.UPLOAD, "data"),
        Output(ids.INSPECTED, "children", allow_duplicate=True),
        Output(ids.IMPORT_FOOT, "children", allow_duplicate=True),
        Output(ids.IMPORT_RESULT, "children", allow_duplicate=True),
        Input(LEAVES, "n_clicks"),
        State(ids.UPLOAD, "data"),
        prevent_initial_call=True,
    )
    def leave(_clicks: list[Any], upload: Any) -> tuple[Any, ...]:
        if not _pressed() or not upload:
            raise PreventUpdate
        left = asked(lambda: importer.remove(upload["id"], ctx.triggered_id["file"]))
        if isinstance(left, UserError) or not left:
            return None, None, None, None
        return {"id": upload["id"], "files": left}, no_update, no_update, no_update


def _register_take(app: Dash, importer: Any, screen: Any) -> None:
    @app.callback(
        Output(ids.JOB, "data", allow_duplicate=True),
        Output(ids.IMPORT_CLOCK, "disabled", allow_duplicate=True),
        Output(ids.IMPORT_PROGRESS, "children", allow_duplicate=True),
        Output(ids.IMPORT_FOOT, "children", allow_duplicate=True),
        Output(ids.IMPORT_RESULT, "children", allow_duplicate=True),
        Input(_acts("take"), "n_clicks"),
        State(ids.JOB, "data"),
        prevent_initial_call=True,
    )
    def take(_clicks: list[Any], job: Any) -> tuple[Any, ...]:
        if not _pressed() or not job:
            raise PreventUpdate
        begun = asked(lambda: importer.take(job["upload"], job["job"]))
        if isinstance(begun, UserError):
            return no_update, True, None, no_update, screen.import_refused(f"{begun}")
        return job | {"job": begun}, False, _begun(screen, "import"), None, None


def _register_stop(app: Dash, importer: Any) -> None:
    @app.callback(
        Output(ids.IMPORT_CLOCK, "disabled", allow_duplicate=True),
        Input(_acts("cancel"), "n_clicks"),
        State(ids.JOB, "data"),
        prevent_initial_call=True,
    )
    def stop(_clicks: list[Any], job: Any) -> bool:
        if not _pressed() or not job:
            raise PreventUpdate
        asked(lambda: importer.cancel(job["upload"], job["job"]))
        return False


def _register_follow(app: Dash, data: Any, screen: Any) -> None:
    @app.callback(
        FOLLOWED,
        Input(ids.IMPORT_CLOCK, "n_intervals"),
        State(ids.JOB, "data"),
        running=[(Output(ids.IMPORT_CLOCK, "interval"), BUSY_MS, TICK_MS)],
        prevent_initial_call=True,
    )
    def follow(_ticks: int | None, job: Any) -> tuple[Any, ...]:
        if not job:
            raise PreventUpdate
        now = asked(lambda: data.importer.follow(job["upload"], job["job"]))
        if isinstance(now, UserError):
            gone = screen.import_refused(f"{now}")
            return None, True, None, CALM, {}, None, gone, None, no_update
        if now["state"] == "running":
            return screen.progress_of_import(now), False, *repeat(no_update, 7)
        listed = asked(lambda: data.importer.files(job["upload"]), [])
        if now["verb"] == "inspect":
            return None, True, *_looked(data, screen, now["answer"], listed)
        return None, True, *_taken(data, screen, now["answer"], listed)


def _looked(data: Any, screen: Any, answer: Any, listed: list[Any]) -> tuple[Any, ...]:
    """What each file was taken for, with the rows that were set aside."""
    draft = answer.get("draft")
    held = asked(lambda: data.withheld.listed(draft=draft), []) if draft else []
    seen = screen.inspected(answer, listed, held)
    return seen, CALM, screen.shown(answer), screen.foot(answer), None, *repeat(no_update, 2)


def _taken(data: Any, screen: Any, answer: Any, listed: list[Any]) -> tuple[Any, ...]:
    """The result of an import; a refused one leaves the look on the screen."""
    if not answer["ok"]:
        return no_update, CALM, no_update, None, screen.imported(answer, None, [], listed), *repeat(no_update, 2)
    base, version = answer.get("base"), answer["version"]
    moved = asked(lambda: data.versions.compare(base["version"], version), None) if base else None
    held = asked(lambda: data.withheld.listed(version), [])
    arms = asked(data.planning.undeclared, False) if data.planning else False
    done = screen.imported(answer, moved, held, asks=screen.asked_after_import(arms))
    return None, CALM, {}, None, done, None, version


RAISED = object()


def asked(ask: Callable[[], Any], instead: Any = RAISED) -> Any:
    """The answer; on a UserError what is to stand instead, else the error, whose text is the sentence to show."""
    try:
        return ask()
    except UserError as error:
        return error if instead is RAISED else instead
