"""The main job, in a real browser, on the real house: read five tabs, filter, import four files, take the PDF."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest

from analytics.answers import Answers
from data.store import Store
from layouts import ids
from settings import Settings, load
from tests.browsing import Watched, chromium, house_with_worker
from tests.data.worlds import FOUR, write

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", name="own")
def _own(sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A copy of the sample's folder, since the walk replaces the data."""
    folder = tmp_path_factory.mktemp("walk") / "var"
    shutil.copytree(sample_settings.data_dir, folder)
    return load(folder)


@pytest.fixture(scope="module", name="served")
def _served(own: Settings) -> Iterator[str]:
    with house_with_worker(own.data_dir, 8350) as address:
        yield address


@pytest.fixture(name="desk")
def _desk(served: str) -> Iterator[Watched]:
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
        page = context.new_page()
        page.set_default_timeout(60000)
        yield Watched(page, served)


def test_a_campaign_managers_day(desk: Watched, answers: Answers, own: Settings, tmp_path: Path) -> None:
    _tabs(desk, answers)
    _filters(desk, answers)
    _report(desk, answers, tmp_path)
    _import(desk, own, tmp_path)
    assert desk.wrong == []


def _tabs(desk: Watched, answers: Answers) -> None:
    desk.open("/")
    pages = {page.title: page for page in answers.pages}
    for title in ("Products", "Incremental ROAS", "CAC", "Insights", "Overview"):
        desk.page.click(f"nav >> text={title}")
        desk.page.wait_for_selector(f"#{ids.part(pages[title].key, 'root')}:not(.fresh)")
        desk.settle()
        assert desk.page.locator(".skeleton").count() == 0
        assert desk.page.locator(".js-plotly-plot .main-svg").count() > 0


def _filters(desk: Watched, answers: Answers) -> None:
    """Two filters: the address says them, and the tile says what the answers say."""
    desk.choose("brand", "Gritzo")
    desk.choose("platform", "Instagram")
    query = "brand=Gritzo&platform=Instagram"
    assert desk.page.url.endswith(f"/?{query}")
    for tile in answers.page("overview", query).tiles:
        assert desk.tile(tile.key).split("\n")[0].startswith(tile.written), tile.key


def _report(desk: Watched, answers: Answers, folder: Path) -> None:
    """One click, then the link: the PDF says the tiles of the view that it was taken of."""
    desk.page.click("#report-button")
    link = desk.page.wait_for_selector("#report-panel >> text=Open PDF", timeout=180000)
    href = link.get_attribute("href")
    answer = desk.page.request.get(desk.base + href)
    assert answer.ok
    (folder / "report.pdf").write_bytes(answer.body())
    text = " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(folder / "report.pdf").pages)
    for tile in answers.page("overview", "brand=Gritzo&platform=Instagram").tiles:
        assert tile.written in text
    assert "Brand: Gritzo" in text


def _import(desk: Watched, settings: Settings, folder: Path) -> None:
    """Four files dropped at once replace the sample; the overview shows them."""
    desk.open("/import")
    with desk.page.expect_file_chooser() as chooser:
        desk.page.click("text=Choose files")
    chooser.value.set_files([str(path) for path, _ in write(folder, dict(FOUR))])
    desk.page.wait_for_selector(".inspected .file")
    desk.settle()
    desk.page.click("#import-foot .strong")
    desk.page.wait_for_selector(".imported")
    desk.settle()
    desk.open("/")
    assert desk.tile("revenue") == Answers(Store(settings)).page("overview", "").tiles[0].written == "₹1,800"
