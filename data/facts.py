"""Decides the one table that every question sums: orders, posts, payouts and people stacked, never joined."""

from __future__ import annotations

from data import reference, schema
from data.engines.duckdb import Writer

_U, _K, _O, _S = schema.UNALLOCATED, schema.UNKNOWN, schema.ORGANIC, schema.SEVERAL


def stack(writer: Writer) -> None:
    """Make `facts` from people, order_lines, post_lines, owed_lines and spend_lines.

    One row for each distinct combination of kind ('order', 'post', 'payout', 'person'), day, influencer and row
    dimensions; measures are sums over the rows behind it, empty where the kind has none. Spend is in whole units.
    """
    _bases(writer)
    _margins(writer)
    _name_orders(writer)
    orders, posts, payouts = _order_facts(), _post_facts(writer), _payout_facts()
    people = "SELECT 'person' AS kind, influencer_id, platform FROM people WHERE listed"
    writer.run(f"""
        CREATE TABLE facts AS SELECT * FROM ({orders} UNION ALL BY NAME {posts} UNION ALL BY NAME {payouts}
            UNION ALL BY NAME {people}) ORDER BY date;
        {_view("cube", "facts")};
        {_view("order_cube", "(SELECT *, 'order' AS kind, NULL::VARCHAR AS platform, NULL::VARCHAR AS status FROM order_named)")}
    """)


def _view(name: str, rows: str) -> str:
    """Rows beside the traits of their influencer and the week and month of their day: what filters and groups name."""
    traits = ["influencer_category", "gender", "persona", "city", *(f"tier_{scheme}" for scheme in reference.tiers())]
    return f"""
        CREATE VIEW {name} AS SELECT f.* EXCLUDE (platform), p.influencer, p.followers,
            coalesce(f.platform, {_trait("p.platform")}) AS platform,
            date_trunc('week', f.date)::DATE AS week, date_trunc('month', f.date)::DATE AS month,
            {", ".join(f"{_trait(f'p.{key}')} AS {key}" for key in traits)}
        FROM {rows} f LEFT JOIN people p USING (influencer_id)
    """


def _trait(column: str) -> str:
    """A trait of the influencer; of nobody for organic orders, of no row for payouts without a person."""
    return (f"CASE WHEN f.influencer_id IS NOT NULL THEN coalesce({column}, '{_K}') "
            f"WHEN f.kind = 'payout' THEN '{_U}' WHEN f.kind = 'order' THEN '{_O}' ELSE '{_K}' END")  # fmt: skip


def _bases(writer: Writer) -> None:
    """What an influencer is paid by, for each campaign that the payouts name and overall; several bases are “(several)”."""
    one = f"CASE WHEN count(DISTINCT basis) = 1 THEN max(basis) WHEN count(DISTINCT basis) > 1 THEN '{_S}' END AS basis"
    writer.run(f"""
        CREATE TEMP TABLE basis_in AS SELECT influencer_id, campaign, {one} FROM owed_lines WHERE campaign IS NOT NULL GROUP BY ALL;
        CREATE TEMP TABLE basis_of AS SELECT influencer_id, {one} FROM owed_lines GROUP BY ALL
    """)


def _margins(writer: Writer) -> None:
    """A product's margin, where posts or orders state it: the mean of what is stated."""
    writer.run("""
        CREATE TEMP TABLE margin_of AS SELECT product, avg(margin) AS product_margin, avg(price) AS product_price FROM (
            SELECT product, margin, price FROM post_lines UNION ALL SELECT product, margin, price FROM order_lines)
        WHERE product IS NOT NULL GROUP BY ALL;
        CREATE TABLE products AS SELECT l.product, max(l.brand) AS brand, max(l.product_category) AS product_category,
            max(m.product_margin) AS margin, max(m.product_price) AS price
        FROM (SELECT product, brand, product_category FROM order_lines UNION ALL
              SELECT product, brand, product_category FROM post_lines) l
        LEFT JOIN margin_of m USING (product) WHERE l.product IS NOT NULL GROUP BY ALL;
        CREATE TEMP TABLE category_of AS SELECT product, max(product_category) AS known_category FROM products GROUP BY ALL
    """)


def _name_orders(writer: Writer) -> None:
    """`order_named`: every order row with all its dimensions named, its margin, and whether it is its customer's first."""
    first = "row_number() OVER (PARTITION BY user_id, bought ORDER BY date NULLS LAST, file_no, row_no) = 1 AND bought"
    writer.run(f"""
        CREATE TABLE order_named AS
        SELECT l.organic, l.date, l.influencer_id, l.user_id, l.brand, coalesce(l.product, '{_K}') AS product,
            coalesce(l.product_category, c.known_category, '{_K}') AS product_category,
            coalesce(l.campaign, '{_K}') AS campaign, l.campaign_type, l.period, coalesce(l.source, '{_K}') AS source,
            CASE WHEN organic THEN '{_O}' ELSE coalesce(b.basis, a.basis, '(no payout)') END AS basis,
            l.revenue, l.orders, coalesce(l.profit, l.revenue * coalesce(l.margin, m.product_margin)) AS gross_profit, l.clicks,
            CASE WHEN l.user_id IS NOT NULL THEN ({first})::INT END AS is_first
        FROM (SELECT *, coalesce(orders, 1) > 0 AS bought FROM order_lines) l
        LEFT JOIN margin_of m USING (product) LEFT JOIN category_of c USING (product)
        LEFT JOIN basis_in b ON b.influencer_id = l.influencer_id AND b.campaign = l.campaign
        LEFT JOIN basis_of a ON a.influencer_id = l.influencer_id
    """)


def _order_facts() -> str:
    return """
        SELECT 'order' AS kind, date, influencer_id, brand, product, product_category, campaign, campaign_type, period, source, basis,
            sum(revenue) FILTER (WHERE NOT organic) AS revenue, sum(revenue) AS revenue_all,
            sum(orders) FILTER (WHERE NOT organic) AS orders, sum(orders) AS orders_all,
            sum(gross_profit) FILTER (WHERE NOT organic) AS gross_profit,
            sum(is_first) FILTER (WHERE NOT organic) AS new_customers, sum(clicks) FILTER (WHERE NOT organic) AS clicks
        FROM order_named GROUP BY ALL
    """


def _post_facts(writer: Writer) -> str:
    """Clicks are counted where the orders carry them, else on the posts, never on both."""
    tracked = writer.one("SELECT count(clicks) FROM order_lines")
    sums = ", ".join(f"sum({key}) AS {key}" for key in ("reach", "impressions", "likes", "comments", "shares", "saves", "video_views"))
    return f"""
        SELECT 'post' AS kind, date, l.influencer_id, platform, brand, coalesce(l.product, '{_K}') AS product,
            coalesce(l.product_category, c.known_category, '{_K}') AS product_category, coalesce(l.campaign, '{_K}') AS campaign,
            campaign_type, coalesce(b.basis, a.basis, '(no payout)') AS basis, count(*)::DOUBLE AS posts, {sums}
            {"" if tracked else ", sum(clicks) AS clicks"}
        FROM post_lines l LEFT JOIN category_of c USING (product)
        LEFT JOIN basis_in b ON b.influencer_id = l.influencer_id AND b.campaign = l.campaign
        LEFT JOIN basis_of a ON a.influencer_id = l.influencer_id GROUP BY ALL
    """


def _payout_facts() -> str:
    return f"""
        SELECT 'payout' AS kind, date, influencer_id, brand, coalesce(product, '{_U}') AS product,
            coalesce(product_category, c.known_category, '{_U}') AS product_category, coalesce(campaign, '{_U}') AS campaign,
            campaign_type, period, coalesce(source, '{_U}') AS source, coalesce(basis, '{_K}') AS basis, status,
            sum(payout_units) AS payout_units, sum(gift_units) AS gift_units
        FROM spend_lines l LEFT JOIN category_of c USING (product) GROUP BY ALL
    """
