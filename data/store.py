"""Decides how numbers are asked for: the only door to the query engine, on the version of the data that is current."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

from data import schema, snapshots
from data.engines.duckdb import Reader
from data.filters import Filters
from data.provenance import Note, Provenance
from data.where import column, groups, where
from errors import BadFilter, NoData, suggest
from settings import Settings

_TEXTS = {"date", "week", "month"}
_ZERO_WHERE_CARRIED = ("revenue", "revenue_all", "orders", "orders_all", "spend", "payout", "posts")
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
        frame: pd.DataFrame = self._once(
            ("totals", filters, by, measures, tiers, cost), lambda reader: self._totals(reader, filters, by, measures, tiers, cost)
        )
        return frame

    def _totals(self, reader: Reader, filters: Filters, by: tuple[str, ...], measures: tuple[str, ...], tiers: str,
                cost: str) -> pd.DataFrame:  # fmt: skip
        sums = [key for key in measures if schema.MEASURES[key].how == "sum"]
        frame = self._summed(reader, filters, by, sums, tiers, cost)
        for how, ask in (("people", self._people_in), ("customers", self._customers_in)):
            wanted = [key for key in measures if schema.MEASURES[key].how == how]
            if wanted:
                frame = self._beside(frame, ask(reader, filters, by, tiers, cost)[[*self._keys(by), *wanted]], by)
        carried = self.carried()
        if by and measures:
            frame = frame[frame[list(measures)].notna().any(axis=1)]
        fill = {key: 0.0 for key in _ZERO_WHERE_CARRIED if key in measures and key in carried}
        filled = frame.fillna(fill).where(frame["behind"].fillna(0) > 0, frame)
        return filled[[*self._keys(by), *measures]].reset_index(drop=True)

    @staticmethod
    def _keys(by: tuple[str, ...]) -> list[str]:
        return [name for key in by for name in (("influencer_id", "influencer") if key == "influencer" else (key,))]

    def _beside(self, frame: pd.DataFrame, other: pd.DataFrame, by: tuple[str, ...]) -> pd.DataFrame:
        return frame.merge(other, on=self._keys(by), how="outer") if by else pd.concat([frame, other], axis=1)

    def _spend(self, cost: str) -> dict[str, str]:
        places = self.places()
        cash, gifts = (f"(sum({key})::DOUBLE / 1e{places})" for key in ("payout_units", "gift_units"))
        both = f"CASE WHEN sum(payout_units) IS NOT NULL OR sum(gift_units) IS NOT NULL THEN coalesce({cash}, 0) + coalesce({gifts}, 0) END"
        return {"payout": cash, "seeding_cost": gifts, "spend": cash if cost == "cash" else both}

    def _clause(self, filters: Filters, by: tuple[str, ...], tiers: str, cost: str) -> tuple[str, dict[str, Any]]:
        clause, values = where(filters, tiers, f"({self._spend(cost)['spend']})")
        if any(schema.DIMENSIONS[key].of == "row" and key != "platform" for key in by):
            clause += " AND kind <> 'person'"
        return clause, values

    def _summed(self, reader: Reader, filters: Filters, by: tuple[str, ...], sums: list[str], tiers: str, cost: str) -> pd.DataFrame:
        clause, values = self._clause(filters, by, tiers, cost)
        spend = self._spend(cost)
        asked = [f"{spend.get(key, f'sum({key})')} AS {key}" for key in sums]
        # Zero is only said where rows stand behind it; nothing selected is missing, not zero.
        select = ", ".join([*([groups(by, tiers)] if by else []), *asked, "count(*) AS behind"])
        return reader.frame(f"SELECT {select} FROM cube WHERE {clause} {'GROUP BY ALL' if by else ''}", values)

    def _people_in(self, reader: Reader, filters: Filters, by: tuple[str, ...], tiers: str, cost: str) -> pd.DataFrame:
        clause, values = self._clause(filters, by, tiers, cost)
        keys = groups(by, tiers) + ", " if by else ""
        inner = f"SELECT DISTINCT {keys}influencer_id AS one, followers FROM cube WHERE {clause} AND influencer_id IS NOT NULL"
        names = ", ".join(self._keys(by)) + ", " if by else ""
        people = f"SELECT {names}nullif(count(*), 0)::DOUBLE AS influencers, sum(followers) AS followers FROM ({inner})"
        return reader.frame(people + (" GROUP BY ALL" if by else ""), values)

    def _customers_in(self, reader: Reader, filters: Filters, by: tuple[str, ...], tiers: str, cost: str) -> pd.DataFrame:
        clause, values = self._clause(filters, by, tiers, cost)
        keys = groups(by, tiers) + ", " if by else ""
        asked = f"SELECT {keys}nullif(count(DISTINCT user_id), 0)::DOUBLE AS customers FROM order_cube WHERE {clause} AND NOT organic AND coalesce(orders, 1) > 0"
        return reader.frame(asked + (" GROUP BY ALL" if by else ""), values)

    def places(self) -> int:
        """Decimal places of a whole unit of spend."""
        return int(self._once(("places",), lambda reader: reader.rows("SELECT places FROM units")[0][0]))

    def carried(self) -> frozenset[str]:
        """The measures that at least one file carries."""
        facts = [key for key, measure in schema.MEASURES.items() if measure.how == "sum" and key not in ("spend", "payout", "seeding_cost")]

        def ask(reader: Reader) -> frozenset[str]:
            counts = ", ".join(f"count({key})" for key in [*facts, "payout_units", "gift_units"])
            row = reader.rows(f"SELECT {counts}, (SELECT count(user_id) FROM order_named), (SELECT count(followers) FROM people) FROM facts")[0]
            names = [*facts, "payout", "seeding_cost", "customers", "followers"]
            found = {name for name, rows in zip(names, row, strict=True) if rows}
            return frozenset(found | {"influencers"} | ({"spend"} if found & {"payout", "seeding_cost"} else set()))

        carried: frozenset[str] = self._once(("carried",), ask)
        return carried

    def values(self, dimension: str, tiers: str = "industry6") -> list[str]:
        """The values of a dimension, sorted (tiers from small to large); influencers by id."""
        name = column(dimension, tiers)
        rows: list[str] = self._once(("values", name), lambda reader: sorted(
            row[0] for row in reader.rows(f"SELECT DISTINCT {name} FROM cube WHERE {name} IS NOT NULL")))  # fmt: skip
        return rows

    def resolved(self, filters: Filters, tiers: str = "industry6") -> Filters:
        """The filters in the data's own spelling. Raises BadFilter for a value that is not there."""
        return filters.resolved({key: self.values(key, tiers) for key in filters.chosen()}) if filters.chosen() else filters

    def span(self) -> tuple[date, date] | None:
        """First and last day of orders and posts; None when no row has a day."""
        low, high = self._once(("span",), lambda reader: reader.rows(
            "SELECT min(date), max(date) FROM facts WHERE kind IN ('order', 'post')")[0])  # fmt: skip
        return (low, high) if low is not None else None

    def rows(self, name: str, sql: str, filters: Filters, *, tiers: str = "industry6", cost: str = "cash") -> pd.DataFrame:
        """A row-level read that sums cannot answer. sql: a query of ours in which {where} stands for the filter's clause."""
        filters = self.resolved(filters, tiers)

        def ask(reader: Reader) -> pd.DataFrame:
            clause, values = self._clause(filters, (), tiers, cost)
            return reader.frame(sql.format(where=clause, places=self.places()), values)

        frame: pd.DataFrame = self._once((name, sql, filters, tiers, cost), ask)
        return frame

    def provenance(self) -> Provenance:
        """Where the numbers come from. Raises NoData."""

        def ask(reader: Reader) -> Provenance:
            version, sample, when = reader.rows("SELECT version, sample, imported_at FROM about")[0]
            read, aside, blank = reader.rows("SELECT sum(rows_read), sum(set_aside), sum(blank) FROM files")[0]
            low, high = self.span() or (None, None)
            files = tuple(f"{row[0]}{' / ' + row[1].strip() if row[1] else ''}" for row in reader.rows(
                "SELECT name, sheet FROM files WHERE tab <> '' ORDER BY file_no"))  # fmt: skip
            notes = tuple(Note(*row) for row in reader.rows("SELECT rule, weight, sentence, concerned FROM notes"))
            return Provenance(version, int(read), int(aside), int(blank), sample, low, high, when, files, notes)

        provenance: Provenance = self._once(("provenance",), ask)
        return provenance
