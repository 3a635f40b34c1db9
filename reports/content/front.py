"""Decides what page 1 says: the sentence, why in two lines, five tiles, one picture, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analytics import formats
from analytics.views import Finding, PageView, Panel, Tile
from reports.content.arrangement import has_chart, place
from reports.content.audiences import AUDIENCES
from reports.order import Order

TILES = 5
COVER_TALLEST = {"A4": 172, "Letter": 150}
"""A cover's chart leaves room for what matters below it: page 1 is one page."""
BRIDGE = "bridge"
BRIDGED = ("overview", "insights")
"""Pages whose answer is the return, so that why it changed opens their report."""
_CRUSHED = 90
"""Pixels by which a cover's chart may be lower than it would be in its section."""
_MOST = 3
_EVIDENCE, _DEED, _HEADLINE, _WHY = 84, 70, 56, 94
"""Letters of a line: of evidence, of what to do, of the headline, of why."""
_LINES = {"A4": 18, "Letter": 18}
"""Lines that all findings together may take of a page whose headline and why have two lines each."""
_OF_HEADLINE, _OF_COUNTS, _OF_MEASURE = 2, 4, 3
"""Such lines that a further line of the headline costs, what stands in for an appendix, a number with its interval."""
_LONGEST, _LONGEST_HEADLINE, _LONGEST_WHY = 300, 180, 330
NO_BRIDGE = "No bridge: these data hold nothing attributed before these days to compare with."
MEASURES = {"confidence": "iROAS", "momentum": "more a month"}
"""What a finding's number is; of all the others it is a difference of returns."""
WORTH = ("poor_roi", "improvement_candidates", "no_orders", "payout_mismatch", "unallocated")
"""Plain facts that ask for a decision about money that they name."""
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Deed:
    """One line of what to do. does: the action. because: its evidence. measure: what `finding`'s number is, '' for
    none."""

    finding: Finding
    does: str
    because: str
    measure: str


@dataclass(frozen=True)
class Front:
    """headline: the answer in a sentence; why: two lines. charts: what is drawn, the bridge first where there is one.

    findings: the three that matter; deeds: the same as things to do. versus: what the changes of the tiles compare
    with. instead: why there is no bridge, '' where there is one. counts: what the numbers count, a line. found: all
    findings, of which `why` says how many there are.
    """

    headline: str
    why: str
    tiles: tuple[Tile, ...]
    charts: tuple[Panel, ...]
    findings: tuple[Finding, ...]
    deeds: tuple[Deed, ...] = ()
    versus: str = ""
    instead: str = ""
    counts: str = ""
    found: tuple[Finding, ...] = ()


def opened(views: Sequence[PageView], answers: Any = None, order: Order | None = None) -> tuple[PageView, ...]:
    """The pages with the bridge as the first panel of the first one, so that every paper and file has it.

    Unchanged where the first page is about something else, where `answers` knows no bridge, or where nothing can be
    compared. Raises UserError.
    """
    first = views[0]
    asked = getattr(answers, BRIDGE, None)
    if asked is None or first.key not in BRIDGED or _bridge(first):
        return tuple(views)
    panel = asked(order.query if order else first.query)
    return (replace(first, panels=(panel, *first.panels)), *views[1:]) if panel else tuple(views)


def front_of(
    views: Sequence[PageView], answers: Any = None, order: Order | None = None, whole: Sequence[PageView] = ()
) -> Front:
    """Page 1 of these pages. answers: asked for the bridge when the pages do not have it yet. Raises UserError.

    whole: the same pages before they were cut for their audience; what matters is chosen among all that was found.

    Without a bridge the first picture stands in its place, and two where nothing is to be done either; one that needs
    much more height than page 1 has would be crushed there and stays in its section.
    """
    first = opened(views, answers, order)[0]
    bridge = _bridge(first)
    found = _findings(whole or views)
    why = " ".join(part for part in ((bridge.summary if bridge else first.subline), decided(found)) if part)
    headline, why = _cut(first.headline, _LONGEST_HEADLINE), _cut(why, _LONGEST_WHY)
    deeds = _fitting((_deed(finding) for finding in _matter(found)), _room(headline, why, order or Order()))
    return Front(
        headline=headline,
        why=why,
        tiles=first.tiles[:TILES],
        charts=_charts(first, bridge, 1 if deeds else 2, order or Order()),
        findings=tuple(deed.finding for deed in deeds),
        deeds=deeds,
        versus=_versus(first.tiles[:TILES]),
        instead=NO_BRIDGE if bridge is None and first.key in BRIDGED else "",
        counts=_counts(first),
        found=found,
    )


def _bridge(view: PageView) -> Panel | None:
    return next((panel for panel in view.panels if panel.key == BRIDGE and has_chart(panel)), None)


def _charts(view: PageView, bridge: Panel | None, most: int, order: Order) -> tuple[Panel, ...]:
    """What page 1 draws; nothing where the audience has no such page: its section then keeps all of its pictures."""
    if "front" not in AUDIENCES[order.audience].sections:
        return ()
    return (bridge,) if bridge else _pictures(view, most, COVER_TALLEST[order.paper])


def _pictures(view: PageView, most: int, tallest: int) -> tuple[Panel, ...]:
    drawn = [panel for panel in view.panels if has_chart(panel)]
    return tuple([panel for panel in drawn if place(panel).height <= tallest + _CRUSHED] or drawn)[:most]


def _findings(views: Iterable[PageView]) -> tuple[Finding, ...]:
    """Every finding of the pages once, in their order."""
    found = [finding for view in views for panel in view.panels for finding in panel.findings]
    return tuple({finding.key: finding for finding in reversed(found)}[key] for key in _keys(found))


def _keys(found: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(finding.key for finding in found))


def _matter(found: Sequence[Finding]) -> list[Finding]:
    """The three that matter: what is borne out, then money that asks for a decision, then what is open; open last."""
    facts = [finding for finding in found if finding.kind in WORTH]
    borne = [finding for finding in found if finding.verdict in ("works", "does not")]
    open_ = [finding for finding in found if finding.verdict == "cannot tell yet"]
    # The question that the whole report turns on keeps its place among the three while it is open.
    turning = [finding for finding in open_ if finding.kind == "confidence"]
    room = _MOST - len(turning)
    chosen = list({one.key: one for one in (*borne, *facts)}.values())[:room]
    chosen += [finding for finding in (*turning, *open_) if finding not in chosen][: _MOST - len(chosen)]
    return list({one.key: one for one in chosen or found[:_MOST]}.values())


def _deed(finding: Finding) -> Deed:
    """The action up to its colon; what stands after it is a caution and goes with the evidence."""
    does, _, caution = finding.action.partition(": ")
    because = finding.sentence if finding.action else finding.detail
    also = f" {caution[0].upper()}{caution[1:]}" if caution else ""
    measure = MEASURES.get(finding.kind, "difference") if has_interval(finding) else ""
    stop = "." if caution else ""
    return Deed(finding, _cut(f"{does}{stop}" if does else finding.sentence, _LONGEST),
                _cut(because + also, _LONGEST), measure)  # fmt: skip


def has_interval(finding: Finding) -> bool:
    """Whether its number is an estimate: only that stands at the right of page 1."""
    return not any(formats.is_missing(end) for end in (finding.estimate, finding.lower, finding.upper))


def _room(headline: str, why: str, order: Order) -> int:
    """Lines that the findings may take of page 1."""
    taken = _OF_HEADLINE * max(_lines(headline, _HEADLINE) - 2, 0) + max(_lines(why, _WHY) - 2, 0)
    taken += _lines(order.reason, _WHY) + 1 if order.reason else 0
    return _LINES[order.paper] - taken - (_OF_COUNTS if order.audience == "executive" else 0)


def _lines(text: str, letters: int) -> int:
    return -(-len(text) // letters)


def _fitting(deeds: Iterable[Deed], room: int) -> tuple[Deed, ...]:
    """As many as the page has lines for, at least one."""
    kept: list[Deed] = []
    for deed in deeds:
        room -= max(_lines(deed.does, _DEED) + _lines(deed.because, _EVIDENCE), _OF_MEASURE if deed.measure else 0)
        if kept and room < 0:
            break
        kept.append(deed)
    return tuple(kept)


def decided(found: Sequence[Finding]) -> str:
    """“Two findings are borne out by their intervals; one question is still open.”; '' without either."""
    borne = sum(finding.verdict in ("works", "does not") for finding in found)
    open_ = sum(finding.verdict == "cannot tell yet" for finding in found)
    if not borne + open_:
        return ""
    said = f"{_number(borne)} {'finding is' if borne == 1 else 'findings are'} borne out by "
    said = said + ("its interval" if borne == 1 else "their intervals") if borne else "nothing is borne out yet"
    asked = f"{_number(open_)} {'question is' if open_ == 1 else 'questions are'} still open" if open_ else ""
    return "; ".join(part for part in (f"{said[0].upper()}{said[1:]}", asked) if part) + "."


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else formats.count(count)


def _versus(tiles: Iterable[Tile]) -> str:
    return "; ".join(dict.fromkeys(tile.versus for tile in tiles if tile.change and tile.versus))


def _counts(view: PageView) -> str:
    """What each tile counts, said once for those that say the same; then how it was reckoned."""
    notes: dict[str, list[str]] = {}
    for tile in view.tiles[:TILES]:
        if tile.note:
            notes.setdefault(tile.note, []).append(tile.label)
    said = [f"{', '.join(labels)}: {note}" for note, labels in notes.items()]
    return " · ".join([*said, *([f"reckoned with {view.assumptions}"] if view.assumptions else [])])


def _cut(text: str, most: int) -> str:
    """Text that cannot burst the page, cut between words; whole in its own section."""
    if len(text) <= most:
        return text
    words = text[: most - 1].rsplit(" ", 1)[0]
    return (words if len(words) > most // 2 else text[: most - 1]).rstrip(" ,;:") + "…"
