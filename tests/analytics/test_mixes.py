"""A part is held against the whole it belongs to, and people are counted once."""

from __future__ import annotations

import pytest

from analytics.answers import Answers


def test_the_mix_counts_every_influencer_once(answers: Answers) -> None:
    frame = answers.page("overview", "").panel("platform_tier_mix").frame
    assert frame["influencers"].sum() == answers.table(("influencers",), (), "").iloc[0]["influencers"]


def test_the_whole_stands_as_the_portfolio_and_a_part_stands_somewhere(answers: Answers) -> None:
    whole = answers.page("insights", "").panel("benchmarks").frame
    assert set(whole["standing"]) == {"as the portfolio"}
    part = answers.page("insights", "brand=Gritzo").panel("benchmarks").frame.set_index("label")
    roas = answers.table(("roas",), (), "brand=Gritzo").iloc[0]["roas"]
    overall = answers.table(("roas",), (), "").iloc[0]["roas"]
    assert part.loc["ROAS", "standing"] == f"{'better' if roas > overall else 'worse'} than the portfolio"


@pytest.mark.parametrize("query", ["influencer=INF_001", "campaign_type=control"])
def test_too_few_to_compare_is_said(answers: Answers, query: str) -> None:
    panel = answers.page("insights", query).panel("benchmarks")
    assert panel.summary
    assert panel.frame.empty
