"""Decides which concrete parts a clockwork runs with: ledger, renderer, post and notices of one data folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from analytics import formats
from data.ledger.deliveries import Deliveries
from data.ledger.editions import Asked, Editions
from data.ledger.runs import RunRow, Runs
from data.ledger.schedules import Schedules
from reports.delivery.notices import Notices
from reports.delivery.post import Post
from reports.editions import kept
from reports.schedules.clockwork import Clockwork
from reports.schedules.doing import Doing
from reports.schedules.looking import looking
from reports.schedules.needs import Made, Renderer
from reports.schedules.standing import data_now
from settings import Settings

TILES = 5


def clockwork(settings: Settings, renderer: Renderer, worker: str, clock: Callable[[], float] = time.time) -> Clockwork:
    """The clockwork of one worker. renderer: makes the reports; worker: its name in the ledger."""
    deliveries, data = Deliveries(settings.ledger, clock), data_now(settings)
    doing = Doing(
        schedules=Schedules(settings.ledger, clock),
        runs=Runs(settings.ledger, clock),
        deliveries=deliveries,
        renderer=renderer,
        post=Post(settings, clock, has_left=deliveries.is_unsubscribed),
        folder=settings.reports_dir,
        clock=clock,
        data=data,
        keep=keeping(settings),
        printed=printed(settings),
    )
    notices = Notices(deliveries, settings, clock=clock)
    return Clockwork(doing, notices, worker, looking=looking(settings, data, clock))


def keeping(settings: Settings) -> Callable[[RunRow, Made], str]:
    """Keeps a finished report as an edition of its schedule and returns the edition's id."""

    def keep(run: RunRow, made: Made) -> str:
        if not getattr(made, "manifest", None):
            return str(getattr(made, "edition", ""))
        asked = Asked("schedule", run.id, run.schedule)
        return kept.keep(Editions(settings.ledger), settings.reports_dir, made, asked).id  # type: ignore[arg-type]

    return keep


def printed(settings: Settings) -> Callable[[str], tuple[str, tuple[tuple[str, str], ...]]]:
    """What a mail says before its report is opened: the edition's mark, label and value of its first tiles."""
    editions = Editions(settings.ledger)

    def ask(edition: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        said = (editions.manifest(edition) or {}) if edition else {}
        tiles = said.get("content", {}).get("tiles", ())
        known = tuple((one["label"], _written(one)) for one in tiles if one["written"] != formats.MISSING)
        return said.get("mark", edition), known[:TILES]

    return ask


def _written(tile: Mapping[str, Any]) -> str:
    """As printed; an estimate never without its interval and its method."""
    if tile.get("lower") is None or tile.get("upper") is None:
        return str(tile["written"])
    ends = formats.interval(tile["lower"], tile["upper"], tile["unit"])
    return f"{tile['written']} ({'; '.join(part for part in (ends, tile.get('note', '')) if part)})"
