"""A panel can be taken as a workbook, as CSV and raw, each for the selection on the screen."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from dash import html

from layouts import drawer, panels
from tests.fakes import FakeAnswers


def found(component: Any, kind: type) -> list[Any]:
    if isinstance(component, list | tuple):
        return [item for part in component for item in found(part, kind)]
    own = [component] if isinstance(component, kind) else []
    return own + (found(getattr(component, "children", None), kind) if hasattr(component, "children") else [])


def test_the_foot_offers_excel_first_and_csv_beside_it() -> None:
    links = found(panels.foot("overview", "people", "n = 3", "brand=Gritzo&name=a%26b"), html.A)
    assert [link.children for link in links] == ["Excel", "CSV"]
    asked = parse_qs(urlsplit(links[0].href).query)
    assert asked == {"page": ["overview"], "panel": ["people"], "brand": ["Gritzo"], "name": ["a&b"]}


def test_the_drawer_says_what_each_file_is_good_for() -> None:
    view = FakeAnswers().page("overview", "brand=Gritzo")
    _, body = drawer.content(view, "people", "table")
    links = {link.children: link for link in found(body, html.A)}
    assert {name: link.download for name, link in links.items()} == {
        "Excel": "overview-people.xlsx",
        "CSV": "overview-people.csv",
        "Raw CSV for machines": "overview-people-raw.csv",
    }
    assert all("brand=Gritzo" in link.href for link in links.values())
    assert "raw=1" in links["Raw CSV for machines"].href
    assert len(found(body, html.Li)) == 3


def test_there_is_nothing_to_take_of_an_empty_table() -> None:
    view = FakeAnswers().page("overview", "")
    assert found(drawer.content(view, "refused", "table")[1], html.A) == []


def test_the_grid_writes_no_file_of_its_own() -> None:
    assert panels.GRID["suppressCsvExport"] is True
