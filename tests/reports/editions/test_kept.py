"""Decides that an edition's file is kept once, in the reports folder, and that nothing is ever taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.ledger.editions import Asked, Editions
from errors import UserError
from reports.editions import kept, manifest
from reports.editions.manifest import Manifest
from reports.order import Order
from reports.report import collected
from tests.reports.editions.worlds import MADE, Result, printed
from tests.reports.fakes import FakeAnswers


def made(query: str = "", moment: float = MADE) -> Manifest:
    return manifest.of(collected(FakeAnswers(), Order(query, ("overview",))), clock=lambda: moment)


@pytest.fixture(name="editions")
def _editions(tmp_path: Path) -> Editions:
    return Editions(f"sqlite:///{tmp_path / 'ledger.sqlite'}", lambda: MADE)


def test_a_file_of_the_reports_folder_stays_where_it_is(editions: Editions, tmp_path: Path) -> None:
    folder, report = tmp_path / "reports", made("from=2026-07-01&to=2026-07-31")
    folder.mkdir()
    file = folder / "job.pdf"
    file.write_bytes(printed(report))
    edition = kept.keep(editions, folder, Result(file, 7, report.record()), Asked("job", "j1"))
    assert (edition.file, edition.page_count, edition.asked) == ("job.pdf", 7, Asked("job", "j1"))
    assert (edition.mark, edition.content, edition.made) == (report.mark.id, report.id, MADE)
    assert (edition.pages, edition.audience, edition.data_version) == (("overview",), "brand", 17)
    assert edition.query == "from=2026-07-01&to=2026-07-31"
    assert editions.manifest(edition.id) == report.record()
    assert [path.name for path in folder.iterdir()] == ["job.pdf"]
    assert kept.keep(editions, folder, Result(file, 7, report.record()), Asked("job", "j1")) == edition
    file.unlink()
    assert kept.file_of(folder, edition) is None
    assert editions.count() == 1


def test_a_file_from_elsewhere_is_copied_once(editions: Editions, tmp_path: Path) -> None:
    folder, report = tmp_path / "reports", made()
    for name in ("X.pdf", "Y.pdf"):
        (tmp_path / name).write_bytes(printed(report))
        edition = kept.keep(editions, folder, Result(tmp_path / name, 1, report.record()), Asked())
        assert (folder / edition.file).read_bytes() == (tmp_path / name).read_bytes()
    assert [path.name for path in folder.iterdir()] == [f"{report.made['edition']}.pdf"]
    assert (tmp_path / "X.pdf").exists()


def test_what_has_no_manifest_is_refused_in_a_sentence(editions: Editions, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF-")
    with pytest.raises(UserError, match=r"^The report x\.pdf has no manifest"):
        kept.keep(editions, tmp_path, Result(tmp_path / "x.pdf", 1, {"id": "a"}), Asked())
    assert editions.count() == 0


def test_the_edition_before_comes_with_the_tables_it_carries(editions: Editions, tmp_path: Path) -> None:
    july = made("from=2026-07-01&to=2026-07-31")
    file = tmp_path / "july.pdf"
    file.write_bytes(printed(july))
    edition = kept.keep(editions, tmp_path, Result(file, 1, july.record()), Asked())
    august = collected(FakeAnswers(), Order("from=2026-08-01&to=2026-08-31", ("overview",)))
    before = kept.previous(editions, tmp_path, august)
    assert before is not None
    assert (before.edition, before.record) == (edition, july.record())
    assert before.tables == {one.file: one.content for one in july.tables}
    assert kept.previous(editions, tmp_path, august, content=july.id) is None
    assert kept.previous(editions, tmp_path, collected(FakeAnswers(), Order("", ("cac",)))) is None
    file.write_bytes(printed(july) + b" ")
    altered = kept.previous(editions, tmp_path, august)
    assert altered is not None
    assert altered.tables == {}


def test_a_workbook_as_the_newest_lends_the_tables_of_the_paper_made_beside_it(
    editions: Editions, tmp_path: Path
) -> None:
    folder, first, later = tmp_path / "reports", made(), made("brand=Gritzo")
    folder.mkdir()
    for name, content in (("a.pdf", printed(first)), ("a.xlsx", b"PK\x03\x04 a workbook")):
        (folder / name).write_bytes(content)
        kept.keep(editions, folder, Result(folder / name, 1, first.record()), Asked())
    found = kept.previous(editions, folder, collected(FakeAnswers(), Order("", ("overview",))), later.id)
    assert found is not None
    assert set(found.tables) == {item["file"] for item in first.record()["content"]["tables"]}
