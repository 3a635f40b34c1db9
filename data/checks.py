"""Decides what about the data is worth saying: each rule has an id, a weight, a count and a sentence for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data import schema
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

RULES: tuple[Rule, ...] = (
    Rule("orders.organic", "info", "SELECT count(*) FROM order_lines WHERE organic",
         "{n} order rows are organic (no influencer, or a source that says so): kept, and credited to nobody."),
    Rule("orders.brand_unknown", "check", f"SELECT count(*) FROM order_lines WHERE brand = '{schema.UNKNOWN}'",
         "{n} order rows name no brand in their brand, product, source or campaign: they count under “(unknown)”."),
    Rule("orders.brand_derived", "info",
         f"SELECT count(*) FROM order_lines l LEFT JOIN tracking t USING (file_no, row_no) WHERE t.brand IS NULL AND l.brand <> '{schema.UNKNOWN}'",
         "The brand of {n} order rows was taken from their product, source or campaign."),
    Rule("orders.from_payouts", "check", "SELECT CASE WHEN (SELECT count(*) FROM tracking) = 0 THEN count(*) ELSE 0 END FROM order_lines",
         "There is no tracking table: orders and revenue of {n} influencers are taken from the payouts table."),
    Rule("orders.stranger", "check", "SELECT count(*) FROM tracking WHERE influencer_id IS NOT NULL AND influencer_id NOT IN "
         "(SELECT influencer_id FROM influencers WHERE influencer_id IS NOT NULL)",
         "{n} order rows name an influencer who is not in the influencers table: they count, with unknown traits."),
    Rule("orders.free", "check", "SELECT count(*) FROM order_lines WHERE coalesce(orders, 0) = 0 AND revenue > 0",
         "{n} order rows have revenue and no orders: AOV and cost per order are off by them."),
    Rule("orders.other_platform", "check", "SELECT count(*) FROM order_lines l JOIN people p USING (influencer_id) JOIN platform_of_source s "
         "ON s.written = l.source WHERE s.meant <> p.platform",
         "{n} order rows name another platform in their source than their influencer's: they count under the influencer's."),
    Rule("orders.no_date", "check", "SELECT count(*) FROM order_lines WHERE date IS NULL",
         "{n} order rows have no day: they count in totals, and in no span of days."),
    Rule("posts.over_reach", "check", "SELECT count(*) FROM post_lines WHERE likes + comments > reach",
         "{n} posts have more likes and comments than reach."),
    Rule("posts.over_followers", "info", "SELECT count(*) FROM post_lines l JOIN people p USING (influencer_id) WHERE reach > followers",
         "{n} posts reached more accounts than their influencer has followers."),
    Rule("posts.other_platform", "info", "SELECT count(*) FROM post_lines l JOIN people p USING (influencer_id) WHERE l.platform <> p.platform",
         "{n} posts stand on another platform than their influencer's own: posts count where they stand, orders and spend where the influencer is at home."),
    Rule("posts.negative", "check", "SELECT count(*) FROM post_lines WHERE least(likes, comments, reach, shares, saves) < 0",
         "{n} posts have a negative count; it is summed as given."),
    Rule("posts.stranger", "check", "SELECT count(*) FROM post_lines WHERE influencer_id IS NULL",
         "{n} posts name no influencer."),
    Rule("payouts.rule", "check", "SELECT count(*) FROM payout_gaps",
         "{n} payouts differ from what their rate gives (rate alone, × posts, × orders or × revenue): the amounts are taken as given."),
    Rule("payouts.missing", "check", "SELECT count(*) FROM owed_lines WHERE payout IS NULL",
         "{n} payouts state no amount: they count as no spend."),
    Rule("payouts.zero", "info", "SELECT count(*) FROM owed_lines WHERE payout = 0", "{n} payouts are zero."),
    Rule("payouts.no_post", "check", "SELECT count(*) FROM owed_lines WHERE basis = 'post' AND payout <> 0 AND influencer_id NOT IN "
         "(SELECT influencer_id FROM post_lines WHERE influencer_id IS NOT NULL)",
         "{n} payouts per post go to influencers without a post."),
    Rule("payouts.unallocated", "info", f"SELECT count(DISTINCT influencer_id) FROM spend_lines WHERE rule = 'none'",
         "The payouts of {n} influencers have no post and no order to lie on: they stay in the totals as “(unallocated)”."),
    Rule("people.no_payout", "info", "SELECT count(*) FROM people WHERE listed AND (SELECT count(*) FROM owed_lines) > 0 AND influencer_id NOT IN "
         "(SELECT influencer_id FROM owed_lines WHERE influencer_id IS NOT NULL)",
         "{n} influencers have no payout: their ROAS cannot be computed."),
    Rule("people.same_name", "info", "SELECT count(*) FROM (SELECT influencer FROM people GROUP BY 1 HAVING count(*) > 1)",
         "{n} names belong to more than one influencer id: they are kept apart by id."),
    Rule("people.unlisted", "check", "SELECT count(*) FROM people WHERE NOT listed",
         "{n} influencers are known only from posts, orders or payouts, not from the influencers table."),
)  # fmt: skip


def compare_payouts(writer: Writer) -> None:
    """Make `payout_gaps`: payouts beyond 1.1 % of every amount that their rate could give, with the nearest one.

    Compared, never replaced: with or without a bonus, rate alone, × posts (stated or counted), × orders (stated or tracked), × revenue, of the
    influencer as a whole and of the payout's own campaign. Columns: file_no, row_no, influencer_id, given, nearest.
    """
    sums = "sum(orders) AS orders, sum(revenue) AS revenue"
    writer.run(f"""
        CREATE TEMP TABLE tracked AS SELECT influencer_id, campaign, {sums} FROM order_lines WHERE NOT organic GROUP BY ALL
            UNION ALL SELECT influencer_id, NULL, {sums} FROM order_lines WHERE NOT organic GROUP BY ALL;
        CREATE TEMP TABLE posted_in AS SELECT influencer_id, campaign, count(*) AS posts FROM post_lines GROUP BY ALL
            UNION ALL SELECT influencer_id, NULL, count(*) FROM post_lines GROUP BY ALL;
        CREATE TABLE payout_gaps AS
        SELECT file_no, row_no, influencer_id, payout AS given, arg_min(could_be, abs(payout - could_be)) AS nearest
        FROM (SELECT file_no, row_no, influencer_id, payout, could_be + unnest([0, coalesce(bonus, 0)]) AS could_be FROM (
            SELECT o.file_no, o.row_no, o.influencer_id, o.payout::DOUBLE AS payout, o.bonus::DOUBLE AS bonus, unnest([r, r * o.posts, r * o.orders,
                r * o.revenue, r * t.orders, r * t.revenue, r * a.orders, r * a.revenue, r * q.posts, r * b.posts]) AS could_be
            FROM (SELECT *, TRY_CAST(rate AS DOUBLE) AS r FROM owed_lines WHERE basis IN ('post', 'order', 'commission')) o
            LEFT JOIN tracked t ON t.influencer_id = o.influencer_id AND t.campaign = o.campaign
            LEFT JOIN tracked a ON a.influencer_id = o.influencer_id AND a.campaign IS NULL
            LEFT JOIN posted_in q ON q.influencer_id = o.influencer_id AND q.campaign = o.campaign
            LEFT JOIN posted_in b ON b.influencer_id = o.influencer_id AND b.campaign IS NULL))
        WHERE payout IS NOT NULL AND could_be IS NOT NULL GROUP BY file_no, row_no, influencer_id, payout
        HAVING min(abs(payout - could_be)) > {_TOLERANCE} * greatest(abs(payout), 1)
    """)


def run(writer: Writer, staged: Sequence[Staged]) -> list[Note]:
    """The rules that concern at least one row, plus what reading the files had to say."""
    compare_payouts(writer)
    notes: list[Note] = []
    for rule in RULES:
        n = int(writer.one(rule.sql) or 0)
        if n:
            notes.append(Note(rule.id, rule.weight, rule.sentence.format(n=f"{n:,}"), n))
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
        notes.append(Note("rows.again", "info", f"{again:,} rows of {table} stand in more than one file: they are counted once.", again))
    if replaced:
        notes.append(Note("rows.replaced", "info", f"{replaced:,} rows of {table} replace rows with the same key.", replaced))
    return notes
