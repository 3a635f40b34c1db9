"""Decides when dropped files are looked at and when they are imported; the work itself is done in a child process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from errors import UserError
from layouts import ids

ORDERS = {"type": "date-order", "order": ALL}


def register(app: Dash, importer: Any, inspected: Callable[..., Any], imported: Callable[..., Any]) -> None:
    """importer: api.importing.Importer. inspected(answer), imported(answer): what stands on the screen."""
    _register_look(app, importer, inspected)
    _register_take(app, importer, imported)


def _register_look(app: Dash, importer: Any, inspected: Callable[..., Any]) -> None:
    @app.callback(
        Output(ids.INSPECTED, "children"),
        Output(ids.IMPORT_NEXT, "hidden"),
        Output(ids.IMPORT_DATES, "data"),
        Output(ids.IMPORT_RESULT, "children", allow_duplicate=True),
        Input(ids.UPLOAD, "data"),
        Input(ORDERS, "n_clicks"),
        State(ids.IMPORT_DATES, "data"),
        running=[(Output(ids.INSPECTED, "className"), "inspected busy", "inspected")],
        prevent_initial_call=True,
    )
    def look(upload: dict[str, Any] | None, _clicks: list[Any], dates: str) -> tuple[Any, bool, str, Any]:
        asked = ctx.triggered_id
        if not upload or not any(item["value"] for item in ctx.triggered):
            raise PreventUpdate
        order = asked["order"] if isinstance(asked, dict) else ""
        answer = answered(lambda: importer.inspect(upload["id"], order))
        return inspected(answer), bool(answer["error"] or answer.get("question")), order, None


def _register_take(app: Dash, importer: Any, imported: Callable[..., Any]) -> None:
    @app.callback(
        Output(ids.IMPORT_RESULT, "children"),
        Output(ids.IMPORT_NEXT, "hidden", allow_duplicate=True),
        Output(ids.INSPECTED, "children", allow_duplicate=True),
        Input(ids.IMPORT_BUTTON, "n_clicks"),
        State(ids.UPLOAD, "data"),
        State(ids.IMPORT_MODE, "value"),
        State(ids.IMPORT_DATES, "data"),
        running=[(Output(ids.IMPORT_BUTTON, "disabled"), True, False)],
        prevent_initial_call=True,
    )
    def take(clicks: int | None, upload: dict[str, Any] | None, mode: str, dates: str) -> tuple[Any, Any, Any]:
        if not clicks or not upload:
            raise PreventUpdate
        answer = answered(lambda: importer.take(upload["id"], mode == "replace", dates))
        return (imported(answer), True, None) if answer["ok"] else (imported(answer), no_update, no_update)


def answered(ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The child's answer, or the sentence why there is none."""
    try:
        return ask()
    except UserError as error:
        return {"ok": False, "error": f"{error}", "files": [], "notes": [], "question": None, "version": 0}
