"""What was paid adds up to the paisa, however it is cut, and every difference has its cause."""

from __future__ import annotations

import json
import os
import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from analytics import export
from analytics.answers import PAGES, Answers
from analytics.pages.ledger import ALL
from analytics.views import PageView, Panel
from data import ingest
from data.ingest import Plan
from data.store import Store
from errors import BadFilter, NoData
from settings import load
from tests.analytics.pages.money import declared, imported, ledgers
from tests.data.test_corpus import SETS, files_of
from theme import dress

PEOPLE = int(os.environ.get("TRUELIFT_LEDGERS", "60"))
CUT = ("by_pay_basis", "by_brand", "by_platform", "by_product", "by_status", "by_month", "by_influencer")
QUERIES = (
    "", "brand=Gritzo", "from=2026-02-01&to=2026-03-15", "basis=post", "campaign=Spring", "platform=YouTube",
    "brand=MuscleBlaze&from=2026-03-01", "basis=commission&campaign=Autumn", "min_roas=1", "name=INF_000&cost=gifts",
)  # fmt: skip
TABLES = ledgers(11, PEOPLE)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    return imported(tmp_path_factory.mktemp("money"), TABLES)


@cache
def paid(world: Answers, query: str) -> PageView:
    """The page, filled once however many tests look at it."""
    return world.page("payouts", query)


def paise(amount: float) -> int:
    return round(amount * 100)


def total(panel: Panel, column: str) -> int:
    """The paise of a column, the row of the sums left out."""
    rows = panel.frame[panel.frame.iloc[:, 0] != ALL]
    return sum(paise(value) for value in rows[column].dropna())


def tile(view: PageView, key: str) -> float:
    return {one.key: one.value for one in view.tiles}[key]


def said(view: PageView) -> str:
    panels = [(one.summary, one.message, one.note, *one.explain) for one in view.panels]
    return json.dumps([view.headline, view.subline, panels, [(one.written, one.note) for one in view.tiles]])


def test_all_that_the_files_declare_is_paid_to_somebody(world: Answers) -> None:
    view, files = paid(world, ""), int(declared(TABLES["payouts"]) * 100)
    assert paise(tile(view, "payout")) == files
    assert {key: total(view.panel(f"payouts_{key}"), "payout") for key in CUT} == dict.fromkeys(CUT, files)
    assert total(view.panel("payout_ledger"), "declared") == files


@pytest.mark.parametrize("query", QUERIES)
def test_declared_is_recomputed_and_the_differences_by_cause(world: Answers, query: str) -> None:
    view = paid(world, query)
    causes, ledger = view.panel("payouts_reconciled"), view.panel("payout_ledger")
    sums = {key: total(ledger, key) for key in ("declared", "recomputed", "difference")}
    assert sums["declared"] == sums["recomputed"] + sums["difference"]
    people = view.panel("payouts_by_influencer")
    for key, amount in sums.items():
        assert total(causes, key) == amount == total(people, key)
        assert paise(float(causes.frame[causes.frame["cause"] == ALL][key].iloc[0])) == amount
    assert paise(tile(view, "payout_gap")) == sums["difference"]
    whole, parts = causes.summary.split(" declared = ")
    signed = re.findall(r"([−+]?) ?(−?)₹([\d,.]*\d)", parts)
    spoken = [
        (-1 if (sign == "−") != (own == "−") else 1) * Decimal(text.replace(",", "")) for sign, own, text in signed
    ]
    assert sum(spoken) == Decimal(whole.replace("₹", "").replace(",", "").replace("−", "-"))


@pytest.mark.parametrize("query", QUERIES)
def test_a_filter_narrows_what_is_paid_as_on_every_other_page(world: Answers, query: str) -> None:
    view = paid(world, query)
    spend = float(world.table(("payout",), (), query)["payout"].iloc[0])
    assert paise(tile(view, "payout")) == paise(spend)
    parts = [total(view.panel(f"payouts_{key}"), "payout") for key in CUT]
    assert parts == [paise(spend)] * len(CUT)
    ledger = set(view.panel("payout_ledger").frame["influencer_id"])
    here = world.table(("payout",), ("influencer",), query).query("payout != 0")["influencer_id"]
    assert set(here) <= ledger


@pytest.mark.parametrize("by", ["brand", "platform"])
def test_the_parts_of_a_filter_add_up_to_the_whole(world: Answers, by: str) -> None:
    whole = paid(world, "")
    values = whole.panel(f"payouts_by_{by}").frame[by]
    parts = [paid(world, f"{by}={value}") for value in values]
    assert sum(paise(tile(part, "payout")) for part in parts) == paise(tile(whole, "payout"))


@pytest.mark.parametrize("query", QUERIES)
def test_nothing_is_written_that_is_no_number(world: Answers, query: str) -> None:
    view = paid(world, query)
    json.dumps(export.page(view), allow_nan=False)
    assert not set(re.findall(r"[A-Za-z]+", said(view))) & {"nan", "NaN", "None", "inf", "NaT", "Traceback"}
    assert all(panel.summary for panel in view.panels)
    for panel in view.panels:
        assert [one.key for one in panel.columns] == list(panel.frame.columns)[: len(panel.columns)]
        export.panel_csv(panel)
        if panel.figure is not None:
            json.dumps(dress(panel.figure), allow_nan=False)


def test_the_planted_slips_of_the_sample_are_what_stands_out(answers: Answers) -> None:
    rows = answers.page("payouts", "").panel("payout_ledger").frame
    causes = rows["cause"].value_counts().to_dict()
    assert causes.pop("as computed") >= 0.98 * len(rows)
    assert causes.pop("rate differs") == 3
    assert set(causes) <= {"rounding"}


def test_who_was_paid_for_nothing_and_who_for_nothing_paid(tmp_path: Path) -> None:
    pages = imported(tmp_path, {
        "influencers": [{"influencer_id": one, "name": one, "followers": 1000, "platform": "YouTube"} for one in "ABC"],
        "tracking_data": [
            {"influencer_id": "A", "date": "2026-01-05", "orders": 2, "revenue": "500.25", "campaign": "Spring"},
            {"influencer_id": "B", "date": "2026-01-06", "orders": 1, "revenue": "99.75", "campaign": "Spring"}],
        "payouts": [
            {"influencer_id": "A", "basis": "order", "rate": "10.5", "orders": 2, "total_payout": "21"},
            {"influencer_id": "C", "basis": "post", "rate": "", "orders": "", "total_payout": "700.10"},
            {"influencer_id": "C", "basis": "post", "rate": "", "orders": "", "total_payout": "700.10"}],
    })  # fmt: skip
    view = pages.page("payouts", "")
    assert list(view.panel("paid_without_orders").frame["influencer_id"]) == ["C"]
    assert list(view.panel("unpaid_with_revenue").frame["influencer_id"]) == ["B"]
    assert (
        view.panel("payouts_repeated").summary == "1 payout repeats an earlier row: ₹700.10 that may be owed only once."
    )
    assert tile(view, "payouts_without_orders") == 2
    assert view.panel("payouts_reconciled").summary == "₹1,421.20 declared = ₹21 recomputed + ₹1,400.20 (no rate)."


def test_without_any_rate_the_amounts_stand_as_declared(tmp_path: Path) -> None:
    rows = [{"influencer_id": "A", "basis": "post", "total_payout": "100.01"}]
    people = [{"influencer_id": "A", "name": "Asha", "followers": 10, "platform": "YouTube"}]
    view = imported(tmp_path, {"influencers": people, "payouts": rows}).page("payouts", "")
    assert "carry no rate, so nothing can be recomputed" in view.panel("payouts_reconciled").summary
    assert tile(view, "payout") == 100.01


def test_a_rate_in_another_currency_is_no_wrong_amount(tmp_path: Path) -> None:
    rows = [{"influencer_id": "A", "basis": "post", "rate": "$100/post", "posts": 2, "total_payout": "16600.50"}]
    people = [{"influencer_id": "A", "name": "Asha", "followers": 10, "platform": "YouTube"}]
    frame = (
        imported(tmp_path, {"influencers": people, "payouts": rows}).page("payouts", "").panel("payout_ledger").frame
    )
    assert frame["cause"].tolist() == ["other currency"]
    assert frame["difference"].tolist() == [16600.5]


def test_without_payouts_the_page_says_so(tmp_path: Path) -> None:
    people = [{"influencer_id": "A", "name": "Asha", "followers": 10, "platform": "YouTube"}]
    orders = [{"influencer_id": "A", "date": "2026-01-05", "orders": 2, "revenue": "500.25", "campaign": "Spring"}]
    view = imported(tmp_path, {"influencers": people, "tracking_data": orders}).page("payouts", "")
    assert view.headline == "No payouts are in this selection."
    assert all(panel.summary for panel in view.panels)


def test_reports_have_pages_that_are_no_tabs(answers: Answers) -> None:
    assert [one.key for one in answers.paper_pages] == ["payouts", "statement"]
    assert not {one.key for one in answers.pages} & {one.key for one in answers.paper_pages}
    assert [one.key for one in answers.pages] == list(PAGES)
    with pytest.raises(BadFilter, match="payouts"):
        answers.page("payout", "")
    with pytest.raises(NoData):
        answers.page("payouts", "from=1990-01-01&to=1990-01-02")


@pytest.mark.skipif(not SETS, reason="CORPUS_DIR names no folder of data sets")
@pytest.mark.parametrize("folder", SETS, ids=lambda path: path.name)
def test_every_real_data_set_has_both_pages(folder: Path, tmp_path: Path) -> None:
    settings = load(tmp_path)
    ingest.run(Plan(files_of(folder)), settings)
    pages = Answers(Store(settings))
    figures = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["figures"]
    view = pages.page("payouts", "")
    assert round(tile(view, "payout"), 2) == round(float(figures["spend"]), 2)
    sums = view.panel("payouts_reconciled").frame.set_index("cause").loc[ALL]
    assert sums["declared"] == pytest.approx(float(figures["spend"]), abs=0.005)
    people = view.panel("payouts_by_influencer").frame
    first = people.loc[people["influencer_id"] != ""].iloc[0]
    one = pages.page("statement", f"influencer={first['influencer_id']}")
    assert tile(one, "paid") == first["declared"]
