"""Decides what a mail says: the same facts as text and as simple HTML, which loads nothing from anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import theme
from reports.delivery.headers import clean
from reports.delivery.recipient import Parcel

_LINE, _SENTENCE = 300, 1000


@dataclass(frozen=True)
class Letter:
    """The words of one mail. subject: one line. text, html: its two faces."""

    subject: str
    text: str
    html: str


def of_parcel(parcel: Parcel, link: str, leave: str, attached: str) -> Letter:
    """The mail that brings a report. link, leave: addresses, '' for none. attached: a sentence on the file."""
    title = clean(parcel.title)
    facts = [
        (label, clean(value, _LINE))
        for label, value in (
            ("Period", parcel.period), ("Filters", parcel.filters), ("Due", parcel.due), ("Edition", parcel.edition),
        )
        if value
    ]  # fmt: skip
    tiles = [(clean(label, 60), clean(value, 60)) for label, value in parcel.tiles]
    said = [clean(one, _SENTENCE) for one in (parcel.remark, parcel.sentence) if one]
    subject = f"{title}: {clean(parcel.period)}" if parcel.period else title
    links = [(words, one) for words, one in (("Open the report", link), ("Get no more of these", leave)) if one]
    ending = [attached] if leave else [attached, "To get no more of these, answer this mail."]
    return _letter(subject, title, said, [*tiles, *facts], ending, links)


def of_notice(title: str, sentence: str) -> Letter:
    """The mail that tells an owner that something was not sent."""
    shown = clean(title)
    return _letter(f"Not sent: {shown}", shown, [clean(sentence, _SENTENCE)], [], ["TrueLift"], [])


def _letter(
    subject: str,
    title: str,
    said: list[str],
    facts: list[tuple[str, str]],
    ending: list[str],
    links: list[tuple[str, str]],
) -> Letter:
    below = [*ending, *(f"{words}: {link}" for words, link in links)]
    parts = [[title], said, [f"{label}: {value}" for label, value in facts], below]
    text = "\n\n".join("\n".join(part) for part in parts if part)
    return Letter(subject, f"{text}\n", _html(title, said, facts, ending, links))


def _html(
    title: str, said: list[str], facts: list[tuple[str, str]], ending: list[str], links: list[tuple[str, str]]
) -> str:
    """Tables and inline styles, since that is what mail programs show alike; the colours are the house's."""
    colour = theme.tokens("light")
    ink, muted, accent = (f"color:{colour[name]}" for name in ("--ink", "--muted", "--accent"))
    rows = "".join(
        f'<tr><th scope="row" style="{muted};text-align:left;font-weight:normal;padding:2px 16px 2px 0">'
        f'{escape(label)}</th><td style="{ink}">{escape(value)}</td></tr>'
        for label, value in facts
    )
    parts = [f'<h1 style="font-size:18px;{ink}">{escape(title)}</h1>']
    parts += [f'<p style="{ink}">{escape(one)}</p>' for one in said]
    parts += [f'<table role="presentation" style="font-size:14px;border-collapse:collapse">{rows}</table>'] * bool(rows)
    parts += [f'<p style="{muted};font-size:13px">{escape(one)}</p>' for one in ending]
    parts += [f'<p><a style="{accent}" href="{escape(link)}">{escape(words)}</a></p>' for words, link in links]
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title></head>\n'
        f'<body style="font-family:{theme.FONT};font-size:15px">\n{body}\n</body></html>\n'
    )
