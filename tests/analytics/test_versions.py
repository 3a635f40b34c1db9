"""Decides that what moved between two versions is said to the rupee, and that no answer outlives its version."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
from math import nan
from pathlib import Path

import pytest

from analytics import __main__ as command
from analytics.answers import Answers
from analytics.versions import KPIS, Versions, change
from data import ingest
from data.engines.duckdb import Writer
from data.ingest import Plan
from data.store import Store
from data.versions import history, snapshots
from data.versions.past import Past
from errors import NoData, UserError
from settings import Settings, load
from tests.data.worlds import FOUR, TRACKING, imported, write

SEQUENCES, WHOLE = 50, 1
DEARER = TRACKING.replace("2026-06-02,1,500", "2026-06-02,1,800")


@pytest.fixture(scope="module", name="settings")
def _settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Version 1; 2 corrects an order of it; 3 is 1 again with one payout more."""
    folder = tmp_path_factory.mktemp("versions")
    imported(folder, FOUR)
    settings = load(folder / "var")
    more = FOUR["payouts.csv"] + "12,post,80,,80\n"
    for files in ({**FOUR, "tracking_data.csv": DEARER}, {**FOUR, "payouts.csv": more}):
        ingest.run(Plan(write(folder, files), replace=True), settings)
    return settings


@pytest.fixture(name="versions")
def _versions(settings: Settings) -> Versions:
    return Versions(Past(settings))


def test_a_correction_is_told_in_a_sentence_in_numbers_and_in_rows(versions: Versions) -> None:
    found = versions.compare(1, 2)
    assert found["headline"] == "Version 2 restates revenue from ₹1,800 to ₹2,100: 1 row changed in tracking."
    kpis = {one["key"]: one for one in found["kpis"]}
    assert list(kpis) == [*KPIS, "iroas", "rows"]
    revenue = kpis["revenue"]
    assert (revenue["before"], revenue["after"]) == (1800.15, 2100.15)
    assert revenue["written"] == ["₹1,800.15", "₹2,100.15"]
    assert revenue["change"] == "+₹300 · +16.7 %"
    assert kpis["orders"]["change"] == kpis["spend"]["change"] == kpis["rows"]["change"] == "unchanged"
    assert found["tables"]["tracking"] == {"before": 5, "after": 5, "new": 0, "changed": 1, "same": 4, "gone": 0}
    assert found["tables"]["posts"]["same"] == 3


def test_the_way_back_has_the_opposite_sign(versions: Versions) -> None:
    found = versions.compare(2, 1)
    assert found["headline"] == "Version 1 restates revenue from ₹2,100 to ₹1,800: 1 row changed in tracking."
    assert next(one["change"] for one in found["kpis"] if one["key"] == "revenue") == "−₹300 · −14.3 %"


def test_what_did_not_move_is_said_to_stand(versions: Versions) -> None:
    found = versions.compare(1, 1)
    assert found["headline"] == "Version 1 leaves every headline number as it is: its rows are those of version 1."
    assert {one["change"] for one in found["kpis"]} == {"unchanged"}


def test_the_first_number_that_moved_is_the_headline(versions: Versions) -> None:
    assert versions.compare(1, 3)["headline"].startswith("Version 3 restates spend from ₹325 to ₹405: 1 row new in")


def test_a_version_that_is_not_kept_is_refused_with_those_that_are(versions: Versions) -> None:
    with pytest.raises(NoData, match=r"Version 8 is not kept\. Kept are 1, 2 and 3\."):
        versions.compare(1, 8)


def test_iroas_is_never_compared_without_its_interval(sample_settings: Settings) -> None:
    found = Versions(Past(sample_settings)).compare(1, 1)
    written = next(one["written"] for one in found["kpis"] if one["key"] == "iroas")
    assert all("×" in text and "(" in text for text in written)


@pytest.mark.parametrize(
    ("before", "after", "unit", "said"),
    [
        (100.0, 100.0, "money", "unchanged"),
        (nan, nan, "money", "unchanged"),
        (nan, 5.0, "money", ""),
        (5.0, nan, "count", ""),
        (0.0, 12.0, "count", "+12"),
        (1200.0, 0.0, "money", "−₹1,200 · −100.0 %"),
        (-50.0, 50.0, "money", "+₹100"),
        (1e9, 1e9 + 0.01, "money", "+₹0.01 · +less than 0.1 %"),
        (2.0, 2.5, "multiple", "+0.50× · +25.0 %"),
    ],
)
def test_a_change_is_written_with_sign_and_share(before: float, after: float, unit: str, said: str) -> None:
    assert change(before, after, unit) == said


def test_the_command_prints_the_comparison_for_people_and_for_programs(
    settings: Settings, versions: Versions, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["compare", "1", "2", "--data", str(settings.data_dir)]
    assert command.main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == versions.compare(1, 2)
    assert command.main(words) == 0
    said = capsys.readouterr().out
    assert "₹1,800.15" in said
    assert "tracking: 5 → 5 rows, 0 new, 1 changed, 4 same, 0 gone" in said


def test_an_old_version_is_answered_by_its_number(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    told = {}
    for version in ("1", "2"):
        words = ["--version", version, "--data", str(settings.data_dir)]
        assert command.main(["answer", "overview", *words]) == 0
        page = json.loads(capsys.readouterr().out)
        assert command.main(["table", "--metrics", "revenue", "--format", "json", *words]) == 0
        table = json.loads(capsys.readouterr().out)
        assert page["data"]["version"] == int(version)
        assert next(one["value"] for one in page["tiles"] if one["key"] == "revenue") == table[0]["revenue"]
        told[version] = table[0]["revenue"]
    assert told == {"1": 1800.15, "2": 2100.15}
    assert command.main(["table", "--metrics", "revenue", "--version", "7", "--data", str(settings.data_dir)]) == 2
    assert capsys.readouterr().err == "Version 7 is not kept. Kept are 1, 2 and 3.\n"


def told(answers: Answers, whole: bool = False) -> str:
    """The headline numbers; whole: all that the first page says, without the version's own number and hour."""
    numbers = repr(answers.table(KPIS, ("influencer",), "").to_dict("records")) + repr(answers.options())
    if not whole:
        return numbers
    view = answers.page("overview", "")
    tiles = [(tile.key, tile.written, tile.note, tile.change) for tile in (*view.tiles, *view.more)]
    return repr((view.headline, tiles, [panel.summary for panel in view.panels]))


@pytest.fixture(scope="module", name="made")
def _made(settings: Settings) -> dict[Path, dict[bool, str]]:
    """Finished snapshots of three worlds, with what is told of each, in short and as a whole."""
    return {
        snapshots.folder(settings.data_dir) / one.file: {
            whole: told(Answers(Store(settings, one.version)), whole) for whole in (False, True)
        }
        for one in history.versions(settings.data_dir).versions
    }


def publish(settings: Settings, snapshot: Path) -> int:
    """What an import does once its snapshot is built; the new version's number."""
    with snapshots.alone(settings.data_dir):
        now = history.versions(settings.data_dir)
        path = snapshots.fresh(settings.data_dir)
        shutil.copy(snapshot, path)
        with Writer(path) as writer:
            writer.run(f"UPDATE about SET version = {now.next}")
        history.publish(settings, history.Version(now.next, path.name, now.current))
    return now.next


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_answers_return_to_what_they_were_whatever_way_the_versions_are_walked(
    seed: int, made: dict[Path, dict[bool, str]], tmp_path: Path
) -> None:
    chance, whole = random.Random(seed), seed < WHOLE
    settings, known = load(tmp_path), {}
    answers, versions = Answers(Store(settings)), Versions(Past(settings))
    for step in ["import", *chance.choices(["import", "undo", "redo", "go"], k=9)]:
        if step == "import":
            snapshot = chance.choice(list(made))
            known[publish(settings, snapshot)] = made[snapshot][whole]
        elif step == "go":
            _try(lambda: versions.go(chance.choice(list(known))))
        else:
            _try(getattr(versions, step))
        current = versions.list()["version"]
        assert told(answers, whole) == known[current]
        assert answers.provenance().version == current
    some = chance.choice(list(known))
    assert told(Answers(Store(settings, some)), whole) == known[some]


def _try(step) -> None:
    """A step that there is no way for leaves all as it is."""
    with contextlib.suppress(UserError):
        step()
