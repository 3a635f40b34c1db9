"""Decides that every edition is remembered once, found by any of its names, listed newest first, and never lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from data.ledger.editions import Asked, Edition, Editions
from data.ledger.jobs import Ledger

FIRST = Edition(
    "a1b2c3d4e5f60718", "2026-08-01 · c0ffee", "c0ffee" + "0" * 58, 1_000.0, "from=2026-07-01&to=2026-07-31&brand=A",
    ("overview",), "brand", "pdf", 3, "one.pdf", "5" * 64, 12, Asked("job", "j1"), "All is well.",
)  # fmt: skip
SAID = {"content": {"headline": "All is well.", "tiles": [{"written": "₹3.94 Cr"}]}}


@pytest.fixture(name="editions")
def _editions(tmp_path: Path) -> Editions:
    return Editions(f"sqlite:///{tmp_path / 'ledger.sqlite'}", lambda: 2_000.0)


def several(editions: Editions, count: int) -> list[Edition]:
    return [
        editions.add(replace(FIRST, id=f"{n:016x}", made=1_000.0 + n, content=f"{n:064x}", sha256=f"{n + 99:064x}"), {})
        for n in range(count)
    ]


def test_what_is_written_is_read_back_with_what_it_said(editions: Editions) -> None:
    kept = editions.add(FIRST, SAID)
    assert kept == replace(FIRST, kept=2_000.0)
    assert editions.edition(kept.id) == kept
    assert editions.manifest(kept.id) == SAID
    assert editions.edition("nobody") is None
    assert editions.manifest("nobody") is None
    assert editions.of_bytes(FIRST.sha256) == kept


def test_a_file_is_remembered_once_and_another_never_takes_its_place(editions: Editions) -> None:
    assert editions.add(FIRST, SAID) == editions.add(FIRST, {"other": 1})
    other = editions.add(replace(FIRST, sha256="6" * 64), {"other": 2})
    assert other.id != FIRST.id
    assert editions.count() == 2
    assert editions.manifest(FIRST.id) == SAID
    assert editions.manifest(other.id) == {"other": 2}
    assert editions.add(replace(FIRST, id="", sha256="7" * 64), {}).id


def test_an_edition_is_found_by_every_name_it_has(editions: Editions) -> None:
    kept = editions.add(FIRST, SAID)
    for word in (kept.id, kept.id[:8], kept.mark, "c0ffee", "C0FFEE", kept.content, kept.sha256[:10], f" {kept.mark} "):
        assert editions.find(word) == [kept], word
    for word in ("", "c0f", "%", "____", "c0%ee"):
        assert editions.find(word) == [], word


def test_pages_of_the_list_hold_every_edition_once_newest_first(editions: Editions) -> None:
    made = several(editions, 23)
    pages = [one for offset in range(0, 30, 5) for one in editions.newest(5, offset)]
    assert pages == made[::-1]
    assert editions.count() == 23
    assert editions.newest(5, schedule="s1") == []
    assert editions.count("s1") == 0


def test_the_edition_before_is_of_the_same_view_whatever_its_days(editions: Editions) -> None:
    july = editions.add(FIRST, SAID)
    august = "brand=A&from=2026-08-01&to=2026-08-31"
    assert editions.before(august, ("overview",), "brand") == july
    assert editions.before("brand=A", ("overview",), "brand") == july
    for query, pages, audience in (
        ("brand=B", ("overview",), "brand"),
        ("brand=A&cost=gifts", ("overview",), "brand"),
        (august, ("overview", "cac"), "brand"),
        (august, ("overview",), "executive"),
    ):
        assert editions.before(query, pages, audience) is None
    newer = editions.add(replace(FIRST, id="f" * 16, made=1_500.0, content="d" * 64, sha256="8" * 64), {})
    assert editions.before(august, ("overview",), "brand") == newer
    assert editions.before(august, ("overview",), "brand", content="d" * 64) == july
    assert editions.before(august, ("overview",), "brand", made=1_500.0) == july


def test_a_schedule_is_compared_with_its_own_editions(editions: Editions) -> None:
    editions.add(FIRST, SAID)
    assert editions.before(FIRST.query, FIRST.pages, "brand", schedule="weekly") is None
    own = editions.add(
        replace(FIRST, id="e" * 16, made=900.0, sha256="9" * 64, asked=Asked("schedule", "run1", "weekly")), {}
    )
    assert editions.before(FIRST.query, FIRST.pages, "brand", schedule="weekly") == own
    assert editions.newest(schedule="weekly") == [own]


def test_editions_live_beside_the_jobs_in_one_ledger_and_outlive_the_process(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    Ledger(url).add_report("", ())
    Editions(url).add(FIRST, SAID)
    assert Editions(url).manifest(FIRST.id) == SAID
    assert len(Ledger(url).reports()) == 1
