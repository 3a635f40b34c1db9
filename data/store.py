"""Decides how numbers are asked for: the only door to the query engine, on the version of the data that is current."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

from data import schema, snapshots, sums
from data.engines.duckdb import Reader
from data.filters import Filters
from data.provenance import Note, Provenance
from data.sums import Selection
from data.where import column
from errors import BadFilter, NoData, suggest
from settings import Settings

_KEPT = 256


class Store:
    """Answers from the current snapshot. Frames it returns are shared: treat them as read-only."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._open: tuple[snapshots.Snapshot, Reader] | None = None
        self._memory: OrderedDict[tuple[Any, ...], Any] = OrderedDict()

    @property
    def version(self) -> int:
        """Number of the current version; 0 when nothing has been imported."""
        now = snapshots.current(self._settings.data_dir)
        return now.version if now else 0

    def _reader(self) -> tuple[int, Reader]:
        now = snapshots.current(self._settings.data_dir)
        if now is None:
            raise NoData("No data has been imported yet. Import your files, or load the sample.")
        with self._lock:
            if self._open is None or self._open[0] != now:
                self._open = (now, Reader(now.path))
                self._memory.clear()
            return now.version, self._open[1]

    def _once(self, key: tuple[Any, ...], ask: Callable[[Reader], Any]) -> Any:
        """The answer from memory when this version has given it before."""
        version, reader = self._reader()
        full = (version, *key)
        with self._lock:
            if full in self._memory:
                self._memory.move_to_end(full)
                return self._memory[full]
        answer = ask(reader)
        with self._lock:
            self._memory[full] = answer
            while len(self._memory) > _KEPT:
                self._memory.popitem(last=False)
        return answer

    def totals(self, filters: Filters, by: tuple[str, ...] = (), measures: tuple[str, ...] = (), *,
               tiers: str = "industry6", cost: str = "cash") -> pd.DataFrame:  # fmt: skip
        """Measures summed over each group: columns `by` (an influencer brings influencer_id and influencer) + measures.

        One row without `by`. Groups in which every asked measure is missing are left out. Money in the reporting
        currency, summed exactly before it becomes a float; missing is NaN. Raises BadFilter, NoData.
        """
        for key in by:
            if key not in schema.DIMENSIONS:
                raise BadFilter(f"No dimension “{key}”. {suggest(key, schema.DIMENSIONS)}")
        filters = self.resolved(filters, tiers)

        def ask(reader: Reader) -> pd.DataFrame:
            return sums.totals(reader, Selection(filters, by, tiers, cost, self.places()), measures, self.carried())

        frame: pd.DataFrame = self._once(("totals", filters, by, measures, tiers, cost), ask)
        return frame

    def places(self) -> int:
        """Decimal places of a whole unit of spend."""
        return int(self._once(("places",), lambda reader: reader.rows("SELECT places FROM units")[0][0]))

    def carried(self) -> frozenset[str]:
        """The measures that at least one file carries."""
        carried: frozenset[str] = self._once(("carried",), _carried)
        return carried

    def values(self, dimension: str, tiers: str = "industry6") -> list[str]:
        """The values of a dimension, sorted; influencers by id."""
        name = column(dimension, tiers)
        found = f"SELECT DISTINCT {name} FROM cube WHERE {name} IS NOT NULL"
        values: list[str] = self._once(("values", name), lambda reader: sorted(row[0] for row in reader.rows(found)))
        return values

    def resolved(self, filters: Filters, tiers: str = "industry6") -> Filters:
        """The filters in the data's own spelling. Raises BadFilter for a value that is not there."""
        chosen = filters.chosen()
        return filters.resolved({key: self.values(key, tiers) for key in chosen}) if chosen else filters

    def span(self) -> tuple[date, date] | None:
        """First and last day of orders and posts; None when no row has a day."""
        days = "SELECT min(date), max(date) FROM facts WHERE kind IN ('order', 'post')"
        low, high = self._once(("span",), lambda reader: reader.rows(days)[0])
        return (low, high) if low is not None else None

    def rows(
        self, name: str, sql: str, filters: Filters, *, tiers: str = "industry6", cost: str = "cash"
    ) -> pd.DataFrame:
        """A row-level read that sums cannot answer. sql: our query, in which {where} stands for the filters' clause."""
        filters = self.resolved(filters, tiers)

        def ask(reader: Reader) -> pd.DataFrame:
            clause, values = Selection(filters, (), tiers, cost, self.places()).clause()
            return reader.frame(sql.format(where=clause), values)

        frame: pd.DataFrame = self._once((name, sql, filters, tiers, cost), ask)
        return frame

    def provenance(self) -> Provenance:
        """Where the numbers come from. Raises NoData."""

        def ask(reader: Reader) -> Provenance:
            version, sample, when = reader.rows("SELECT version, sample, imported_at FROM about")[0]
            read, aside, blank = reader.rows("SELECT sum(rows_read), sum(set_aside), sum(blank) FROM files")[0]
            low, high = self.span() or (None, None)
            named = reader.rows("SELECT name, sheet FROM files WHERE tab <> '' ORDER BY file_no")
            files = tuple(f"{name} / {sheet.strip()}" if sheet else name for name, sheet in named)
            notes = tuple(Note(*row) for row in reader.rows("SELECT rule, weight, sentence, concerned FROM notes"))
            return Provenance(version, int(read), int(aside), int(blank), sample, low, high, when, files, notes)

        provenance: Provenance = self._once(("provenance",), ask)
        return provenance


def _carried(reader: Reader) -> frozenset[str]:
    """The measures that at least one row has; spend where cash or gifts are there."""
    units = {"payout": "payout_units", "seeding_cost": "gift_units"}
    added = [key for key, measure in schema.MEASURES.items() if measure.how == "sum" and key != "spend"]
    counts = {key: f"count({units.get(key, key)})" for key in added}
    counts |= {"customers": "(SELECT count(user_id) FROM order_named)"}
    counts |= {"followers": "(SELECT count(followers) FROM people)"}
    rows = reader.rows(f"SELECT {', '.join(counts.values())} FROM facts")[0]
    found = {key for key, count in zip(counts, rows, strict=True) if count}
    return frozenset(found | {"influencers"} | ({"spend"} if found & set(units) else set()))
