"""An alert over real data: imports that move a metric send one report a change, and it says why on its first line."""

from __future__ import annotations

import json
from pathlib import Path

from data import ingest
from data.ingest import Plan
from data.ledger.alerts import AlertRow, Alerts
from data.ledger.runs import Runs
from data.ledger.schedules import Schedules
from reports.commands import answers_for
from reports.delivery.recipient import Recipient
from reports.maker import Maker
from reports.order import Order
from reports.schedules import alerts, wired
from reports.schedules.clockwork import Clockwork
from reports.schedules.recurrence import parsed
from reports.schedules.schedule import Schedule
from settings import Settings
from tests.data.worlds import FOUR, TRACKING, imported, write

LOW = TRACKING.replace("2026-06-01,2,1000.10", "2026-06-01,2,100.10")
WITHOUT = "\n".join(line for line in TRACKING.splitlines() if "Whey" not in line)
DAYS = "from=2026-06-01&to=2026-06-05"


class Worker:
    """A data folder, one alert on it, and a worker whose clock goes on an hour an import."""

    def __init__(self, folder: Path, text: str, query: str) -> None:
        store, _ = imported(folder, FOUR)
        self.settings: Settings = store._settings
        self.folder, self.now = folder, 1_790_000_000.0
        schedule = Schedule(
            "", "Whey", "asha@example.com", Order(query, ("overview",), "json", "executive"), parsed("on demand"),
            "Asia/Kolkata", "as chosen", (Recipient("folder", "board", "json"),), rule=alerts.parsed(text).as_record(),
        )  # fmt: skip
        self.number = Schedules(self.settings.ledger, self.clock).add(schedule.as_record())
        self.works()

    def clock(self) -> float:
        return self.now

    def clockwork(self) -> Clockwork:
        maker = Maker(lambda version: answers_for(self.settings, version))
        return wired.clockwork(self.settings, maker, "worker", self.clock)

    def works(self) -> None:
        """As a worker that was started anew: nothing is remembered but what the ledger has."""
        worker = self.clockwork()
        for _ in range(5):
            self.now += 60
            worker.work_once()

    def imports(self, tracking: str) -> None:
        ingest.run(Plan(write(self.folder, {**FOUR, "tracking_data.csv": tracking}), replace=True), self.settings)
        self.now += 3600
        self.works()

    def state(self) -> AlertRow:
        found = Alerts(self.settings.ledger).of(self.number)
        assert found is not None
        return found

    def reports(self) -> list[dict]:
        folder = self.settings.data_dir / "delivered" / "board"
        return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def test_imports_that_move_a_metric_send_one_report_and_it_says_why(tmp_path: Path) -> None:
    worker = Worker(tmp_path, "revenue below ₹1,500 back above ₹1,900", f"{DAYS}&product=Whey")
    assert worker.state().said.endswith("is ₹1,500.10 in 1 Jun – 5 Jun 2026. That is no reason for a report.")
    for tracking in (LOW, TRACKING, LOW):
        worker.imports(tracking)
    (run,) = Runs(worker.settings.ledger).of(worker.number)
    assert (run.state, run.reason) == ("sent", "")
    assert run.why == (
        "Revenue (Product: Whey) fell below ₹1,500: ₹600 in 1 Jun – 5 Jun 2026"
        " (it was ₹1,500.10 before the data of these days were restated)."
    )
    (report,) = worker.reports()
    assert (report["reason"], report["order"]["version"]) == (run.why, 2)
    worker.imports(WITHOUT)
    assert (worker.state().state, worker.state().value) == ("fired", None)
    assert "No product “Whey” in the data." in worker.state().said
    assert len(Runs(worker.settings.ledger).of(worker.number)) == 1
