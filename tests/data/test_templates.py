"""A template has every field of the schema, says what each means, and loads whole when it is filled."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from data import ingest, schema, templates
from data.commands import templates as command
from data.engines import xlsx
from data.engines.duckdb import Reader
from data.ingest import Plan
from data.values import guards
from data.versions import snapshots
from errors import BadUpload
from settings import load

LETTERS = "abcXYZ089 ,;'\"=+-@&<>/_#().₹आशाéß漢字👩＝"
# A text that begins with an apostrophe and a formula was kept from running in a spreadsheet: see data.values.guards.
NAMES = (
    st.text(alphabet=LETTERS, min_size=1, max_size=12)
    .map(lambda text: f"{text}k".strip())
    .filter(lambda text: guards.bare(text) == text)
)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "text": NAMES | st.sampled_from(["@asha", "+91 98200 12345", "-dash", "=cmd", "'tis", "NA", "TRUE", "007"]),
    "label": NAMES.map(lambda text: " ".join(text.split())),
    "date": st.dates(date(2001, 1, 1), date(2035, 12, 31)),
    "money": st.decimals(-(10**8), 10**8, places=2),
    "count": st.integers(0, 10**9),
    "number": st.integers(0, 99_999).map(lambda number: number / 1000),
    "share": st.integers(0, 1000).map(lambda number: number / 1000),
    "terms": st.sampled_from(["15000", "5% of revenue", "2,000/post", "100 per order"]),
    "flag": st.sampled_from(["yes", "no"]),
}
SPELLED = {
    "platform": ("Instagram", "YouTube", "Facebook"), "gender": ("Female", "Male"),
    "campaign_type": ("test", "control"), "basis": ("post", "order"),
    "status": ("Paid", "Pending"), "source": ("influencer", "Instagram"),
    "period": ("before", "during"),
}  # fmt: skip
TABLES = list(schema.TABLES)


def _value(column: templates.Column) -> st.SearchStrategy[Any]:
    return st.sampled_from(SPELLED[column.field]) if column.field in SPELLED else KINDS[column.kind]


@st.composite
def filled(draw: st.DrawFn, table: str) -> list[tuple[Any, ...]]:
    """Rows of a template: every cell holds a valid value of its kind, ids differ from row to row."""
    columns = templates.columns(table)
    return [
        tuple(f"0{place}-{column.field}" if column.kind == "id" else draw(_value(column)) for column in columns)
        for place in range(draw(st.integers(1, 6)))
    ]


WORLDS = st.fixed_dictionaries({table: filled(table) for table in TABLES})


def _as_csv(folder: Path, world: dict[str, list[tuple[Any, ...]]]) -> list[tuple[Path, str]]:
    files = []
    for table, rows in world.items():
        lines = templates.as_csv(table) + guards.csv_lines(rows[0], rows[1:])
        path = folder / f"{table}.csv"
        path.write_text(guards.MARK + lines, encoding="utf-8", newline="")
        files.append((path, path.name))
    return files


def _as_xlsx(folder: Path, world: dict[str, list[tuple[Any, ...]]]) -> list[tuple[Path, str]]:
    path = folder / "tables.xlsx"
    path.write_bytes(xlsx.write(templates.sheets(TABLES, world)))
    return [(path, path.name)]


def _stored(value: Any) -> Any:
    return float(value) if isinstance(value, int | float | Decimal) else value


def _sorted(rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    return sorted((tuple(map(_stored, row)) for row in rows), key=repr)


@pytest.mark.parametrize("form", [_as_csv, _as_xlsx])
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(world=WORLDS)
def test_a_filled_template_always_loads_and_keeps_every_cell(
    form: Any, world: dict[str, list[tuple[Any, ...]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = load(Path(folder) / "var")
        report = ingest.run(Plan(form(Path(folder), world)), config)
        assert [item.raw.label for item in report.staged if item.refused] == []
        assert {item.table: (item.accepted, len(item.set_aside)) for item in report.staged} == {
            table: (len(rows), 0) for table, rows in world.items()
        }
        snapshot = snapshots.current(config.data_dir)
        assert snapshot
        reader = Reader(snapshot.path)
        for table, rows in world.items():
            fields = ", ".join(f'"{column.field}"' for column in templates.columns(table))
            assert _sorted(reader.rows(f"SELECT {fields} FROM {table}")) == _sorted(rows), table
        reader.close()


@pytest.mark.parametrize("table", TABLES)
def test_a_template_has_every_field_with_its_meaning_and_a_valid_example(table: str, tmp_path: Path) -> None:
    columns = templates.columns(table)
    assert [column.field for column in columns] == [field.key for field in schema.TABLES[table].fields]
    assert {column.field for column in columns if column.required} == set(schema.TABLES[table].needs)
    assert all(column.says in column.note and column.header for column in columns)
    examples = guards.csv_lines([column.example for column in columns], [])
    path = tmp_path / f"{table}.csv"
    path.write_text(templates.as_csv(table) + examples, encoding="utf-8", newline="")
    report = ingest.run(Plan([(path, path.name)], keep=False), load(tmp_path / "var"))
    taken = report.staged[0]
    assert (taken.refused, taken.table, taken.accepted, taken.set_aside) == ("", table, 1, [])
    assert taken.fields == tuple(column.field for column in columns)


@pytest.mark.parametrize("table", TABLES)
def test_an_empty_template_holds_nothing_that_reads_as_data(table: str, tmp_path: Path) -> None:
    path = tmp_path / f"{table}.csv"
    path.write_text(templates.as_csv(table), encoding="utf-8", newline="")
    with pytest.raises(BadUpload, match="header and no rows"):
        ingest.run(Plan([(path, path.name)], keep=False), load(tmp_path / "var"))


def test_the_workbook_says_how_to_fill_each_column() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(templates.as_xlsx(TABLES)))
    assert book.sheet_names == [*TABLES, "How to fill"]
    head, *lines = book.get_sheet_by_name("How to fill").to_python()
    assert guards.is_ours("How to fill", head)
    assert [(line[0], line[1]) for line in lines] == [
        (table, column.header) for table in TABLES for column in templates.columns(table)
    ]
    assert [book.get_sheet_by_name(table).height for table in TABLES] == [1] * len(TABLES)


def _ask(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    import argparse

    parser = argparse.ArgumentParser()
    runs = command.add(parser.add_subparsers(dest="command"))
    arguments = parser.parse_args(["template", *words])
    runs[arguments.command](arguments, load("unused"))
    return capsys.readouterr().out


def test_the_command_writes_one_table_or_all(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert _ask(capsys, "posts") == templates.as_csv("posts")
    _ask(capsys, "all", "--format", "xlsx", "--out", str(tmp_path / "new" / "t.xlsx"))
    assert CalamineWorkbook.from_path(str(tmp_path / "new" / "t.xlsx")).sheet_names[-1] == "How to fill"
    _ask(capsys, "all", "--out", str(tmp_path / "folder"))
    assert sorted(path.stem for path in (tmp_path / "folder").iterdir()) == sorted(TABLES)
    with pytest.raises(BadUpload, match="Name a file"):
        _ask(capsys, "all", "--format", "xlsx")
    with pytest.raises(BadUpload, match="cannot be written"):
        _ask(capsys, "posts", "--out", str(tmp_path))
