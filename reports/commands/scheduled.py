"""Decides how schedules and their runs are told: lines for people, one JSON object for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from data.ledger.alerts import Alerts
from data.ledger.deliveries import Deliveries
from data.ledger.runs import RunRow, Runs
from data.ledger.schedules import ScheduleRow
from errors import UserError
from reports.schedules.clockwork import counted
from reports.schedules.told import Data, address, alert_record, coming, none_due, run_record


def tell(said: Mapping[str, Any], as_json: bool) -> None:
    """Prints it: as one JSON object, or its lines."""
    print(json.dumps(said, ensure_ascii=False) if as_json else "\n".join(_lines(said)))


def history(
    row: ScheduleRow, runs: Sequence[RunRow], failures: int, deliveries: Deliveries, data: Data
) -> dict[str, Any]:
    """A schedule, what is coming, and its runs with their recipients, the latest first. Raises UserError."""
    said = coming(counted(row, failures), data)
    return said | {"runs": [run_record(run, deliveries) for run in runs]}


def tell_all(rows: Sequence[ScheduleRow], runs: Runs, alerts: Alerts, data: Data, as_json: bool) -> None:
    """Prints all schedules, one that cannot be read with why."""
    found: list[dict[str, Any]] = []
    for row in rows:
        latest = next(iter(runs.of(row.id, 1)), None)
        try:
            said = coming(counted(row, runs.failures(row.id, row.counted)), data)
            said |= {"alert": alert_record(alerts.of(row.id), said["zone"])} if said["rule"] else {}
        except UserError as error:
            said = {"id": row.id, "name": str(row.record.get("name", "")), "state": "broken", "reason": str(error)}
        found.append(said | {"last": latest.state if latest else ""})
    if as_json:
        print(json.dumps({"schedules": found}, ensure_ascii=False))
        return
    for said in found:
        upcoming = said["reason"] or (f"next {said['next'][0]}" if said["next"] else none_due(said))
        last = f" · last run {said['last']}" if said["last"] else ""
        print(f"{said['id']}  {said['state']:<7} {said['name']}: {said.get('words', said['reason'])}")
        print(f"{'':<18}{upcoming}{last}")
        if "alert" in said:
            print(f"{'':<18}{said['alert']['state']}: {said['alert']['said']}")
    if not found:
        print("No schedule is kept yet: `schedule add --help` says how.")


def _lines(said: Mapping[str, Any]) -> list[str]:
    lines = [said["saved"]] if "saved" in said else []
    if "words" in said:
        lines += [f"“{said['name']}” {said['words']}", *([said["waits"]] if said["waits"] else [])]
        lines += _to(said)
        coming = "Looked at whenever the data change, and next:" if said["rule"] else "Next:"
        lines += [coming, *(f"  {one}" for one in said["next"])] if said["next"] else [none_due(said)]
        lines += [f"The first covers: {said['covers']}"] if said["covers"] else []
        lines += [said["short"]] if said.get("short") else []
        lines += [said["now"]] if "now" in said else []
        lines += _alert(said["alert"]) if "alert" in said else []
    for record in said.get("runs", ()):
        lines += run_lines(record)
    return lines


def _alert(said: Mapping[str, Any]) -> list[str]:
    """The rule's state and its last look, then what has changed."""
    looked = f", looked at {said['looked']}" if said["looked"] else ""
    lines = [f"The alert is {said['state']}{looked}: {said['said']}"]
    return lines + [f"  {one['what']} on {one['at']}: {one['said']}" for one in said["past"]]


def _to(said: Mapping[str, Any]) -> list[str]:
    shown = [f"{one['kind']} {address(one)} ({one['form']})" for one in said["recipients"]]
    return [f"To: {', '.join(shown) or 'nobody: it is kept in the history'}"]


def run_lines(run: Mapping[str, Any]) -> list[str]:
    """A run as lines: state and due time, why, its files, and each recipient."""
    lines = [f"{run['id'][:8]}  {run['state']:<8} {run['asked']} {run['due']}"]
    lines += [f"  {run[key]}" for key in ("reason", "why", "remark") if run[key]]
    lines += [f"  file {file}" for file in run["files"]]
    for one in run["recipients"]:
        lines.append(f"  {one['state']:<8} {address(one)} ({one['form']}) {one['reason']}".rstrip())
    return lines
