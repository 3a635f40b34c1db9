"""Text arrives as it was meant: the encoding is found, one bad byte costs one character, mojibake is mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from data import sources
from data.sources import RawTable
from data.sources.mojibake import repaired

WESTERN = "name,city\nJosé Álvarez,Málaga\nZoë “Z” O’Neil,Besançon\n"
HINDI = "नाम,शहर\nज़ोई,मुंबई\nदेव,पुणे 5\n"
JAPANESE = "名前,年齢\n山田さくら,25\n鈴木カナ,30\n"


def table_of(folder: Path, content: bytes) -> tuple[RawTable, list[list[str]]]:
    path = folder / "t.csv"
    path.write_bytes(content)
    (table,) = sources.read(path)
    return table, [cells for _, cells in table.rows]


@pytest.mark.parametrize("text", [WESTERN, HINDI, JAPANESE])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "\ufeffutf-16-be"]
)
def test_unicode_with_and_without_its_mark(tmp_path: Path, text: str, encoding: str) -> None:
    content = ("\ufeff" + text).encode(encoding[1:]) if encoding[0] == "\ufeff" else text.encode(encoding)
    table, rows = table_of(tmp_path, content)
    assert [table.header, *rows] == [line.split(",") for line in text.splitlines()]
    assert table.plain == encoding.startswith("utf-8")


def test_western_and_japanese_without_a_mark(tmp_path: Path) -> None:
    for text, encoding in ((WESTERN, "cp1252"), (JAPANESE, "cp932"), ("a,b\ndon’t,it’s\n", "cp1252")):
        table, rows = table_of(tmp_path, text.encode(encoding))
        assert (table.encoding, table.plain) == (encoding, False)
        assert [table.header, *rows] == [line.split(",") for line in text.splitlines()]


def test_a_byte_that_only_latin_1_knows(tmp_path: Path) -> None:
    table, rows = table_of(tmp_path, b"a,b\ncaf\xe9,\x9d\n")
    assert (table.encoding, rows) == ("latin-1", [["café", "\x9d"]])


def test_one_bad_byte_costs_one_character(tmp_path: Path) -> None:
    content = b"a,b\n" + "ज़ोई,मुंबई\n".encode() * 60 + b"caf\xe9,x\n" + "देव,पुणे\n".encode() * 5
    table, rows = table_of(tmp_path, content)
    assert (table.encoding, table.plain, len(rows)) == ("utf-8", False, 66)
    assert rows[60] == ["caf\ufffd", "x"]
    assert any("1 places" in remark and "line 62" in remark for remark in table.remarks)


def test_a_sign_for_what_was_unreadable_elsewhere_is_text(tmp_path: Path) -> None:
    table, rows = table_of(tmp_path, "a,b\n1,\ufffd\n".encode())
    assert (table.encoding, rows, table.remarks) == ("utf-8", [["1", "\ufffd"]], [])


@pytest.mark.parametrize(
    "text", ["₹5", "é", "Málaga", "मुंबई", "don’t – “x”", "Привет", "naïve café", "😀", "£10", "東京"]
)
def test_mojibake_is_mended(text: str) -> None:
    shown = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())
    assert shown != text
    assert repaired(shown) == text


@pytest.mark.parametrize(
    "text",
    [
        "Ã",
        "SÃO PAULO",
        "CAFÉ…",
        "voilà…",
        "«\xa0voilà\xa0»",
        "ESPAÑ…",
        "Â",
        "“IRMÔ",
        "naïve",
        "à la carte",
        "â",
        "ÀÉÎÕÜ",
    ],
)
def test_genuine_text_stays(text: str) -> None:
    assert repaired(text) == text


def test_mending_is_said_with_a_count_and_an_example(tmp_path: Path) -> None:
    table, rows = table_of(tmp_path, "product,price â‚¹\nCafÃ©,â‚¹5\nTea,â‚¹6\n".encode())
    assert (table.header, rows) == (["product", "price ₹"], [["Café", "₹5"], ["Tea", "₹6"]])
    assert not table.plain
    assert any("3 cells" in remark and "“CafÃ©” in row 2 was meant as “Café”" in remark for remark in table.remarks)
