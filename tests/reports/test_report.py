"""Decides that paper says what the pages say: every number, every row, on pages that can be found and cited."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from analytics.metrics import METRICS
from errors import BadFilter
from reports.order import Order
from reports.render.pictures import NO_BROWSER, Drawing, Pictures
from reports.report import build, put
from tests.reports.conftest import EPOCH, QUERY, Read, read
from tests.reports.fakes import DATA, HEADLINES, PAGES, QUALITY, TITLES, FakeAnswers, page, people


class Blind(Pictures):
    """A machine without a browser."""

    def draw(self, figures):
        return [Drawing(None, NO_BROWSER) for _ in figures]


def outline(reader) -> list[tuple[str, list[str]]]:
    """Bookmarks on two levels."""
    found: list[tuple[str, list[str]]] = []
    for item in reader.outline:
        if isinstance(item, list):
            found[-1][1].extend(inner.title for inner in item)
        else:
            found.append((item.title, []))
    return found


def test_every_written_number_of_every_tile_is_printed(whole: Read) -> None:
    for key in PAGES:
        view = page(key)
        for tile in (*view.tiles, *view.more):
            assert tile.written in whole.text
            assert tile.label in whole.text
            assert tile.change in whole.text
    assert "1.4–2.9×" in whole.text


def test_page_one_is_for_a_reader_with_two_minutes(whole: Read) -> None:
    first = whole.texts[0]
    assert HEADLINES[0] in first
    assert "▲ 12.4 %" in first
    assert "How did revenue move?" in first
    for sentence in ("Micro on Instagram returns most", "Mark Perez does not pay back", "cannot tell yet"):
        assert sentence in first
    assert "Gifts are not counted" not in first
    assert re.search(r"page \d", first)


def test_every_page_has_the_footer_and_says_that_it_is_a_sample(whole: Read) -> None:
    assert whole.result.pages == len(whole.texts) >= 10
    for number, text in enumerate(whole.texts, 1):
        assert f"{number} / {len(whole.texts)}" in text
        assert "Data version 17, 2,669 rows read, 12 set aside" in text
        assert "Brand: MuscleBlaze, Gritzo" in text
        assert "Sample data" in text
        assert "1 Feb – 31 Jul 2026" in text


def test_real_data_are_not_called_a_sample(pictures: Pictures, tmp_path: Path) -> None:
    real = replace(page("insights"), provenance=replace(DATA, is_sample=False))
    done = read(
        build(
            FakeAnswers(insights=real),
            Order("", ("insights",), audience="everything"),
            tmp_path / "r.pdf",
            pictures=pictures,
        )
    )
    assert "ample data" not in done.text
    assert set(done.result.missing) == set()


def test_contents_and_bookmarks_lead_to_every_section(whole: Read) -> None:
    marks = outline(whole.reader)
    assert [title for title, _ in marks][:2] == ["Summary", "Contents"]
    assert [title for title, _ in marks][2:7] == list(TITLES)
    assert "Who is ahead?" in dict(marks)["Overview"]
    for title, panels in marks[2:]:
        assert title in whole.texts[1] or title == marks[2][0]
        for panel in panels:
            assert panel in whole.texts[1]
    for item in whole.reader.outline:
        if not isinstance(item, list) and item.title in TITLES:
            number = whole.reader.get_destination_page_number(item) + 1
            assert f"{item.title} {number}" in whole.texts[1]


def test_the_pdf_is_tagged_titled_and_tells_its_language(whole: Read) -> None:
    root = whole.reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert whole.reader.metadata.title.startswith("TrueLift: Influencer return")


def test_every_chart_tells_in_words_what_it_shows(whole: Read) -> None:
    told = re.findall(rb"/Alt", b"".join(item.get_object().__repr__().encode() for item in _structure(whole)))
    charts = sum(panel.figure is not None for key in PAGES for panel in page(key).panels)
    assert len(told) == charts == 14


def _structure(whole: Read):
    waiting = [whole.reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop()
        if not hasattr(node, "get"):
            continue
        if node.get("/S") == "/Figure":
            yield node
        kids = node.get("/K", [])
        kids = kids if isinstance(kids, list) else [kids]
        waiting += [kid.get_object() for kid in kids if not isinstance(kid, int)]


def test_the_glossary_explains_the_metrics_used_and_no_others(whole: Read) -> None:
    last = whole.text[whole.text.rindex("What the words mean The metrics") :]
    for key in ("revenue", "roas", "spend", "engagement_rate", "cac.new_customer", "aov", "cvr"):
        assert f"{METRICS[key].label} {METRICS[key].formula}" in last
    for key in ("cpm", "profit", "margin", "revenue.all"):
        assert METRICS[key].label not in last


def test_the_data_page_counts_every_row(whole: Read) -> None:
    data = whole.text[whole.text.rindex("The data behind this report") :]
    for words in ("Rows read 2,669", "Rows accepted 2,654", "Rows set aside 12", "Blank rows 3"):
        assert words in data
    for words in ("tracking.xlsx / Orders tracking 1,919 1,904 12 3", "All files – 2,669 2,654 12 3"):
        assert words in data
    for words in ("Order Value 3,94,35,890.25 3,94,00,000 35,890.25 1", "No control rows", "sample.csv: left out."):
        assert words in data
    assert QUALITY.quarantine in data
    places = [data.index(note.sentence) for note in QUALITY.notes]
    assert places == sorted(places)
    assert len(places) == len(DATA.notes)


def test_a_page_without_its_quality_still_counts_the_rows(tmp_path: Path) -> None:
    bare = replace(page("insights"), quality=None)
    done = read(
        build(
            FakeAnswers(insights=bare),
            Order("", ("insights",), audience="everything"),
            tmp_path / "r.pdf",
            pictures=Blind(),
        )
    )
    assert "Rows accepted 2,654" in done.text
    assert "influencers.csv, posts.csv" in done.text
    for note in DATA.notes:
        assert note.sentence in done.text


def test_a_long_table_is_printed_whole_with_its_head_on_every_page(pictures: Pictures, tmp_path: Path) -> None:
    table = people(300)
    few = replace(table, columns=(table.columns[0], *table.columns[4:7]))
    view = replace(page("overview"), panels=(few,))
    done = read(
        build(
            FakeAnswers(overview=view),
            Order("", ("overview",), audience="everything"),
            tmp_path / "r.pdf",
            pictures=pictures,
        )
    )
    assert re.findall(r"Person (\d{4}) Silva", done.text) == [f"{index:04d}" for index in range(300)]
    for text in done.texts:
        assert ("Person" in text) == ("Revenue ₹ Spend ₹ ROAS ×" in text)


def test_without_a_browser_the_report_goes_out_and_names_what_is_missing(tmp_path: Path) -> None:
    done = read(
        build(
            FakeAnswers(),
            Order(QUERY, ("overview", "iroas"), audience="everything"),
            tmp_path / "r.pdf",
            pictures=Blind(),
        )
    )
    assert len(done.result.missing) == 6
    for title in done.result.missing:
        assert f"Chart missing: “{title}”, because {NO_BROWSER}." in done.text
    assert "Instagram 13.7" in done.text
    assert "₹3.94 Cr" in done.text


def test_the_same_input_gives_the_same_bytes(whole: Read, pictures: Pictures, tmp_path: Path) -> None:
    order = Order(QUERY, PAGES, audience="everything", epoch=EPOCH)
    again = build(FakeAnswers(), order, tmp_path / "r.pdf", pictures=pictures)
    assert again.file.read_bytes() == whole.result.file.read_bytes()


def test_progress_only_grows_and_is_told_in_words(tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []
    build(
        FakeAnswers(),
        Order("", ("insights",), audience="everything"),
        tmp_path / "r.pdf",
        lambda *step: told.append(step),
        Blind(),
    )
    assert [share for share, _ in told] == sorted(share for share, _ in told)
    assert [words for _, words in told] == [
        "reads the numbers",
        "draws the charts",
        "lays out the pages",
        "writes the file",
    ]


def test_an_unknown_page_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(BadFilter, match="No page “insight”.*Did you mean “insights”"):
        build(FakeAnswers(), Order("", ("insight",)), tmp_path / "r.pdf")
    assert not (tmp_path / "r.pdf").exists()


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "new" / "r.pdf", b"first")

    def full(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        put(tmp_path / "new" / "r.pdf", b"second")
    assert [file.read_bytes() for file in (tmp_path / "new").iterdir()] == [b"first"]
