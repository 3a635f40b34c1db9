"""Decides when an import counts: built beside the data, published whole under a lock, or not at all."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from data.incoming import build
from data.incoming.plan import Plan, Report, Tell
from data.matching import choices
from data.matching.choices import Choice
from data.versions import drafts, history, snapshots
from errors import UserError
from settings import Settings

__all__ = ["Plan", "Report", "prepare", "publish", "run"]
_FULL = "There is no room left on the disk: nothing was changed. Make room in {folder}, then import again."
_CHANGED = "The data changed while you looked (version {version}{by}). Look again: the rows are held against it then."


def run(plan: Plan, settings: Settings, now: datetime | None = None, tell: Tell | None = None) -> Report:
    """Import, and publish the new version: whole or not at all. plan.keep False only looks.

    Imports wait for one another. tell: is told how much is done (0 to 1) and a sentence. Raises BadUpload when no file
    is one of the four tables, UserError when the disk is full: nothing changed.
    """
    if not plan.keep:
        with _said(settings), drafts.building(settings.data_dir) as draft:
            return build.make(plan, settings, draft.path, now, tell)[0]
    with snapshots.alone(settings.data_dir), _said(settings):
        with suppress(OSError):
            history.sweep(settings.data_dir)
        path = snapshots.fresh(settings.data_dir)
        try:
            report, made = build.make(plan, settings, path, now, tell)
            if not report.unchanged:
                history.publish(settings, made)
                _remember(settings, build.chosen(plan, report.staged, settings))
        finally:
            # Not simply removed: where the pointer was swapped before the failure, the file is the current version.
            with suppress(OSError, UserError):
                history.sweep(settings.data_dir)
    return report


def prepare(plan: Plan, settings: Settings, as_record: Callable[[Report], Mapping[str, Any]],
            now: datetime | None = None, tell: Tell | None = None) -> Report:  # fmt: skip
    """Build the version that an import would make and keep it as a draft for a day; report.draft is its token.

    Nothing changes and nobody waits. as_record: the report as JSON, which publish gives back.
    """
    with _said(settings), drafts.building(settings.data_dir) as draft:
        report, made = build.make(plan, settings, draft.path, now, tell)
        if not report.unchanged:
            report.draft = draft.token
            said = [[header, choice.to_dict()] for header, choice in build.chosen(plan, report.staged, settings)]
            kept = {"base": report.base[0], "made": asdict(made), "record": as_record(report), "remember": said}
            draft.keep(kept)
    return report


def publish(settings: Settings, token: str, now: datetime | None = None) -> dict[str, Any]:
    """Make a draft the current version; returns its record with the version's number.

    Raises UserError when the draft is gone, or when another version became current since it was built.
    """
    with snapshots.alone(settings.data_dir), _said(settings):
        kept = drafts.facts(settings.data_dir, token)
        there = history.versions(settings.data_dir)
        if there.current != kept["base"]:
            latest = there.find(there.current)
            by = f" by {', '.join(latest.files[:3])}" if latest and latest.files else ""
            raise UserError(_CHANGED.format(version=there.current, by=by))
        stamp = build.stamp_of(settings, now)
        made = replace(history.version_of(kept["made"]), version=there.next, at=stamp.isoformat(timespec="seconds"))
        build.renumber(snapshots.named(settings.data_dir, token), made)
        history.publish(settings, made)
        drafts.forget(settings.data_dir, token)
        _remember(settings, [(header, Choice(**said)) for header, said in kept["remember"]])
    return {**kept["record"], "version": made.version, "draft": ""}


@contextmanager
def _said(settings: Settings) -> Iterator[None]:
    """A full disk is said in a sentence."""
    try:
        yield
    except Exception as error:
        full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error)
        if full and not isinstance(error, UserError):
            raise UserError(_FULL.format(folder=settings.data_dir)) from error
        raise


def _remember(settings: Settings, said: Iterable[tuple[Sequence[str], Choice]]) -> None:
    for header, choice in said:
        choices.remember(settings.data_dir, header, choice)
