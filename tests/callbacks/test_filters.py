"""Address, controls and clicks all end in one query string."""

from __future__ import annotations

import json

import pytest

from callbacks import filters
from layouts import filterbar
from tests import wires
from tests.fakes import FakeAnswers, made

DEFAULTS = {"cost": "cash", "tiers": "industry6", "grain": "week", "confidence": "0.9", "assumed_organic": 0.2}


@pytest.fixture(name="app")
def _app(tmp_path):
    return made(tmp_path)


def settle(app, changed, **values):
    given = {f"filter-{key}.value": [] for key in filterbar.CONTROLS}
    given |= {f"filter-{key}.value": value for key, value in DEFAULTS.items()}
    given |= {"filter-name.value": "", "filter-min_roas.value": None}
    return wires.ask(app, "address.search", changed, given | values)


def test_an_address_sets_every_control_and_is_not_rewritten(app):
    search = "?brand=gritzo&platform=YouTube&from=2026-03-01&min_roas=2&cost=gifts"
    answer = settle(app, "address.search", **{"address.search": search})
    assert "search" not in answer.get("address", {})
    assert answer["query"]["data"] == "from=2026-03-01&brand=Gritzo&platform=YouTube&min_roas=2&cost=gifts"
    assert answer["filter-min_roas"]["value"] == 2
    assert answer["filter-cost"]["value"] == "gifts"
    assert answer["dates"]["start_date"] == "2026-03-01"
    assert answer["span"] == {"children": "From 1 Mar 2026", "className": "pill set"}
    assert answer["filter-count"]["children"] == "Filters (5)"
    assert answer["more-button"]["children"] == "More filters (2)"


def test_a_control_writes_the_address_in_its_shortest_form(app):
    answer = settle(app, "filter-brand.value", **{"filter-brand.value": ["MuscleBlaze", "Gritzo"]})
    assert answer["address"]["search"] == "?brand=Gritzo&brand=MuscleBlaze"
    assert answer["query"]["data"] == "brand=Gritzo&brand=MuscleBlaze"


def test_the_first_call_takes_the_address(app):
    assert settle(app, "", **{"address.search": ""})["query"]["data"] == ""


def test_reset_leaves_nothing(app):
    answer = settle(app, "reset.n_clicks", **{"query.data": "brand=Gritzo", "filter-brand.value": ["Gritzo"]})
    assert answer["address"]["search"] == ""
    assert answer["filter-brand"]["value"] == []


def test_a_quick_span_sets_both_days_and_keeps_the_rest(app):
    key = json.dumps({"since": "2026-07-02", "type": "quick", "until": "2026-07-31"}, separators=(",", ":"))
    answer = settle(app, f"{key}.n_clicks", **{"query.data": "brand=Gritzo"})
    assert answer["query"]["data"] == "from=2026-07-02&to=2026-07-31&brand=Gritzo"


def test_a_click_on_a_mark_narrows_and_a_second_one_widens(app):
    picked = {"picked.data": {"dimension": "platform", "value": "YouTube"}}
    assert settle(app, "picked.data", **picked)["query"]["data"] == "platform=YouTube"
    again = settle(app, "picked.data", **picked, **{"query.data": "platform=YouTube"})
    assert again["query"]["data"] == ""


def test_an_unchanged_query_does_not_fill_the_page_again(app):
    answer = settle(app, "address.search", **{"address.search": "?brand=Gritzo", "query.data": "brand=Gritzo"})
    assert "query" not in answer


def test_an_unknown_key_is_left_out_with_a_note(app):
    answer = settle(app, "address.search", **{"address.search": "?colour=red&brand=Gritzo"})
    assert answer["note"]["children"] == "Not a filter, so left out: colour."
    assert answer["query"]["data"] == "brand=Gritzo"


@pytest.mark.parametrize("bad", ["brand=Gritzzo", "from=yesterday", "confidence=2", "min_roas=many"])
def test_a_bad_value_is_passed_on_for_the_page_to_explain(app, bad):
    answer = settle(app, "address.search", **{"address.search": f"?{bad}"})
    assert answer["query"]["data"] == bad
    assert answer["reset"]["className"] == "reset set"
    assert "filter-brand" not in answer


def test_what_has_no_control_is_kept():
    assert filters.with_pairs("brand=A&later=1", {"brand": ["B", None, ""]}) == "later=1&brand=B"


def test_hostile_text_stays_a_value(app):
    text = "'; DROP TABLE x; <script>&brand=x#"
    answer = settle(app, "filter-name.value", **{"filter-name.value": text})
    assert filters.Filters.from_query(answer["query"]["data"]).name == text
    assert filters.Filters.from_query(answer["query"]["data"]).brand == ()


def test_every_control_of_the_bar_is_settled():
    assert set(filterbar.CONTROLS) >= set(FakeAnswers().options())
