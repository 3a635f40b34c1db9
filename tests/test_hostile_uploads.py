"""A file that is made to hurt is answered by a sentence through the served page, and hurts nobody else."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from api.importing import Importer
from api.uploads import Shelf
from bench.served import Served, house
from data import ingest
from data.ingest import Plan
from errors import BadUpload
from settings import Settings, load
from tests.data.sources.bombs import BOMBS, HEADER, UPLOADS, Bomb, filled

REFUSED = "is not a file we can read. Bring CSV, Excel (.xlsx) or JSON."
MOST_GROWTH, MOST_SECONDS, MOST_WAIT = 100_000_000, 10.0, 1.0
# Seconds are those of a machine that has nothing else to do: they are printed always and judged only by hand.
BY_HAND = os.environ.get("TRUELIFT_BOMBS") == "full"


@dataclass
class Pulse:
    """Asks /health all the while. waits: seconds that each answer took; statuses: what it said."""

    served: Served
    waits: list[float] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)

    def beat(self) -> None:
        while not self.over.wait(0.1):
            start = time.monotonic()
            self.statuses.add(self.served.get("/health")[0])
            self.waits.append(time.monotonic() - start)


@dataclass(frozen=True)
class Place:
    """The served house with its temp folder, and the memory of its web process when it had shown a first look."""

    served: Served
    scratch: Path
    before: int

    def lying(self) -> set[str]:
        """Files in the data folder and the temp folder; the ledger is no rest."""
        homes = (self.served.data_dir, self.scratch)
        found = {path for home in homes for path in home.rglob("*") if path.is_file()}
        return {str(path) for path in found if not path.name.startswith("ledger.sqlite")}


@pytest.fixture(scope="module", name="place")
def _place(sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("hostile")
    shutil.copytree(sample_settings.data_dir, home / "var")
    scratch = home / "scratch"
    scratch.mkdir()
    harmless = home / "harmless.csv"
    harmless.write_bytes(b"a,b\n1,2\n")
    with house(home / "var", 8370, TMPDIR=str(scratch)) as served:
        for path in ("/", "/import"):
            served.get(path)
        upload = served.upload((harmless, "harmless.csv"))
        served.look(upload)
        served.remove(upload)
        yield Place(served, scratch, served.memory("VmRSS"))


@pytest.fixture(name="pulse")
def _pulse(place: Place) -> Iterator[Pulse]:
    pulse = Pulse(place.served)
    thread = threading.Thread(target=pulse.beat)
    thread.start()
    yield pulse
    pulse.over.set()
    thread.join()


def answer_of(served: Served, upload: dict[str, Any], job: dict[str, Any]) -> dict[str, Any]:
    """What the child answered; nothing where it died before."""
    folder = served.data_dir / "uploads" / upload["id"] / "jobs" / job["job"]
    return json.loads((folder / "answer.json").read_text(encoding="utf-8") or '{"error": "", "files": []}')


def said_of(served: Served, upload: dict[str, Any], job: dict[str, Any]) -> str:
    """The sentences of a look: why nothing was read, why a file was refused, why rows of it were set aside."""
    answer = answer_of(served, upload, job)
    refused = [f"{file.get('refused') or ''}" for file in answer["files"]]
    reasons = [one["reason"] for file in answer["files"] for one in file.get("reasons", [])]
    return " ".join([answer["error"], *refused, *reasons[:3]]).strip()


@pytest.mark.parametrize("bomb", [*BOMBS, *UPLOADS], ids=lambda bomb: bomb.name)
def test_a_bomb_is_answered_by_a_sentence_and_the_web_process_does_not_feel_it(
    bomb: Bomb, place: Place, pulse: Pulse, tmp_path: Path
) -> None:
    path, served, there = tmp_path / "bomb", place.served, place.lying()
    bomb.make(path)
    size = path.stat().st_size
    served.forget_peak()
    upload = served.upload((path, bomb.name))
    path.unlink()
    seconds, token = 0.0, "none"
    says, screen = upload.get("error", ""), f"{upload}"
    if upload["ok"]:
        start = time.monotonic()
        job, page = served.look(upload)
        seconds = time.monotonic() - start
        says, screen = said_of(served, upload, job), json.dumps(page, ensure_ascii=False)
        token = answer_of(served, upload, job).get("draft") or "none"
        served.remove(upload)
    growth = served.memory("VmHWM") - place.before
    figures = f"{size:,} | {seconds:.1f} | {growth / 1e6:+.0f} MB | {max(pulse.waits, default=0):.2f}"
    sys.stdout.write(f"\n| {bomb.name} | {figures} | {says[:300]} |\n")
    assert [word for word in (bomb.words if upload["ok"] else (REFUSED,)) if word not in says] == [], says
    assert says[:80] in screen
    assert served.memory("VmRSS") > 0
    assert growth < MOST_GROWTH
    assert pulse.statuses <= {200}
    if BY_HAND:
        assert seconds < MOST_SECONDS
        assert max(pulse.waits, default=0) < MOST_WAIT
    assert {name for name in place.lying() - there if token not in name} == set()


def _naughty() -> list[str]:
    home = os.environ.get("NAUGHTY_DIR")
    if not home:
        return []
    text = (Path(home) / "payloads" / "paths" / "directory_traversal.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line]


OURS = (
    "../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "C:\\x", "....//....//x", "%2e%2e%2fx", "..%c0%afx",
    "CON", "NUL.txt", ".", "..", "", " ", "-rf", "~root", "a\x00b", "a\r\nb: c", "a" * 5_000, "\u202efdp", "*", "[a]",
    "आदेश मार्च", "भुगतान", "a;b", "{x}", "$(id)", "`id`", "--data", "stop", "jobs", "ended.json",
)  # fmt: skip


def test_a_name_cannot_leave_its_folder(place: Place, tmp_path: Path) -> None:
    """Every name lands in the upload's own folder, two Hindi names stay two, and a look reads what lies there.

    A name of which nothing but the ending would be left is refused as a kind that is not read.
    """
    path, served, there = tmp_path / "file", place.served, place.lying()
    path.write_bytes(b"a,b\n1,2\n")
    names = [f"{name}.csv" for name in (*OURS, *_naughty())]
    alone = {name: served.upload((path, name)) for name in names}
    for answer in alone.values():
        assert REFUSED in answer["error"] if not answer["ok"] else len(answer["files"]) == 1
    kept = [name for name, answer in alone.items() if answer["ok"]]
    for name in kept:
        served.remove(alone[name])
    assert place.lying() == there
    assert len(kept) > 0.8 * len(names)
    uploads = [served.upload(*((path, name) for name in kept[at : at + 40])) for at in range(0, len(kept), 40)]
    assert [upload.get("error") for upload in uploads] == [None] * len(uploads)
    new = place.lying() - there
    assert len(new) == len(kept) == sum(len(upload["files"]) for upload in uploads)
    homes = {served.data_dir / "uploads" / upload["id"] for upload in uploads}
    assert {Path(file).parent.parent for file in new} == homes
    listed = {file["name"] for upload in uploads for file in upload["files"]}
    assert {"आदेश मार्च.csv", "भुगतान.csv", "CON.csv"} <= listed
    for upload in uploads:
        job, screen = served.look(upload)
        assert said_of(served, upload, job).count("none of the four tables") == len(upload["files"])
        assert "none of the four tables" in json.dumps(screen)
        served.remove(upload)
    assert place.lying() == there


@pytest.mark.parametrize("most", [600_000_000])
def test_a_child_that_takes_too_much_memory_ends_with_that_sentence(most: int, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "uploads")
    upload = shelf.open()
    filled(Path(upload.stream(None, None, "big.json").name), b'{"date":1},', 10_000_000, b"[", b'{"date":1}]')
    upload.close()
    importer = Importer(tmp_path / "var", shelf, memory=most)
    job = importer.look(upload.id, {})
    while (now := importer.follow(upload.id, job))["state"] == "running":
        time.sleep(0.05)
    assert "memory" in now["answer"]["error"]
    assert "TRUELIFT_MAX_IMPORT_MEMORY" in now["answer"]["error"]


def test_limits_of_the_settings_hold_for_what_is_read(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(HEADER + b"2026-01-01,Instagram,Mar,INF1,u1,Whey,1,100\n")
    limited = load(tmp_path / "var", {"TRUELIFT_MAX_COLUMNS": "5"})
    with pytest.raises(BadUpload, match=r"8 columns; at most 5 are read \(TRUELIFT_MAX_COLUMNS\)"):
        ingest.run(Plan([(path, path.name)]), limited)


def test_the_same_process_answers_at_the_end(place: Place) -> None:
    assert place.served.memory("VmRSS") - place.before < MOST_GROWTH
    assert place.served.get("/health")[0] == 200
