"""Reports in a real browser, with a worker beside the real house: a schedule is seen, kept, sent, opened, paused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from settings import Settings, load
from tests.browsing import Watched, chromium, house_with_worker

pytestmark = pytest.mark.browser
SLOW = 120000


@pytest.fixture(scope="module", name="house")
def _house(sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("reports walk") / "var"
    shutil.copytree(sample_settings.data_dir, folder)
    return load(folder, {})


@pytest.fixture(scope="module", name="served")
def _served(house: Settings) -> Iterator[str]:
    with house_with_worker(house.data_dir, 8360) as address:
        yield address


@pytest.fixture(name="desk")
def _desk(served: str) -> Iterator[Watched]:
    with chromium() as browser:
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.set_default_timeout(SLOW)
        yield Watched(page, served)


def test_a_report_comes_by_itself_and_at_a_click(desk: Watched, house: Settings) -> None:
    desk.open("/?brand=Gritzo")
    desk.page.click(".report-more")
    desk.page.click("text=Schedule this view")
    desk.page.wait_for_selector("#new-schedule[open]")
    desk.settle()
    _previewed(desk)
    _sent(desk, house)
    _paused(desk)
    _opened(desk)
    assert desk.wrong == []


def _previewed(desk: Watched) -> None:
    """Five runs with their zone are seen, and a bad address is said, before anything is kept."""
    desk.page.fill("#schedule-name", "Gritzo for the board")
    desk.page.fill("#schedule-owner", "asha@example.com")
    desk.page.click("#schedule-template")
    desk.page.click(".dash-dropdown-content >> text=Executive")
    desk.page.click("#schedule-period")
    desk.page.click(".dash-dropdown-content >> text=all the data")
    desk.page.fill("#schedule-recipients", "asha@nowhere@")
    desk.page.wait_for_selector("#schedule-preview >> text=no mail address")
    desk.page.fill("#schedule-recipients", "board/weekly")
    desk.page.wait_for_selector("#schedule-preview li >> nth=4")
    said = desk.page.inner_text("#schedule-preview")
    assert said.count("09:00 IST (Asia/Kolkata)") == 5
    assert "Brand: Gritzo" in said
    assert desk.page.locator(".schedule-list").count() == 0


def _sent(desk: Watched, house: Settings) -> None:
    """It goes to its folder now; the history has the file, which opens."""
    desk.page.click("#schedule-keep")
    row = desk.page.locator(".schedule-list > li")
    row.locator("text=Send to everybody >> nth=0").click()
    row.locator("text=Yes, send to everybody").click()
    row.locator(".last-run >> text=Open PDF").wait_for()
    row.locator(".runs summary").click()
    row.locator(".run-list .readers >> text=board/weekly").wait_for()
    link = row.locator(".run-list >> text=Open PDF").get_attribute("href")
    assert desk.page.request.get(desk.base + link).body().startswith(b"%PDF")
    assert len(list((house.delivered / "board" / "weekly").glob("*.pdf"))) == 1


def _paused(desk: Watched) -> None:
    desk.page.click(".schedule-list button:has-text('Pause')")
    desk.page.wait_for_selector(".schedule-head >> text=paused")
    assert "Paused by hand." in desk.page.inner_text(".schedule-list")
    desk.page.wait_for_selector(".editions >> text=the schedule “Gritzo for the board”")


def _opened(desk: Watched) -> None:
    """One click beside the button: the web page opens in a sandbox of its own, with its charts."""
    desk.page.click(".report-more")
    desk.page.click(".report-menu >> text=web page")
    desk.page.click("#report-make")
    link = desk.page.wait_for_selector("#report-panel >> text=Open web page")
    with desk.page.context.expect_page() as opening:
        link.click()
    opened = opening.value
    opened.wait_for_selector(".js-plotly-plot .main-svg")
    assert opened.evaluate("window.origin") == "null"
    opened.close()
