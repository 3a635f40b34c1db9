"""One walk in a real browser: every tab, two filters, the address, a tile, back, a report, a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browsing import Watched, chromium, serving
from tests.fakes import made

pytestmark = pytest.mark.browser

PATHS = ("/", "/products", "/iroas", "/cac", "/insights", "/import", "/reports")
OWN_404 = "/nowhere"


@pytest.fixture(name="base", scope="module")
def _base(tmp_path_factory) -> Iterator[str]:
    with serving(made(tmp_path_factory.mktemp("data")).server) as base:
        yield base


@pytest.fixture(name="chromium", scope="module")
def _chromium() -> Iterator[Any]:
    with chromium() as browser:
        yield browser


@pytest.fixture(name="desk")
def _desk(chromium: Any, base: str) -> Iterator[Watched]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    yield Watched(context.new_page(), base)
    context.close()


@pytest.fixture(name="phone")
def _phone(chromium: Any, base: str) -> Iterator[Watched]:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    yield Watched(context.new_page(), base)
    context.close()


def test_every_tab_opens(desk):
    desk.open("/")
    for title in ("Products", "Incremental ROAS", "CAC", "Insights", "Import", "Reports", "Overview"):
        desk.page.click(f"nav >> text={title}")
        desk.settle()
        assert desk.page.locator("nav [aria-current=page]").inner_text() == title
        assert desk.page.title() == f"{title} · TrueLift"
    assert desk.page.locator(".skeleton").count() == 0
    assert desk.page.locator("#trend .js-plotly-plot .scatterlayer .trace").count() == 1
    assert desk.wrong == []


def test_filters_the_address_and_the_tiles_say_the_same(desk):
    desk.open("/")
    everything = desk.tile("revenue")
    desk.choose("brand", "Gritzo", "MuscleBlaze")
    assert desk.page.url.endswith("/?brand=Gritzo&brand=MuscleBlaze")
    one = desk.tile("revenue")
    assert one != everything
    desk.choose("platform", "YouTube")
    assert desk.page.url.endswith("&platform=YouTube")
    assert desk.tile("revenue") not in (one, everything)
    desk.page.go_back()
    desk.settle()
    assert desk.tile("revenue") == one
    assert desk.page.inner_text("#filter-platform") == "Platform"
    desk.page.click("nav >> text=CAC")
    desk.settle()
    assert desk.page.url.endswith("/cac?brand=Gritzo&brand=MuscleBlaze")
    desk.page.click("#reset")
    desk.settle()
    assert desk.page.url.endswith("/cac")
    assert desk.wrong == []


def test_a_link_opens_the_same_view(desk):
    desk.open("/?brand=Gritzo&from=2026-05-01&to=2026-07-31")
    assert desk.page.inner_text("#span") == "1 May – 31 Jul 2026"
    assert "Gritzo" in desk.page.inner_text("#filter-brand")
    assert desk.wrong == []


def test_a_row_and_a_bar_are_filters(desk):
    desk.open("/")
    desk.page.click(".ag-cell >> text=Mark Perez >> nth=0")
    desk.settle()
    assert "influencer=0030" in desk.page.url
    desk.page.click("#reset")
    desk.settle()
    bar = desk.page.locator("#by_platform .point").nth(1).bounding_box()
    desk.page.mouse.click(bar["x"] + 20, bar["y"] + bar["height"] / 2)
    desk.settle()
    assert desk.page.url.endswith("/?platform=Facebook")
    assert desk.wrong == []


def test_the_drawer_the_colours_and_a_report(desk):
    desk.open("/")
    desk.page.click("#by_platform >> text=Table")
    desk.page.wait_for_selector(".offcanvas.show table")
    assert "13.7×" in desk.page.inner_text(".offcanvas table")
    desk.page.keyboard.press("Escape")
    desk.page.wait_for_selector(".offcanvas", state="detached")
    desk.page.click("#theme")
    desk.page.click("#theme")
    assert desk.page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    desk.page.click("#report-button")
    desk.page.wait_for_selector("#report-panel >> text=Open PDF", timeout=20000)
    assert desk.wrong == []


def dropped(desk, folder, *names):
    """Choose files of these names on the Import page and wait for the look."""
    for name in names:
        (folder / name).write_text("influencer_id,revenue\n1,100\n", encoding="utf-8")
    desk.open("/import")
    with desk.page.expect_file_chooser() as chooser:
        desk.page.click("text=Choose files")
    chooser.value.set_files([str(folder / name) for name in names])
    desk.page.wait_for_selector(".inspected > *", timeout=60000)
    desk.settle()


def test_files_are_looked_at_mended_imported_and_taken_back(desk, tmp_path):
    dropped(desk, tmp_path, "ask आदेश.csv", "posts.csv")
    assert desk.page.locator(".file h3 >> text=ask आदेश.csv").count() == 1
    assert desk.page.locator("#import-foot .strong").is_disabled()
    desk.page.click("text=3 April (day first)")
    desk.page.wait_for_selector(".question", state="detached")
    desk.settle()
    desk.page.locator(".columns-table select").nth(3).select_option("city")
    desk.page.click("#import-pending button")
    desk.page.wait_for_selector("text=1 column to check")
    desk.settle()
    desk.page.click("#import-foot .strong")
    desk.page.wait_for_selector("text=Imported: version 4 is loaded now")
    desk.page.click("text=Undo this import")
    desk.page.wait_for_selector("text=Version 3 is current now.")
    assert desk.overflow() <= 0
    assert desk.wrong == []


def test_a_file_leaves_the_batch_and_a_look_is_stopped(desk, tmp_path):
    dropped(desk, tmp_path, "a.csv", "broken.csv")
    assert "Reading stopped before its end" in desk.page.inner_text(".inspected")
    desk.page.click("text=Remove broken.csv")
    desk.page.wait_for_selector(".file h3 >> text=a.csv")
    desk.page.click("[aria-label='Remove a.csv']")
    desk.page.wait_for_selector(".file", state="detached")
    (tmp_path / "slow.csv").write_text("a\n1\n", encoding="utf-8")
    with desk.page.expect_file_chooser() as chooser:
        desk.page.click("text=Choose files")
    chooser.value.set_files(str(tmp_path / "slow.csv"))
    desk.page.click(".progress-card >> text=Stop")
    desk.page.wait_for_selector("text=Reading was stopped; nothing was changed.")
    assert desk.wrong == []


def test_a_phone_never_scrolls_sideways(phone):
    for path in PATHS:
        phone.open(path)
        assert phone.overflow() <= 0, path
    assert phone.wrong == []


def test_a_phone_filters_in_a_sheet(phone):
    phone.open("/")
    phone.page.tap("#filter-count")
    phone.choose("brand", "Gritzo")
    phone.page.tap("text=Show the figures")
    assert phone.page.inner_text("#filter-count") == "Filters (1)"
    assert phone.page.locator("#filter-sheet").is_hidden()
    assert phone.wrong == []


def test_a_lost_address_says_so(desk):
    desk.open(OWN_404)
    assert "There is no page at this address." in desk.page.inner_text("main")
    assert [line for line in desk.wrong if "404" not in line] == []
