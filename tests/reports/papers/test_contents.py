"""The contents are cut into two columns between sections."""

from __future__ import annotations

from reports.papers.contents import Place, halves


def place(title: str, lines: int) -> Place:
    """A section of so many lines."""
    return Place(title, title, tuple((f"{title}-{line}", "A question?") for line in range(lines)))


def test_columns_are_as_even_as_whole_sections_allow() -> None:
    places = [place("a", 10), place("b", 4), place("c", 8), place("d", 5)]
    assert halves(places) == (tuple(places[:2]), tuple(places[2:]))


def test_one_section_stands_in_the_first_column() -> None:
    assert halves([place("a", 3)]) == ((place("a", 3),), ())


def test_nothing_has_no_columns() -> None:
    assert halves([]) == ((), ())
