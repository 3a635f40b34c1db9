"""What was read is what was accepted plus what was set aside, to the last digit; else nothing is published."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data import ingest
from data.engines.duckdb import Reader
from data.ingest import Plan
from data.quality import accounts
from data.quality.accounts import Account, OutOfBalance
from data.versions import snapshots
from errors import UserError
from settings import load
from tests.data.worlds import FOUR, TRACKING, imported, write


def kept(folder: Path) -> dict[str, tuple[object, ...]]:
    now = snapshots.current(folder / "var")
    assert now
    reader = Reader(now.path)
    rows = reader.rows("SELECT field, header, read, accepted, set_aside, unreadable FROM accounts")
    reader.close()
    return {row[0]: row[1:] for row in rows}


def test_money_read_is_money_accepted_and_set_aside(tmp_path: Path) -> None:
    """Row 3 goes for its orders, its 500 with it; row 2's amount cannot be read, and no sum holds it."""
    text = TRACKING.replace("2,1000.10", "2,1000.1O").replace("1,500", "one,500").replace("900", '"₹1,00,000.25"')
    imported(tmp_path, {**FOUR, "tracking_data.csv": text})
    assert kept(tmp_path)["revenue"] == ("revenue", "101050.3", "100550.3", "500", 1)
    assert kept(tmp_path)["total_payout"] == ("total_payout", "325.01", "325.01", "0", 0)


def test_every_digit_counts(tmp_path: Path) -> None:
    text = TRACKING.replace("1000.10", "0.100000000000001").replace("500", "1e2")
    imported(tmp_path, {**FOUR, "tracking_data.csv": text})
    assert kept(tmp_path)["revenue"][1] == "1550.150000000000001"


def test_a_ragged_rows_amounts_are_said_to_be_unread(tmp_path: Path) -> None:
    imported(tmp_path, {**FOUR, "tracking_data.csv": TRACKING + "Instagram,x,007\n"})
    assert kept(tmp_path)["revenue"][1:] == ("2950.15", "2950.15", "0", 1)


def test_what_does_not_add_up_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the text had been read as a paisa more than was accepted."""
    settings = load(tmp_path / "var")

    class Off(accounts._Money):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            self.read = {key: amount + Decimal("0.01") for key, amount in self.read.items()}

    monkeypatch.setattr(accounts, "_Money", Off)
    with pytest.raises(OutOfBalance, match="mistake in TrueLift"):
        ingest.run(Plan(write(tmp_path, FOUR)), settings)
    assert snapshots.current(settings.data_dir) is None
    assert issubclass(OutOfBalance, UserError)


def test_an_account_that_is_off_says_so() -> None:
    account = Account(1, "a.csv", "revenue", "Revenue", Decimal("10"), Decimal("9"), Decimal("0.99"))
    with pytest.raises(OutOfBalance, match=r"a\.csv, Revenue: 9 accepted and 0\.99 set aside do not make 10 read"):
        account.checked()


def test_sums_of_more_digits_than_a_decimal_usually_has_add_up(tmp_path: Path) -> None:
    text = TRACKING.replace("1000.10", "99999999999999999999").replace("500", "0.123456789012345")
    imported(tmp_path, {**FOUR, "tracking_data.csv": text})
    assert kept(tmp_path)["revenue"][1] == kept(tmp_path)["revenue"][2] == "100000000000000001449.173456789012345"


def test_a_total_among_the_rows_is_set_aside_with_its_amount(tmp_path: Path) -> None:
    cells = len(TRACKING.splitlines()[0].split(",")) - 3
    imported(tmp_path, {**FOUR, "tracking_data.csv": TRACKING + "Grand Total:" + "," * cells + ",5,2950.15\n"})
    assert kept(tmp_path)["revenue"][1:] == ("5900.3", "2950.15", "2950.15", 0)


@pytest.mark.parametrize(("written", "rule"), [("$1000.10", "number.currency"), ("4.5%", "number.percent")])
def test_no_other_currency_and_no_share_is_summed_with_the_rest(tmp_path: Path, written: str, rule: str) -> None:
    text = TRACKING.replace("1000.10", written).replace(",500", ",₹500").replace(",900", ",₹900")
    files = write(tmp_path, {**FOUR, "tracking_data.csv": text})
    report = ingest.run(Plan(files), load(tmp_path / "var"))
    assert [one.rule for item in report.staged for one in item.set_aside] == [rule]
