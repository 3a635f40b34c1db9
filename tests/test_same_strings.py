"""Whatever is filtered, every tile and every cell reads the same on screen, PDF, web page, workbook and JSON.

TRUELIFT_STATES says how many seeded filter states are tried; each asks one tab, in turn.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pypdf
import pytest

import app as house
from analytics import formats
from analytics.answers import Answers
from analytics.views import PageView
from data.ledger.jobs import Ledger
from reports.content.preflight import problems
from reports.content.report import Report
from reports.content.tables import tables_of, unit_of
from reports.editions import manifest
from reports.order import Order
from reports.papers import document, pdf, record, webpage, workbook
from reports.render.pictures import NO_BROWSER, Drawing
from reports.report import collected
from settings import Settings
from tests.wires import ask

STATES = int(os.environ.get("TRUELIFT_STATES", "5"))
TABS = ("overview", "products", "iroas", "cac", "insights")
SEED = 20260801
MOST_IN_DRAWER = 200
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Remembering(Answers):
    """Answers that keep the last pages, so that the drawer of each panel need not ask anew."""

    kept: dict[tuple[str, str], PageView] = {}

    def page(self, key: str, query: str) -> PageView:
        """The page, asked once a query."""
        if (key, query) not in self.kept:
            self.kept.clear()
            self.kept[key, query] = super().page(key, query)
        return self.kept[key, query]


def queries(answers: Answers, count: int) -> list[str]:
    """So many seeded filter states that the sample has rows for: dimensions, days, ways of reckoning."""
    drawn, options = random.Random(SEED), answers.options()
    first, last = answers.span() or (date.min, date.max)
    found: list[str] = []
    while len(found) < count:
        pairs = [(key, value) for key in drawn.sample(sorted(options), drawn.choice((0, 1, 1, 2)))
                 for value in drawn.sample(options[key], min(len(options[key]), drawn.choice((1, 2))))]  # fmt: skip
        if drawn.random() < 0.4:
            since = first + timedelta(days=drawn.randrange((last - first).days - 60))
            pairs += [
                ("from", since.isoformat()),
                ("to", (since + timedelta(days=drawn.randrange(30, 60))).isoformat()),
            ]
        pairs += [("cost", "gifts")] if drawn.random() < 0.2 else []
        query = answers.canonical(urlencode(pairs))
        if not answers.table(("revenue", "spend"), ("platform",), query).dropna().empty:
            found.append(query)
    return found


@pytest.fixture(scope="module", name="remembering")
def _remembering(sample_store: Any) -> Answers:
    return Remembering(sample_store)


@pytest.fixture(scope="module", name="states")
def _states(remembering: Answers) -> list[str]:
    return queries(remembering, STATES)


@pytest.fixture(scope="module", name="dash")
def _dash(sample_settings: Settings, remembering: Answers) -> Any:
    return house.wire(sample_settings, remembering, Ledger(sample_settings.ledger))


def texts(component: Any) -> Iterator[str]:
    """Every text in a component that a callback answered."""
    if isinstance(component, str):
        yield component
    elif isinstance(component, list):
        for item in component:
            yield from texts(item)
    elif isinstance(component, dict):
        yield from texts(component.get("props", {}).get("children", []))


def on_screen(dash: Any, page: str, panel: str, query: str) -> list[list[str]]:
    """The table of a panel's drawer, as its callback answers."""
    wildcard = '{"page":["ALL"],"panel":["ALL"],"type":"open","what":["ALL"]}.n_clicks'
    key = {"page": page, "panel": panel, "type": "open", "what": "table"}
    changed = json.dumps(key, separators=(",", ":"), sort_keys=True) + ".n_clicks"
    answer = ask(dash, "drawer.is_open", changed, {wildcard: [(key, 1)], "query.data": query})
    body = next(_tags(answer["drawer-body"]["children"], "Tbody"), None)
    rows = body["props"]["children"] if body else []
    return [[" ".join(texts(cell)) for cell in row["props"]["children"]] for row in rows]


def _tags(component: Any, kind: str) -> Iterator[dict[str, Any]]:
    if isinstance(component, list):
        for item in component:
            yield from _tags(item, kind)
    elif isinstance(component, dict):
        if component.get("type") == kind:
            yield component
        yield from _tags(component.get("props", {}).get("children", []), kind)


class Cells(HTMLParser):
    """The web page as a reader has it: tables by the panel that holds them, words of tiles."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.values: list[str] = []
        self._panel, self._into = "", None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = dict(attributes)
        if tag == "article":
            self._panel = said.get("id") or ""
        elif tag == "tr":
            self.tables.setdefault(self._panel, []).append([])
        elif tag == "td":
            self.tables[self._panel][-1].append("")
            self._into = "td"
        elif said.get("class") == "value" or tag == "dd":
            self.values.append("")
            self._into = "value"

    def handle_endtag(self, tag: str) -> None:
        self._into = None if tag in ("td", "span", "dd") else self._into

    def handle_data(self, data: str) -> None:
        if self._into == "td":
            self.tables[self._panel][-1][-1] += data
        elif self._into == "value":
            self.values[-1] += data


@dataclass(frozen=True)
class Book:
    """A workbook as a spreadsheet shows it: sheets of cells, numbers written by their own formats."""

    sheets: dict[str, list[list[str]]]


def book(content: bytes) -> Book:
    """Reads the XML itself: what matters is the number and the format that stand in the file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        read = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist() if "xml" in name}
    strings = ["".join(part.text or "" for part in item.iter(f"{MAIN}t"))
               for item in read["xl/sharedStrings.xml"]]  # fmt: skip
    styles = read["xl/styles.xml"]
    shapes = {item.get("numFmtId"): item.get("formatCode") for item in styles.iter(f"{MAIN}numFmt")}
    forms = [shapes.get(item.get("numFmtId"), item.get("numFmtId")) for item in styles.find(f"{MAIN}cellXfs") or ()]
    names = [item.get("name") or "" for item in read["xl/workbook.xml"].iter(f"{MAIN}sheet")]
    sheets = {}
    for number, name in enumerate(names, 1):
        rows = []
        for row in read[f"xl/worksheets/sheet{number}.xml"].iter(f"{MAIN}row"):
            cells = {re.sub(r"\d", "", cell.get("r") or ""): _shown(cell, strings, forms) for cell in row}
            rows.append(cells)
        sheets[name] = [list(_wide(cells, rows[0])) for cells in rows]
    return Book(sheets)


def _wide(cells: dict[str, str], heads: dict[str, str]) -> Iterator[str]:
    yield from (cells.get(column, "–") or "–" for column in heads)


def _shown(cell: Any, strings: list[str], forms: list[str]) -> str:
    value = cell.findtext(f"{MAIN}v")
    if value is None:
        return ""
    if cell.get("t") == "s":
        return strings[int(value)]
    return spreadsheet(Decimal(value), forms[int(cell.get("s"))])


def spreadsheet(value: Decimal, form: str) -> str:
    """A number as a spreadsheet writes it by a format: conditions, sections, literals, grouping, per cent, days."""
    if form == "yyyy-mm-dd":
        return formats.day(date(1899, 12, 30) + timedelta(days=int(value)))
    parts = form.split(";")
    if parts[0].startswith("[>="):
        part = next((one for one in parts[:2] if value >= int(one[3 : one.index("]")])), parts[2])
        part = part.partition("]")[2] if part.startswith("[") else part
    else:
        part = parts[1] if value < 0 and len(parts) > 1 else parts[0]
    digits = re.search(r'(?<!")[#0](?:[#0,.]|\\,)*', re.sub(r'"[^"]*"', lambda found: "\x00" * len(found[0]), part))
    if digits is None:
        return part.replace('"', "")
    size = abs(value) * (100 if "%" in part else 1)
    whole, _, fraction = digits[0].partition(".")
    size = Decimal(f"{size:.15g}").quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    written = grouped(f"{size:f}", whole)
    sign = "-" if value < 0 and len(parts) == 1 else ""
    return sign + (part[: digits.start()] + written + part[digits.end() :]).replace('"', "")


def grouped(number: str, shape: str) -> str:
    """Digits by a shape: “#,##0” in thousands, else a comma where the shape has one."""
    whole, point, fraction = number.partition(".")
    if "\\," not in shape:
        return (f"{int(whole):,}" if "," in shape else whole) + point + fraction
    sizes = [len(part) for part in shape.split("\\,")][::-1]
    parts = []
    for size in sizes[:-1]:
        parts.append(whole[-size:])
        whole = whole[:-size]
    return ",".join([*([whole] if whole else [""]), *parts[::-1]]) + point + fraction


def blind(report: Report) -> dict[tuple[str, str], Drawing]:
    """Every chart as on a machine without a browser."""
    return {(page, one.panel.key): Drawing(None, NO_BROWSER) for page, one in document.plan(report).charts}


def squeezed(text: str) -> str:
    """A text without blanks: lines end elsewhere on every paper."""
    return re.sub(r"\s", "", text)


@dataclass(frozen=True)
class Papers:
    """One report on every paper."""

    report: Report
    page: Cells
    book: Book
    told: dict[str, Any]
    print: str

    def sheet(self, panel: Any) -> list[list[str]]:
        """The rows of a panel's sheet, found by the number that the contents give."""
        number = next(row[0] for row in self.book.sheets["Contents"][1:] if row[2] == panel.title)
        return next(rows[1:] for name, rows in self.book.sheets.items() if name.startswith(f"{number} "))


def papers(answers: Answers, query: str, tab: str) -> Papers:
    """One question, written five ways."""
    report = collected(answers, Order(query, (tab,), audience="everything", epoch=1785555000))
    edition = manifest.of(report, answers)
    drawings = blind(report)
    paper = pdf.write(document.render(document.plan(report), drawings), epoch=1785555000.0)
    cells = Cells()
    cells.feed(webpage.write(report).content.decode("utf-8").partition('<script type="application/json"')[0])
    told = json.loads(edition.into(record.write(report).content, "json"))
    pages = pypdf.PdfReader(io.BytesIO(paper.content)).pages
    printed = squeezed(" ".join(page.extract_text() for page in pages))
    assert problems(report, drawings) == ()
    return Papers(report, cells, book(workbook.write(report).content), told, printed)


@pytest.mark.parametrize("number", range(STATES))
def test_every_tile_and_every_cell_reads_the_same_everywhere(
    dash: Any, remembering: Answers, states: list[str], number: int
) -> None:
    query, tab = states[number], TABS[number % len(TABS)]
    made = papers(remembering, query, tab)
    view = made.report.views[0]
    filled = ask(dash, f"{tab}-root.className", "query.data", {"query.data": query})
    same_tiles(made, view, filled)
    cells = 0
    for place, panel in enumerate(view.panels):
        if panel.kind == "findings" or panel.frame.empty or not panel.columns:
            continue
        html = made.page.tables[f"p-{tab}-{panel.key}"][1:]
        told = made.told["pages"][0]["panels"][place]["written"]
        assert [[cell.removeprefix("▲ ").removeprefix("▼ ") for cell in row] for row in html] == told
        assert made.sheet(panel) == told, panel.key
        if panel.key != "bridge":
            shown = on_screen(dash, tab, panel.key, query)
            assert shown == [[cell if cell else "–" for cell in row] for row in told[:MOST_IN_DRAWER]], panel.key
        same_print(made, panel, told)
        cells += sum(map(len, told))
    assert cells > 50


def same_tiles(made: Papers, view: PageView, filled: Any) -> None:
    """Every tile of the page, on every paper."""
    shown = {*texts(filled[f"{view.key}-tiles"]["children"]), *texts(filled[f"{view.key}-more"]["children"])}
    summary = {row[1]: row for row in made.book.sheets["Summary"][1:]}
    told = {tile["key"]: tile["written"] for tile in made.told["pages"][0]["tiles"]}
    for tile in (*view.tiles, *view.more):
        assert tile.written in shown, tile.key
        assert tile.written in made.page.values, tile.key
        assert squeezed(tile.written) in made.print, tile.key
        assert summary[tile.label][3] == tile.written == told[tile.key]
        assert summary[tile.label][2] == formats.exact(tile.value, tile.unit), tile.key


def same_print(made: Papers, panel: Any, told: list[list[str]]) -> None:
    """Each row of the PDF is the row of the others, less the units that its heads carry; and it is printed."""
    columns = [item for item in panel.columns if item.key in panel.frame]
    labels = [item.label for item in columns]
    for part in tables_of(panel, made.report.locale):
        for line, row in enumerate(part.rows):
            assert squeezed("".join(f"{cell.mark}{cell.text}" for cell in row)) in made.print, (panel.key, line)
            for head, cell in zip(part.heads, row, strict=True):
                item = columns[labels.index(head.label)]
                whole = told[line][labels.index(head.label)]
                if not re.fullmatch("[a-z]{1,2}", cell.text) or item.unit != "text":
                    assert bare(whole, item, made.report) in (cell.text, cell.text.removesuffix(".00")), (
                        panel.key,
                        line,
                    )


def bare(text: str, item: Any, report: Report) -> str:
    """A cell's text without the unit that stands in the head on paper."""
    unit = unit_of(item, report.locale)
    return text.replace(unit, "", 1).strip() if unit and text != "–" else text


def test_what_a_spreadsheet_shows_is_what_is_reckoned_with_here() -> None:
    """The reader of formats above, held against examples from the manual of the format."""
    crore = r'[>=10000000]"₹"##\,##\,##\,##0.00;[>=100000]"₹"##\,##\,##0.00;"₹"#,##0.00'
    assert spreadsheet(Decimal("39435890.25"), crore) == "₹3,94,35,890.25"
    assert spreadsheet(Decimal("345678"), crore) == "₹3,45,678.00"
    assert spreadsheet(Decimal("5"), crore) == "₹5.00"
    assert spreadsheet(Decimal("0.0498"), "#,##0.00 %") == "4.98 %"
    assert spreadsheet(Decimal("-2.25"), '#,##0.0"×";"−"#,##0.0"×"') == "−2.3×"
    assert spreadsheet(Decimal("2.25"), '"2.2×";"2.2×"') == "2.2×"
    assert spreadsheet(Decimal("46000"), "yyyy-mm-dd") == "9 Dec 2025"
