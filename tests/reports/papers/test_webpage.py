"""Decides that the web page needs nothing but itself, draws its charts, and takes no word of people for code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from analytics.views import Column, Panel
from reports.order import Order
from reports.papers import webpage
from reports.report import build, collected
from tests.browsing import CHROMIUM, FLAGS
from tests.reports.fakes import FakeAnswers, page, people

NASTY = (
    "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href='https://evil.example/'>Asha</a>",
    "{{ 7 * 7 }}", "<!--<script>", "]]>", "'\"><svg onload=alert(1)>", "https://evil.example/", "\ud800\x00\u202e",
)  # fmt: skip


def written(*views: Any, keys: tuple[str, ...] = ("overview",)) -> str:
    """The web page of these views."""
    answers = FakeAnswers(**{view.key: view for view in views})
    return webpage.write(collected(answers, Order("", keys, "html", "everything"))).content.decode("utf-8")


def own(html: str) -> str:
    """The page without the scripts that are run and the fonts that it carries."""
    return re.sub(r"<script>.*?</script>|url\(data:font[^)]*\)", "", html, flags=re.DOTALL)


def figures(html: str) -> dict[str, Any]:
    """The figures that stand in the page."""
    found = re.search(r'<script type="application/json" id="figures">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_it_is_one_file_under_seven_megabytes_that_names_no_other() -> None:
    html = written(keys=("overview", "products", "iroas", "cac", "insights"))
    assert len(html.encode()) < 7_000_000
    assert html.count("plotly.js v") == 1
    assert not re.findall(r"""(?:src|href|action|poster|data)\s*=\s*["']?(?!#|data:)[^"'>\s]""", own(html))
    assert "default-src 'none'" in unescape(html)
    assert "unsafe-eval" not in html
    assert not re.search(r"@import|https?://", own(html))


def test_every_row_of_every_table_stands_in_it() -> None:
    html = written(replace(page("overview"), panels=(people(rows=700),)))
    assert html.count("Person 0699 Silva") == 1
    assert len(re.findall(r"<tr><td>Person", html)) == 700


def test_what_people_wrote_is_text() -> None:
    view = page("overview")
    names = [f"{nasty} {place}" for place, nasty in enumerate(NASTY)]
    table = replace(people(), frame=people().frame.head(len(names)).assign(name=names), title=NASTY[0], note=NASTY[2])
    drawn = view.panels[0]
    figure = json.loads(json.dumps(drawn.figure, default=str))
    figure["data"][0] |= {"text": list(NASTY), "hovertemplate": NASTY[2]}
    figure["layout"]["images"] = [{"source": NASTY[7]}]
    spoilt = replace(view, headline=NASTY[0], filters=NASTY[1], panels=(table, replace(drawn, figure=figure)))
    html = own(written(spoilt))
    assert re.findall(r"<(script|img|svg|a)\b", html.partition("<main")[2]).count("script") == 1
    assert not re.search(r"<(img|svg|iframe|object|embed|form|base|link)\b", html)
    assert set(re.findall(r'href="([^"]{1,3})', html)) <= {"#p-", "#ma", "#da", "#me", "#wo"}
    assert "49" not in re.findall(r"<td>(\d+) 3</td>", html)
    kept = json.dumps(figures(html))
    assert "<a" not in kept
    assert "<img" not in kept
    assert "images" not in kept
    assert "&lt;a href" in kept


def test_markup_of_our_own_stays_markup() -> None:
    assert webpage.harmless({"text": "<b>1.6×</b><br>2026<extra></extra>"}) == {
        "text": "<b>1.6×</b><br>2026<extra></extra>"
    }
    assert webpage.harmless(["<span style='x'>a</span>", float("nan")]) == ["&lt;span style='x'>a&lt;/span>", None]


@pytest.fixture(scope="module", name="chromium")
def _chromium() -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no browser at {CHROMIUM}; ./truelift test installs it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, "--host-resolver-rules=MAP * ~NOTFOUND"])
        yield browser
        browser.close()


@pytest.fixture(scope="module", name="file")
def _file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("page") / "report.html"
    order = Order("", ("overview", "products"), "html", "everything", epoch=1785555000)
    assert build(FakeAnswers(), order, out).pages == 2
    return out


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_it_opens_from_a_folder_without_a_network(chromium: Any, file: Path, width: int, scheme: str) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    shown, wrong = context.new_page(), []
    shown.on("console", lambda said: wrong.append(said.text))
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    shown.on("request", lambda call: wrong.append(call.url) if not call.url.startswith(("file:", "data:")) else None)
    shown.goto(file.as_uri())
    pictures = shown.locator(".picture")
    for place in range(pictures.count()):
        pictures.nth(place).scroll_into_view_if_needed()
        pictures.nth(place).locator(".main-svg").first.wait_for(state="attached")
    assert pictures.count() == 7
    assert shown.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    ground = shown.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"dark": "rgb(13, 18, 28)", "light": "rgb(246, 247, 249)"}[scheme]
    drawn = shown.evaluate("getComputedStyle(document.querySelector('.main-svg')).backgroundColor")
    assert drawn == {"dark": "rgb(22, 29, 43)", "light": "rgb(255, 255, 255)"}[scheme]
    assert wrong == []
    context.close()


@pytest.mark.browser
def test_its_policy_lets_nothing_in(chromium: Any, file: Path) -> None:
    shown, said, got = chromium.new_page(), [], []
    shown.on("console", lambda message: said.append(message.text))
    shown.goto(file.as_uri())
    shown.on("requestfinished", lambda call: got.append(call.url))
    for spoilt in ("<img src='http://127.0.0.1:9/a.png'>", "<iframe src='http://127.0.0.1:9/'></iframe>"):
        shown.evaluate("code => document.body.insertAdjacentHTML('beforeend', code)", spoilt)
    shown.evaluate(
        "const one = document.createElement('script'); one.text = 'window.ran = 1'; document.body.append(one)"
    )
    shown.wait_for_timeout(200)
    assert len([text for text in said if "Content Security Policy" in text]) >= 3
    assert got == []
    assert shown.evaluate("window.ran") is None


@pytest.mark.browser
def test_the_keyboard_reaches_and_sorts_a_table(chromium: Any, file: Path) -> None:
    shown = chromium.new_page()
    shown.goto(file.as_uri())
    table = shown.locator("#p-overview-influencers table")
    table.locator("th button", has_text="ROAS").focus()
    shown.keyboard.press("Enter")
    column = [
        cell.removeprefix("▲ ").removeprefix("▼ ")
        for cell in table.locator("tbody tr td:nth-child(7)").all_inner_texts()
    ]
    known = [float(cell.removesuffix("×")) for cell in column if cell != "–"]
    assert known == sorted(known, reverse=True)
    assert column[-1] == "–"
    shown.keyboard.press("Enter")
    assert table.locator("th[aria-sort=ascending]").inner_text().startswith("ROAS")
    first = shown.locator("summary").first
    first.focus()
    shown.keyboard.press("Enter")
    assert shown.locator("details[open] tbody tr").count() > 0


@pytest.mark.browser
def test_print_is_light_and_opens_every_table(chromium: Any, file: Path, tmp_path: Path) -> None:
    context = chromium.new_context(color_scheme="dark")
    shown = context.new_page()
    shown.goto(file.as_uri())
    shown.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert shown.locator("details:not([open])").count() == 0
    shown.wait_for_function(
        "getComputedStyle(document.querySelector('.main-svg')).backgroundColor === 'rgb(255, 255, 255)'"
    )
    shown.emulate_media(media="print")
    assert shown.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()") == "#1b2330"
    context.close()


def test_a_panel_without_columns_is_no_table() -> None:
    bare = Panel(
        "bare", "Bare?", "", "Nothing.", page("overview").panels[0].frame, (Column("nowhere", "No"),), kind="table"
    )
    assert "<table" not in own(written(replace(page("overview"), panels=(bare,), quality=None)))
