"""Decides that an edition made over these data matches, that a correction is told by the number, tampering found."""

from __future__ import annotations

import json
import random
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest

from data.experiments import kept as experiments
from data.experiments.record import Experiment
from data.ledger.editions import Asked, Editions
from data.versions import history
from errors import NoData
from reports import __main__ as command
from reports.commands import answers_for
from reports.editions import kept, manifest, reading
from reports.editions.manifest import Manifest
from reports.editions.verify import verify
from reports.papers import structure
from reports.papers.pdf import Attachment
from tests.reports.editions.worlds import MADE, ORDER, Result, World, paper, printed, world

NEVER_ASKED = "nobody was to be asked"


@pytest.fixture(scope="module", name="made")
def _made(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Manifest, bytes]:
    """A world that stays as it is, a report over it, and the report's file."""
    here = world(tmp_path_factory.mktemp("stays"))
    report = here.made()
    return here, report, printed(report)


def refuse(order: Any) -> Manifest:
    raise AssertionError(NEVER_ASKED)


def keep(here: World, report: Manifest, content: bytes, form: str = "pdf") -> Editions:
    """A ledger that keeps that file."""
    folder = here.settings.reports_dir
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"report.{form}").write_bytes(content)
    editions = Editions(here.settings.ledger)
    kept.keep(editions, folder, Result(folder / f"report.{form}", 1, report.record()), Asked())
    return editions


def test_a_correction_is_told_number_by_number_and_undo_takes_it_back(tmp_path: Path) -> None:
    here = world(tmp_path)
    report = here.made()
    file = printed(report)
    editions = keep(here, report, file)
    first = verify(file, here.ask, editions)
    assert (first.state, first.code, first.lines, first.remarks) == ("matches", 0, (), ())
    here.correct()
    after = verify(file, here.ask, editions)
    assert after.code == 1
    assert after.sentence.startswith(f"Restated: 4 tiles and 7 tables of edition {report.mark.id}, made over version 1")
    assert "Revenue: ₹1,800 in version 1 → ₹2,100 in version 2 (+₹300 · +16.7 %)" in after.lines
    assert "How did the brands move?: 1 row changed (version 1 → version 2)" in after.lines
    told = {(one.page, one.key): (one.then, one.now) for one in after.tiles}
    for page in ORDER.pages:
        old, new = (answers_for(here.settings, version).page(page, "") for version in (1, 2))
        now = {tile.key: tile for tile in (*new.tiles, *new.more)}
        for tile in (*old.tiles, *old.more):
            is_other = tile.value == tile.value and abs(tile.value - now[tile.key].value) > 1e-9
            seen = any(key == tile.key for _, key in told)
            assert seen == is_other, tile.key
            if is_other and (page, tile.key) in told:
                assert told[page, tile.key] == pytest.approx((tile.value, now[tile.key].value))
    history.undo(here.settings)
    back = verify(file, here.ask, editions)
    assert (back.code, back.then, back.now) == (0, 1, 1)
    history.redo(here.settings)
    here.correct({})
    again = verify(file, here.ask, editions)
    assert (again.code, again.now) == (0, 3)
    assert "over version 3 of the data, as of version 1" in again.sentence


def test_what_is_declared_of_experiments_is_named_when_it_changed(tmp_path: Path) -> None:
    here = world(tmp_path)
    file = printed(here.made())
    experiments.save(
        here.settings.data_dir, Experiment("june", "June", "campaign", treated=("MB_Launch",), control=("Gritzo_June",))
    )
    told = verify(file, here.ask).remarks
    assert any("declared of experiments" in remark for remark in told)


def altered(report: Manifest, change: Any, shown: str = "", rehash: bool = False) -> bytes:
    """The report's PDF after somebody changed its manifest and tables; rehash: and made them fit together again."""
    record = json.loads(json.dumps(report.record()))
    files = {one.file: one.content for one in report.tables}
    change(record, files)
    if rehash:
        for item in record["content"]["tables"]:
            item["sha256"] = manifest.digest(files[item["file"]])
        record["id"] = manifest.digest(manifest.canonical(record["content"]))
        record["mark"] = manifest.mark(record["made"]["at"], record["id"])
    told = Attachment(manifest.NAME, json.dumps(record).encode(), "")
    mark = shown or (record["mark"] if rehash else report.mark.id)
    return paper(mark, [told, *(Attachment(name, content, "") for name, content in files.items())])


def _in(content: dict[str, Any], *path: Any, to: Any) -> None:
    for key in path[:-1]:
        content = content[key]
    content[path[-1]] = to


def _swap(files: dict[str, bytes], one: str, other: str) -> None:
    files[one], files[other] = files[other], files[one]


TREND = "table-products-brand_trend.csv"
RANKING = "table-products-product_ranking.csv"
TAMPERED = {
    "a digit of a table": lambda r, f: f.update({TREND: f[TREND].replace(b"500", b"900", 1)}),
    "the last byte of a table": lambda r, f: f.update({RANKING: f[RANKING][:-1]}),
    "the first byte of a table": lambda r, f: f.update({RANKING: f[RANKING][1:]}),
    "a header": lambda r, f: f.update({RANKING: f[RANKING].replace(b"Revenue", b"Profit", 1)}),
    "a row more": lambda r, f: f.update({TREND: f[TREND] + b"2026-06-09,Attributed,1\r\n"}),
    "a row less": lambda r, f: f.update({TREND: f[TREND].rsplit(b"\r\n", 2)[0] + b"\r\n"}),
    "line ends": lambda r, f: f.update({TREND: f[TREND].replace(b"\r\n", b"\n")}),
    "two tables in each other's place": lambda r, f: _swap(f, TREND, RANKING),
    "a table taken out": lambda r, f: f.pop(TREND),
    "a table added": lambda r, f: f.update({"table-mine.csv": b"a\r\n1\r\n"}),
    "a table renamed": lambda r, f: f.update({"table-mine.csv": f.pop(TREND)}),
    "the value of a tile": lambda r, f: _in(r, "content", "tiles", 0, "value", to=9e6),
    "the words of a tile": lambda r, f: _in(r, "content", "tiles", 0, "written", to="₹90 L"),
    "the headline": lambda r, f: _in(r, "content", "headline", to="All is well."),
    "the filters": lambda r, f: _in(r, "content", "filters", "query", to="platform=YouTube"),
    "the filters' words": lambda r, f: _in(r, "content", "filters", "words", to="Everything"),
    "the data version": lambda r, f: _in(r, "content", "data", "version", to=7),
    "the rows that were set aside": lambda r, f: _in(r, "content", "data", "rows_set_aside", to=9),
    "the digest of the data": lambda r, f: _in(r, "content", "data", "sha256", to="0" * 64),
    "the assumptions": lambda r, f: _in(r, "content", "assumptions", to="none"),
    "the digest of a table": lambda r, f: _in(r, "content", "tables", 0, "sha256", to="0" * 64),
    "the id": lambda r, f: _in(r, "id", to="0" * 64),
    "the mark": lambda r, f: _in(r, "mark", to="2026-08-01 · 000000"),
    "the day of making": lambda r, f: _in(r, "made", "at", to="2026-07-01T21:30:00+05:30"),
    "a method": lambda r, f: r["content"]["methods"].append({"question": "Why?", "lines": ["because"]}),
}


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED)
def test_whatever_is_changed_in_what_it_carries_is_found(change: Any, made: tuple[World, Manifest, bytes]) -> None:
    found = verify(altered(made[1], change), refuse)
    assert found.code == 2
    assert found.sentence.count(". ") <= 1
    assert any(word in found.sentence for word in ("altered", "taken out", "added"))


def test_pages_of_another_edition_are_found(made: tuple[World, Manifest, bytes]) -> None:
    report = made[1]
    other = verify(altered(report, lambda r, f: None, shown="2026-08-01 · ffffff"), refuse)
    assert other.sentence.startswith("The pages are not those of the manifest")
    spliced = paper(report.mark.id, report.attachments(), "Edition 2026-07-01 · abcdef")
    assert verify(spliced, refuse).sentence.startswith("A page of another edition is in it: 2026-07-01 · abcdef")


def test_pages_that_were_printed_anew_are_found_through_the_ledger(tmp_path: Path) -> None:
    here = world(tmp_path)
    report = here.made()
    editions = keep(here, report, printed(report))
    other = paper(report.mark.id, report.attachments(), "Revenue was ₹90 L")
    assert verify(other, here.ask).code == 0
    found = verify(other, refuse, editions)
    assert found.sentence.startswith("The file was altered after it was made")


def test_a_manifest_rewritten_with_all_its_digests_is_found_through_the_ledger_and_through_the_data(
    tmp_path: Path,
) -> None:
    here = world(tmp_path)
    report = here.made()
    editions = keep(here, report, printed(report))

    def forge(record: dict[str, Any], files: dict[str, bytes]) -> None:
        record["content"]["tiles"][0] |= {"value": 9e6, "written": "₹90 L"}

    forged = altered(report, forge, rehash=True)
    reading.opened(forged)
    assert verify(forged, refuse, editions).sentence.startswith("The report was rewritten: the edition kept here")

    def forge_more(record: dict[str, Any], files: dict[str, bytes]) -> None:
        forge(record, files)
        record["made"]["edition"] = "0" * 16

    elsewhere = altered(report, forge_more, rehash=True)
    for _ in range(2):
        found = verify(elsewhere, here.ask, editions)
        assert found.code == 2
        assert found.sentence.startswith("The report was rewritten: version 1 of the data")
        here.correct()


def test_json_and_web_page_carry_it_too_and_a_workbook_is_known_by_its_bytes(
    made: tuple[World, Manifest, bytes],
) -> None:
    here, report, _ = made
    files = {
        "json": report.into(b'{"title": "x", "pages": []}\n', "json"),
        "html": report.into(b"<!doctype html><title>x</title><body>x</body></html>", "html"),
    }
    assert json.loads(files["json"])["title"] == "x"
    for content in files.values():
        assert verify(content, here.ask).code == 0
        assert verify(content.replace(b"500", b"900", 1), refuse).code == 2
    workbook = b"PK\x03\x04 a workbook"
    assert report.into(workbook, "xlsx") == workbook
    assert verify(workbook, refuse).sentence.startswith("A workbook carries no manifest")
    editions = keep(here, report, workbook, "xlsx")
    assert verify(workbook, here.ask, editions).code == 0
    assert verify(workbook + b" ", refuse, editions).code == 2


def test_what_a_program_reads_cannot_be_altered_beside_the_manifest(made: tuple[World, Manifest, bytes]) -> None:
    here, report, _ = made
    shown = report.into(b'{"tiles": [{"key": "revenue", "value": 1800}]}\n', "json")
    assert verify(shown, here.ask).code == 0
    found = verify(shown.replace(b"1800}", b"9999}", 1), here.ask)
    assert found.sentence.startswith("The JSON was altered: what it shows")
    page = report.into(b"<!doctype html><body><b>\xe2\x82\xb91,800</b></body></html>", "html")
    assert verify(page.replace(b"1,800</b>", b"9,800</b>"), here.ask).code == 2


def test_a_report_of_another_house_was_not_restated(tmp_path: Path) -> None:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    here, there = world(tmp_path / "here"), world(tmp_path / "there")
    there.correct()
    found = verify(printed(there.made()), here.ask)
    assert (found.state, found.lines) == ("not verifiable", ())
    assert "made from other data" in found.sentence


def test_nothing_in_the_data_ends_the_script_of_a_web_page(made: tuple[World, Manifest, bytes]) -> None:
    report = replace(made[1], content={**made[1].content, "headline": "</script><script>alert(1)</script>"})
    page = report.into(b"<html><body></body></html>", "html")
    assert page.count(b"</script>") == page.count(b"<script") == 1
    told = json.loads(page.split(b'id="carried">')[1].split(b"</script>")[0])
    assert told["manifest"]["content"]["headline"].startswith("</script>")


def locked(content: bytes) -> bytes:
    """The PDF with a password."""
    import io

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _object(number: int, body: bytes) -> bytes:
    return b"%d 0 obj\n%s\nendobj\n" % (number, body)


def built(*bodies: bytes) -> bytes:
    """A PDF of these objects, the first of them its root."""
    content, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(content))
        content += _object(number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(bodies) + 1, table)
    return content + head + b"trailer <</Root 1 0 R /Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(bodies) + 1, len(content))  # fmt: skip


def stream(content: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    return b"<</Length %d /Filter %s>>\nstream\n%s\nendstream" % (len(content), filters, content)


def bomb(rows: int) -> bytes:
    packed = zlib.compress(b"\0" * rows, 9)
    return built(
        b"<</Type /Catalog /Pages 2 0 R /Names <</EmbeddedFiles <</Names [(manifest.json) 3 0 R]>>>>>>",
        b"<</Type /Pages /Kids [] /Count 0>>", b"<</Type /Filespec /F (manifest.json) /EF <</F 4 0 R>>>>",
        stream(packed),
    )  # fmt: skip


def circle() -> bytes:
    return built(
        b"<</Type /Catalog /Pages 2 0 R /Names <</EmbeddedFiles 3 0 R>>>>", b"<</Type /Pages /Kids [] /Count 0>>",
        b"<</Kids [3 0 R 3 0 R 3 0 R]>>",
    )  # fmt: skip


EVIL = {
    "nothing": b"",
    "a text": b"Dear reader",
    "an empty PDF": b"%PDF-1.7\n",
    "a PDF of noise": b"%PDF-1.7\n" + bytes(range(256)) * 200,
    "a bomb": bomb(100_000_000),
    "files packed twice": bomb(10).replace(b"/Filter /FlateDecode", b"/Filter [/FlateDecode /FlateDecode]"),
    "a list that runs in a circle": circle(),
    "JSON of a list": b"{[}",
    "deep JSON": b'{"carried":' + b"[" * 100_000,
    "another's JSON": b'{"carried": {"manifest": {"id": 1}}}',
    "a web page of another": b"<!doctype html><p>Hello",
    "NaN": b'{"carried": {"manifest": {"id": NaN, "content": [], "made": Infinity}}}',
}


@pytest.mark.parametrize("content", EVIL.values(), ids=EVIL)
def test_an_evil_file_gets_one_sentence(content: bytes) -> None:
    found = verify(content, refuse)
    assert found.code == 2
    assert 20 < len(found.sentence) < 250
    assert "\n" not in found.sentence


def test_a_locked_and_a_cut_file_get_theirs(made: tuple[World, Manifest, bytes]) -> None:
    content = made[2]
    assert "locked with a password" in verify(locked(content), refuse).sentence
    for share in (0.1, 0.5, 0.9):
        assert verify(content[: int(len(content) * share)], refuse).code == 2
    assert verify(paper(made[1].mark.id, ()), refuse).sentence.startswith("The PDF carries no manifest")
    with pytest.raises(Exception, match="not a PDF"):
        structure.texts(b"no")


def test_no_flipped_byte_of_a_kept_report_matches_or_breaks_the_check(made: tuple[World, Manifest, bytes]) -> None:
    here, report, content = made
    editions = keep(here, report, content)
    dice = random.Random(5)
    for _ in range(60):
        place = dice.randrange(len(content))
        flipped = content[:place] + bytes([content[place] ^ (1 << dice.randrange(8))]) + content[place + 1 :]
        assert verify(flipped, refuse, editions).code == 2


def test_where_there_are_no_data_it_says_so(made: tuple[World, Manifest, bytes]) -> None:
    def nothing(order: Any) -> Manifest:
        raise NoData("No data has been imported yet. Import your files, or load the sample.")

    for ask in (None, nothing):
        found = verify(made[2], ask)
        assert found.code == 2
        assert found.sentence.startswith(f"Edition {made[1].mark.id} is whole, but it cannot be verified: ")


def test_the_command_ends_with_the_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = world(tmp_path)
    report = here.made()
    file = tmp_path / "report.pdf"
    file.write_bytes(printed(report))
    words = ["verify", str(file), "--data", str(here.settings.data_dir)]
    assert command.main(words) == 0
    assert not Path(here.settings.ledger.removeprefix("sqlite:///")).exists()
    assert capsys.readouterr().out.startswith(f"Matches: every tile and every table of edition {report.mark.id}")
    here.correct()
    assert command.main([*words, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["code"], told["data"]) == ("restated", 1, {"then": 1, "now": 2})
    assert {"key": "revenue", "then": 1800.15, "now": 2100.15}.items() <= next(
        one for one in told["tiles"] if one["key"] == "revenue"
    ).items()
    (tmp_path / "note.txt").write_text("Dear reader")
    assert command.main(["verify", str(tmp_path / "note.txt"), *words[2:]]) == 2
    assert command.main(["verify", str(tmp_path / "none.pdf"), *words[2:]]) == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith(f"{tmp_path / 'none.pdf'} cannot be read")
    assert MADE < here.clock()
