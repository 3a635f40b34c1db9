"""Files leave under a name that is a name and never a path; what does not exist is a sentence and not a file."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from werkzeug.http import parse_options_header

from api import downloads, gate
from data import schema, templates
from errors import NoData

HINDI = ("बिक्री.csv", "भुगतान.csv", "इन्फ्लुएंसर जुलाई 2026.xlsx", "क्षत्रिय\u200dक.csv")
HEADER = re.compile(r'attachment; filename="[ !#-\[\]-~]*"(; filename\*=UTF-8\'\'[0-9A-Za-z!#$&+.^_`|~%-]+)?')


def _taken(version: str, draft: str, file: int) -> tuple[str, str]:
    if version == "9":
        raise NoData("There is no version 9.")
    if file == 7:
        raise KeyError(file)
    return f"../{version}{draft}/बिक्री-{file}.csv", "row,rule\r\n3,'=x\r\n"


@pytest.fixture(name="client")
def _client():
    server = Flask(__name__)
    gate.register(server, list)
    downloads.register(server, templates, _taken)
    return server.test_client()


def hostile() -> list[str]:
    home = os.environ.get("NAUGHTY_DIR")
    lines = (Path(home) / "payloads/paths/directory_traversal.txt").read_text().splitlines() if home else []
    lines += (Path(home) / "payloads/crlf/crlfinjection.txt").read_text().splitlines() if home else []
    return [*lines, "../../etc/passwd", "..\\..\\boot.ini", "C:\\x.csv", "/etc/passwd", "a\r\nX-Evil: 1.csv", "..", ".",
            "", " ", "CON.csv", "nul", "aux.txt", 'a"b.csv', "a;b.csv", "%2e%2e%2fx", "\u202egpj.csv", ".hidden",
            "x" * 404 + ".csv", "\0.csv", "👩‍👩‍👧.csv", "a/b/c.csv", "~", "💰" * 90]  # fmt: skip


def name_in(header: str) -> str:
    """The name that a browser takes: the extended one where there is one."""
    extended = re.search(r"filename\*=UTF-8''(\S+)$", header)
    return unquote(extended.group(1)) if extended else parse_options_header(header)[1]["filename"]


@given(st.sampled_from(hostile()) | st.text(alphabet=st.characters(exclude_categories=("Cs",))))
def test_no_name_is_a_path_or_breaks_the_header(name: str) -> None:
    header = downloads.attachment(name)
    assert HEADER.fullmatch(header)
    saved = name_in(header)
    assert saved == downloads.file_name(name)
    assert not re.search(r'[/\\\r\n\0"]', saved)
    assert saved.strip(" .")
    assert not saved.startswith(".")
    assert len(saved) <= 120
    assert not re.fullmatch(r"(?i)(con|prn|aux|nul)(\..*)?", saved)


@pytest.mark.parametrize("name", HINDI)
def test_hindi_names_stay_and_stay_two(name: str) -> None:
    assert name_in(downloads.attachment(name)) == name


def test_two_hindi_names_have_two_headers() -> None:
    assert len({downloads.attachment(name) for name in HINDI}) == len(HINDI)


@pytest.mark.parametrize("table", list(schema.TABLES))
def test_each_table_has_a_template_as_csv_and_as_workbook(client, table: str) -> None:
    answer = client.get(f"/template/{table}.csv")
    assert answer.data.decode("utf-8-sig") == templates.as_csv(table)
    assert name_in(answer.headers["Content-Disposition"]) == f"{table}.csv"
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"/template/{table}.xlsx").data))
    assert book.sheet_names == [table, "How to fill"]


def test_one_workbook_holds_all_templates(client) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/template/all.xlsx").data))
    assert book.sheet_names == [*schema.TABLES, "How to fill"]


@pytest.mark.parametrize("name", ["all.csv", "order.csv", "tracking", "tracking.pdf", "%2e%2e%2fapp.py", ".csv"])
def test_a_template_that_there_is_none_of_is_a_sentence(client, name: str) -> None:
    answer = client.get(f"/template/{name}")
    assert answer.status_code == 404
    assert answer.json["error"]


def test_rows_that_were_set_aside_are_taken_by_version_or_draft(client) -> None:
    answer = client.get("/quarantine.csv?version=3&file=1")
    assert answer.status_code == 200
    assert answer.data.decode("utf-8") == "\ufeffrow,rule\r\n3,'=x\r\n"
    assert name_in(answer.headers["Content-Disposition"]) == "बिक्री-1.csv"
    assert client.get("/quarantine.csv?draft=ab_C-9&file=2").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["", "version=3", "file=1", "version=3&draft=x&file=1", "version=-1&file=1", "version=3&file=x",
     "draft=../x&file=1", "version=9&file=1", "version=3&file=7", "version=3&file=" + "9" * 40,
     "draft=" + "a" * 400 + "&file=1"],
)  # fmt: skip
def test_rows_that_do_not_exist_are_a_sentence(client, query: str) -> None:
    answer = client.get(f"/quarantine.csv?{query}")
    assert answer.status_code == 404
    assert answer.json["error"].endswith((".", "1.", "import."))
