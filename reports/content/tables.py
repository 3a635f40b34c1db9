"""Decides how a panel's table stands on paper: units in the head, figures without them, marks, widths, orientation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analytics import formats
from analytics.formats import HOUSE, MISSING, Locale
from analytics.views import Column, Panel
from reports.content.cells import is_missing, verdict

PORTRAIT_LETTERS = 122
LANDSCAPE_LETTERS = 186
TIGHT = 1.12
"""How many times as many letters a landscape page holds when they are a little smaller."""
_NARROWEST = 40
_PADDING = 3
_WIDEST, _LEAST = 34, 13
_AFTER_FIGURES, _A_DAY = 2, 11
# In a table of more than so many rows, what several say in at least so many letters is said once, below it.
_LONG, _SENTENCE = 12, 60
_TEXTS = ("text", "date")
_MARKS = {"good": "▲", "bad": "▼", "": ""}


@dataclass(frozen=True)
class Head:
    """A column's name, its unit as written beside it, whether it holds figures, its width in per cent."""

    label: str
    unit: str
    is_number: bool
    width: float


@dataclass(frozen=True)
class Cell:
    """A written value with its verdict: 'good', 'bad' or ''; mark repeats the verdict without colour."""

    text: str
    verdict: str
    mark: str


@dataclass(frozen=True)
class PaperTable:
    """Every row of a panel's table, over some or all of its columns. shape: 'portrait' or 'landscape'.

    notes: sentences that several rows share, said once below them: “a  It is only as good as its assignment.”
    is_tight: whether its letters are smaller. width: per cent of the page, less than 100 for a few further columns
    without sentences, which would else stand far from the names they belong to.
    """

    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shape: str
    notes: tuple[str, ...] = ()
    is_tight: bool = False
    width: int = 100


@dataclass(frozen=True)
class _Strip:
    """One column with its written cells and the letters it asks for."""

    column: Column
    cells: list[Cell]
    letters: int


def tables_of(panel: Panel, locale: Locale = HOUSE) -> tuple[PaperTable, ...]:
    """The panel's frame as paper shows it: all rows in their order, one table where the columns fit on a page.

    Wider ones are cut between columns; each part begins with the first column, so that its rows can be told.
    """
    first, *others = [_strip(panel.frame[column.key].tolist(), column, locale) for column in panel.columns]
    everywhere = [f"{strip.column.label} in every row: {strip.cells[0].text}" for strip in others if _is_alike(strip)]
    strips = [first, *(strip for strip in others if not _is_alike(strip))]
    notes: dict[str, str] = {}
    noted = _squeezed(_apart([_noted(strip, notes, locale) for strip in strips]))
    tables = [_table(part, locale, is_further=bool(place)) for place, part in enumerate(_parts(noted))]
    said = tuple(f"{mark}  {sentence}" for sentence, mark in notes.items())
    return (*tables[:-1], replace(tables[-1], notes=(*said, *everywhere)))


def _is_alike(strip: _Strip) -> bool:
    """Whether several rows say one and the same word, which is then said once below them."""
    texts = {cell.text for cell in strip.cells}
    return strip.column.unit == "text" and len(strip.cells) > _LONG and len(texts) == 1 and texts != {MISSING}


def _noted(strip: _Strip, notes: dict[str, str], locale: Locale) -> _Strip:
    """The strip with a letter for each sentence that rows share; sentences and letters are added to `notes`."""
    texts = [cell.text for cell in strip.cells]
    sentences = {text for text in texts if len(text) > _SENTENCE}
    if strip.column.unit != "text" or len(texts) <= _LONG or not sentences or 2 * len(set(texts)) > len(texts):
        return strip
    for text in dict.fromkeys(texts):
        if text in sentences and text not in notes:
            notes[text] = _letter(len(notes))
    cells = [Cell(notes[text] if text in sentences else text, "", "") for text in texts]
    return _Strip(strip.column, cells, _letters(strip.column, cells, locale))


def _letter(place: int) -> str:
    """a, b … z, aa, ab …"""
    before, last = divmod(place, 26)
    return (_letter(before - 1) if before else "") + chr(ord("a") + last)


def _strip(values: Sequence[object], column: Column, locale: Locale) -> _Strip:
    cells = _cells(values, column, locale)
    return _Strip(column, cells, _letters(column, cells, locale))


def _parts(strips: Sequence[_Strip]) -> list[list[_Strip]]:
    """Columns side by side as far as a landscape page is wide; a few letters too many are better than a second part."""
    if _asked(strips) <= LANDSCAPE_LETTERS * TIGHT:
        return [list(strips)]
    parts = [[strips[0]]]
    for strip in strips[1:]:
        if len(parts[-1]) > 1 and _asked(parts[-1]) + strip.letters > LANDSCAPE_LETTERS:
            parts.append([strips[0]])
        parts[-1].append(strip)
    return parts


def _asked(strips: Sequence[_Strip]) -> int:
    """Letters that they take side by side."""
    return sum(strip.letters for strip in strips)


def _apart(strips: list[_Strip]) -> list[_Strip]:
    """Words after figures a little further to the right: figures end where words would begin."""
    before = [None, *strips]
    return [replace(strip, letters=strip.letters + _AFTER_FIGURES) if _is_word_after(left, strip) else strip
            for left, strip in zip(before, strips, strict=False)]  # fmt: skip


def _is_word_after(left: _Strip | None, strip: _Strip) -> bool:
    return left is not None and left.column.unit not in _TEXTS and strip.column.unit in _TEXTS


def _squeezed(strips: list[_Strip]) -> list[_Strip]:
    """A short table's words broken into lines where that lets it stand upright: a page turned for a few rows is a
    page lost."""
    over = _asked(strips) - PORTRAIT_LETTERS
    wordy = {place: strip.letters - _LEAST for place, strip in enumerate(strips)
             if strip.column.unit == "text" and strip.letters > _LEAST}  # fmt: skip
    if over <= 0 or len(strips[0].cells) > _LONG or over > sum(wordy.values()):
        return strips
    share = over / sum(wordy.values())
    return [replace(strip, letters=int(strip.letters - share * wordy.get(place, 0)))
            for place, strip in enumerate(strips)]  # fmt: skip


def _table(strips: Sequence[_Strip], locale: Locale, is_further: bool) -> PaperTable:
    asked = _asked(strips)
    is_narrow = is_further and all(strip.letters <= _WIDEST for strip in strips[1:])
    width = max(min(round(100 * asked / LANDSCAPE_LETTERS), 100), _NARROWEST) if is_narrow else 100
    shape = "portrait" if asked <= PORTRAIT_LETTERS else "landscape"
    rooms = _rooms(strips, (PORTRAIT_LETTERS if shape == "portrait" else LANDSCAPE_LETTERS) - asked)
    total = sum(rooms)
    heads = [
        Head(
            strip.column.label,
            unit_of(strip.column, locale),
            strip.column.unit not in _TEXTS,
            round(100 * room / total, 2),
        )
        for strip, room in zip(strips, rooms, strict=True)
    ]
    rows = tuple(zip(*(strip.cells for strip in strips), strict=True))
    return PaperTable(tuple(heads), rows, shape, is_tight=asked > LANDSCAPE_LETTERS, width=width)


def _rooms(strips: Sequence[_Strip], spare: float) -> list[float]:
    """Letters of each column; what the page has to spare goes to the sentences, by length."""
    longest = [max((len(cell.text) for cell in strip.cells), default=0) for strip in strips]
    asked = [letters if letters > _WIDEST else 0 for letters in longest]
    more = max(spare, 0.0) / max(sum(asked), 1)
    return [strip.letters + more * letters for strip, letters in zip(strips, asked, strict=True)]


def unit_of(column: Column, locale: Locale = HOUSE) -> str:
    """What stands in the head so that the cells need not repeat it; '' where the label says it."""
    units = {"money": locale.sign.strip(), "share": "%", "multiple": "×", "days": "days"}
    return units.get(column.unit, "")


def _cells(values: Sequence[object], column: Column, locale: Locale) -> list[Cell]:
    texts = [_bare(value, column.unit, locale) for value in values]
    if column.unit == "money" and any("." in text for text in texts):
        texts = [text if "." in text or text == MISSING else f"{text}.00" for text in texts]
    verdicts = [verdict(value, column) for value in values]
    return [Cell(text, said, _MARKS[said]) for text, said in zip(texts, verdicts, strict=True)]


def _bare(value: object, unit: str, locale: Locale) -> str:
    """The value as everywhere, less the unit that the head carries."""
    if is_missing(value):
        return MISSING
    if unit in _TEXTS:
        return formats.write(value, unit) if hasattr(value, "year") else str(value)
    text = formats.exact(value, unit, locale)
    for ending in ("×", " %", " days"):
        text = text.removesuffix(ending)
    return text.replace(locale.sign, "", 1) if unit == "money" else text


def _breadth(text: str) -> int:
    """Letters of usual width that a text takes: one more where it is as short as a day, and in a word that cannot be
    broken, as an id, capitals and digits are a quarter wider."""
    if " " in text:
        return len(text) + (len(text) <= _A_DAY)
    return round(1.08 * len(text) + 0.25 * sum(letter.isupper() or letter.isdigit() for letter in text))


def _letters(column: Column, cells: Sequence[Cell], locale: Locale) -> int:
    """Room that the column asks for, in letters: its longest text within reason, its head on two lines."""
    breadth = _breadth if column.unit in _TEXTS else len
    longest = max((breadth(cell.text) + 2 * bool(cell.mark) for cell in cells), default=1)
    label = f"{column.label}\N{NO-BREAK SPACE}{unit_of(column, locale)}".strip("\N{NO-BREAK SPACE}")
    head = max(*(len(word) for word in label.split(" ")), len(label) // 2 + 1)
    return min(max(longest, head), _WIDEST) + _PADDING
