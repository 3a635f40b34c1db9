"""What `schedule` says and keeps, from preview to removal, in sentences and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.ledger.runs import DueRow, Runs
from reports import __main__ as command
from settings import load
from tests.reports.fakes import FakeAnswers

WEEKLY = ("--name", "Gritzo weekly", "--owner", "asha@example.com", "--when", "weekly mon 09:00",
          "--zone", "Asia/Kolkata", "--folder", "board/weekly,json")  # fmt: skip


class Said:
    """Speaks `python -m reports schedule` over one data folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self._capsys = folder, capsys

    def __call__(self, *words: str, code: int = 0) -> str:
        verb, *rest = words
        said = command.main(
            ["schedule", verb, *rest, "--data", str(self._folder)], lambda settings, version: FakeAnswers()
        )
        told = self._capsys.readouterr()
        assert said == code, told.err
        return told.err if code else told.out

    def json(self, *words: str) -> dict:
        return json.loads(self(*words, "--json"))


@pytest.fixture
def said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    return Said(tmp_path, capsys)


def test_a_preview_says_the_next_five_with_their_zone_and_keeps_nothing(said: Said) -> None:
    told = said("preview", *WEEKLY)
    assert told.startswith("“Gritzo weekly” every Monday at 09:00 (Asia/Kolkata), last full week\n")
    assert told.count("09:00 IST (Asia/Kolkata)") == 5
    assert "The first covers: " in told
    assert said("list") == "No schedule is kept yet: `schedule add --help` says how.\n"


def test_a_schedule_is_kept_listed_paused_resumed_and_removed(said: Said) -> None:
    added = said.json("add", *WEEKLY, "--query", "brand=Gritzo", "--fresh", "rows 2d", "--catch-up", "all")
    number = added["id"]
    assert len(added["next"]) == 5
    assert added["waits"] == "waits up to 4 hours for rows up to 2 days before the due time, then is sent, marked"
    (listed,) = said.json("list")["schedules"]
    assert (listed["id"], listed["order"]["query"], listed["catch_up"]) == (number, "brand=Gritzo", "all")
    assert said("pause", number[:6]) == "“Gritzo weekly” is paused.\n"
    assert "It is paused: Paused by hand." in said("show", number)
    assert "is paused already" in said("pause", number, code=2)
    assert said.json("resume", number)["next"]
    assert "is removed" in said("remove", number)
    assert "It is removed" in said("show", number)
    assert "No schedule" in said("pause", number, code=2)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--when", "wekly mon 09:00"), "Did you mean “weekly”?"),
        (("--zone", "Asia/Calcuta"), "No time zone “Asia/Calcuta”"),
        (("--period", "last week"), "No period “last week”"),
        (("--owner", "nobody"), "no mail address"),
        (("--mail", "x@y"), "no mail address"),
        (("--folder", "/etc"), "may not be written"),
        (("--brand", "nowhere"), "nowhere"),
        (("--pages", "overvew"), "Did you mean “overview”?"),
        (("--holidays", "@/nowhere"), "cannot be read as a list of holidays"),
    ],
)
def test_a_mistake_is_one_sentence_and_nothing_is_kept(said: Said, words: tuple[str, ...], sentence: str) -> None:
    told = said("add", *WEEKLY, *words, code=2)
    assert sentence in told
    assert told.count("\n") == 1
    assert "No schedule is kept" in said("list")


def test_a_report_sent_now_stands_in_the_history_with_its_file(said: Said, tmp_path: Path) -> None:
    number = said.json("add", *WEEKLY, "--period", "as chosen")["id"]
    run = said.json("run", number)
    assert run["state"] == "sent"
    assert Path(run["files"][0]).is_file()
    assert [one["state"] for one in run["recipients"]] == ["sent"]
    assert len(list((tmp_path / "delivered" / "board" / "weekly").iterdir())) == 1
    shown = said("show", number)
    assert f"{run['id'][:8]}  sent     asked for on " in shown
    assert "  sent     board/weekly (json)" in shown


def test_only_what_failed_is_sent_again(said: Said, tmp_path: Path) -> None:
    number = said.json("add", *WEEKLY)["id"]
    run = said.json("run", number, "--mail", "a@example.com,json")
    assert "only one that failed or is in doubt" in said("resend", run["id"], code=2)
    runs = Runs(load(tmp_path, {}).ledger)
    failed = runs.open_now(number, DueRow("now again", 1.0, "Asia/Kolkata"), "gone")
    runs.end(failed.id, "gone", "failed", "Refused.")
    assert "It is due again" in said("resend", failed.id)
    assert runs.run(failed.id).state == "due"


def test_an_alert_is_previewed_kept_and_shown_with_its_rule(said: Said) -> None:
    words = (*WEEKLY[:4], "--alert", "roas below 1.5 back above 1.7", "--query", "brand=Gritzo")
    told = said("preview", *words)
    assert "only when ROAS is below 1.5×; then not again until back at 1.7× or more" in told
    assert "It is looked at whenever the data change." in told
    assert "ROAS of Gritzo cannot be computed: No data has been imported yet." in told
    assert told.endswith("It would not fire.\n")
    added = said.json("add", *words, "--when", "daily 09:00")
    assert (added["rule"]["text"], added["fires"]) == ("roas below 1.5× back above 1.7×", False)
    assert len(added["next"]) == 5
    (listed,) = said.json("list")["schedules"]
    assert listed["alert"]["state"] == "armed"
    assert "armed: Nobody has looked yet." in said("list")
    assert "The alert is armed: Nobody has looked yet." in said("show", added["id"])


def test_a_rule_that_cannot_be_read_is_one_sentence(said: Said) -> None:
    assert said("add", *WEEKLY, "--alert", "rosa below 2", code=2) == (
        "No metric “rosa” for an alert. Did you mean “ROAS”?\n"
    )
