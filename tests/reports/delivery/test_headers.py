"""No text becomes a line that a mail server acts upon; what people can read stays as it was written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from reports.delivery.headers import clean, decoded, file_name
from tests.reports.delivery.parcels import naughty

HIDDEN = ("Cc", "Cs", "Zl", "Zp")


def is_one_line(text: str) -> bool:
    return not any(unicodedata.category(letter) in HIDDEN for letter in text) and "=?" not in text


def test_every_string_becomes_one_plain_line() -> None:
    for text in naughty():
        shown = clean(text)
        assert is_one_line(shown), text
        assert is_one_line(decoded(shown)), text
        assert len(shown) <= 120
        assert clean(shown) == shown, text


@given(some.text())
def test_whatever_is_written_becomes_one_plain_line(text: str) -> None:
    assert is_one_line(clean(text))
    assert is_one_line(file_name(text))


@given(
    some.lists(some.sampled_from(["=?", "?=", "utf-8", "?q?", "?b?", "=0A", "=3D=3F", "a", "YQo=", " "]), max_size=14)
)
def test_pieces_of_encoded_words_never_add_up_to_one(parts: list[str]) -> None:
    assert is_one_line(clean("".join(parts)))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Weekly return, Gritzo – July", "Weekly return, Gritzo – July"),
        ("आशा शर्मा · क्‍ष", "आशा शर्मा · क्‍ष"),
        ("👩‍👩‍👧 family", "👩‍👩‍👧 family"),
        ("=?utf-8?q?caf=C3=A9?= monthly", "café monthly"),
        ("a\r\nBcc: x@y.example", "a Bcc: x@y.example"),
        ("=?utf-8?q?a=0ABcc=3A_x=40y.example?=", "a Bcc: x@y.example"),
        ("what=?", "what= ?"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("   ", ""),
    ],
)
def test_what_people_read_stays(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_every_string_becomes_a_file_name() -> None:
    for text in naughty():
        name = file_name(f"{text}.pdf")
        assert name, text
        assert not set(name) & set('/\\<>:"|?*\x00'), text
        assert not name.startswith("."), text
        assert len(name.encode("utf-8")) <= 200, text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("..", "report"),
        ("CON.pdf", "_CON.pdf"),
        ("जुलाई.pdf", "जुलाई.pdf"),
        ("", "report"),
        ("a/.pdf", "report.pdf"),
    ],
)
def test_a_file_name_leads_nowhere(text: str, name: str) -> None:
    assert file_name(text) == name
