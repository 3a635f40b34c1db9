"""Decides what docs/vocabulary.md says: words, tables, dimensions, measures, causes, from the registries."""

from __future__ import annotations

from analytics.manual.markdown import MADE, code, table
from analytics.reckoning.payout import CAUSES
from data import reference, schema

_VOCABULARY = f"""# Vocabulary

{MADE}

One concept, one word: in column, variable, address, metric key, label, test and caption.
"""


def page() -> str:
    """docs/vocabulary.md: words, tables and their fields, dimensions, measures, causes of differences in payouts."""
    words = ((row["word"], row["means"], ", ".join(row["not"].split())) for row in reference.vocabulary())
    dimensions = (
        (f"`{one.key}`", one.label, one.says, "yes" if one.filtered else "–") for one in schema.DIMENSIONS.values()
    )
    measures = (
        (f"`{one.key}`", one.label, one.unit, one.says, "yes" if one.how == "sum" else "no, distinct")
        for one in schema.MEASURES.values()
    )
    parts = [
        _VOCABULARY,
        table("word | means | never", words),
        "## Tables\n",
        *(_fields(one) for one in schema.TABLES.values()),
        "## Dimensions\n",
        table("key | label | means | filter", dimensions),
        "## Measures\n",
        table("key | label | unit | means | adds up", measures),
        "## Causes: a declared payout beside what its rate gives\n",
        table("cause | means", CAUSES.items()),
    ]
    return "\n".join(parts)


def _fields(given: schema.Table) -> str:
    """One table of the import: what it is, then its fields with every header they are understood by."""
    rows = ((f"`{one.key}`", one.kind, one.says, code(_aliases(given.key, one.key))) for one in given.fields)
    said = f"### {given.key}\n\n{given.says[0].upper()}{given.says[1:]}.\n\n"
    return said + table("field | kind | means | headers that are understood", rows)


def _aliases(name: str, field: str) -> list[str]:
    return [alias for alias, (meant, _) in reference.headers(name).items() if meant == field]
