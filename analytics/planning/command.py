"""Decides what `python -m analytics plan` and `calendar` take and print; wiring and words only."""

from __future__ import annotations

import argparse
import json
import math
from datetime import date
from typing import Any

from analytics import formats
from analytics.planning.calendar import CalendarView
from analytics.planning.door import Planning, PlanView

FORMATS = ("text", "csv", "ics", "json")
_WISHES = ("influencers", "posts", "earliest", "latest", "weeks", "blackout", "per_day", "per_week", "gap", "balanced",
           "seed")  # fmt: skip


def add_plan(plan: argparse.ArgumentParser) -> None:
    """The options of `plan`. Numbers are read by the planner, so that a wrong one gets a sentence."""
    plan.add_argument("--units", default="campaigns", help="campaigns, influencers, places or customers")
    plan.add_argument("--treated", default="40", help="units that get the spend")
    plan.add_argument("--control", default="20", help="units that go without")
    plan.add_argument("--weeks", default="6", help="of the test")
    plan.add_argument("--before", help="weeks known before it (0: none; left out: as in the data)")
    plan.add_argument("--spend", help="on all treated in those weeks (default: as in the data)")
    plan.add_argument("--posts", help="that are paid for: priced as in the data when no spend is named")
    plan.add_argument("--iroas", help="that is to be seen (default: 2 is expected)")
    plan.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def add_calendar(drawing: argparse.ArgumentParser) -> None:
    """The options of `calendar`."""
    drawing.add_argument("--influencers", required=True, help="ids, separated by commas; all: everybody in the data")
    drawing.add_argument("--posts", default="1", help="of each influencer")
    drawing.add_argument("--weeks", default="6", help="that the go-lives span")
    drawing.add_argument("--earliest", help="first go-live day, as 2026-10-05 (default: next Monday)")
    drawing.add_argument("--latest", help="last go-live day, instead of --weeks")
    drawing.add_argument("--blackout", default="", help="days without go-lives, separated by commas")
    drawing.add_argument("--per-day", default="0", help="most go-lives a day (0: no limit)")
    drawing.add_argument("--per-week", default="0", help="most go-lives a week (0: no limit)")
    drawing.add_argument("--gap", default="0", help="least days between two posts of one influencer")
    drawing.add_argument("--balanced", action="store_true", help="platforms and tiers must not cluster in time")
    drawing.add_argument("--seed", default="1", help="redraws the same calendar")
    drawing.add_argument("--save", metavar="NAME", help="keep it as a declared experiment of this name")
    drawing.add_argument("--by", default="", help="who drew it, stamped on every estimate")
    drawing.add_argument("--format", choices=FORMATS, default="text")


def planned(planning: Planning, given: argparse.Namespace) -> str:
    """What `plan` prints. Raises UserError."""
    view = planning.plan(given.query, vars(given))
    return json.dumps(as_record(view), ensure_ascii=False) if given.json else as_lines(view)


def as_lines(view: PlanView) -> str:
    """A plan for people."""
    chances = [
        f"Chance to see {formats.multiple(one.iroas)}: {round(one.simulated.power * 100)} % simulated,"
        f" {round(one.formula * 100)} % by formula."
        for one in view.plan.seen
        if one.iroas != view.plan.smallest
    ]
    return "\n".join([view.sentence, view.agreement, *chances, view.reverse, view.cost, "", *view.notes])


def as_record(view: PlanView) -> dict[str, Any]:
    """A plan for programs: amounts in money, chances 0 to 1, null where nothing is within reach."""
    plan, asked = view.plan, view.plan.question
    sizes = plan.sizes
    return {
        "sentence": view.sentence, "units": asked.units, "treated": asked.treated, "control": asked.control,
        "weeks": asked.weeks, "before": asked.before, "spend": asked.spend, "method": asked.method,
        "confidence": plan.confidence, "smallest_iroas": plan.smallest,
        "power": [{"iroas": one.iroas, "formula": one.formula, "simulated": one.simulated.power,
                   "simulated_se": one.simulated.se, "runs": one.simulated.worlds} for one in plan.seen],
        "widened": plan.widened, "refused": plan.refused,
        "later_iroas": plan.later if math.isfinite(plan.later) else None,
        "cost": {"spend_withheld": plan.withheld, "expected_iroas": asked.expected, "margin": plan.margin,
                 "margin_known": plan.margin_known, "lost": plan.cost.net},
        "to_see": {"iroas": sizes.iroas, "weeks": sizes.weeks, "spend": sizes.spend,
                   "treated": sizes.question.treated if sizes.question else None,
                   "control": sizes.question.control if sizes.question else None},
        "curve": plan.curve.to_dict("records"), "usual_values": plan.known.is_usual, "notes": list(view.notes),
    }  # fmt: skip


def drawn(planning: Planning, given: argparse.Namespace) -> str:
    """What `calendar` prints; kept under --save first. Raises UserError."""
    wish = {key: getattr(given, key) for key in _WISHES}
    if given.influencers.strip() == "all":
        wish["influencers"] = [one["value"] for one in planning.influencers()]
    view = planning.draw(given.query, wish)
    said = f"Kept as experiment: {planning.keep(view, given.save, given.by).stamp}." if given.save else ""
    if given.format == "json":
        return json.dumps({"sentence": view.sentence, "calendar": view.record, "kept": said}, ensure_ascii=False)
    if given.format == "text":
        return "\n".join([view.sentence, *([said] if said else []), "", *_rows(view)])
    return str(planning.file(view, given.format, given.save or "")["content"]).rstrip("\r\n")


def _rows(view: CalendarView) -> list[str]:
    return [
        f"{_iso(row.date)}  {row.weekday}  {row.influencer}" + (f" ({row.post})" if view.wish.posts > 1 else "")
        for row in view.rows.itertuples(index=False)
    ]


def _iso(day: date) -> str:
    return day.isoformat()
