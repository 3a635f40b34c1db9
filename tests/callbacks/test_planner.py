"""A form becomes a plan, a press draws, keeps and hands out a calendar; a declaration has the figures filled anew."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from dash import Dash, html

from analytics.effects.power import Cost, Simulated
from analytics.effects.refusals import CannotTell
from analytics.planning.calendar import Wish, drawn
from analytics.planning.door import PlanView
from analytics.planning.plan import Plan, Seen, Sizes
from analytics.planning.question import question
from analytics.planning.scatter import Known
from api.uploads import Limits
from callbacks import experiments, golive, planner
from data.experiments.record import Experiment
from errors import BadExperiment
from layouts import experiments as experiments_layout
from layouts import golive as golive_layout
from layouts import ids, screen
from layouts import planner as planner_layout
from tests import wires
from tests.fakes import FakeAnswers

PEOPLE = {f"I{one}": {"name": f"Person {one}"} for one in range(6)}
DECLARED = Experiment("wave-1", "Wave 1", "campaign", True, stated_on=date(2026, 9, 30), stated_by="Asha")


def view(asked: Any) -> PlanView:
    curve = pd.DataFrame({"weeks": [2.0, 6.0, 12.0], "smallest": [4.0, 2.5, 1.8]})
    seen = tuple(Seen(iroas, 0.5, Simulated(0.49, 0.01, 1000)) for iroas in (1.0, 2.0, 2.5))
    known = Known("campaign", curve.to_numpy(), "made up")
    plan = Plan(asked, known, 0.9, 2.5, seen, 1.0, 0.0, Cost(2.0, 1.0, 1.0, 0.0), 1.0, 0.4, False, 1.8, curve,
                Sizes(2.0, None, None, 1.0))  # fmt: skip
    return PlanView(plan, "Cannot tell yet: 40 test and 20 control.", "the way back", "the cost", "80 %", ("a note",))


@dataclass
class FakePlanning:
    """Stands for analytics.planning.door.Planning; what it was told is in `told`."""

    declared: list[Experiment] = field(default_factory=lambda: [DECLARED])
    told: list[Any] = field(default_factory=list)
    asks: bool = False

    def plan(self, query: str, wish: Any) -> PlanView:
        self.told.append(("plan", query, wish))
        return view(question({"spend": 1000.0, **{key: value for key, value in wish.items() if value is not None}}))

    def draw(self, query: str, wish: Any) -> Any:
        self.told.append(("draw", wish))
        if not wish.get("influencers"):
            raise CannotTell("0 posts can't be told from chance: choose influencers and posts for at least 4.")
        return drawn(Wish(tuple(wish["influencers"]), date(2026, 10, 5), date(2026, 11, 1)), PEOPLE)

    def settled(self, wish: Any, view: Any) -> Any:
        return {**wish, "earliest": view.wish.earliest.isoformat()}

    def file(self, view: Any, kind: str, name: str = "") -> Any:
        return {"content": kind, "filename": f"{name or 'calendar'}.{kind}", "type": "text"}

    def keep(self, view: Any, name: str, by: str = "") -> Experiment:
        if not name:
            raise BadExperiment("The experiment has no name: give it one that people will recognise.")
        self.told.append(("keep", name, by))
        return DECLARED

    def unseen(self, experiment: Experiment) -> tuple[str, ...]:
        return ("Misspelt",) if experiment.treated else ()

    def declare(self, record: Any, query: str = "") -> Experiment:
        if not record["name"]:
            raise BadExperiment("The experiment has no name: give it one that people will recognise.")
        self.told.append(("declare", record))
        return DECLARED

    def remove(self, key: str) -> None:
        self.told.append(("remove", key))

    def experiments(self) -> list[Experiment]:
        return self.declared

    def undeclared(self) -> bool:
        return self.asks

    def influencers(self, query: str = "") -> list[dict[str, str]]:
        return [{"label": one["name"], "value": key} for key, one in PEOPLE.items()]


def wired(planning: Any) -> Dash:
    app = Dash("planner", suppress_callback_exceptions=True)
    app.layout = html.Div()
    shown = screen.functions(FakeAnswers(), "Asia/Kolkata", Limits())
    planner.register(app, planning, shown)
    golive.register(app, planning, shown)
    experiments.register(app, planning, shown)
    return app


def text(answer: Any) -> str:
    return json.dumps(answer, ensure_ascii=False)


def form(prefix: Any, **values: Any) -> dict[str, Any]:
    return {f"{prefix(key)}.value": value for key, value in values.items()}


def planned(planning: Any, query: Any = "", **values: Any) -> Any:
    given = {"query.data": query, f"{ids.PLAN_WISH}.data": {"treated": None} | values}
    return wires.ask(wired(planning), "..planned.children...", "query.data", given)


def test_a_form_becomes_its_answer_and_a_picture():
    planning = FakePlanning()
    answer = planned(planning, "brand=Aurora", units="campaign", size=60, weeks=6, iroas=2)
    assert "Cannot tell yet: 40 test and 20 control." in text(answer["planned"])
    spec = answer['{"page":"planner","panel":"curve","type":"spec"}']["data"]
    assert [trace["mode"] for trace in spec["data"]] == ["lines", "markers"]
    assert planning.told[0][1] == "brand=Aurora"
    assert planning.told[0][2]["size"] == 60


def test_a_bad_field_is_one_sentence_without_a_picture():
    answer = planned(FakePlanning(), size=2)
    assert "at least 4" in text(answer["planned"])
    assert answer['{"page":"planner","panel":"curve","type":"spec"}']["data"] is None


def test_nothing_is_planned_before_the_query_is_known():
    assert planned(FakePlanning(), None).status_code == 204


def test_a_fault_of_ours_is_one_calm_line(caplog):
    class Broken(FakePlanning):
        def plan(self, query: str, wish: Any) -> PlanView:
            raise ZeroDivisionError

    assert "our side" in text(planned(Broken()))


def pressed(planning: Any, button: str, output: str, **values: Any) -> Any:
    return wires.ask(wired(planning), output, f"{button}.n_clicks", {f"{button}.n_clicks": 1, **values})


def test_a_press_draws_and_remembers_the_wish():
    answer = pressed(FakePlanning(), ids.DRAW, "drawn-wish.data", **form(ids.drawing, influencers=list(PEOPLE), seed=3))
    assert "seed 1 draws the same calendar again" in text(answer["drawn"])
    assert answer["drawn-wish"]["data"]["earliest"] == "2026-10-05"


def test_a_calendar_that_can_not_be_is_one_sentence_and_the_last_one_stays():
    answer = pressed(FakePlanning(), ids.DRAW, "drawn-wish.data")
    assert "at least 4" in text(answer["draw-said"])
    assert {"drawn", "drawn-wish"}.isdisjoint(answer)


WISH = {"drawn-wish.data": {"influencers": list(PEOPLE)}}


def test_keeping_a_calendar_renews_the_experiments():
    planning = FakePlanning()
    given = WISH | {"draw-name.value": "Diwali", "draw-by.value": "Asha"}
    answer = pressed(planning, ids.KEEP, "..kept-calendar.children...", **given)
    assert "Kept: Wave 1" in text(answer["kept-calendar"])
    assert answer["experiments-renewed"]["data"] == ["wave-1", 1]
    assert planning.told[-1] == ("keep", "Diwali", "Asha")


@pytest.mark.parametrize(("given", "says"), [({}, "No calendar is drawn yet"), (WISH, "no name")])
def test_what_can_not_be_kept_is_one_sentence_and_renews_nothing(given, says):
    answer = pressed(FakePlanning(), ids.KEEP, "..kept-calendar.children...", **given)
    assert says in text(answer["kept-calendar"])
    assert "experiments-renewed" not in answer


@pytest.mark.parametrize(("button", "kind"), [(ids.CALENDAR_CSV, "csv"), (ids.CALENDAR_ICS, "ics")])
def test_a_drawn_calendar_can_be_taken_along(button, kind):
    answer = pressed(FakePlanning(), button, "calendar-file.data", **WISH, **{"draw-name.value": "Diwali"})
    assert answer["calendar-file"]["data"]["filename"] == f"Diwali.{kind}"


def test_the_people_of_the_data_can_be_chosen():
    answer = wires.ask(wired(FakePlanning()), "draw-influencers.options", "query.data", {"query.data": ""})
    assert len(answer["draw-influencers"]["options"]) == 6


def listed(planning: Any) -> str:
    return text(wires.ask(wired(planning), "experiments-list.children", "query.data", {"query.data": ""}))


def test_declared_experiments_are_listed_with_their_stamp():
    assert "Wave 1: campaigns drawn at random, as declared on 30 Sep 2026 by Asha" in listed(FakePlanning())
    assert "Were these campaigns assigned" not in listed(FakePlanning())


def test_what_nobody_has_declared_is_asked():
    assert "Were these campaigns assigned at random?" in listed(FakePlanning([], asks=True))
    assert experiments_layout.NONE_YET in listed(FakePlanning([]))


def test_a_declaration_renews_the_figures():
    planning = FakePlanning()
    given = form(ids.declaring, name="Wave 1", random="yes", unit="campaign", by="Asha")
    answer = pressed(planning, ids.DECLARE, "..declared.children...", **given)
    assert "Its result can be a headline now" in text(answer["declared"])
    assert answer["experiments-renewed"]["data"][0] == "wave-1"
    assert planning.told[-1][1]["random"] == "yes"


def test_a_declaration_says_which_of_its_units_stand_nowhere():
    made = replace(DECLARED, treated=("Misspelt",), control=("Known",))
    assert "1 unit stands in no row yet" in text(experiments_layout.declared(made, ("Misspelt",)).to_plotly_json())
    many = experiments_layout.declared(made, [f"U{one}" for one in range(7)])
    assert "and 2 more" in text(many.to_plotly_json())


def test_every_slider_begins_at_a_stop_and_its_stops_rise():
    for key, (_, value, _) in planner_layout.ASKED.items():
        stops = planner_layout.STOPS[key]
        assert value in stops
        known = [stop for stop in stops if stop is not None]
        assert known == sorted(set(known)), key


def test_a_declaration_without_a_name_is_one_sentence_and_renews_nothing():
    answer = pressed(FakePlanning(), ids.DECLARE, "..declared.children...")
    assert "no name" in text(answer["declared"])
    assert "experiments-renewed" not in answer


def test_an_experiment_is_removed_by_its_button_and_a_new_list_is_no_press():
    planning = FakePlanning()
    key = {"key": "wave-1", "type": "experiment-forget"}
    name = '{"key":["ALL"],"type":"experiment-forget"}.n_clicks'
    changed = '{"key":"wave-1","type":"experiment-forget"}.n_clicks'
    output = next(
        item["output"] for item in wired(planning).server.test_client().get("/_dash-dependencies").json
        if any("experiment-forget" in part["id"] for part in item["inputs"])
    )  # fmt: skip
    assert wires.ask(wired(planning), output, changed, {name: [(key, None)]}).status_code == 204
    answer = wires.ask(wired(planning), output, changed, {name: [(key, 1)]})
    assert planning.told == [("remove", "wave-1")]
    assert "Removed" in text(answer)


def test_every_field_of_the_forms_is_on_the_screen():
    shown = text(_ids(planner_layout))
    for key in planner_layout.FIELDS:
        assert ids.plan(key) in shown
    for key in planner_layout.ASKED:
        assert ids.sliding(key) in shown
    for key in golive_layout.FIELDS:
        assert ids.drawing(key) in shown
    for key in experiments_layout.FIELDS:
        assert ids.declaring(key) in text(_ids(experiments_layout))


def _ids(layout: Any) -> list[Any]:
    """Ids and label targets of everything in the sections of a layout."""
    return [
        getattr(part, "id", None) or getattr(part, "htmlFor", None)
        for section in layout.sections(None)
        for part in section._traverse()
    ]


def test_every_field_has_a_label():
    for layout, skipped in ((planner_layout, set()), (experiments_layout, {ids.declaring("random")})):
        parts = [part for section in layout.sections(None) for part in section._traverse()]
        labelled = {part.htmlFor for part in parts if getattr(part, "htmlFor", None)}
        fields = {part.id for part in parts if type(part).__name__ in ("Input", "Dropdown", "RadioItems", "Textarea")}
        assert fields - skipped == labelled


def test_the_import_asks_once_when_arms_came_in_undeclared():
    assert experiments_layout.asked_after_import(False) is None
    line = experiments_layout.asked_after_import(True)
    assert line.children[1].href == "/iroas#experiments"
