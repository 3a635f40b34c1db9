"""Decides how numbers are asked for: the only door to the query engine, on the version of the data that is meant."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pandas as pd

from data import schema, sums
from data.engines.duckdb import Reader
from data.experiments import kept
from data.experiments.record import Experiment
from data.filters import Filters
from data.provenance import Note, Provenance
from data.quality import capabilities
from data.sums import Selection
from data.versions import history, known, snapshots
from data.where import column
from errors import BadFilter, NoData, suggest
from settings import Settings

_KEPT = 256
_STORES = 4
ACCOUNTS = ("file_no", "field", "header", "read", "accepted", "set_aside", "unreadable")
_FILES = """
    SELECT file_no, name || CASE WHEN sheet <> '' THEN ' / ' || trim(sheet) ELSE '' END AS file, tab AS "table",
        rows_read::BIGINT AS rows_read, accepted::BIGINT AS accepted, set_aside::BIGINT AS set_aside,
        blank::BIGINT AS blank, coalesce(remark, '') AS remark
    FROM files ORDER BY file_no
"""

_UNITS = {
    "campaign": "SELECT campaign AS unit FROM facts",
    "influencer": "SELECT unnest([influencer_id, influencer]) AS unit FROM people",
    "geo": "SELECT place AS unit FROM place_days",
    "customer": "SELECT user_id AS unit FROM order_measures",
}
_UNITS["go_live"] = _UNITS["influencer"]


class Store:
    """Answers from one version of the data, or from whichever is current. Frames it returns are shared: read-only.

    version: the number of the version to stand on for ever; None follows the pointer, so that two calls may answer
    from two versions: `now()` gives a store that stands still.
    """

    def __init__(self, settings: Settings, version: int | None = None) -> None:
        self._settings = settings
        self._fixed = version
        self._lock = threading.Lock()
        self._open: Reader | None = None
        self._memory: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._stores: OrderedDict[snapshots.Snapshot, Store] = OrderedDict()

    @property
    def version(self) -> int:
        """Number of the version that answers; 0 when nothing has been imported."""
        if self._fixed is not None:
            return self._fixed
        now = snapshots.current(self._settings.data_dir)
        return now.version if now else 0

    def now(self) -> Store:
        """The store over the version that is current at this moment, whatever is imported later. Raises NoData."""
        if self._fixed is not None:
            return self
        now = snapshots.current(self._settings.data_dir)
        if now is None:
            raise NoData("No data has been imported yet. Import your files, or load the sample.")
        return self._over(now)

    def at(self, version: int) -> Store:
        """The store over that version. Raises NoData when it is not kept."""
        return self._over(self.snapshot(version))

    def earlier(self) -> Store | None:
        """The store over the version that this one was built on; None when there is none, or it is not kept.

        None too where this version replaced all that was there: the one then says nothing of the other.
        """
        known = history.versions(self._settings.data_dir)
        own = known.find(self.version)
        parent = known.find(own.parent) if own and own.mode != "replace" else None
        return self.at(parent.version) if parent and own and parent.sample == own.sample else None

    def snapshot(self, version: int) -> snapshots.Snapshot:
        """That version's number and file. Raises NoData, with those that are kept, when it is not."""
        return history.at(self._settings.data_dir, version)

    def _over(self, snapshot: snapshots.Snapshot) -> Store:
        """One store a snapshot, so that what it remembers serves the next; of those not used lately none stays open."""
        with self._lock:
            store = self._stores.pop(snapshot, None) or Store(self._settings, snapshot.version)
            self._stores[snapshot] = store
            while len(self._stores) > _STORES:
                self._stores.popitem(last=False)[1]._open = None
        return store

    def _reader(self) -> Reader:
        with self._lock:
            if self._open is None:
                self._open = Reader(self.snapshot(self.version).path)
            return self._open

    def _once(self, key: tuple[Any, ...], ask: Callable[[Reader], Any]) -> Any:
        """The answer from memory when this version has given it before."""
        store = self.now()
        if store is not self:
            return store._once(key, ask)
        reader = self._reader()
        with self._lock:
            if key in self._memory:
                self._memory.move_to_end(key)
                return self._memory[key]
        answer = ask(reader)
        with self._lock:
            self._memory[key] = answer
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
        now = self.now()
        filters = now.resolved(filters, tiers)

        def ask(reader: Reader) -> pd.DataFrame:
            return sums.totals(reader, Selection(filters, by, tiers, cost, now.places()), measures, now.carried())

        frame: pd.DataFrame = now._once(("totals", filters, by, measures, tiers, cost), ask)
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

    def rows(self, name: str, sql: str, filters: Filters, *, tiers: str = "industry6", cost: str = "cash",
             values: Mapping[str, Any] | None = None) -> pd.DataFrame:  # fmt: skip
        """A row-level read that sums cannot answer. sql: our query, in which {where} stands for the filters' clause.

        values: what stands in it as $name: days, or tuples of texts.
        """
        now = self.now()
        filters, given = now.resolved(filters, tiers), dict(values or {})

        def ask(reader: Reader) -> pd.DataFrame:
            clause, chosen = Selection(filters, (), tiers, cost, now.places()).clause()
            listed = {key: list(value) if isinstance(value, tuple) else value for key, value in given.items()}
            return reader.frame(sql.format(where=clause), chosen | listed)

        frame: pd.DataFrame = now._once((name, sql, filters, tiers, cost, *sorted(given.items())), ask)
        return frame

    @property
    def timezone(self) -> str:
        """The zone whose calendar days are counted."""
        return self._settings.timezone

    def fingerprint(self) -> dict[str, str]:
        """What every answer rests on: sha256 of the version's file, and the mark of what was declared. Raises NoData.

        Equal ones give equal answers, whatever was imported, undone and redone in between.
        """
        now = self.now()
        return {"sha256": _digest(now.snapshot(now.version)), "declared": now.experiments_mark}

    def experiments(self) -> tuple[Experiment, ...]:
        """What has been declared, newest first, then what is known of the sample. Raises BadExperiment when damaged."""
        declared = kept.listed(self._settings.data_dir)
        if not self.provenance().is_sample or any(one.key == kept.OF_THE_SAMPLE.key for one in declared):
            return declared
        return (*declared, kept.OF_THE_SAMPLE)

    @property
    def experiments_mark(self) -> str:
        """A text that is another one whenever anything that was declared changes: for what is remembered by it."""
        return kept.mark(self._settings.data_dir)

    def declare(self, experiment: Experiment) -> None:
        """Keep what was declared, in the place of an earlier one of its key. Raises BadExperiment when damaged."""
        kept.save(self._settings.data_dir, experiment)

    def undeclare(self, key: str) -> None:
        """Forget what was declared. Raises BadExperiment when nothing was declared under that key."""
        kept.remove(self._settings.data_dir, key)

    def unseen(self, experiment: Experiment) -> tuple[str, ...]:
        """The units it lists that stand in no row: misspelt, or still to come. They count as having sold nothing."""
        listed = (*experiment.treated, *experiment.control)
        if not listed or (experiment.unit == "geo" and not self.carries_order_places()):
            return listed
        found = f"SELECT DISTINCT lower(trim(unit)) FROM ({_UNITS[experiment.unit]}) WHERE unit IS NOT NULL"
        known = self._once(("units", experiment.unit), lambda reader: {row[0] for row in reader.rows(found)})
        return tuple(unit for unit in listed if unit.strip().lower() not in known)

    def carries_order_places(self) -> bool:
        """Whether order rows say where they come from: only then is there a table `place_days`."""
        there = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'place_days'"
        return bool(self._once(("place_days",), lambda reader: reader.rows(there)[0][0]))

    def provenance(self) -> Provenance:
        """Where the numbers come from. Raises NoData."""
        now = self.now()

        def ask(reader: Reader) -> Provenance:
            version, sample, when = reader.rows("SELECT version, sample, imported_at FROM about")[0]
            read, aside, blank = reader.rows("SELECT sum(rows_read), sum(set_aside), sum(blank) FROM files")[0]
            low, high = now.span() or (None, None)
            files = tuple(now.files().query("table != ''")["file"])
            notes = tuple(Note(*row) for row in reader.rows("SELECT rule, weight, sentence, concerned FROM notes"))
            return Provenance(version, int(read), int(aside), int(blank), sample, low, high, when, files, notes)

        provenance: Provenance = now._once(("provenance",), ask)
        return provenance

    def files(self) -> pd.DataFrame:
        """What was read, a row a file or sheet in order of import: file_no, file, table, counts of rows, remark.

        rows_read = accepted + set_aside + blank; a file that was left out has no table, no counts, and its reason.
        """
        frame: pd.DataFrame = self._once(("files",), lambda reader: reader.frame(_FILES))
        return frame

    def accounts(self) -> pd.DataFrame:
        """The money of each file: file_no, field, header, read, accepted, set_aside (Decimal), unreadable (rows).

        read = accepted + set_aside; an amount that cannot be read is in none of them. Empty for a version that was
        made before money was counted.
        """

        def ask(reader: Reader) -> pd.DataFrame:
            there = reader.rows("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'accounts'")[0][0]
            named = ", ".join(f'"{column}"' for column in ACCOUNTS)
            rows = reader.rows(f"SELECT {named} FROM accounts ORDER BY file_no") if there else []
            return pd.DataFrame([(*row[:3], *map(Decimal, row[3:6]), row[6]) for row in rows], columns=list(ACCOUNTS))

        frame: pd.DataFrame = self._once(("accounts",), ask)
        return frame

    def capabilities(self) -> list[dict[str, Any]]:
        """What these data can answer: key, label, has, says (for what they cannot: why, and what to add)."""
        found: list[dict[str, Any]] = self._once(("capabilities",), _capabilities)
        return found


@lru_cache(maxsize=32)
def _digest(snapshot: snapshots.Snapshot) -> str:
    """Read once: a snapshot is never written to again."""
    return known.hash_of(snapshot.path)


def _capabilities(reader: Reader) -> list[dict[str, Any]]:
    return [dict(vars(one)) for one in capabilities.found(reader)]


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
