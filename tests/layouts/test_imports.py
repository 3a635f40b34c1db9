"""The Import page says what was read, what is doubtful, what would change, and what stands in the way."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from api.uploads import Limits
from layouts.importing import check, columns, files, looked, page, result, wishes, words
from tests.fake_import import FakeVersions, answered


def text(component):
    return json.dumps(component.to_plotly_json() if component is not None else None, default=plain, ensure_ascii=False)


def plain(item):
    return item.to_plotly_json() if hasattr(item, "to_plotly_json") else str(item)


def look(*names, mode="update", **choices):
    return answered("inspect", list(names), mode, choices)


def test_the_limits_stand_on_the_page():
    said = text(page.layout(Limits()))
    assert "up to 2 GB a file and 40 files at once; 500 columns, 10,00,000 characters a cell" in said
    assert '"data-accept": ".csv,.tsv,.txt,.json,.jsonl,.ndjson,.xlsx"' in said


def test_there_is_a_template_for_each_table_and_one_with_all():
    said = text(page.templates())
    tables = ("influencers", "posts", "tracking", "payouts")
    for address in ("all.xlsx", *(f"{table}.{kind}" for table in tables for kind in ("csv", "xlsx"))):
        assert f'"/template/{address}"' in said


def test_a_look_is_one_sentence_and_an_equation():
    said = text(looked.inspected(look("orders.csv", "more.csv")))
    assert "234 rows of tracking, 1 Feb – 31 Jul 2026, are ready to import." in said
    assert "120 rows read = 117 accepted + 2 set aside + 1 blank" in said
    assert "₹1,75,400.50" in said


def test_files_that_are_loaded_already_are_said():
    listed = [{"name": name, "key": name} for name in ("orders.csv", "payouts.csv")]
    assert "payouts.csv is loaded already" in text(looked.inspected(look("orders.csv"), listed))
    same = look("orders.csv") | {"unchanged": True, "files": []}
    assert "would change nothing" in text(looked.inspected(same, listed))


def test_money_is_accounted_for_column_by_column():
    said = text(check.accounts(look("orders.csv")))
    for amount in ("₹1,80,000.50", "₹1,75,400.50", "₹4,600"):
        assert amount in said


@pytest.mark.parametrize(
    ("column", "verdict"),
    [
        ({"field": "revenue", "confidence": 0.98}, "sure"),
        ({"field": "revenue", "confidence": 0.7}, "likely"),
        ({"field": "", "suggestions": [{"field": "city", "score": 0.7}]}, "not used: is it one of these?"),
        ({"field": "", "suggestions": [{"field": "city", "score": 0.2}]}, "not used"),
        ({"field": ""}, "not used"),
    ],
)
def test_how_sure_a_column_is_stands_in_words(column, verdict):
    assert columns.judged(column)[0] == verdict


def test_suggestions_come_first_and_every_field_is_there_once():
    tracking = files.schema.TABLES["tracking"]
    choices = columns.options(tracking, [{"field": "city", "score": 0.7}, {"field": "nothing", "score": 0.6}], "")
    values = [one["value"] for one in choices]
    assert values[:3] == ["none", "city", "-"]
    assert sorted(values[1:2] + values[3:]) == sorted(field.key for field in tracking.fields)


def test_a_header_row_can_be_pointed_at():
    said = text(files.card(0, look("orders.csv")["files"][0], {}))
    assert '"aria-pressed": "true"' in said
    assert "Row 2 holds the column names" in said
    assert said.count('"aria-pressed": "false"') == 3


def test_a_refused_file_says_why_and_takes_no_part():
    answer = look("wrong.csv")
    assert "wrong.csv has no column that could be an order value." in text(looked.inspected(answer))
    assert looked.foot(answer) is None


def test_days_may_stay_empty_but_amounts_may_not():
    answer = look("ask.csv")
    said = text(looked.foot(answer))
    assert "Import anyway, days stay empty" in said
    assert '"disabled": true' in said
    decimals = answer | {"questions": [{"kind": "decimals", "column": "Price", "sentence": "Is 1,234 …?"}]}
    assert "Import anyway" not in text(looked.foot(decimals))
    assert "A comma" in text(check.asked(decimals))


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"new": 3, "changed": 0, "same": 2, "gone": 0}, "That makes 3 new and 2 as they were."),
        ({"new": 0, "changed": 0, "same": 9, "gone": 0}, "All of these rows are loaded already"),
        ({"new": 2, "changed": 0, "same": 0, "gone": 1400}, "That makes 2 new and 1,400 gone."),
    ],
)
def test_the_consequence_of_a_mode_is_said_in_rows(counts, said):
    assert check.consequence({"tables": {"tracking": counts}}).startswith(said)


def test_nothing_is_asked_about_modes_where_nothing_is_loaded():
    assert "every row is new" in text(check.modes(look("orders.csv") | {"base": None}))


def test_rows_set_aside_can_be_had():
    answer = look("orders.csv") | {"draft": "abc"}
    said = text(check.set_aside(answer, [{"label": "orders.csv", "file": 7, "rows": 2}]))
    assert "/quarantine.csv?draft=abc&file=7" in said
    assert "Row 19 has 6 cells where the header has 5." in said
    assert "/quarantine.csv" not in text(check.set_aside(answer, []))


def test_what_is_to_be_checked_stands_before_notes():
    said = text(check.notes(look("orders.csv")["notes"]))
    assert said.index("3 orders cost more") < said.index("Brand was read")


def test_an_import_says_what_moved_and_how_to_take_it_back():
    answer = answered("import", ["orders.csv"], "update", {})
    said = text(result.imported(answer, FakeVersions().compare(3, 4), [{"label": "orders.csv", "file": 2, "rows": 2}]))
    for part in (
        "version 4 is loaded",
        "₹5,23,000",
        "+2.5 %",
        "Undo this import",
        "version=4&file=2",
        "1 other figure",
    ):
        assert part in said


def test_the_same_files_again_change_nothing_and_say_so():
    answer = answered("import", ["orders.csv"], "update", {}) | {"unchanged": True}
    assert "Nothing changed: version 4 holds these rows already." in text(result.imported(answer))


def test_a_refusal_offers_the_ways_on():
    said = text(looked.refused("No.", [{"name": "a.csv", "key": "1"}, {"name": "b.csv", "key": "2"}]))
    for part in ('"No."', "Look again", "Remove a.csv", "Remove b.csv"):
        assert part in said


def test_progress_is_a_bar_with_a_name_and_a_stop():
    said = text(looked.progress({"verb": "inspect", "share": 0.25, "says": "Reading orders.csv: 40 rows"}))
    assert '"value": "0.250"' in said
    assert "Stop" in said
    assert "Stop" not in text(looked.progress({"verb": "import", "share": 0, "says": ""}))


def test_numbers_in_words():
    assert words.counted(1, "row") == "1 row"
    assert words.field("influencer_id") == "Influencer ID"
    assert words.days(None, "2026-01-01") == ""
    assert words.amount(None) == "–"
    assert words.totals({"files": [{"rows_read": 2}, {"rows_read": 3}]})["rows_read"] == 5


PLACE = {"type": "import-choice", "file": 0, "column": -1}


def wished(pressed=None, *changed, wish=None, answer=None):
    return wishes.wished(wish or {"mode": "update"}, wishes.shown(answer or look("ask.csv")), changed, pressed)


def test_what_was_not_touched_is_not_told():
    now = wishes.shown(look("ask.csv"))
    places = [PLACE | {"what": "table"}, PLACE | {"what": "delimiter"}, PLACE | {"what": "column", "column": 3}]
    assert wishes.changes(now, places, ["tracking", ",", "none"]) == []
    assert [one["what"] for one, _ in wishes.changes(now, places, ["posts", ",", "city"])] == ["table", "column"]
    assert wishes.changes({}, [PLACE | {"what": "table"}], ["posts"]) != []


def test_a_chosen_column_keeps_its_table_and_pushes_others_out():
    column = PLACE | {"what": "column"}
    wish = wished(None, (column | {"column": 3}, "city"))
    assert wish["choices"] == {"ask.csv": {"columns": {"Town or so": "city"}, "table": "tracking"}}
    again = wished(None, (column | {"column": 4}, "city"), wish=wish)
    assert again["choices"]["ask.csv"]["columns"] == {"Town or so": "", "Remarks": "city"}
    none = wished(None, (column | {"column": 0}, "none"))
    assert none["choices"]["ask.csv"]["columns"] == {"Order Value": ""}


def test_another_table_or_reading_forgets_what_was_said_of_columns():
    wish = {"mode": "update", "choices": {"ask.csv": {"columns": {"Who": "city"}, "dates": {"Bought on": "dmy"}}}}
    assert wished(None, (PLACE | {"what": "table"}, "none"), wish=wish)["choices"] == {"ask.csv": {"table": "none"}}
    header = {"type": "import-header", "file": 0, "row": 3}
    assert wished(header, wish=wish)["choices"] == {"ask.csv": {"header_row": 3}}


def test_a_reply_is_told_of_its_column():
    reply = {"type": "import-reply", "question": 0, "value": "mdy"}
    assert wished(reply)["choices"] == {"ask.csv": {"dates": {"Bought on": "mdy"}}}


def test_the_mode_is_told():
    assert wished(None, (PLACE | {"what": "mode", "file": -1}, "append"))["mode"] == "append"


def test_limits_come_from_where_they_are_kept():
    limits = SimpleNamespace(size="5 MB", files=3, columns=20, cell=100, endings=(".csv",), bytes=5_000_000)
    assert "up to 5 MB a file and 3 files at once; 20 columns" in page.limits_in_words(limits)


def test_a_file_that_only_looks_like_a_table_can_be_taken_for_it():
    answer = look("wrong.csv")
    answer["files"][0] |= {"table": "", "likely": "tracking"}
    said = text(looked.inspected(answer))
    assert "not taken yet" in said
    assert "Take it for tracking" in said
    wish = wishes.wished({}, wishes.shown(answer), [], {"type": "import-act", "act": "again", "place": "taken-0"})
    assert wish["choices"] == {"wrong.csv": {"table": "tracking"}}


def test_files_of_which_nothing_is_new_leave_no_empty_sum_behind():
    listed = [{"name": "orders.csv", "key": "k1"}]
    said = text(looked.inspected(look() | {"unchanged": True, "files": []}, listed))
    assert "rows read" not in said
    assert "Remove orders.csv" in said
    assert "Replace everything" in said


def test_money_of_rows_that_nobody_can_read_is_not_nothing():
    answer = look("orders.csv")
    answer["files"][0]["accounts"][0]["set_aside"] = "0"
    assert '"–"' in text(check.accounts(answer))
