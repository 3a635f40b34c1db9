"""Decides what a rule is: an id, a weight, one sentence for people, what to do, and the rows that it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from data.values import written

WEIGHTS = {
    "refused": "the row (or file) is not taken: it waits in the quarantine",
    "check": "taken, and worth a look: a number may be off by it",
    "info": "taken: good to know",
}
_FORMS = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")


@dataclass(frozen=True)
class Rule:
    """Something worth saying. says: the sentence, {n} the count, [one|many] the two forms; do: what to do about it.

    table: which of the four tables it is about, "" for files and for the data as a whole.
    """

    id: str
    weight: str
    table: str
    says: str
    do: str

    def sentence(self, n: int) -> str:
        """The sentence as it is said of n things."""
        return _FORMS.sub(lambda found: found[1 if n == 1 else 2], self.says).replace("{n}", written.count(n))

    def plain(self) -> str:
        """The sentence for a catalogue: n of them."""
        return _FORMS.sub(lambda found: found[2], self.says).replace("{n}", "n")


@dataclass(frozen=True)
class RowRule(Rule):
    """A rule about rows. base: a key of BASES; when: SQL that is true for the rows concerned.

    needs: columns (table.field) without which it cannot be true; open: a column that some rows must leave empty.
    """

    base: str = ""
    when: str = ""
    needs: tuple[str, ...] = ()
    open: str = ""


@dataclass(frozen=True)
class CountRule(Rule):
    """A rule about people, products, days: count is SQL that gives how many."""

    count: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class SameRule(Rule):
    """A rule about rows of its table that repeat an earlier row in every column. key: the column that names a row."""

    key: str = ""
    needs: tuple[str, ...] = field(default=())


# What row rules look at: rows `l` with file_no and row_no, beside their influencer `p` (rule_people).
_PERSON = "LEFT JOIN rule_people p USING (influencer_id)"
BASES: dict[str, tuple[str, str]] = {
    "orders": (
        "tracking",
        f"order_lines l {_PERSON} LEFT JOIN rule_sources s ON s.written = l.source CROSS JOIN rule_scales k",
    ),
    "orders_stated": (
        "tracking",
        "order_lines l LEFT JOIN (SELECT file_no, row_no, brand FROM tracking WHERE brand IS NOT NULL) t "
        "USING (file_no, row_no)",
    ),
    "tracking": ("tracking", "tracking l"),
    "tracking_posts": (
        "tracking",
        "tracking l LEFT JOIN (SELECT post_id, max(influencer_id) AS poster, "
        "count(DISTINCT influencer_id) AS posters FROM posts WHERE post_id IS NOT NULL GROUP BY ALL) t USING (post_id)",
    ),
    "posts": ("posts", f"post_lines l {_PERSON} CROSS JOIN rule_scales k"),
    "posts_written": ("posts", "posts l"),
    "payouts": ("payouts", f"owed_lines l {_PERSON}"),
    "payouts_campaigns": (
        "payouts",
        "owed_lines l LEFT JOIN (SELECT DISTINCT campaign, TRUE AS seen FROM facts WHERE kind IN ('order', 'post')) c "
        "USING (campaign) CROSS JOIN (SELECT count(*) > 0 AS named FROM facts "
        "WHERE kind IN ('order', 'post') AND campaign <> '(unknown)') n",
    ),
    "payouts_written": ("payouts", "payouts l"),
    "gaps": ("payouts", "payout_gaps l"),
    "people": ("influencers", f"influencers l {_PERSON}"),
}
