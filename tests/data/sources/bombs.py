"""Files that are small to send and large to open, each with words that its refusal must hold."""

from __future__ import annotations

import gzip
import io
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
