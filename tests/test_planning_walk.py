"""Planning in a real browser on the sample: a word takes the headline away and back, a plan, a calendar, its files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import app
from analytics.answers import Answers
from data.ledger.jobs import Ledger
from data.store import Store
from settings import Settings, load
from tests.browsing import Watched, chromium, serving

pytestmark = pytest.mark.browser
WAIT_MS = 60_000
NOT_MEASURED = "not measured yet"


@pytest.fixture(scope="module", name="served")
def _served(sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The house over a copy of the sample's folder, since the walk declares in it."""
    folder = tmp_path_factory.mktemp("planning") / "var"
    shutil.copytree(sample_settings.data_dir, folder)
    config = load(folder)
    house = app.wire(config, Answers(Store(config)), Ledger(config.ledger))
    with serving(house.server) as address:
        yield address


@pytest.fixture(name="browser")
def _browser() -> Iterator[Any]:
    with chromium() as browser:
        yield browser


def watched(browser: Any, served: str, **how: Any) -> Watched:
    """The tab, opened and filled."""
    page = browser.new_context(accept_downloads=True, **how).new_page()
    page.set_default_timeout(WAIT_MS)
    desk = Watched(page, served)
    page.goto(f"{served}/iroas")
    page.wait_for_selector(".plan-sentence")
    page.wait_for_selector("#experiments .experiment-list li")
    page.wait_for_selector("main .view:not(.fresh)")
    return desk


def headline(desk: Watched, measured: bool) -> None:
    """Wait until the tab's lead says that nothing is measured, or no longer says so."""
    state = "detached" if measured else "visible"
    desk.page.wait_for_selector(f".lead-in:has-text('{NOT_MEASURED}')", state=state)


def test_planning_from_a_word_to_a_calendar(browser: Any, served: str, tmp_path: Path) -> None:
    desk = watched(browser, served, viewport={"width": 1440, "height": 900})
    _planned(desk)
    _declared(desk)
    _drawn(desk, tmp_path)
    assert desk.wrong == []
    desk.page.context.close()
    phone = watched(browser, served, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    phone.page.click("#experiments details:last-of-type > summary")
    assert phone.overflow() <= 0
    assert phone.wrong == []


def _planned(desk: Watched) -> None:
    """A slider by its keys, a number by typing, a wrong one and its sentence; the fields stay."""
    desk.page.focus("#slide-weeks")
    desk.page.keyboard.press("ArrowRight")
    desk.page.wait_for_selector(".plan-sentence >> text=over 7 weeks")
    assert desk.page.input_value("#plan-weeks") == "7"
    desk.page.fill("#plan-size", "3")
    desk.page.wait_for_selector("#plan [role=alert] >> text=at least 4")
    desk.page.fill("#plan-size", "80")
    desk.page.wait_for_selector(".plan-sentence >> text=54 test and 26 control campaigns over 7 weeks can show")
    assert desk.page.get_attribute("#plan-spend", "placeholder").startswith("₹")


def _declared(desk: Watched) -> None:
    """Not at random: the headline goes; pressed twice it is declared once; removal asks, and the headline is back."""
    headline(desk, measured=True)
    desk.page.click("#experiments summary >> text=Declare an experiment")
    desk.page.click("text=Declare it")
    desk.page.wait_for_selector("#declared [role=alert] >> text=no name")
    desk.page.fill("#declare-start", "2026-06-01")
    desk.page.fill("#declare-name", "Our own choice")
    desk.page.click("#declare-random >> text=No")
    desk.page.click("text=Declare it")
    desk.page.wait_for_selector("#declared [role=alert] >> text=both the first and the last day")
    assert desk.page.input_value("#declare-start") == "2026-06-01"
    desk.page.fill("#declare-start", "")
    desk.page.dblclick("text=Declare it")
    desk.page.wait_for_selector("#declared .kept >> text=stays a direction")
    headline(desk, measured=False)
    assert desk.page.locator("#experiments li").count() == 2
    desk.page.click("[aria-label='Remove Our own choice']")
    desk.page.click("text=Yes, remove it")
    desk.page.wait_for_selector("#experiment-forgotten .kept")
    headline(desk, measured=True)
    assert desk.page.locator("#experiments li").count() == 1


def _drawn(desk: Watched, folder: Path) -> None:
    """A calendar that can't be, one that can, kept and taken along both ways."""
    desk.page.click("#draw")
    desk.page.wait_for_selector("#draw-said [role=alert] >> text=at least 4")
    desk.page.click("#draw-influencers")
    for place in range(4):
        desk.page.click(f".dash-dropdown-content label >> nth={place}")
    desk.page.keyboard.press("Escape")
    desk.page.click("#draw")
    desk.page.wait_for_selector("#drawn .plan-sentence >> text=4 posts of 4 influencers")
    desk.page.fill("#draw-name", "Diwali go-lives")
    for button, ending in (("CSV", "csv"), ("ICS", "ics")):
        with desk.page.expect_download() as taken:
            desk.page.click(f"#keep button >> text={button}")
        assert taken.value.suggested_filename == f"diwali-go-lives.{ending}"
        taken.value.save_as(folder / f"taken.{ending}")
    assert len((folder / "taken.csv").read_text(encoding="utf-8").splitlines()) == 5
    assert (folder / "taken.ics").read_text(encoding="utf-8").count("BEGIN:VEVENT") == 4
    desk.page.click("#keep-calendar")
    desk.page.wait_for_selector("#kept-calendar .kept >> text=Kept: Diwali go-lives")
    desk.page.wait_for_selector("#experiments li >> text=go-live dates drawn at random")
