"""A brand's theme file: what it may say, and one sentence for each thing that it may not."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from errors import UserError
from reports.content import brand, contrast, logo
from reports.content.brand import HOUSE_BRAND, Brand

WHOLE = """
name = "Gritzo"
logo = "gritzo.svg"
font = "Noto Serif"
cover = true
footer = "For Gritzo alone"

[colours]
accent = "#0b6b3a"
"""
LOGO = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">
<script>alert(1)</script><style>@import url(http://example.com/x.css)</style><image xlink:href="http://example.com/x"/>
<a href="javascript:x"><rect width="9"/></a><rect width="9" height="9" onload="x()" fill="url(http://example.com/#a)"/>
<path d="M0,0H9V9Z" style="fill:#0b6b3a"/></svg>"""


def themed(folder: Path, text: str, name: str = "own.toml", logo: str = LOGO) -> Brand:
    """The brand of a theme file with that text, on a machine that has one font."""
    themes = folder / "themes"
    themes.mkdir(exist_ok=True)
    (themes / name).write_text(text, encoding="utf-8")
    (themes / "gritzo.svg").write_text(logo, encoding="utf-8")
    return brand.load(folder, name.partition(".")[0], installed=lambda family: family == "Noto Serif")


def test_a_theme_says_name_logo_font_cover_and_footer(tmp_path: Path) -> None:
    found = themed(tmp_path, WHOLE)
    assert (found.name, found.font, found.cover, found.footer) == ("Gritzo", "Noto Serif", True, "For Gritzo alone")
    assert found.logo.startswith("data:image/svg+xml;base64,")
    assert "--accent: #0b6b3a" in found.css()
    assert '"Noto Serif"' in found.css()


def test_charts_follow_the_accent(tmp_path: Path) -> None:
    tokens = themed(tmp_path, WHOLE).tokens
    assert tokens["--series-1"] == "#0b6b3a"
    assert tokens["--accent-soft"] != "#0b6b3a"


def test_no_name_is_the_house(tmp_path: Path) -> None:
    assert brand.load(tmp_path, "") == HOUSE_BRAND
    assert HOUSE_BRAND.css() == ""


def test_json_says_the_same(tmp_path: Path) -> None:
    assert themed(tmp_path, '{"name": "Own", "colours": {"ink": "#111"}}', "own.json").colours == {"--ink": "#111"}


def test_of_a_logo_only_plain_shapes_stay(tmp_path: Path) -> None:
    said = base64.b64decode(themed(tmp_path, WHOLE).logo.partition(",")[2]).decode()
    assert "M0,0H9V9Z" in said
    assert not [
        word for word in ("script", "http://example", "javascript", "onload", "image", "import") if word in said
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[colours]\naccent = "#ffcc00"', r"accent \(#ffcc00\) has a contrast of 1\.5:1 on white; 4\.5:1 is needed"),
        ('[colours]\nseries-2 = "#eeeeee"', "series-2 .* 3:1 is needed"),
        ('[colours]\naccent = "red"', "Write it as #rrggbb"),
        ('[colours]\naccent = "#fff;}*{x:url(http://a)"', "Write it as #rrggbb"),
        ('[colours]\nacent = "#000"', "Did you mean “accent”"),
        ('fnt = "x"', "Did you mean “font”"),
        ('font = "Nonesuch"', "is not installed"),
        ('font = "Noto Serif; } * { x: y"', "is not installed"),
        ('logo = "../../secret.png"', "is not beside it"),
        ('logo = "nowhere.png"', "is not beside it"),
        ('cover = "yes"', "not true or false"),
        (f'footer = "{"x" * 121}"', "longer than 120 letters"),
        ("name = ", "cannot be read"),
    ],
)
def test_what_cannot_be_is_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        themed(tmp_path, text)


@pytest.mark.parametrize("name", ["../themes/own", "nowhere", "/etc/passwd"])
def test_a_theme_that_there_is_not_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match=r"Put it there as themes/"):
        brand.load(tmp_path, name)


@pytest.mark.parametrize(
    "logo", ["no picture", '<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "<html/>", '<svg xmlns="http://other"/>']
)
def test_what_is_no_picture_is_refused(tmp_path: Path, logo: str) -> None:
    with pytest.raises(UserError, match="neither a PNG nor a plain SVG"):
        themed(tmp_path, WHOLE, logo=logo)


def test_a_picture_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 60)
    with pytest.raises(UserError, match="cut off before its end"):
        logo.carried(tmp_path, "cut.png", "own.toml")


def test_a_gradient_of_the_picture_itself_stays(tmp_path: Path) -> None:
    shapes = '<defs><linearGradient id="g"/></defs><rect fill="url(\'#g\')"/><rect fill="url(http://a.test/b)"/>'
    (tmp_path / "own.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{shapes}</svg>')
    plain = base64.b64decode(logo.carried(tmp_path, "own.svg", "own.toml").partition(",")[2]).decode()
    assert "#g" in plain
    assert "a.test" not in plain


def test_contrast_is_that_of_wcag() -> None:
    assert contrast.ratio("#000000") == pytest.approx(21)
    assert contrast.ratio("#ffffff") == pytest.approx(1)
    assert contrast.ratio("#767676") == pytest.approx(4.54, abs=0.01)
    assert contrast.ratio(contrast.darkened("#d6722d")) >= 4.5
