"""One concept, one word: banned words are absent, and every metric, measure, dimension and field is documented."""

from __future__ import annotations

import re

import pytest

from analytics import manual
from analytics.metrics import METRICS
from data import reference, schema
from settings import ROOT
from tests.test_architecture import files, name_of

BANNED = sorted({word for row in reference.vocabulary() for word in row["not"].split()})
_WORD = re.compile(r"[A-Za-z]+")


@pytest.mark.parametrize("name", list(manual.PAGES))
def test_the_manual_is_what_the_registries_say(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == manual.PAGES[name](), (
        f"{name} is out of date: run ./truelift docs"
    )


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_banned_words_are_in_no_name_and_no_sentence(path) -> None:  # type: ignore[no-untyped-def]
    words = {word.casefold() for word in _WORD.findall(path.read_text(encoding="utf-8"))}
    assert not words & set(BANNED), f"{name_of(path)} says {sorted(words & set(BANNED))}"


def test_everything_declared_is_documented() -> None:
    text = "\n".join(page() for page in manual.PAGES.values())
    keys = [
        *METRICS,
        *schema.DIMENSIONS,
        *schema.MEASURES,
        *(field.key for table in schema.TABLES.values() for field in table.fields),
    ]
    assert [key for key in keys if f"`{key}`" not in text] == []


def test_no_category_stands_alone() -> None:
    """A category is an influencer's or a product's, never bare."""
    assert "category" not in schema.DIMENSIONS
    assert not any(field.key == "category" for table in schema.TABLES.values() for field in table.fields)


def test_every_metric_is_made_of_measures_and_says_its_unit() -> None:
    for metric in METRICS.values():
        assert set(metric.measures) <= set(schema.MEASURES)
        assert metric.unit in ("money", "count", "share", "multiple", "days")
        assert metric.better in ("higher", "lower", "")
