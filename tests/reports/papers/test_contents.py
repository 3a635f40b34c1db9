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


def test_a_long_section_goes_on_in_the_second_column_and_loses_no_line() -> None:
    places = [place("a", 3), place("b", 40), place("c", 3)]
    first, second = halves(places)
    assert first[-1].goes_on
    assert not second[0].title
    assert first[-1].lines + second[0].lines == places[1].lines
    assert abs(sum(one.height for one in first) - sum(one.height for one in second)) <= 2
    assert (*first[:-1], *second[1:]) == (places[0], places[2])
