"""Decides what about the data is worth saying: each rule has an id, a weight, a count and a sentence for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data import schema, sql
from data.engines.duckdb import Writer
from data.provenance import Note
from data.staging import Staged


@dataclass(frozen=True)
class Rule:
    """sql counts the rows concerned; the sentence takes that count as {n}."""

    id: str
    weight: str
    sql: str
    sentence: str


_TOLERANCE = 0.011
_LISTED = "(SELECT influencer_id FROM influencers WHERE influencer_id IS NOT NULL)"
_POSTING = "(SELECT influencer_id FROM post_lines WHERE influencer_id IS NOT NULL)"
_OWED = "(SELECT influencer_id FROM owed_lines WHERE influencer_id IS NOT NULL)"

RULES: tuple[Rule, ...] = (
    Rule("orders.organic", "info",
         "SELECT count(*) FROM order_lines WHERE organic",
         "{n} order rows are organic (no influencer, or a source that says so): kept, and credited to nobody."),
    Rule("orders.brand_unknown", "check",
         f"SELECT count(*) FROM order_lines WHERE brand = '{schema.UNKNOWN}'",
         "{n} order rows name no brand in their brand, product, source or campaign: they count under “(unknown)”."),
    Rule("orders.brand_derived", "info",
         "SELECT count(*) FROM order_lines l LEFT JOIN tracking t USING (file_no, row_no) "
         f"WHERE t.brand IS NULL AND l.brand <> '{schema.UNKNOWN}'",
         "The brand of {n} order rows was taken from their product, source or campaign."),
    Rule("orders.from_payouts", "check",
         "SELECT CASE WHEN (SELECT count(*) FROM tracking) = 0 THEN count(*) ELSE 0 END FROM order_lines",
         "There is no tracking table: orders and revenue of {n} influencers are taken from the payouts table."),
    Rule("orders.stranger", "check",
         f"SELECT count(*) FROM tracking WHERE influencer_id IS NOT NULL AND influencer_id NOT IN {_LISTED}",
         "{n} order rows name an influencer who is not in the influencers table: they count, with unknown traits."),
    Rule("orders.free", "check",
         "SELECT count(*) FROM order_lines WHERE coalesce(orders, 0) = 0 AND revenue > 0",
         "{n} order rows have revenue and no orders: AOV and cost per order are off by them."),
    Rule("orders.other_platform", "check",
         "SELECT count(*) FROM order_lines l JOIN people p USING (influencer_id) "
         "JOIN platform_of_source s ON s.written = l.source WHERE s.meant <> p.platform",
         "{n} order rows name another platform in their source than their influencer's: "
         "they count under the influencer's."),
    Rule("orders.no_date", "check",
         "SELECT count(*) FROM order_lines WHERE date IS NULL",
         "{n} order rows have no day: they count in totals, and in no span of days."),
    Rule("posts.over_reach", "check",
         "SELECT count(*) FROM post_lines WHERE likes + comments > reach",
         "{n} posts have more likes and comments than reach."),
    Rule("posts.over_followers", "info",
         "SELECT count(*) FROM post_lines l JOIN people p USING (influencer_id) WHERE reach > followers",
         "{n} posts reached more accounts than their influencer has followers."),
    Rule("posts.other_platform", "info",
         "SELECT count(*) FROM post_lines l JOIN people p USING (influencer_id) WHERE l.platform <> p.platform",
         "{n} posts stand on another platform than their influencer's own: "
         "posts count where they stand, orders and spend where the influencer is at home."),
    Rule("posts.negative", "check",
         "SELECT count(*) FROM post_lines WHERE least(likes, comments, reach, shares, saves) < 0",
         "{n} posts have a negative count; it is summed as given."),
    Rule("posts.stranger", "check",
         "SELECT count(*) FROM post_lines WHERE influencer_id IS NULL",
         "{n} posts name no influencer."),
    Rule("payouts.rule", "check",
         "SELECT count(*) FROM payout_gaps",
         "{n} payouts differ from what their rate gives (rate alone, × posts, × orders or × revenue): "
         "the amounts are taken as given."),
    Rule("payouts.missing", "check",
         "SELECT count(*) FROM owed_lines WHERE payout IS NULL",
         "{n} payouts state no amount: they count as no spend."),
    Rule("payouts.zero", "info",
         "SELECT count(*) FROM owed_lines WHERE payout = 0",
         "{n} payouts are zero."),
    Rule("payouts.no_post", "check",
         f"SELECT count(*) FROM owed_lines WHERE basis = 'post' AND payout <> 0 AND influencer_id NOT IN {_POSTING} "
         "AND EXISTS (SELECT 1 FROM post_lines)",
         "{n} payouts per post go to influencers without a post."),
    Rule("payouts.unallocated", "info",
         "SELECT count(DISTINCT influencer_id) FROM spend_lines WHERE rule = 'none'",
         "The payouts of {n} influencers have no post and no order to lie on: "
         "they stay in the totals as “(unallocated)”."),
    Rule("people.no_payout", "info",
         "SELECT count(*) FROM people WHERE listed AND (SELECT count(*) FROM owed_lines) > 0 "
         f"AND influencer_id NOT IN {_OWED}",
         "{n} influencers have no payout: their ROAS cannot be computed."),
    Rule("people.same_name", "info",
         "SELECT count(*) FROM (SELECT influencer FROM people GROUP BY 1 HAVING count(*) > 1)",
         "{n} names belong to more than one influencer id: they are kept apart by id."),
    Rule("people.unlisted", "check",
         "SELECT count(*) FROM people WHERE NOT listed",
         "{n} influencers are known only from posts, orders or payouts, not from the influencers table."),
)  # fmt: skip


def compare_payouts(writer: Writer) -> None:
    """Make `payout_gaps`: payouts beyond 1.1 % of every amount that their rate could give, with the nearest one.

    Compared, never replaced: with or without a bonus, rate alone, × posts (stated or counted), × orders (stated or
    tracked), × revenue, of the influencer as a whole and of the payout's own campaign.
    Columns: file_no, row_no, influencer_id, given, nearest.
    """
    writer.run(sql.statement("payout_gaps", tolerance=str(_TOLERANCE)))


_ONE = (
    ("1 order rows are ", "1 order row is "), ("1 order rows name ", "1 order row names "),
    ("1 order rows have ", "1 order row has "), ("1 posts have ", "1 post has "),
    ("1 posts reached", "1 post reached"), ("1 posts stand ", "1 post stands "), ("1 posts name ", "1 post names "),
    ("1 payouts differ ", "1 payout differs "), ("1 payouts state ", "1 payout states "),
    ("1 payouts are ", "1 payout is "),
    ("1 payouts per post go ", "1 payout per post goes "), ("1 influencers have ", "1 influencer has "),
    ("1 influencers are ", "1 influencer is "), ("1 names belong ", "1 name belongs "),
)  # fmt: skip


def _said(sentence: str) -> str:
    """The sentence as it is said of one thing alone."""
    for many, one in _ONE:
        if sentence.startswith(many):
            return one + sentence[len(many) :]
    return sentence.replace(" of 1 order rows ", " of 1 order row ").replace(" of 1 influencers ", " of 1 influencer ")


def run(writer: Writer, staged: Sequence[Staged]) -> list[Note]:
    """The rules that concern at least one row, plus what reading the files had to say."""
    compare_payouts(writer)
    notes: list[Note] = []
    for rule in RULES:
        n = int(writer.one(rule.sql) or 0)
        if n:
            notes.append(Note(rule.id, rule.weight, _said(rule.sentence.format(n=f"{n:,}")), n))
    for item in staged:
        if item.refused:
            notes.append(Note("file.left_out", "check", item.refused))
            continue
        notes += [Note("file.read", "info", remark) for remark in item.remarks]
        if item.recognised.unused:
            unused = ", ".join(item.recognised.unused)
            notes.append(Note("file.unused", "info", f"{item.raw.label}: columns that nothing here uses: {unused}."))
    return notes


def merged(table: str, items: Sequence[Staged], taken: Sequence[Staged], replaced: int) -> list[Note]:
    """What joining files said: rows met twice, rows of the earlier version that were replaced."""
    notes = []
    again = sum(item.again for item in taken)
    if len(items) > 1 and again:
        said = f"{again:,} rows of {table} stand in more than one file: they are counted once."
        notes.append(Note("rows.again", "info", said, again))
    if replaced:
        said = f"{replaced:,} rows of {table} replace rows with the same key."
        notes.append(Note("rows.replaced", "info", said, replaced))
    return notes
