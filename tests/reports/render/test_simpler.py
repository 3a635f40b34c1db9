"""A drawing made plain keeps what is seen of it and loses what is not."""

from __future__ import annotations

from reports.render.svg import tame

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90">'


def plain(inside: str) -> str:
    """What is left inside the drawing."""
    return tame(f"{HEAD}{inside}</svg>".encode()).partition(">")[2].removesuffix("</svg>").replace(" />", "/>")


def test_a_style_becomes_what_it_says_and_nothing_else() -> None:
    style = "opacity: 1; fill: rgb(47, 91, 234); fill-opacity: 1; stroke-width: 0px; vector-effect: none;"
    assert plain(f'<path d="M0,0H9" style="{style}"/>') == '<path d="M0,0H9" fill="#2f5bea"/>'


def test_groups_that_say_nothing_go_and_their_marks_stay() -> None:
    assert plain('<g><g style="opacity: 1;"><path d="M0,0H9"/><g><rect width="3"/></g></g></g>') == (
        '<path d="M0,0H9"/><rect width="3"/>'
    )


def test_a_group_that_fades_stays() -> None:
    assert 'opacity="0.5"' in plain('<g style="opacity: 0.5;"><path d="M0,0H9"/></g>')


def test_what_has_no_ink_goes() -> None:
    assert plain('<path d="M0,0" style="fill: none;"/><rect width="9" fill-opacity="0" stroke-width="0"/>') == ""


def test_a_line_without_filling_stays() -> None:
    assert "#1b2330" in plain('<path d="M0,0H9" style="fill: none; stroke: rgb(27, 35, 48); stroke-width: 2px;"/>')


def test_a_moved_text_stands_where_it_was_moved_to() -> None:
    assert 'x="15" y="7.5"' in plain('<g transform="translate(5,2.5)"><text x="10" y="5">a</text></g>')


def test_a_turned_text_stays_turned() -> None:
    assert "rotate(-90" in plain(
        '<g transform="translate(5,2)"><text x="1" y="1" transform="rotate(-90,1,1)">a</text></g>'
    )


def test_a_clip_that_cuts_stays_and_one_that_nobody_uses_goes() -> None:
    clips = '<defs><clipPath id="a"><rect width="5"/></clipPath><clipPath id="b"><rect/></clipPath></defs>'
    inside = '<g clip-path="url(#a)"><path d="M0,0H9" clip-path="url(#a)"/></g>'
    said = plain(clips + inside)
    assert said.count("clipPath id") == 1
    assert said.count("url(#i0)") == 1
