"""Decides what is said about groups: who returns more than the rest, and what to test or move because of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from analytics import formats, ratios
from analytics.finding_rules.contrasts import LEAST_PEOPLE, PERSONA, Contrast, personas
from analytics.finding_rules.evidence import FACT, OPEN, STANDS, Draft, Evidence, amounts
from analytics.incrementality.verdict import CANNOT_TELL, DOES_NOT, WORKS
from analytics.views import Finding

MOVED = 0.1
OUT_OF_REACH = 1000
SHOWN_PLATFORMS = 4


@dataclass(frozen=True)
class Question:
    """How one dimension is spoken of. group: “{}” becomes the group's name; others: the rest; where: page and panel."""

    kind: str
    dimension: str
    group: str
    others: str
    many: str
    page: str
    panel: str


QUESTIONS = (
    Question("tier_move", "tier", "{} influencers", "other tiers", "tiers", "overview", "roas_by_tier"),
    Question("product_budget", "product", "{}", "other products", "products", "products", "product_ranking"),
    Question("platform_yield", "platform", "{}", "other platforms", "platforms", "overview", "roas_by_platform"),
    Question("category_move", "influencer_category", "{} influencers", "other influencer categories",
             "influencer categories", "overview", "roas_by_influencer_category"),
    Question("gender_yield", "gender", "{} influencers", "the others", "genders", "overview", "roas_by_gender"),
    Question("best_persona", "persona", "{}", "everybody else", "personas", "insights", "best_persona"),
)  # fmt: skip


def moves(evidence: Evidence, contrasts: Sequence[Contrast], level: float) -> Iterator[Draft]:
    """One finding for each dimension that could be compared, or that has groups too small to compare."""
    for question in QUESTIONS:
        mine = [contrast for contrast in contrasts if contrast.dimension == question.dimension]
        if mine:
            yield _compared(question, _telling(mine), len(contrasts), evidence)
        elif _groups(evidence, question) > 1:
            yield _too_small(question, evidence)
    yield from _split(evidence)


def _telling(contrasts: Iterable[Contrast]) -> Contrast:
    """The one to speak of: what stands before what does not, then the least likely by chance; the best persona."""
    found = sorted(contrasts, key=lambda contrast: (not contrast.stands, contrast.p, contrast.group))
    if found[0].dimension == "persona":
        return max(found, key=lambda contrast: contrast.difference)
    return found[0]


def _groups(evidence: Evidence, question: Question) -> int:
    if question.dimension == "persona":
        return int(personas(evidence.people).replace("", pd.NA).nunique())
    frame = evidence.products if question.dimension == "product" else evidence.people
    return int(frame[question.dimension].nunique())


def _compared(question: Question, contrast: Contrast, tries: int, evidence: Evidence) -> Draft:
    found = contrast.comparison
    name = question.group.format(contrast.group)
    level = formats.share(found.level)
    span = formats.interval(found.lower, found.upper, "multiple")
    both = f"{formats.multiple(found.ratio_a)} against {formats.multiple(found.ratio_b)} for {question.others}"
    size = f"{formats.count(found.n_a)} against {formats.count(found.n_b)} influencers"
    apart = f"{formats.multiple(abs(found.difference))} {'more' if found.difference >= 0 else 'less'}"
    if contrast.stands:
        whose = f"{name}, among those paid for it" if question.dimension == "product" else name
        sentence = f"{whose}: attributed ROAS {both}, {apart} ({level} interval of the difference {span}; {size})."
    else:
        sentence = f"Cannot tell yet: the attributed ROAS of {name} is {both}, {_short(contrast)}."
    detail = (
        f"Difference {formats.multiple(found.difference)}, {level} interval {span}, {size}; such sizes show "
        f"{formats.multiple(found.mde)} or more with 80 % power. Chosen among "
        f"{formats.count(tries)} comparisons, of which at most 10 % may be false (Benjamini–Hochberg)."
        + (_excluded(evidence) if question.dimension == "persona" else "")
    )
    verdict = CANNOT_TELL if not contrast.stands else WORKS if found.difference > 0 else DOES_NOT
    finding = Finding(
        question.kind, question.kind, sentence, detail, verdict, "multiple", found.difference, found.lower, found.upper,
        question.page, question.panel, _action(contrast, name, question.others),
    )  # fmt: skip
    return Draft(finding, contrast.spend, STANDS if contrast.stands else OPEN)


def _short(contrast: Contrast) -> str:
    """What is missing for a verdict: the size, or the number of comparisons made."""
    found = contrast.comparison
    sizes = f"{formats.count(found.n_a)} against {formats.count(found.n_b)} influencers"
    seen = f"{sizes} can show {formats.multiple(found.mde)}"
    if abs(found.difference) >= found.mde:
        return f"{formats.multiple(abs(found.difference))} apart, which among so many comparisons may be chance"
    smaller = min(found.n_a, found.n_b)
    growth = (found.mde / abs(found.difference)) ** 2 if found.difference else math.inf
    needed = smaller * growth
    text = f"{formats.multiple(abs(found.difference))} apart; {seen} or more"
    if needed > OUT_OF_REACH:
        return f"{text}, and no size in reach shows so small a difference"
    return f"{text}, and about {formats.count(math.ceil(needed))} in the smaller group would show it"


def _action(contrast: Contrast, name: str, others: str) -> str:
    """A move is a test to make, with the amount at stake; only what stands may be moved, and then it is measured."""
    up = contrast.difference > 0
    amount = formats.money(MOVED * (contrast.others_spend if up else contrast.spend))
    source, target = (others, name) if up else (name, others)
    step = f"{amount} ({formats.share(MOVED)} of the spend on {source}) to {target}"
    if contrast.stands:
        return (
            f"Move {step}, and keep a control to see what it causes: attributed averages do not carry over as they are."
        )
    return f"Test before moving: {step} is the amount at stake."


def _too_small(question: Question, evidence: Evidence) -> Draft:
    sentence = (
        f"Cannot tell yet: no two {question.many} have {LEAST_PEOPLE} influencers with spend each, "
        "the fewest that are compared."
    )
    detail = _excluded(evidence) if question.dimension == "persona" else ""
    action = f"Work with {LEAST_PEOPLE} or more influencers in each of the {question.many} that you want to compare."
    finding = Finding(
        question.kind, question.kind, sentence, detail.strip() or "Smaller groups are suppressed.", CANNOT_TELL,
        page=question.page, panel=question.panel, action=action,
    )  # fmt: skip
    return Draft(finding, evidence.spend, 0.0)


def _excluded(evidence: Evidence) -> str:
    sizes = personas(evidence.people[amounts(evidence.people, "spend") > 0]).replace("", pd.NA).value_counts()
    few = int((sizes < LEAST_PEOPLE).sum())
    all_ = formats.count(len(sizes))
    return f" {formats.count(few)} of {all_} personas have fewer than {LEAST_PEOPLE} influencers and are left out."


def persona_table(evidence: Evidence, level: float, traits: Sequence[str] = PERSONA) -> pd.DataFrame:
    """Personas with at least 5 paid influencers, by falling ROAS, for the panel `best_persona`.

    Columns: persona, its traits, influencers (count), revenue, spend (money), roas, lower, upper (multiples,
    Fieller over influencers; infinite where spend is too uneven to bound it).
    """
    people = evidence.people.assign(persona=personas(evidence.people, traits))
    people = people.assign(revenue=amounts(people, "revenue"), spend=amounts(people, "spend"))
    rows = []
    for persona, group in people[people["persona"].ne("")].groupby("persona", sort=True):
        paid = int((group["spend"] > 0).sum())
        if paid >= LEAST_PEOPLE:
            found = ratios.ratio(group["revenue"].to_numpy(), group["spend"].to_numpy(), level)
            sums = (paid, group["revenue"].sum(), group["spend"].sum(), found.estimate, found.lower, found.upper)
            rows.append((persona, *(group[trait].iloc[0] for trait in traits), *sums))
    columns = ["persona", *traits, "influencers", "revenue", "spend", "roas", "lower", "upper"]
    return pd.DataFrame(rows, columns=columns).sort_values("roas", ascending=False, ignore_index=True)


def _split(evidence: Evidence) -> Iterator[Draft]:
    """What share of spend each platform takes and what share of revenue it brings."""
    sums = evidence.people.assign(revenue=amounts(evidence.people, "revenue"), spend=amounts(evidence.people, "spend"))
    sums = sums.groupby("platform")[["revenue", "spend"]].sum().sort_values("spend", ascending=False)
    if len(sums) < 2 or not (sums.sum() > 0).all():
        return
    shares = sums / sums.sum()
    parts = [
        f"{platform} takes {formats.share(row['spend'])} of spend and brings {formats.share(row['revenue'])} of revenue"
        for platform, row in shares.head(SHOWN_PLATFORMS).iterrows()
    ]
    rest = f"; {formats.count(len(sums) - SHOWN_PLATFORMS)} more" if len(sums) > SHOWN_PLATFORMS else ""
    finding = Finding(
        "platform_split", "platform_split", "; ".join(parts) + rest + ".",
        "Attributed revenue and spend by the platform that each influencer is at home on.", "note", "share",
        page="overview", panel="platform_share",
        action="Shares are not returns at the margin: test a platform before its budget is moved.",
    )  # fmt: skip
    yield Draft(finding, float(sums["spend"].sum()), FACT)
