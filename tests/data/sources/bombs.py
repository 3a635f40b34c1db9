"""Files that are small to send and large to open, each with words that its refusal must hold."""

from __future__ import annotations

import gzip
import io
import os
import random
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_LINKS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{0}" '
    'Target="{1}"/>{2}</Relationships>'
)
_STRINGS_LINK = (
    '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" '
    'Target="sharedStrings.xml"/>'
)
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_BOOK = (
    f'<?xml version="1.0"?><workbook {_MAIN} '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{}</sheets></workbook>'
)
_SHEET = '<sheet name="{}" sheetId="{}" r:id="rId1"/>'


def workbook(path: Path, rows: str | Iterator[str], strings: str = "", more: dict[str, bytes] | None = None) -> None:
    """A workbook of one sheet, Orders, whose rows are this XML."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _LINKS.format("officeDocument", "xl/workbook.xml", ""))
        archive.writestr("xl/workbook.xml", _BOOK.format(_SHEET.format("Orders", 1)))
        second = _STRINGS_LINK if strings else ""
        archive.writestr("xl/_rels/workbook.xml.rels", _LINKS.format("worksheet", "worksheets/sheet1.xml", second))
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<?xml version="1.0"?><worksheet {_MAIN}><sheetData>'.encode())
            for part in [rows] if isinstance(rows, str) else rows:
                sheet.write(part.encode())
            sheet.write(b"</sheetData></worksheet>")
        if strings:
            archive.writestr("xl/sharedStrings.xml", f'<?xml version="1.0"?><sst {_MAIN}>{strings}</sst>')
        for name, content in (more or {}).items():
            archive.writestr(name, content)


def _cell(reference: str, value: object = 1) -> str:
    return f'<c r="{reference}"><v>{value}</v></c>'


def _table(more: str = "") -> str:
    head = f'<row r="1">{_cell("A1")}{_cell("B1")}</row><row r="2">{_cell("A2")}{_cell("B2")}</row>'
    return head + more


def sparse(path: Path) -> None:
    """One cell in the last place there is."""
    workbook(path, _table(f'<row r="1048576">{_cell("XFD1048576")}</row>'))


def wide(path: Path) -> None:
    """One cell in the last column."""
    workbook(path, _table(f'<row r="3">{_cell("XFD3")}</row>'))


def deep(path: Path) -> None:
    """One cell in a row that no sheet has."""
    workbook(path, _table(f'<row r="2147483647">{_cell("A2147483647")}</row>'))


def dense(path: Path) -> None:
    """Rows upon rows that pack to nothing."""
    row = "".join(f"<c><v>{place}</v></c>" for place in range(40))
    block = f"<row>{row}</row>" * 1_000
    workbook(path, (block for _ in range(30)))


def broad(path: Path) -> None:
    """A modest corner far away: 500 columns times a million rows of nothing."""
    workbook(path, _table(f'<row r="1000000">{_cell("SF1000000")}</row>'))


def unpacked(path: Path) -> None:
    """More than a gigabyte once unpacked, as its directory says."""
    workbook(path, _table())
    _lie(path, "xl/worksheets/sheet1.xml", 2_000_000_000)


def lying(path: Path) -> None:
    """A part that is longer than its directory says."""
    workbook(path, _table() + " " * 100_000)
    _lie(path, "xl/worksheets/sheet1.xml", 200)


def _lie(path: Path, part: str, length: int) -> None:
    """Change what the archive's directory says of a part's length."""
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(part.encode()))
    struct.pack_into("<I", content, at + 24, length)
    path.write_bytes(bytes(content))


def strings(path: Path) -> None:
    """One long shared string in a hundred thousand cells."""
    rows = (f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 100_001))
    workbook(path, rows, f"<si><t>{'x' * 32_000}</t></si>")


def entries(path: Path) -> None:
    """More parts than a workbook has."""
    workbook(path, _table(), more={f"junk/{number}": b"" for number in range(1_100)})


def nested(path: Path) -> None:
    """An archive of archives."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(1_000_000))
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20):
            archive.writestr(f"{number}.zip", inner.getvalue())


def overlapping(path: Path) -> None:
    """Two directory entries for the same bytes."""
    workbook(path, _table(), more={"xl/a": b"a" * 5_000, "xl/b": b"a" * 5_000})
    content = bytearray(path.read_bytes())
    end = content.rindex(b"PK\x05\x06")
    first = content.rindex(b"PK\x01\x02", 0, content.rindex(b"xl/a"))
    second = content.rindex(b"PK\x01\x02", 0, end)
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    path.write_bytes(bytes(content))


def sheets(path: Path) -> None:
    """A book of sixty sheets."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _LINKS.format("officeDocument", "xl/workbook.xml", ""))
        archive.writestr("xl/workbook.xml", _BOOK.format("".join(_SHEET.format(f"S{n}", n) for n in range(1, 61))))
        archive.writestr("xl/_rels/workbook.xml.rels", _LINKS.format("worksheet", "worksheets/sheet1.xml", ""))
        sheet = f'<?xml version="1.0"?><worksheet {_MAIN}><sheetData>{_table()}</sheetData></worksheet>'
        archive.writestr("xl/worksheets/sheet1.xml", sheet)


def columns(path: Path) -> None:
    """A header of a million names."""
    path.write_bytes(b",".join(b"c%d" % number for number in range(1_000_000)) + b"\n1\n")


def zeros(path: Path) -> None:
    """A gzip of zeros."""
    path.write_bytes(gzip.compress(bytes(10_000_000), 1))


def braces(path: Path) -> None:
    """JSON as deep as it is long."""
    path.write_bytes(b"[" + b'{"a":' * 200_000)


def objects(path: Path) -> None:
    """JSON objects that bring a new key each."""
    path.write_bytes(b"\n".join(b'{"k%d": 1}' % number for number in range(2_000)))


def line(path: Path, length: int = 100_000_000) -> None:
    """A single line without an end."""
    with path.open("wb") as file:
        for _ in range(length // 1_000_000):
            file.write(b"x" * 1_000_000)


@dataclass(frozen=True)
class Bomb:
    """make: writes the file. words: what its refusal must hold."""

    name: str
    make: Callable[[Path], None]
    words: tuple[str, ...]


BOMBS = (
    Bomb("sparse.xlsx", sparse, ("sheet Orders", "column XFD (16,384)", "at most 500 columns")),
    Bomb("wide.xlsx", wide, ("sheet Orders", "column XFD (16,384)", "at most 500 columns")),
    Bomb("deep.xlsx", deep, ("sheet Orders", "row 2,147,483,647", "at most 1,048,576 rows")),
    Bomb("dense.xlsx", dense, ("times its size", "at most 100 times")),
    Bomb("broad.xlsx", broad, ("row 1,000,000", "rows times columns")),
    Bomb("unpacked.xlsx", unpacked, ("unpacks to 2.0 GB", "at most 1.0 GB")),
    Bomb("lying.xlsx", lying, ("damaged",)),
    Bomb("strings.xlsx", strings, ("1.5 GB of memory",)),
    Bomb("entries.xlsx", entries, ("parts", "at most 1,000")),
    Bomb("nested.zip", nested, ("ZIP archive", "Unzip it first")),
    Bomb("nested.xlsx", nested, ("ZIP archive", "Unzip it first")),
    Bomb("overlapping.xlsx", overlapping, ("damaged",)),
    Bomb("sheets.xlsx", sheets, ("60 sheets", "at most 50")),
    Bomb("columns.csv", columns, ("1,000,000 columns", "at most 500")),
    Bomb("zeros.csv.gz", zeros, ("packed (GZIP)",)),
    Bomb("braces.json", braces, ("nested too deep",)),
    Bomb("objects.json", objects, ("more than 500 keys",)),
    Bomb("line.csv", line, ("first lines are too long",)),
)


FULL = os.environ.get("TRUELIFT_BOMBS") == "full"
HEADER = b"date,source,campaign,influencer_id,user_id,product,orders,revenue\n"
_PART = 1_000_000


def large(usual: int, full: int) -> int:
    """Bytes of a bomb: few for the tests of every change, all with TRUELIFT_BOMBS=full."""
    return full if FULL else usual


def filled(path: Path, piece: bytes, length: int, start: bytes = b"", end: bytes = b"") -> None:
    """A start, the same piece over and over to about a length, an end."""
    block = piece * max(_PART // len(piece), 1)
    with path.open("wb") as file:
        file.write(start)
        for _ in range(max(length // len(block), 1)):
            file.write(block)
        file.write(end)


def quotes(path: Path) -> None:
    """Nothing but quotes."""
    filled(path, b'"', large(50_000_000, 1_000_000_000))


def quoted_lines(path: Path) -> None:
    """A header, then a quote a line: each may open a cell that never ends."""
    filled(path, b'"\n', large(10_000_000, 100_000_000), HEADER)


def long_line(path: Path) -> None:
    """One line of a hundred million characters."""
    line(path, large(30_000_000, 100_000_000))


def one_value(path: Path) -> None:
    """One JSON string."""
    filled(path, b"x", large(30_000_000, 100_000_000), b'[{"date": "', b'"}]')


def big_json(path: Path) -> None:
    """An array of as many small objects as fit."""
    filled(path, b'{"date":1},', large(2_000_000, 199_000_000), b"[", b'{"date":1}]')


def too_big_json(path: Path) -> None:
    """An array that is larger than JSON may be."""
    filled(path, b'{"date":1},\n', large(201_000_000, 400_000_000), b"[", b'{"date":1}]')


def million_keys(path: Path) -> None:
    """One object of a million keys."""
    path.write_bytes(b"[{" + b",".join(b'"k%d":1' % number for number in range(1_000_000)) + b"}]")


def laughs(path: Path) -> None:
    """Entities that stand for entities, a billion in the end."""
    names = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    _with_entities(path, f'<!ENTITY l0 "lol">{names}', "&l9;")


def outside(path: Path) -> None:
    """An entity that is a file of this machine."""
    _with_entities(path, '<!ENTITY secret SYSTEM "file:///etc/passwd">', "&secret;")


def _with_entities(path: Path, entities: str, text: str) -> None:
    workbook(path, "")
    parts = dict(_parts(path))
    head = f'<?xml version="1.0"?><!DOCTYPE worksheet [{entities}]><worksheet {_MAIN}><sheetData>'
    cell = f'<c r="A2" t="inlineStr"><is><t>{text}</t></is></c>'
    rows = f'<row r="1">{_cell("A1")}</row><row r="2">{cell}</row>'
    parts["xl/worksheets/sheet1.xml"] = f"{head}{rows}</sheetData></worksheet>".encode()
    _pack(path, parts)


def _parts(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        yield from ((name, archive.read(name)) for name in archive.namelist())


def _pack(path: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def many_parts(path: Path) -> None:
    """Two thousand parts."""
    workbook(path, _table(), more={f"junk/{number}": b"" for number in range(2_000)})


def locked(path: Path) -> None:
    """A workbook whose parts say that they are encrypted."""
    workbook(path, _table())
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 4)
    path.write_bytes(bytes(content))


def truncated(path: Path) -> None:
    """The first half of a workbook."""
    workbook(path, _table())
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def link(path: Path) -> None:
    """An archive whose entry is a symbolic link out of it."""
    workbook(path, _table())
    with zipfile.ZipFile(path, "a") as archive:
        item = zipfile.ZipInfo("xl/worksheets/sheet2.xml")
        item.create_system, item.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(item, "/etc/passwd")


def bare_link(path: Path) -> None:
    """An archive that is nothing but a symbolic link."""
    with zipfile.ZipFile(path, "w") as archive:
        item = zipfile.ZipInfo("link")
        item.create_system, item.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(item, "/etc/passwd")


def document(path: Path) -> None:
    """A text document under a workbook's name."""
    _pack(path, {"[Content_Types].xml": _TYPES.encode(), "word/document.xml": b"<w:document/>"})


def merged(path: Path) -> None:
    """Cells merged over the whole sheet, many times over."""
    workbook(path, _table())
    parts = dict(_parts(path))
    cells = '<mergeCell ref="A1:XFD1048576"/>' * 200_000
    end = f"</sheetData><mergeCells>{cells}</mergeCells></worksheet>"
    sheet = parts["xl/worksheets/sheet1.xml"].decode().replace("</sheetData></worksheet>", end)
    _pack(path, parts | {"xl/worksheets/sheet1.xml": sheet.encode()})


def styles(path: Path) -> None:
    """Formats without number."""
    style = b'<numFmt numFmtId="200" formatCode="yyyy"/>' * large(400_000, 4_000_000)
    more = b'<?xml version="1.0"?><styleSheet ' + _MAIN.encode() + b"><numFmts>" + style + b"</numFmts></styleSheet>"
    workbook(path, _table(), more={"xl/styles.xml": more})


def old_book(path: Path) -> None:
    """The first bytes of an old workbook, then noise."""
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(7).randbytes(1_000_000))


def open_book(path: Path) -> None:
    """An OpenDocument sheet that repeats a cell a billion times."""
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    many = 'table:number-rows-repeated="1000000000"><table:table-cell table:number-columns-repeated="16384"'
    row = f'<table:table-row {many} office:value-type="float" office:value="1"/></table:table-row>'
    body = f'<office:spreadsheet><table:table table:name="T">{row}</table:table></office:spreadsheet>'
    names = f'xmlns:office="{space}office:1.0" xmlns:table="{space}table:1.0"'
    content = f"<office:document-content {names}><office:body>{body}</office:body></office:document-content>"
    _pack(path, {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()})


def wide_zeros(path: Path) -> None:
    """UTF-16 of NUL characters."""
    filled(path, b"\0\0", large(30_000_000, 100_000_000), b"\xff\xfe")


def noise(path: Path) -> None:
    """Random bytes."""
    made = random.Random(7)
    with path.open("wb") as file:
        for _ in range(large(10_000_000, 50_000_000) // _PART):
            file.write(made.randbytes(_PART))


def delimiters(path: Path) -> None:
    """One line of nothing but commas."""
    filled(path, b",", large(30_000_000, 100_000_000))


def blank_rows(path: Path) -> None:
    """A header, then rows of commas."""
    filled(path, b",,,,,,,\n", large(30_000_000, 100_000_000), HEADER)


def newlines(path: Path) -> None:
    """Nothing but line ends."""
    filled(path, b"\n", large(30_000_000, 100_000_000))


def blank_lines(path: Path) -> None:
    """A header, then line ends."""
    filled(path, b"\n", large(30_000_000, 100_000_000), HEADER)


def blank_wide(path: Path) -> None:
    """A header, then line ends in UTF-16."""
    filled(path, b"\n\0", large(30_000_000, 100_000_000), b"\xff\xfe" + HEADER.decode().encode("utf-16-le"))


def ragged(path: Path) -> None:
    """A header, then rows of one cell."""
    filled(path, b"x\n", large(30_000_000, 100_000_000), HEADER)


def long_name(path: Path) -> None:
    """A column whose name has ten million characters."""
    filled(path, b"n", 10_000_000, b"date,", b"\n1,2\n")


def long_names(path: Path) -> None:
    """Columns with names of nearly a million characters, and rows as long below them."""
    row = b",".join([b"n" * 990_000] * 9) + b"\n"
    path.write_bytes(row * 3)


def known_and_long(path: Path) -> None:
    """Rows of a known table with nine more columns, each cell of them nearly a million characters."""
    head = HEADER.strip() + b"," + b",".join([b"extra %d" % number for number in range(9)]) + b"\n"
    row = b"2026-01-01,Instagram,Mar,INF1,u1,Whey,1,100," + b",".join([b"v" * 990_000] * 9) + b"\n"
    path.write_bytes(head + row * large(3, 13))


def long_cell(path: Path) -> None:
    """A cell of fifty million characters."""
    filled(path, b"v", 50_000_000, HEADER + b"2026-01-01,", b"\n")


def many_rows_of_json(path: Path) -> None:
    """Lines of JSON that are deep each."""
    filled(path, b"[" * 50_000 + b"\n", large(10_000_000, 100_000_000))


UPLOADS = (
    Bomb("quotes.csv", quotes, ("TRUELIFT_MAX_LINE",)),
    Bomb("quoted-lines.csv", quoted_lines, ("TRUELIFT_MAX_BLANK",)),
    Bomb("long-line.csv", long_line, ("TRUELIFT_MAX_LINE",)),
    Bomb("one-value.json", one_value, ()),
    Bomb("big.json", big_json, ("TRUELIFT_MAX_JSON_OBJECTS",) if FULL else ()),
    Bomb("too-big.json", too_big_json, ("TRUELIFT_MAX_JSON_BYTES",)),
    Bomb("million-keys.json", million_keys, ("TRUELIFT_MAX_COLUMNS",)),
    Bomb("laughs.xlsx", laughs, ()),
    Bomb("outside.xlsx", outside, ()),
    Bomb("many-parts.xlsx", many_parts, ("TRUELIFT_MAX_ENTRIES",)),
    Bomb("locked.xlsx", locked, ("password",)),
    Bomb("truncated.xlsx", truncated, ("damaged",)),
    Bomb("link.xlsx", link, ()),
    Bomb("bare-link.xlsx", bare_link, ("ZIP archive",)),
    Bomb("document.xlsx", document, ("ZIP archive",)),
    Bomb("merged.xlsx", merged, ()),
    Bomb("styles.xlsx", styles, ("TRUELIFT_MAX_RATIO",)),
    Bomb("old-book.xlsx", old_book, ("cannot be opened",)),
    Bomb("open-book.xlsx", open_book, ()),
    Bomb("wide-zeros.csv", wide_zeros, ()),
    Bomb("noise.csv", noise, ("noise.csv",)),
    Bomb("delimiters.csv", delimiters, ("TRUELIFT_MAX_LINE",)),
    Bomb("blank-rows.csv", blank_rows, ("TRUELIFT_MAX_BLANK",)),
    Bomb("newlines.csv", newlines, ("TRUELIFT_MAX_BLANK",)),
    Bomb("blank-lines.csv", blank_lines, ("TRUELIFT_MAX_BLANK",)),
    Bomb("blank-wide.csv", blank_wide, ("TRUELIFT_MAX_BLANK",)),
    Bomb("ragged.csv", ragged, ("TRUELIFT_MAX_SET_ASIDE",)),
    Bomb("long-name.csv", long_name, ("TRUELIFT_MAX_LINE",)),
    Bomb("long-names.csv", long_names, ("TRUELIFT_MAX_NAME",)),
    Bomb("known-and-long.csv", known_and_long, ()),
    Bomb("long-cell.csv", long_cell, ("longer than 10,000,000",)),
    Bomb("deep-lines.jsonl", many_rows_of_json, ("TRUELIFT_MAX_JSON_OBJECTS",)),
)
