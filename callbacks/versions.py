"""Decides when the versions of the data set are listed, opened and moved between."""

from __future__ import annotations

from typing import Any

from dash import ALL, MATCH, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from errors import UserError
from layouts import ids

ACTS = {"type": "version-act", "act": ALL, "version": ALL, "place": ALL}
OPENS = {"type": "version-opens", "version": MATCH}
BODY = {"type": "version-body", "version": MATCH}


def register(app: Dash, answers: Any, data: Any, screen: Any) -> None:
    """data: versions, withheld (callbacks.wiring.Data). screen: layouts.screen.functions."""
    _register_list(app, answers, data.versions, screen)
    _register_move(app, data.versions, screen)
    _register_open(app, data, screen)


def _register_list(app: Dash, answers: Any, versions: Any, screen: Any) -> None:
    @app.callback(Output(ids.VERSIONS, "children"), Input(ids.VERSIONS_RENEWED, "data"))
    def listed(_renewed: Any) -> Any:
        return screen.versions(versions.list())

    @app.callback(Output(ids.BANNER, "children"), Input(ids.VERSIONS_RENEWED, "data"), prevent_initial_call=True)
    def banner(renewed: Any) -> Any:
        if not renewed:
            raise PreventUpdate
        return screen.banner(answers.provenance())


def _register_move(app: Dash, versions: Any, screen: Any) -> None:
    @app.callback(
        Output(ids.IMPORT_RESULT, "children", allow_duplicate=True),
        Output(ids.VERSIONS_RENEWED, "data", allow_duplicate=True),
        Input(ACTS, "n_clicks"),
        prevent_initial_call=True,
    )
    def move(_clicks: list[Any]) -> tuple[Any, Any]:
        if not any(item["value"] for item in ctx.triggered):
            raise PreventUpdate
        try:
            _go(versions, ctx.triggered_id)
            now = versions.list()
        except UserError as error:
            return screen.import_refused(f"{error}"), no_update
        return screen.moved(now), [ctx.triggered_id, now["version"]]


def _go(versions: Any, pressed: Any) -> None:
    """Make another version current."""
    if pressed["act"] == "go":
        versions.go(pressed["version"])
    else:
        {"undo": versions.undo, "redo": versions.redo}[pressed["act"]]()


def _register_open(app: Dash, data: Any, screen: Any) -> None:
    @app.callback(
        Output(BODY, "children"),
        Input(OPENS, "n_clicks"),
        State(OPENS, "id"),
        State(BODY, "children"),
        prevent_initial_call=True,
    )
    def opened(clicks: int | None, place: Any, there: Any) -> Any:
        if not clicks or there:
            raise PreventUpdate
        known = {one["version"]: one for one in data.versions.list()["versions"]}
        version = known.get(place["version"])
        if version is None:
            return screen.import_refused("This version is no longer kept.")
        try:
            parent = version.get("parent")
            compared = data.versions.compare(parent, version["version"]) if parent in known else None
            return screen.version_opened(version, compared, data.withheld.listed(version["version"]))
        except UserError as error:
            return screen.version_opened(version, None, [], f"{error}")
