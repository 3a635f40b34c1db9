"""Each audience sees what was chosen for it, with a reason, and nobody sees what is not theirs."""

from __future__ import annotations

import pandas as pd
import pytest

from analytics.answers import Answers
from analytics.views import Column, Panel
from errors import UserError
from reports import order
from reports.content.audiences import AUDIENCES, SECTIONS, one_influencer
from reports.content.checked import numbers
from reports.content.tables import tables_of
from reports.order import Order
from reports.report import collected
from tests.reports.fakes import page, people


def test_every_audience_that_can_be_ordered_is_there() -> None:
    assert tuple(AUDIENCES) == order.AUDIENCES
    assert all(set(audience.sections) <= set(SECTIONS) for audience in AUDIENCES.values())


@pytest.mark.parametrize("key", list(AUDIENCES))
def test_every_panel_that_is_chosen_exists_and_has_a_reason(answers: Answers, key: str) -> None:
    pages = {info.key for info in (*answers.pages, *answers.paper_pages)}
    assert set(AUDIENCES[key].pages) <= pages
    for name, chosen in AUDIENCES[key].selection.items():
        declared = {panel.key: panel for panel in answers.declared(name)}
        for panel, shown in chosen.items():
            assert panel in declared, f"{key}: no panel “{panel}” on page “{name}”"
            assert shown.reason
            assert set(shown.columns) <= {column.key for column in declared[panel].columns}


def test_a_brand_manager_gets_every_tab_with_a_few_questions(answers: Answers) -> None:
    report = collected(answers, Order())
    assert [view.key for view in report.views] == [info.key for info in answers.pages]
    pictures = [sum(panel.figure is not None for panel in view.panels) for view in report.views]
    assert 12 <= sum(pictures) <= 15
    assert max(pictures) <= 4
    assert not [panel.key for view in report.views for panel in view.panels if panel.kind == "table"]
    assert len(report.views[-1].panel("findings").findings) == 6


def test_everything_is_everything(answers: Answers) -> None:
    report = collected(answers, Order(audience="everything"))
    for view in report.views:
        own = [panel.key for panel in view.panels if panel.key != "bridge"]
        assert own == [panel.key for panel in answers.declared(view.key)]


def test_an_executive_gets_one_page_that_says_what_it_counts(answers: Answers) -> None:
    report = collected(answers, Order(audience="executive"))
    assert report.audience.sections == ("front",)
    assert report.front.findings
    assert "attributed" in report.front.counts
    assert "cash" in report.front.counts


def test_finance_reads_payouts(answers: Answers) -> None:
    report = collected(answers, Order(audience="finance"))
    assert [view.key for view in report.views] == ["payouts"]
    assert {"data", "methods"} <= set(report.audience.sections)
    assert "bridge" not in {panel.key for panel in report.front.charts}
    ledger, whole = report.views[0].panel("payout_ledger"), answers.page("payouts", "").panel("payout_ledger")
    assert len(tables_of(ledger)) == 1
    assert len(ledger.frame) == len(whole.frame)
    assert all(column in ledger.columns or column.label in ledger.note for column in whole.columns)


def test_a_statement_names_one_influencer_and_counts_nothing_of_the_others(answers: Answers) -> None:
    roster = answers.table(("revenue", "spend"), ("influencer",), "", "-spend").dropna(subset=["influencer_id"])
    one, name = roster["influencer_id"].iloc[0], roster["influencer"].iloc[0]
    report = collected(answers, Order(f"influencer={one}", audience="statement"))
    view = report.views[0]
    said = " ".join(
        [view.headline, view.subline, report.front.why, report.front.counts, report.front.headline]
        + [f"{tile.label} {tile.written} {tile.note}" for tile in (*view.tiles, *view.more)]
        + [f"{panel.title} {panel.summary} {panel.note} {' '.join(panel.explain)}" for panel in view.panels]
        + [panel.frame.to_csv(index=False) for panel in view.panels]
    )
    assert name in said
    others = set(roster["influencer"]) - {name}
    assert not [other for other in others if other in said]
    assert not (set(roster["influencer_id"]) - {one}) & set(said.replace(",", " ").split())
    whole = answers.page("overview", "")
    totals = {tile.written for tile in whole.tiles if tile.key in ("revenue", "spend")}
    assert not {number for total in totals for number in numbers(total)} & numbers(said)
    assert view.quality is None
    assert "data" not in report.audience.sections


def test_a_statement_of_nobody_is_refused(answers: Answers) -> None:
    with pytest.raises(UserError, match="one influencer"):
        collected(answers, Order(audience="statement"))


def test_a_table_of_several_influencers_never_stands_in_a_statement() -> None:
    foreign = Panel("x", "Who?", "", "", pd.DataFrame({"influencer_id": ["a", "b"]}), (Column("influencer_id", "Id"),))
    own = people()
    view = page("overview")
    view = type(view)(**{**vars(view), "panels": (foreign, own)})
    assert [panel.key for panel in one_influencer(view).panels] == [own.key]
