"""What was declared stands apart from every version, is never half written; a damaged file is told in a sentence."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from data.__main__ import main
from data.experiments import kept
from data.experiments.record import Experiment, from_record
from errors import BadExperiment

ONE = Experiment(
    "june", "June", "geo", is_random=True, start=date(2026, 6, 1), end=date(2026, 6, 30),
    treated=("Pune", "Agra"), control=("Surat",), stated_on=date(2026, 5, 1), stated_by="Asha",
)  # fmt: skip
CALENDAR = {"version": 1, "seed": 7, "rules": {}, "posts": [], "dates": []}


def test_what_was_declared_comes_back_as_it_was(tmp_path: Path) -> None:
    drawn = Experiment("dates", "Dates", "go_live", calendar=CALENDAR, sizes=None)
    for one in (ONE, drawn):
        kept.save(tmp_path / "new", one)
        assert kept.get(tmp_path / "new", one.key) == one
    assert kept.get(tmp_path / "new", "dates").calendar == CALENDAR


def test_the_newest_declaration_stands_first(tmp_path: Path) -> None:
    for key, day in (("a", 3), ("b", 9), ("c", 9), ("d", 1)):
        kept.save(tmp_path, replace(ONE, key=key, stated_on=date(2026, 5, day)))
    assert [one.key for one in kept.listed(tmp_path)] == ["c", "b", "a", "d"]
    kept.save(tmp_path, replace(ONE, key="b", name="again", stated_on=date(2026, 5, 9)))
    assert [one.key for one in kept.listed(tmp_path)] == ["c", "b", "a", "d"]
    assert kept.get(tmp_path, "b").name == "again"


def test_the_mark_changes_with_every_declaration_and_only_then(tmp_path: Path) -> None:
    marks = [kept.mark(tmp_path)]
    for one in (ONE, replace(ONE, is_random=False), ONE):
        kept.save(tmp_path, one)
        marks.append(kept.mark(tmp_path))
    assert marks[0] == ""
    assert marks[1] == marks[3] == kept.mark(tmp_path)
    assert len(set(marks)) == 3
    kept.remove(tmp_path, "june")
    assert kept.listed(tmp_path) == ()


def test_what_was_never_declared_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(BadExperiment, match="None has been declared yet"):
        kept.get(tmp_path, "june")
    kept.save(tmp_path, ONE)
    for ask in (kept.get, kept.remove):
        with pytest.raises(BadExperiment, match="Did you mean “june”"):
            ask(tmp_path, "jun")


def test_those_who_declare_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: kept.save(tmp_path, replace(ONE, key=f"e{n}")), range(24)))
    assert len(kept.listed(tmp_path)) == 24
    assert [path.name for path in tmp_path.iterdir()] == [kept.FILE]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"null", b"[]", b"3", b'{"experiments": 3}', b'{"experiments": [3]}',
     b'{"experiments": [{}]}', b'{"experiments": [{"key": "a", "name": "A", "unit": ["geo"]}]}', b"[" * 100_000,
     b'{"experiments": [{"key": 1e999}]}'],
)  # fmt: skip
def test_a_damaged_file_is_one_sentence_and_is_not_written_over(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / kept.FILE
    path.write_bytes(content)
    if not content:
        assert kept.listed(tmp_path) == ()
        return
    for ask in (lambda: kept.listed(tmp_path), lambda: kept.save(tmp_path, ONE), lambda: kept.remove(tmp_path, "june")):
        with pytest.raises(BadExperiment, match="experiments.json cannot be read"):
            ask()
    assert path.read_bytes() == content


BASE = {"key": "a", "name": "A", "unit": "geo"}


@pytest.mark.parametrize(
    "wrong",
    [{"key": 3}, {"key": "none"}, {"key": "A b"}, {"name": None}, {"name": ["x"]}, {"unit": "shop"}, {"unit": {}},
     {"is_random": "yes"}, {"is_random": 1}, {"start": 20260601}, {"start": "soon", "end": "2026-07-01"},
     {"start": "2026-07-01"}, {"treated": "Pune", "control": ["Agra"]}, {"treated": [["Pune"]], "control": ["Agra"]},
     {"treated": ["Pune"]}, {"treated": ["Pune"], "control": ["Pune"]}, {"sizes": 5}, {"sizes": [1, 2, 3]},
     {"sizes": ["a", "b"]}, {"sizes": [True, 4]}, {"sizes": [0, 4]}, {"looks": "daily"}, {"looks": -1}, {"looks": 2.5},
     {"calendar": []}, {"unit": "go_live"}, {"query": 3}, {"colour": "red"}, {3: 4}, {"stated_on": "May"}],
)  # fmt: skip
def test_a_record_that_cannot_be_is_refused_in_a_sentence(wrong: dict[str, object]) -> None:
    with pytest.raises(BadExperiment) as caught:
        from_record({**BASE, **wrong})
    assert f"{caught.value}".endswith((".", "…"))


@pytest.mark.parametrize("record", [None, 3, "a", [], [BASE]])
def test_what_is_no_record_is_refused(record: object) -> None:
    with pytest.raises(BadExperiment):
        from_record(record)


def test_the_command_declares_lists_shows_and_removes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--data", str(tmp_path / "var"), "--json"]
    (tmp_path / "units.txt").write_text("Pune\n Agra \n\n", encoding="utf-8")
    declared = ["declare", "--name", "June, places", "--unit", "geo", "--random", "--start", "2026-06-01", "--end",
                "2026-06-30", "--treated", f"@{tmp_path / 'units.txt'}", "--control", 'Surat,"Goa, North"',
                "--query", "brand=Gritzo&cost=gifts", "--by", "Asha"]  # fmt: skip
    for step, expected in ((declared, 0), (["list"], 0), (["show", "june-places"], 0), (["remove", "june-places"], 0)):
        assert main(["experiment", *step, *where]) == expected
    made, listed, shown, removed = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert made == shown == listed["experiments"][0]
    assert (made["treated"], made["control"]) == (["Pune", "Agra"], ["Surat", "Goa, North"])
    assert (made["is_random"], made["query"], made["stated_by"]) == (True, "brand=Gritzo", "Asha")
    assert removed == {"removed": "june-places"}


@pytest.mark.parametrize(
    "flags",
    [["--unit", "customer", "--sizes", "3"], ["--unit", "geo", "--start", "soon", "--end", "later"],
     ["--unit", "go_live"], ["--unit", "go_live", "--calendar", "nowhere.json"],
     ["--unit", "geo", "--query", "color=red"],
     ["--unit", "geo", "--treated", "@nowhere.txt", "--control", "A"], ["--unit", "geo", "--treated", "A"]],
)  # fmt: skip
def test_the_command_refuses_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str]
) -> None:
    assert main(["experiment", "declare", "--name", "X", *flags, "--data", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert kept.listed(tmp_path) == ()


def test_nobody_has_said_whether_arms_were_drawn_until_somebody_does(tmp_path: Path) -> None:
    for flags, said in (([], None), (["--random"], True), (["--not-random"], False)):
        main(["experiment", "declare", "--name", "X", "--unit", "geo", *flags, "--data", str(tmp_path)])
        assert kept.get(tmp_path, "x").is_random is said
