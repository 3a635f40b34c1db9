"""Decides how the versions of the data are reached: listed, taken back, opened, and laid side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.store import Store
from data.versions import compare, history
from data.versions.compare import Fate
from settings import Settings


class Past:
    """The versions in a data folder; what analytics.versions is handed."""

    def __init__(self, settings: Settings, store: Store | None = None) -> None:
        self._settings = settings
        self._store = store or Store(settings)

    def list(self) -> dict[str, Any]:
        """As `python -m data versions --json` gives them."""
        return history.as_record(history.versions(self._settings.data_dir))

    def undo(self) -> dict[str, Any]:
        """Make the version before current. Raises UserError."""
        history.undo(self._settings)
        return self.list()

    def redo(self) -> dict[str, Any]:
        """Take the last undo back. Raises UserError."""
        history.redo(self._settings)
        return self.list()

    def go(self, version: int) -> dict[str, Any]:
        """Make that version current. Raises UserError."""
        history.go(self._settings, version)
        return self.list()

    def store(self, version: int) -> Store:
        """The store over that version. Raises NoData when it is not kept."""
        return self._store.at(version)

    def fates(self, before: int, after: int) -> Mapping[str, Fate]:
        """Table → the fate of its rows. Raises NoData for a version that is not kept."""
        return compare.tables(self._store.snapshot(before), self._store.snapshot(after))
