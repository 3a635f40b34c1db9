"""Page 1 says what happened, why and what to do, from the numbers, and stays one page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from analytics.answers import Answers
from analytics.bridge import LABELS
from reports.content.front import NO_BRIDGE, TILES, decided, front_of, opened
from reports.order import Order
from reports.render.pictures import NO_BROWSER, Drawing, Pictures
from reports.report import build, collected
from tests.reports.fakes import PAGES, FakeAnswers, findings, page


class Blind(Pictures):
    """A machine without a browser."""

    def draw(self, figures):
        return [Drawing(None, NO_BROWSER) for _ in figures]


def views(**changes):
    return [replace(page(key), **changes) for key in PAGES]


def test_the_bridge_opens_page_one_and_says_why(answers: Answers) -> None:
    report = collected(answers, Order())
    front = report.front
    assert [panel.key for panel in front.charts] == ["bridge"]
    assert front.why.startswith(front.charts[0].summary)
    assert "because" in front.why
    assert not front.instead
    assert report.views[0].panels[0].key == "bridge"
    assert len(front.tiles) == TILES
    frame = front.charts[0].frame
    parts, ends = frame[frame["kind"] == "part"], frame[frame["kind"] == "total"]["value"]
    assert parts["value"].sum() == pytest.approx(ends.iloc[1] - ends.iloc[0])
    assert set(parts["name"]) <= set(LABELS.values())


def test_without_a_period_before_the_best_picture_stands_there_and_says_why(answers: Answers) -> None:
    first, until = answers.span() or (None, None)
    front = collected(answers, Order(f"from={first}&to={until}")).front
    assert [panel.key for panel in front.charts] == ["revenue_trend"]
    assert front.instead == NO_BRIDGE
    assert front.why.startswith(collected(answers, Order(f"from={first}&to={until}")).views[0].subline)


def test_what_matters_is_chosen_among_all_that_was_found(answers: Answers) -> None:
    """A brand manager's section tells six findings; page 1 counts all of them."""
    brand, everything = (collected(answers, Order(audience=key)).front for key in ("brand", "everything"))
    assert (brand.why, brand.deeds) == (everything.why, everything.deeds)
    assert len(brand.found) > 6


def test_a_page_about_something_else_is_opened_by_its_own_picture(answers: Answers) -> None:
    report = collected(answers, Order(pages=("cac",)))
    assert [panel.key for panel in report.front.charts] == ["cac_by_platform", "cac_by_tier"]
    assert not report.front.instead


def test_a_front_asks_for_the_bridge_when_the_pages_do_not_have_it(answers: Answers) -> None:
    bare = [answers.page("overview", "")]
    assert front_of(bare, answers, Order()).charts[0].key == "bridge"
    assert front_of(bare).charts[0].key == "revenue_trend"
    once = opened(bare, answers, Order())
    assert opened(once, answers, Order()) == once


def test_what_is_borne_out_comes_first_and_what_is_open_last() -> None:
    front = front_of(views())
    assert [finding.key for finding in front.findings] == ["micro", "perez", "gritzo"]
    assert front.deeds[0].does == "Move ₹4.2 L from Celebrity to Micro."
    assert front.deeds[0].because == "Micro on Instagram returns most on the next rupee."
    assert front.deeds[0].measure
    assert not front.deeds[2].measure


def test_the_open_question_that_the_report_turns_on_keeps_its_place() -> None:
    some = findings()
    turning = replace(some[2], key="confidence", kind="confidence")
    many = [replace(some[0], key=f"w{number}") for number in range(4)]
    panel = replace(page("insights").panels[0], findings=(*many, turning))
    front = front_of([replace(page("insights"), panels=(panel,))])
    assert [finding.key for finding in front.findings] == ["w0", "w1", "confidence"]


def test_the_caution_after_a_colon_goes_with_the_evidence() -> None:
    one = replace(findings()[0], action="Move ₹4 L, and keep a control: averages do not carry over.")
    panel = replace(page("insights").panels[0], findings=(one,))
    deed = front_of([replace(page("insights"), panels=(panel,))]).deeds[0]
    assert deed.does == "Move ₹4 L, and keep a control."
    assert deed.because.endswith("Averages do not carry over.")


def test_decisions_are_counted_from_the_findings() -> None:
    assert decided(findings()) == "Two findings are borne out by their intervals; one question is still open."
    assert decided(findings()[:1]) == "One finding is borne out by its interval."
    assert decided(findings()[3:]) == ""
    many = [findings()[2]] * 12
    assert decided(many) == "Nothing is borne out yet; 12 questions are still open."


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("length", [1, 40])
def test_page_one_is_one_page_whatever_is_said(tmp_path: Path, paper: str, length: int) -> None:
    """Names and sentences of any length: the contents, where there are any, begin on page 2."""
    long = [
        replace(
            one,
            sentence=f"{one.sentence} " * length,
            action=f"{one.action or 'Look again.'} " * length,
            verdict="works",
            lower=0.1,
            upper=2.0,
            estimate=1.0,
        )
        for one in findings()
    ]
    insights = page("insights")
    insights = replace(insights, panels=(replace(insights.panels[0], findings=tuple(long)),))
    overview = replace(page("overview"), panels=page("overview").panels[:1])
    overview = replace(overview, headline=f"{overview.headline} " * length, subline=f"{overview.subline} " * length)
    order = Order(pages=("overview", "insights"), paper=paper, audience="everything")
    done = build(FakeAnswers(overview=overview, insights=insights), order, tmp_path / "r.pdf", pictures=Blind())
    texts = [text.extract_text() for text in pypdf.PdfReader(done.file).pages]
    assert "What to do" in texts[0]
    assert "Chart missing: “How did revenue move?”" in texts[0]
    assert "Its numbers stand on the next page." in texts[0]
    assert all("What to do" not in text for text in texts[1:])
    assert texts[1].startswith("How did revenue move?")
