"""What goes in is what is counted: no row twice, none lost in silence, no number guessed, nothing half-done."""

from __future__ import annotations

import json
from dataclasses import astuple
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from data import ingest
from data.__main__ import main
from data.filters import Filters
from data.ingest import Plan
from data.matching.choices import Choice, Choices
from data.store import Store
from data.versions import snapshots
from errors import BadUpload, NoData, UserError
from settings import load
from tests.data.worlds import FOUR, INFLUENCERS, PAYOUTS, POSTS, TRACKING, imported, write

ALL = (
    "revenue",
    "revenue_all",
    "orders",
    "orders_all",
    "spend",
    "posts",
    "reach",
    "influencers",
    "customers",
    "new_customers",
)


def whole(store: Store) -> dict[str, float]:
    return store.totals(Filters(), (), ALL).iloc[0].to_dict()  # type: ignore[no-any-return]


def test_the_four_files_give_their_sums(tmp_path: Path) -> None:
    store, report = imported(tmp_path, FOUR)
    assert [item.table for item in report.staged] == ["influencers", "posts", "tracking", "payouts"]
    sums = whole(store)
    assert sums["revenue_all"] == pytest.approx(2950.15)
    assert (sums["revenue"], sums["orders"]) == pytest.approx((1800.15, 4.0))
    assert (sums["orders_all"], sums["spend"], sums["posts"], sums["reach"]) == pytest.approx(
        (8.0, 325.01, 3.0, 13000.0)
    )
    provenance = store.provenance()
    assert (provenance.rows_read, provenance.rows_set_aside, provenance.rows_blank) == (14, 0, 0)
    assert (provenance.first_day, provenance.last_day) == (date(2026, 6, 1), date(2026, 6, 5))


def test_ids_are_text_and_a_float_id_is_its_whole_number(tmp_path: Path) -> None:
    """7.0 is 7 and 12.0 is 12, but 007 keeps its zeros: 7 is then somebody else, and said to be."""
    store, report = imported(tmp_path, FOUR)
    found = store.totals(Filters(), ("influencer",), ("revenue",)).set_index("influencer_id")["revenue"]
    assert found["007"] == pytest.approx(1000.10)
    assert found["7"] == pytest.approx(500)
    assert found["12"] == pytest.approx(300.05)
    assert any(note.rule == "people.unlisted" for note in report.notes)


def test_organic_rows_are_kept_and_credited_to_nobody(tmp_path: Path) -> None:
    store, _ = imported(tmp_path, FOUR)
    by_source = store.totals(Filters(), ("source",), ("revenue", "revenue_all")).set_index("source")
    assert by_source.loc["Organic Search", "revenue_all"] == 250
    assert by_source.loc["Organic Search", "revenue"] == 0
    assert "13" not in set(store.totals(Filters(), ("influencer",), ("revenue_all",)).dropna()["influencer_id"])


def test_spellings_meet_and_the_brand_comes_from_the_best_place(tmp_path: Path) -> None:
    store, _ = imported(tmp_path, FOUR)
    assert [name for name in store.values("platform") if name[0] != "("] == ["Instagram", "Twitter", "YouTube"]
    assert set(store.values("basis")) >= {"order", "post"}
    brands = store.totals(Filters(), ("brand",), ("revenue_all",)).set_index("brand")["revenue_all"]
    assert brands["MuscleBlaze"] == pytest.approx(1500.10)
    assert brands["Gritzo"] == pytest.approx(1450.05)


def test_a_fee_lies_on_the_posts_and_adds_up_to_the_paisa(tmp_path: Path) -> None:
    """₹200.01 over two posts: one on a Gritzo post, the other cut by the influencer's orders; 200.01 in all."""
    store, _ = imported(tmp_path, FOUR)
    days = store.totals(Filters(influencer=("007",)), ("date",), ("spend",))
    assert sorted(days["spend"]) == pytest.approx([100.0, 100.01])
    assert store.totals(Filters(), ("brand",), ("spend",))["spend"].sum() == pytest.approx(325.01)
    unallocated = store.totals(Filters(influencer=("13",)), ("brand",), ("spend",))
    assert list(unallocated["brand"]) == ["(unallocated)"]


def test_customers_are_counted_once_and_new_once(tmp_path: Path) -> None:
    store, _ = imported(tmp_path, FOUR)
    sums = whole(store)
    assert (sums["customers"], sums["new_customers"]) == (2.0, 2.0)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_found(tmp_path: Path, encoding: str) -> None:
    files: dict[str, str | bytes] = {
        **FOUR,
        "influencers.csv": INFLUENCERS.replace("Dev Shah", "Zoë Shah").encode(encoding),
    }
    store, _ = imported(tmp_path, files)
    assert "Zoë Shah" in set(store.totals(Filters(), ("influencer",), ("influencers",))["influencer"])


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_delimiters_are_found_and_lines_may_end_either_way(tmp_path: Path, mark: str) -> None:
    files: dict[str, str | bytes] = {
        name: text.replace('"Two, commas"', "Two").replace(",", mark).replace("\n", "\r\n")
        for name, text in FOUR.items()
    }
    store, _ = imported(tmp_path, files)
    assert whole(store)["revenue_all"] == pytest.approx(2950.15)


def test_blank_and_ragged_rows_are_counted_with_their_line(tmp_path: Path) -> None:
    text = TRACKING + ",,,,,,,\nInstagram,MB_Launch,007,u9,Whey,2026-06-01,1\n\n"
    store, report = imported(tmp_path, {**FOUR, "tracking_data.csv": text})
    provenance = store.provenance()
    assert (provenance.rows_read, provenance.rows_set_aside, provenance.rows_blank) == (17, 1, 2)
    tracking = next(item for item in report.staged if item.table == "tracking")
    assert "Row 8 has 7 cells" in tracking.set_aside[0].reason
    assert tracking.raw.read == tracking.accepted + len(tracking.set_aside) + tracking.raw.blank


def test_an_amount_that_cannot_be_read_sets_its_row_aside(tmp_path: Path) -> None:
    row = "Instagram,MB_Launch,007,u9,Whey,2026-06-01,1"
    text = f'{TRACKING}{row},twelve\n{row},"₹1,00,000"\n'
    store, report = imported(tmp_path, {**FOUR, "tracking_data.csv": text})
    assert whole(store)["revenue_all"] == pytest.approx(102950.15)
    reason = next(item for item in report.staged if item.table == "tracking").set_aside[0].reason
    assert "revenue" in reason
    assert "“twelve”" in reason
    assert "Row 7" in reason


def test_every_digit_of_an_amount_is_kept(tmp_path: Path) -> None:
    text = TRACKING.replace("1000.10", "1000.123456789012")
    store, _ = imported(tmp_path, {**FOUR, "tracking_data.csv": text})
    assert whole(store)["revenue_all"] == pytest.approx(2950.173456789012, abs=1e-9)


AMBIGUOUS = (
    POSTS.replace("2026-06-01", "01-06-2026").replace("2026-06-03", "03-06-2026").replace("2026-06-02", "02-06-2026")
)


def test_day_order_is_taken_from_the_other_tables(tmp_path: Path) -> None:
    store, report = imported(tmp_path, {**FOUR, "posts.csv": AMBIGUOUS})
    assert report.question is None
    days = store.totals(Filters(), ("date",), ("posts",)).dropna()
    assert set(days["date"].astype(str).str[:10]) >= {"2026-06-01", "2026-06-02", "2026-06-03"}


def test_day_order_that_nothing_decides_is_asked_and_never_guessed(tmp_path: Path) -> None:
    files = {"posts.csv": AMBIGUOUS, "influencers.csv": INFLUENCERS}
    store, report = imported(tmp_path, files)
    assert report.question is not None
    assert "day first or month first" in report.question.sentence
    assert store.span() is None
    assert store.totals(Filters(), (), ("posts",))["posts"].iloc[0] == 3
    store, report = imported(tmp_path, files, dates="mdy", replace=True)
    assert store.span() == (date(2026, 1, 6), date(2026, 3, 6))


def test_one_day_above_twelve_decides_its_column(tmp_path: Path) -> None:
    store, report = imported(
        tmp_path, {"posts.csv": AMBIGUOUS.replace("03-06-2026", "30-06-2026"), "influencers.csv": INFLUENCERS}
    )
    assert report.question is None
    assert store.span() == (date(2026, 6, 1), date(2026, 6, 30))


def test_instants_fall_on_the_reporting_zones_day(tmp_path: Path) -> None:
    text = TRACKING.replace("2026-06-05", "2026-06-05T18:45:00Z").replace("2026-06-04", "2026-06-04T09:00:00.123456Z")
    store, _ = imported(tmp_path, {**FOUR, "tracking_data.csv": text})
    days = store.totals(Filters(), ("date",), ("revenue_all",)).dropna().set_index("date")["revenue_all"]
    assert days[days.index.astype(str).str.startswith("2026-06-06")].sum() == 250


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    store, _ = imported(tmp_path, FOUR)
    before, version = whole(store), store.version
    _, report = imported(tmp_path, FOUR)
    assert report.unchanged
    assert store.version == version
    assert whole(store) == before


def test_files_are_added_and_a_corrected_row_replaces_the_one_with_its_key(tmp_path: Path) -> None:
    keyed = "tracking_id," + TRACKING.replace("\n", "\nX,", 5).rstrip("X,")
    rows = keyed.splitlines()
    text = "\n".join([rows[0]] + [f"T{place}{row[1:]}" for place, row in enumerate(rows[1:])]) + "\n"
    store, _ = imported(tmp_path, {**FOUR, "tracking_data.csv": text})
    sums = whole(store)["revenue_all"]
    more = text.splitlines()[0] + "\nT0,Instagram,MB_Launch,007,u1,Whey,2026-06-01,2,1100.10"
    more += "\nT9,Instagram,MB_Launch,007,u8,Whey,2026-06-01,1,10\n"
    (tmp_path / "later").mkdir()
    settings = load(tmp_path / "var")
    report = ingest.run(Plan(write(tmp_path / "later", {"tracking2.csv": more})), settings)
    assert whole(store)["revenue_all"] == pytest.approx(sums + 110)
    assert any(note.rule == "rows.replaced" for note in report.notes)


def test_a_workbook_with_any_sheet_names_is_the_same_as_its_files(tmp_path: Path) -> None:
    path = tmp_path / "Campaign DB.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for sheet, text in {"Sheet1": INFLUENCERS, "what was posted ": POSTS, "T": TRACKING, "Pay": PAYOUTS}.items():
            page = book.add_worksheet(sheet)
            for row, line in enumerate(text.replace('"Two, commas"', "Two").splitlines()):
                for column, cell in enumerate(line.split(",")):
                    page.write(row, column, cell)
    store, _ = imported(tmp_path, {"Campaign DB.xlsx": path.read_bytes()})
    (tmp_path / "other").mkdir()
    other, _ = imported(tmp_path / "other", FOUR)
    assert whole(store) == whole(other)


def test_the_same_rows_in_a_second_file_are_counted_once(tmp_path: Path) -> None:
    store, report = imported(
        tmp_path, {**FOUR, "posts (1).csv": POSTS, "sample_payouts.csv": PAYOUTS.replace("200.01", "999")}
    )
    assert whole(store)["posts"] == 3
    assert whole(store)["spend"] == pytest.approx(325.01)
    assert any("looks like a sample" in note.sentence for note in report.notes)


def test_json_in_camel_case_reads_like_its_table(tmp_path: Path) -> None:
    text = '[{"ID":"007","name":"Asha","category":"Food","gender":"F","followerCount":12000,"platform":"Insta"}]'
    store, report = imported(tmp_path, {"people.json": text, "tracking.csv": TRACKING})
    assert report.staged[0].table == "influencers"
    assert store.totals(Filters(), (), ("followers",))["followers"].iloc[0] == 12000


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "is empty"), ("a.xlsx", b"PK\x03\x04 broken", "damaged workbook"),
        ("a.json", b"{", "is not JSON"), ("a.csv", b"x,y\n1,2\n", "none of the four tables"),
        ("gone.csv", None, "There is no file"), ("a.csv", b"\x00\x01\x02\x00bin", "not a text file"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_a_sentence_and_nothing_changes(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    settings = load(tmp_path / "var")
    with pytest.raises(BadUpload, match=words):
        ingest.run(Plan([(path, name)]), settings)
    assert snapshots.current(settings.data_dir) is None
    assert list(snapshots.folder(settings.data_dir).glob("snap-*")) == []


def test_a_look_changes_nothing(tmp_path: Path) -> None:
    settings = load(tmp_path / "var")
    report = ingest.run(Plan(write(tmp_path, FOUR), keep=False), settings)
    assert sum(item.accepted for item in report.staged) == 14
    assert snapshots.current(settings.data_dir) is None
    with pytest.raises(NoData, match="Import your files"):
        Store(settings).totals(Filters(), (), ("revenue",))


def test_without_tracking_orders_and_revenue_come_from_payouts(tmp_path: Path) -> None:
    pay = "influencer_id,basis,rate,orders,total_revenue,payout_amount,gifted_products_cost,total_cost\n"
    pay += '007,post,"₹100/post",10,5000,200,50,250\n12,hybrid,"₹100/post + 5%",4,1000,150,25,175\n'
    store, _ = imported(tmp_path, {"payouts.csv": pay, "influencers.csv": INFLUENCERS, "posts.csv": POSTS})
    sums = store.totals(Filters(), (), ("revenue", "orders", "payout", "seeding_cost", "spend")).iloc[0]
    assert list(sums) == [6000, 14, 350, 75, 350]
    assert store.totals(Filters(), (), ("spend",), cost="gifts")["spend"].iloc[0] == 425


def test_the_variable_part_of_a_hybrid_payout_counts_the_orders_of_its_own_campaign(tmp_path: Path) -> None:
    """10 % of the ₹1,000 sold in June are half of the ₹200; the ₹9,000 of July are another payout's."""
    tracking = (
        "source,campaign,influencer_id,user_id,product,date,orders,revenue\n"
        "Instagram,June,007,u1,Whey,2026-06-20,1,1000\nInstagram,July,007,u2,Oats,2026-07-02,1,9000\n"
    )
    posts = "influencer_id,platform,date,url,campaign,caption,reach,likes,comments\n"
    posts += "007,Instagram,2026-06-01,u1,June,x,1000,80,20\n"
    pay = 'influencer_id,campaign,basis,rate,total_payout\n007,June,hybrid,"₹100/post + 10%",200\n'
    files = {"influencers.csv": INFLUENCERS, "posts.csv": posts, "tracking_data.csv": tracking, "payouts.csv": pay}
    store, _ = imported(tmp_path, files)
    days = store.totals(Filters(), ("date",), ("spend",)).dropna(subset=["date"]).set_index("date")["spend"]
    found = {f"{day:%Y-%m-%d}": amount for day, amount in days.items() if amount}
    assert found == pytest.approx({"2026-06-01": 100.0, "2026-06-20": 100.0})


def test_the_sample_is_marked_and_gives_way_to_real_files(tmp_path: Path) -> None:
    store, _ = imported(tmp_path, FOUR, sample=True)
    assert store.provenance().is_sample
    (tmp_path / "real").mkdir()
    ingest.run(Plan(write(tmp_path / "real", {"payouts.csv": PAYOUTS})), load(tmp_path / "var"))
    assert not store.provenance().is_sample
    assert store.totals(Filters(), (), ("revenue_all",))["revenue_all"].isna().all()


def test_a_day_that_cannot_be_read_is_said_with_its_text(tmp_path: Path) -> None:
    text = TRACKING.replace("2026-06-05", "31/31/2026")
    store, report = imported(tmp_path, {**FOUR, "tracking_data.csv": text})
    assert any("1 days cannot be read (such as “31/31/2026”)" in note.sentence for note in report.notes)
    assert whole(store)["revenue_all"] == pytest.approx(2950.15)


def test_blanks_around_ids_make_no_other_people(tmp_path: Path) -> None:
    text = TRACKING.replace("12.0", "\t12\u00a0 ")
    store, report = imported(tmp_path, {**FOUR, "tracking_data.csv": text})
    found = store.totals(Filters(), ("influencer",), ("revenue",)).set_index("influencer_id")["revenue"]
    assert found["12"] == pytest.approx(300.05)


def test_open_days_and_grouped_numbers_in_one_file_import(tmp_path: Path) -> None:
    """A table that is typed again once its days are settled, with numbers that need reading."""
    text = AMBIGUOUS.replace(",3000,", ',"3,000",')
    store, report = imported(tmp_path, {**FOUR, "posts.csv": text})
    assert report.question is None
    assert whole(store)["reach"] == 13000


def test_every_row_read_is_counted_once(tmp_path: Path) -> None:
    text = TRACKING + "Instagram,MB_Launch,007,u9,Whey,2026-06-01,1,abc\n"
    store, report = imported(tmp_path, {**FOUR, "tracking_data.csv": text})
    assert store.provenance().rows_read == 15
    assert all(item.raw.read == item.accepted + len(item.set_aside) + item.raw.blank for item in report.staged)


def test_a_header_without_rows_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(BadUpload, match="a header and no rows"):
        imported(tmp_path, {"payouts.csv": PAYOUTS.splitlines()[0] + "\n"})


def later(folder: Path, files: dict[str, str | bytes], **plan: object) -> tuple[Store, ingest.Report]:
    """A further import into the data folder of `imported`."""
    (folder / "later").mkdir(exist_ok=True)
    settings = load(folder / "var")
    return Store(settings), ingest.run(Plan(write(folder / "later", files), **plan), settings)  # type: ignore[arg-type]


def fate(report: ingest.Report, table: str) -> tuple[int, ...]:
    """Before, after, new, changed, same, gone."""
    return astuple(report.fates[table])


def said(report: ingest.Report, rule: str) -> str:
    return " ".join(note.sentence for note in report.notes if note.rule == rule)


def test_a_corrected_cell_in_a_file_without_ids_gives_the_corrected_total(tmp_path: Path) -> None:
    imported(tmp_path, FOUR)
    store, report = later(tmp_path, {"tracking_new.csv": TRACKING.replace("1000.10", "1100.10")})
    assert whole(store)["revenue_all"] == pytest.approx(3050.15)
    assert fate(report, "tracking") == (5, 5, 0, 1, 4, 0)
    assert "4 of its 5 rows stood there already; 5 loaded rows gave way" in said(report, "rows.corrected")


def test_a_grown_copy_adds_only_what_is_new(tmp_path: Path) -> None:
    imported(tmp_path, FOUR)
    grown = TRACKING + "YouTube,Gritzo_June,12,u9,Oats,2026-06-06,1,40\n"
    store, report = later(tmp_path, {"tracking_new.csv": grown})
    assert whole(store)["revenue_all"] == pytest.approx(2990.15)
    assert fate(report, "tracking") == (5, 6, 1, 0, 5, 0)


def test_two_equal_orders_of_one_file_stay_two(tmp_path: Path) -> None:
    row = "YouTube,Gritzo_June,12,u9,Oats,2026-06-06,1,40\n"
    imported(tmp_path, {**FOUR, "tracking_data.csv": TRACKING + row + row})
    store, report = later(tmp_path, {"tracking_new.csv": TRACKING + row + row + "organic,,,u7,Oats,2026-06-07,1,1\n"})
    assert whole(store)["revenue_all"] == pytest.approx(3031.15)
    assert fate(report, "tracking") == (7, 8, 1, 0, 7, 0)


def test_another_months_rows_are_added_and_it_is_said(tmp_path: Path) -> None:
    imported(tmp_path, FOUR)
    store, report = later(tmp_path, {"july.csv": TRACKING.replace("2026-06", "2026-07")})
    assert whole(store)["revenue_all"] == pytest.approx(5900.30)
    assert fate(report, "tracking") == (5, 10, 5, 0, 5, 0)
    assert "its 5 rows of tracking were added" in said(report, "rows.added")
    assert [note.weight for note in report.notes if note.rule == "rows.added"] == ["info"]


def test_rows_that_stand_there_already_are_warned_of_when_they_are_added(tmp_path: Path) -> None:
    lines = TRACKING.splitlines(keepends=True)
    imported(tmp_path, FOUR)
    some = "".join(lines[:2]) + "".join(lines[1:]).replace("2026-06", "2026-07")
    store, report = later(tmp_path, {"july.csv": some})
    assert whole(store)["revenue_all"] == pytest.approx(5900.30 + 1000.10)
    assert "1 of them stand there already" in said(report, "rows.added")


def test_ids_that_came_later_make_no_second_copy(tmp_path: Path) -> None:
    imported(tmp_path, FOUR)
    header, *rows = TRACKING.splitlines()
    text = "\n".join([f"tracking_id,{header}", *(f"T{place},{row}" for place, row in enumerate(rows))]) + "\n"
    store, report = later(tmp_path, {"tracking_new.csv": text})
    assert whole(store)["revenue_all"] == pytest.approx(2950.15)
    assert report.fates["tracking"].after == 5


def test_append_adds_everything_as_it_is_and_people_still_meet_by_id(tmp_path: Path) -> None:
    imported(tmp_path, FOUR)
    files: dict[str, str | bytes] = {"again.csv": TRACKING + "\n", "people.csv": INFLUENCERS.replace("12000", "13000")}
    store, report = later(tmp_path, files, mode="append")
    assert whole(store)["revenue_all"] == pytest.approx(5900.30)
    assert fate(report, "tracking") == (5, 10, 5, 0, 5, 0)
    assert fate(report, "influencers") == (3, 3, 0, 1, 2, 0)


def test_replace_starts_from_nothing_and_says_what_went(tmp_path: Path) -> None:
    imported(tmp_path, FOUR)
    store, report = later(tmp_path, {"t.csv": TRACKING.replace("1000.10", "1100.10")}, mode="replace")
    assert whole(store)["revenue_all"] == pytest.approx(3050.15)
    assert (fate(report, "tracking"), fate(report, "posts")) == ((5, 5, 0, 1, 4, 0), (3, 0, 0, 0, 0, 3))


def test_a_file_with_fewer_columns_keeps_the_other_values_of_its_rows(tmp_path: Path) -> None:
    """Followers brought anew leave name and platform of the person as they were."""
    imported(tmp_path, FOUR)
    store, report = later(tmp_path, {"followers.csv": "influencer_id,follower_count\n007,99\n"})
    names = store.totals(Filters(), ("influencer",), ("followers",)).set_index("influencer_id")
    assert (names.loc["007", "influencer"], names.loc["007", "followers"]) == ("Asha Rao", 99)
    assert fate(report, "influencers") == (3, 3, 0, 1, 2, 0)


def test_a_file_that_was_corrected_since_can_come_again(tmp_path: Path) -> None:
    """The first file is not held any more once a corrected one took its rows: it is no “nothing changed”."""
    imported(tmp_path, FOUR)
    later(tmp_path, {"tracking_new.csv": TRACKING.replace("1000.10", "1100.10")})
    store, report = later(tmp_path, {"tracking_data.csv": TRACKING})
    assert not report.unchanged
    assert whole(store)["revenue_all"] == pytest.approx(2950.15)
    assert later(tmp_path, {"tracking_data.csv": TRACKING})[1].unchanged


def test_a_question_is_answered_by_bringing_the_same_file_with_the_answer(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"posts.csv": AMBIGUOUS, "influencers.csv": INFLUENCERS}
    _, report = imported(tmp_path, files)
    assert [question.kind for question in report.questions] == ["dates"]
    chosen = Choices({"posts.csv": Choice(dates={"date": "mdy"})})
    store, report = later(tmp_path, {"posts.csv": AMBIGUOUS}, choices=chosen)
    assert report.questions == []
    assert fate(report, "posts") == (3, 3, 0, 0, 0, 3) or report.fates["posts"].after == 3
    assert store.span() == (date(2026, 1, 6), date(2026, 3, 6))
    assert store.provenance().rows_read == 6
    assert later(tmp_path, {"posts.csv": AMBIGUOUS}, choices=chosen)[1].unchanged


def test_an_answer_holds_for_the_next_file_with_this_header(tmp_path: Path) -> None:
    chosen = Choices({"posts.csv": Choice(dates={"date": "mdy"})})
    imported(tmp_path, {"posts.csv": AMBIGUOUS}, choices=chosen)
    _, report = later(tmp_path, {"posts_2.csv": AMBIGUOUS.replace("u1", "u8").replace("u2", "u9").replace("u3", "u7")})
    assert report.questions == []


def test_a_mode_that_is_none_is_refused() -> None:
    with pytest.raises(UserError, match="no mode “upsert”"):
        Plan([], mode="upsert")


def test_the_command_answers_with_every_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """inspect --draft, then import --from-draft: one JSON object each, the second with the version."""
    paths = [str(path) for path, _ in write(tmp_path, {**FOUR})]
    folder = ["--json", "--data", str(tmp_path / "var")]
    assert main(["inspect", *folder, "--draft", "--progress", *paths]) == 0
    shown = capsys.readouterr()
    looked = json.loads(shown.out)
    assert json.loads(shown.err.splitlines()[-1])["done"] == 1
    assert set(looked) >= {"ok", "error", "version", "unchanged", "draft", "mode", "base", "files", "tables",
                           "equation", "capabilities", "notes", "question", "questions"}  # fmt: skip
    assert looked["equation"] == {"rows_read": 14, "accepted": 14, "set_aside": 0, "blank": 0, "holds": True}
    assert main(["import", *folder, "--from-draft", looked["draft"]]) == 0
    taken = json.loads(capsys.readouterr().out)
    assert taken == looked | {"draft": "", "version": 1}
    assert main(["import", *folder, "--from-draft", looked["draft"]]) == 2
    assert "Look at the files again" in json.loads(capsys.readouterr().out)["error"]
    assert main(["versions", *folder]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert (listed["version"], listed["versions"][0]["rows"]["tracking"]) == (1, 5)
    assert main(["undo", *folder]) == 2
    assert "nothing to undo" in json.loads(capsys.readouterr().out)["error"]
