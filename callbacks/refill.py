"""Decides when a tab's figures are asked for: once the query is known, and again whenever it changes."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from dash import Dash, Input, Output
from dash.exceptions import PreventUpdate

from errors import NoData, UserError
from layouts import ids

BUG = "Something went wrong on our side while reckoning this page. If it comes again, report it as {reference}."
log = logging.getLogger(__name__)


def register(app: Dash, answers: Any, page: str, screen: Any) -> None:
    """One callback fills the whole tab; what cannot be answered becomes one sentence with one button.

    screen: outputs(page, declared), properties(view, declared, paths), refused(page, declared, sentence, kind).
    """
    declared = answers.declared(page)
    paths = {item.key: item.path for item in answers.pages}

    @app.callback(
        screen.outputs(page, declared),
        Input(ids.QUERY, "data"),
        Input(ids.EXPERIMENTS_RENEWED, "data"),
        running=[(Output(ids.PAGE, "className"), "page busy", "page")],
    )
    def fill(query: str | None, _renewed: Any) -> list[Any]:
        if query is None:
            raise PreventUpdate
        try:
            return screen.properties(answers.page(page, query), declared, paths)
        except UserError as error:
            kind = "empty" if isinstance(error, NoData) and answers.provenance() is None else "bad"
            return screen.refused(page, declared, f"{error}", kind)
        except Exception:
            return screen.refused(page, declared, bug(query), "bad")


def bug(query: str) -> str:
    """The calm line for a fault of ours; the log has the traceback under the same reference."""
    reference = secrets.token_hex(4)
    log.exception("reference %s, query %r", reference, query)
    return BUG.format(reference=reference)
