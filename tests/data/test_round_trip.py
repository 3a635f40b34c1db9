"""What is taken along comes back as it was: texts that a spreadsheet would run, handles and phone numbers included."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from analytics import export
from analytics.answers import Answers
from data import ingest, sources
from data.ingest import Plan
from data.store import Store
from data.values import guards
from settings import load
from tests.naughty import is_run

TEXTS = (
    "@asha.rao", "=cmd|' /C calc'!A0", "-dash", "- 20 % off", "+91 98200 12345", "＝1+1", "＠full", "'=kept",
    "''=twice", "'tis plain", "O'Neil", "-12.5", "007", "1e5", "NA", "a,b", 'say "hi"', "two\nlines", "आशा शर्मा",
    "a;b|c", "+", "@",
)  # fmt: skip
BY = ("source", "date", "campaign", "product", "influencer")


def world() -> dict[str, str]:
    people = [(f"I-{place:02d}", text, 1000 + place, "Instagram") for place, text in enumerate(TEXTS)]
    orders = [
        (f"T-{place:02d}", "influencer", "2026-06-01", text, TEXTS[-1 - place], f"I-{place:02d}", 1, 100 + place)
        for place, text in enumerate(TEXTS)
    ]
    head = ("tracking_id", "source", "date", "campaign", "product", "influencer_id", "orders", "revenue")
    # Our own guarded CSV is the way in, too: a text of any kind comes in as it was written.
    return {
        "influencers.csv": guards.csv_lines(("influencer_id", "name", "followers", "platform"), people),
        "tracking.csv": guards.csv_lines(head, orders),
    }


def taken(folder: Path, files: dict[str, str]) -> Answers:
    """The answers over a data folder with only these files."""
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    config = load(folder / "var")
    report = ingest.run(Plan([(folder / name, name) for name in files]), config)
    assert [item.refused for item in report.staged if item.refused] == []
    assert [row for item in report.staged for row in item.set_aside] == []
    return Answers(Store(config))


def table(answers: Answers, metrics: tuple[str, ...], by: tuple[str, ...]) -> Any:
    return answers.table(metrics, by, "", sort=by[-1])


@pytest.fixture(scope="module", name="first")
def _first(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    return taken(tmp_path_factory.mktemp("first") / "in", world())


def test_texts_are_stored_as_people_wrote_them(first: Answers) -> None:
    assert set(table(first, ("revenue",), ("influencer",))["influencer"]) == set(TEXTS)
    assert set(table(first, ("revenue",), ("campaign",))["campaign"]) == set(TEXTS)
    assert set(table(first, ("revenue",), ("product",))["product"]) == set(TEXTS)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_people_and_orders_come_back_equal(first: Answers, form: str, tmp_path: Path) -> None:
    people = table(first, ("followers",), ("platform", "influencer"))
    orders = table(first, ("orders", "revenue"), BY)
    folder = tmp_path / "again"
    folder.mkdir()
    files = [(folder / f"{name}.{form}", f"{name}.{form}") for name in ("influencers", "tracking")]
    for (path, _), frame in zip(files, (people, orders), strict=True):
        export.deliver(export.written(frame, form), str(path), form)
    config = load(folder / "var")
    report = ingest.run(Plan(files), config)
    assert [item.refused for item in report.staged if item.refused] == []
    again = Answers(Store(config))
    assert rows(table(again, ("followers",), ("platform", "influencer"))) == rows(people, form)
    assert rows(table(again, ("orders", "revenue"), BY)) == rows(orders, form)


def rows(frame: Any, form: str = "csv") -> list[str]:
    """The rows as they are after that way, sorted.

    In a workbook an apostrophe before a risky text is what Excel made of a guarded CSV, so it is taken off there too:
    a text that had one of its own loses it on that way, and on that way only.
    """
    bare = guards.bare if form == "xlsx" else str
    found = [{key: bare(value) if isinstance(value, str) else value for key, value in row.items()}
             for row in export.records(frame)]  # fmt: skip
    return sorted(map(repr, found))


def test_a_reader_gets_every_cell_of_an_export_back(first: Answers, tmp_path: Path) -> None:
    frame = table(first, ("orders", "revenue"), BY)
    path = tmp_path / "table.csv"
    export.deliver(export.written(frame, "csv"), str(path), "csv")
    read = sources.read(path, path.name)[0]
    cells = [guards.bare(cell) for _, row in read.rows for cell in row]
    assert cells == [guards.cell(value, raw=True) for row in frame.itertuples(index=False) for value in row]


@pytest.mark.parametrize("page", ["overview", "products", "insights"])
def test_the_panels_of_a_page_run_nowhere_and_lose_nothing(first: Answers, page: str) -> None:
    for shown in first.page(page, "").panels:
        guarded, raw = (csv.reader(io.StringIO(export.panel_csv(shown, raw).removeprefix("\ufeff"), newline=""))
                        for raw in (False, True))  # fmt: skip
        book = CalamineWorkbook.from_filelike(io.BytesIO(export.panel_xlsx(first.page(page, ""), shown.key)))
        assert book.get_sheet_by_index(0).height == len(shown.frame) + 1
        for safe, plain in zip(guarded, raw, strict=True):
            assert [guards.bare(cell) for cell in safe] == plain
            assert not [cell for cell in safe if is_run(cell) and not cell.lstrip("-").replace(".", "").isdigit()]
