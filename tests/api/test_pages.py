"""A page as JSON and a panel as CSV: numbers stay numbers, texts are inert."""

from __future__ import annotations

import csv
import io
import math

import pandas as pd
import pytest

from api import pages
from tests.fakes import FakeAnswers, made


@pytest.fixture(name="client")
def _client(tmp_path):
    return made(tmp_path).server.test_client()


def rows(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_a_panel_is_taken_as_csv(client):
    answer = client.get("/api/table.csv?page=overview&panel=people&brand=Gritzo")
    head, first, *_ = rows(answer)
    assert head == ["Influencer", "Platform", "Tier", "Revenue", "Spend", "ROAS", "Engagement", "Id"]
    assert first[3:5] == ["51391.0", "3200.0"]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="overview-people.csv"'
    assert answer.mimetype == "text/csv"


def test_a_formula_in_a_name_is_inert_and_a_missing_number_is_empty(client):
    fifth = rows(client.get("/api/table.csv?page=overview&panel=people"))[5]
    assert fifth[0] == "'=cmd|calc"
    assert fifth[4] == ""


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_hostile_texts_are_made_inert(text):
    assert pages.cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (-1.5, -1.5),
        (3, 3),
        (math.nan, ""),
        (None, ""),
        (pd.NaT, ""),
        (pd.Timestamp("2026-07-31"), "2026-07-31"),
        ("a=b", "a=b"),
    ],
)
def test_numbers_stay_numbers_and_days_are_iso(value, written):
    assert pages.cell(value) == written


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("page=overview&panel=peple", "No panel “peple” on the page “overview”. Did you mean “people”?"),
        ("page=overveiw&panel=people", "No page “overveiw”. Did you mean “overview”?"),
        ("page=overview&panel=people&brand=Gritzzo", "No brand “Gritzzo” in the data. Did you mean “Gritzo”?"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(client, query, sentence):
    answer = client.get(f"/api/table.csv?{query}")
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
