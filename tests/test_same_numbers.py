"""One question has one answer: on screen, on paper, as JSON and as CSV, to the letter."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pypdf
import pytest

import app as house
from analytics.answers import Answers
from data.ledger.jobs import Ledger
from reports.order import Order
from reports.render.pictures import Pictures
from reports.report import build
from settings import Settings
from tests.wires import ask

QUERIES = ("", "brand=Gritzo&from=2026-01-01&to=2026-06-30", "platform=YouTube&platform=Instagram&cost=gifts")


@pytest.fixture(scope="module", name="dash")
def _dash(sample_settings: Settings, answers: Answers) -> Any:
    return house.wire(sample_settings, answers, Ledger(sample_settings.ledger))


def texts(component: Any) -> list[str]:
    """Every text in a component that the callback answered."""
    if isinstance(component, str):
        return [component]
    if isinstance(component, list):
        return [text for item in component for text in texts(item)]
    return texts(component.get("props", {}).get("children", [])) if isinstance(component, dict) else []


@pytest.mark.parametrize("query", QUERIES)
def test_the_screen_and_the_paper_print_the_same_tiles(dash: Any, answers: Answers, query: str, tmp_path: Path) -> None:
    with Pictures() as pictures:
        made = build(
            answers, Order(query, ("overview",), audience="everything"), tmp_path / "report.pdf", pictures=pictures
        )
    paper = " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(made.file).pages)
    asked = {"query.data": answers.canonical(query)}
    shown = texts(ask(dash, "overview-root.className", "query.data", asked)["overview-tiles"]["children"])
    view = answers.page("overview", query)
    for tile in view.tiles:
        assert tile.written in shown, tile.key
        assert tile.written in paper, tile.key
    assert view.headline in paper


@pytest.mark.parametrize("query", QUERIES)
def test_json_and_csv_hold_the_same_records(dash: Any, answers: Answers, query: str) -> None:
    client = dash.server.test_client()
    page = client.get(f"/api/page.json?page=overview&{query}").json
    view = answers.page("overview", query)
    assert {tile["key"]: tile["written"] for tile in page["tiles"]} == {
        tile.key: tile.written for tile in (*view.tiles, *view.more)
    }
    for panel in page["panels"]:
        text = client.get(f"/api/table.csv?page=overview&panel={panel['key']}&{query}").get_data(as_text=True)
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
        assert len(rows) - 1 == len(panel["records"]), panel["key"]
