"""A page as JSON, a panel as CSV and as a workbook: numbers stay numbers, texts are inert, machines get them raw."""

from __future__ import annotations

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from tests.fakes import FakeAnswers, made


@pytest.fixture(name="client")
def _client(tmp_path):
    return made(tmp_path).server.test_client()


def rows(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_a_panel_is_taken_as_csv(client):
    answer = client.get("/api/table.csv?page=overview&panel=people&brand=Gritzo")
    head, first, *_ = rows(answer)
    assert head == ["Influencer", "Platform", "Tier", "Revenue", "Spend", "ROAS", "Engagement", "Id"]
    assert first[3:5] == ["51391", "3200"]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="overview-people.csv"'
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith("\ufeff".encode())


def test_a_formula_in_a_name_is_inert_and_a_missing_number_is_empty(client):
    fifth = rows(client.get("/api/table.csv?page=overview&panel=people"))[5]
    assert fifth[0] == "'=cmd|calc"
    assert fifth[4] == ""


def test_machines_get_every_text_as_it_is_under_another_name(client):
    answer = client.get("/api/table.csv?page=overview&panel=people&raw=1")
    assert rows(answer)[5][0] == "=cmd|calc"
    assert not answer.data.startswith("\ufeff".encode())
    assert answer.headers["Content-Disposition"] == 'attachment; filename="overview-people-raw.csv"'


def test_a_panel_is_taken_as_a_workbook_with_a_sheet_that_explains_it(client):
    answer = client.get("/api/table.xlsx?page=overview&panel=people&brand=Gritzo")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="overview-people.xlsx"'
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    table, about = (sheet.to_python() for sheet in (book.get_sheet_by_index(0), book.get_sheet_by_index(1)))
    assert book.sheet_names == ["Who is ahead", "About"]
    assert table[0][:4] == ["Influencer", "Platform", "Tier", "Revenue"]
    assert table[1][3:5] == [51391.0, 3200.0]
    assert table[5][0] == "=cmd|calc"
    assert table[5][4] == ""
    told = {row[0]: row[1] for row in about}
    assert told["Filters"] == "Brand: Gritzo"
    assert told["Data"].startswith("version 3: 12,480 rows read")
    assert told["Column: ROAS"].startswith("ROAS = Revenue ÷ Spend")


@pytest.mark.parametrize("door", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("page=overview&panel=peple", "No panel “peple” on the page “overview”. Did you mean “people”?"),
        ("page=overveiw&panel=people", "No page “overveiw”. Did you mean “overview”?"),
        ("page=overview&panel=people&brand=Gritzzo", "No brand “Gritzzo” in the data. Did you mean “Gritzo”?"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(client, door, query, sentence):
    answer = client.get(f"/api/table.{door}?{query}")
    assert answer.status_code == 400
    assert answer.json == {"ok": False, "error": sentence}


def test_a_page_is_read_as_json(client):
    answer = client.get("/api/page.json?page=overview&brand=Gritzo").json
    assert answer["query"] == "brand=Gritzo"
    assert answer["filters"] == "Brand: Gritzo"
    counted = {"version": 3, "rows_read": 12480, "rows_set_aside": 31, "rows_blank": 4}
    assert answer["data"] | counted == answer["data"]
    tiles = {tile["key"]: tile for tile in answer["tiles"]}
    assert tiles["revenue"]["written"] == "₹1.97 Cr"
    assert tiles["engagement_rate"]["value"] is None
    assert answer["panels"][3]["records"][4]["spend"] is None


def test_without_data_there_is_nothing_to_read(tmp_path):
    client = made(tmp_path, FakeAnswers(empty=True)).server.test_client()
    assert client.get("/api/page.json?page=overview").status_code == 404
