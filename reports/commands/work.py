"""Decides what `work` takes and says: the reports that are asked for or due are made, until told to stop."""

from __future__ import annotations

import argparse
import os
import secrets
import socket
from collections.abc import Callable
from typing import Any

from data.ledger.editions import Asked, Editions
from data.ledger.jobs import Job, Ledger
from reports.commands import Commands, answers_for, usual
from reports.editions.kept import keep
from reports.maker import Maker
from reports.render.supervisor import Renderer as Supervised
from reports.schedules import wired
from reports.worker import Renderer, Worker
from settings import Settings


def add(commands: Commands) -> None:
    """Declares the command."""
    parser = commands.add_parser("work", help="make the reports that are asked for or due, until told to stop")
    parser.add_argument("--once", action="store_true", help="end when nothing is due")
    usual(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Works; 0 when told to stop or, with --once, when nothing is due."""
    settings = options.settings
    renderer = renderer_of(options)
    due = wired.clockwork(settings, renderer, f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}")
    worker = Worker(Ledger(settings.ledger), renderer, settings.reports_dir, also=due.work_once, kept=_kept(settings))
    print(f"{worker.run(options.once)} reports, runs and looks ended")
    return 0


def _kept(settings: Settings) -> Callable[[Job, Any], object]:
    """Every report that somebody asked for becomes an edition."""
    editions = Editions(settings.ledger)
    return lambda job, made: keep(editions, settings.reports_dir, made, Asked("job", job.id))


def renderer_of(options: argparse.Namespace) -> Renderer:
    """Makes the reports in a child of its own; answers of another kind than the house's cannot be handed to one."""
    if options.opener is answers_for:
        return Supervised(options.settings)
    return Maker(lambda version: options.opener(options.settings, version))
