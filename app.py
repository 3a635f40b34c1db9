"""Decides which parts make the house: settings, answers, ledger, layouts, callbacks, routes; it computes nothing."""

from __future__ import annotations

import argparse
import dataclasses
import os
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from dash import Dash

import settings
import theme
from analytics.answers import Answers
from analytics.planning.door import Kept, Planning
from analytics.versions import Versions
from api import checking, downloads, gate, importing, pages, paths, serving, unsubscribe, uploads
from callbacks import wiring
from data import templates
from data.experiments import kept
from data.ledger.jobs import Ledger
from data.quality.withheld import Withheld
from data.sources.limits import Limits
from data.store import Store
from data.versions.past import Past
from errors import UserError
from layouts import screen, shell
from reports.delivery.unsubscribe import Leaving
from reports.desk import Desk

NOT_SERVED_BY_ITSELF = r"first\.js|.*\.txt"


def wire(config: settings.Settings, answers: Any, ledger: Any, history: Any = None, importer: Any = None) -> Dash:
    """The application over these answers and this ledger; history, importer: instead of ours."""
    app = Dash(__name__, title="TrueLift", update_title="", suppress_callback_exceptions=True,
               assets_ignore=NOT_SERVED_BY_ITSELF, health_endpoint="health", compress=True)  # fmt: skip
    app.index_string = shell.document(app.get_asset_url("first.js"))
    desk = Desk(config, answers)
    choices = desk.choices()
    app.layout = partial(shell.shell, answers, theme.SCREEN, choices)
    shelf = uploads.Shelf(config.data_dir / "uploads")
    withheld = Withheld(config)
    reading = Limits.from_environ(os.environ)
    importer = importer or importing.Importer(config.data_dir, shelf, memory=reading.import_memory)
    limits = uploads.Limits(bytes=reading.file_bytes, columns=reading.columns, cell=reading.cell)
    shown = screen.functions(answers, config.timezone, limits, choices)
    known = wiring.Data(importer, history or Versions(Past(config)), withheld, planning(config), desk,
                        checking.Checker(config.data_dir, config.reports_dir))  # fmt: skip
    wiring.register(app, answers, ledger, known, shown)
    gate.register(app.server, app.csp_hashes, signed=unsubscribe.register(app.server, Leaving(config)))
    paths.register(app.server, shown.mounted, ledger, config.reports_dir, desk)
    pages.register(app.server, answers)
    uploads.register(app.server, shelf, limits)
    downloads.register(app.server, templates, withheld.csv)
    return app


def planning(config: settings.Settings) -> Planning:
    """The door to plans, calendars and declared experiments of one data folder."""
    folder = config.data_dir
    declared = Kept(partial(kept.listed, folder), partial(kept.save, folder), partial(kept.remove, folder))
    return Planning(Store(config), declared, lambda: datetime.now(ZoneInfo(config.timezone)).date())


def server(config: settings.Settings | None = None) -> Any:
    """What `gunicorn 'app:server()'` serves: the application over the data folder that the settings name."""
    config = config or settings.load()
    return wire(config, Answers(Store(config)), Ledger(config.ledger)).server


def main() -> None:
    """Serve one machine; prints the address when it is ready."""
    parser = argparse.ArgumentParser(description="The TrueLift dashboard.")
    parser.add_argument("--host", help="where to listen, 127.0.0.1 unless told otherwise")
    parser.add_argument("--port", type=int, help="first port to try, 8050 unless told otherwise")
    parser.add_argument("--data", metavar="DIR", help="data folder instead of TRUELIFT_DATA_DIR")
    asked = parser.parse_args()
    if asked.port is not None and not 0 < asked.port < 65536:
        parser.error(f"--port {asked.port}: a port is a number from 1 to 65535")
    try:
        config = settings.load(asked.data)
    except UserError as error:
        parser.error(str(error))
    config = dataclasses.replace(config, host=asked.host or config.host, port=asked.port or config.port)
    serving.serve(partial(server, config), config.host, config.port, lambda at: print(f"TrueLift: {at}", flush=True))


if __name__ == "__main__":
    main()
