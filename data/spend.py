"""Decides on which rows a payout lies: its fee on the posts, its per-order part on the orders; the parts add up to the paisa.

The rule follows the basis and is stamped on every laid row. Never by revenue where posts exist: that would make
every product's ROAS equal by construction. What has nothing to lie on stays in the totals as “(unallocated)”.
"""

from __future__ import annotations

from decimal import Decimal

from data import readings, schema
from data.engines.duckdb import Writer

RULES = {
    "orders": "by the influencer's orders",
    "revenue": "by the influencer's revenue",
    "posts": "evenly over the influencer's posts",
    "none": "nothing to lie on: (unallocated)",
}
_DIMS = "brand, product, product_category, campaign_type, period, source"
_U = schema.UNALLOCATED


def lay(writer: Writer) -> int:
    """Make `spend_lines` from `owed_lines`; returns the decimal places that its whole units stand for.

    spend_lines: influencer_id, date, campaign, the row dimensions, basis, status, rule, payout_units, gift_units
    (whole units of 10^-places). Sums of units equal the payouts' sums exactly.
    """
    places = _components(writer)
    _targets(writer)
    writer.run(f"CREATE TEMP TABLE laid AS {_split('targets', 'part_id', 'units')}")
    _refine(writer)
    writer.run(f"""
        CREATE TABLE spend_lines AS
        SELECT influencer_id, date, campaign, {_DIMS}, basis, status, rule,
            sum(CASE WHEN layer = 'payout' THEN share END) AS payout_units,
            sum(CASE WHEN layer = 'gift' THEN share END) AS gift_units
        FROM (SELECT * FROM refined UNION ALL BY NAME SELECT * EXCLUDE (units, weight), units AS share FROM bare) GROUP BY ALL
    """)
    return places


def _components(writer: Writer) -> int:
    """`parts`: payouts of one influencer, campaign, basis and status added up, cut into what is paid by what, in whole units."""
    places = _places(writer)
    _terms(writer)
    unit = Decimal(10) ** places
    writer.run(f"""
        CREATE TEMP TABLE owed AS
        SELECT o.*, {_units("o.payout", unit)} AS payout_units, {_units("o.seeding_cost", unit)} AS gift_units,
            CASE WHEN basis IN ('post', 'fixed', 'barter') THEN 'posts'
                WHEN basis = 'commission' OR (basis = 'order' AND (by_share IS NOT NULL OR TRY_CAST(o.rate AS DOUBLE) < 1)) THEN 'revenue'
                WHEN basis = 'order' THEN 'orders' WHEN basis = 'hybrid' THEN 'hybrid' ELSE 'posts' END AS how,
            CASE WHEN basis = 'hybrid' THEN greatest(0, least(1, (coalesce(by_share, 0) * coalesce(o.revenue, r.revenue, 0)
                + coalesce(by_order, 0) * coalesce(o.orders, r.orders, 0)) / nullif(o.payout, 0))) END AS variable
        FROM owed_lines o LEFT JOIN terms t ON t.written = o.rate
        LEFT JOIN (SELECT influencer_id, sum(revenue) AS revenue, sum(orders) AS orders FROM order_lines
                   WHERE NOT organic GROUP BY ALL) r ON r.influencer_id = o.influencer_id
    """)
    _cut(writer)
    return places


def _places(writer: Writer) -> int:
    """The decimals of the finest amount; at least the paisa's two."""
    kinds = writer.rows("SELECT typeof(payout), typeof(seeding_cost) FROM owed_lines LIMIT 1") or [("", "")]
    return max([int(kind.split(",")[1].strip(" )")) for kind in kinds[0] if "," in kind] + [2])


def _terms(writer: Writer) -> None:
    """What each written rate pays: by post, by order, a share of revenue."""
    rates = [text for (text,) in writer.rows("SELECT DISTINCT rate FROM owed_lines WHERE rate IS NOT NULL AND TRY_CAST(rate AS DOUBLE) IS NULL")]
    read = {text: readings.terms(text) for text in rates}
    writer.run("CREATE TEMP TABLE terms (written VARCHAR, by_post DOUBLE, by_order DOUBLE, by_share DOUBLE)")
    if read:
        columns = {key: [float(parts[key]) if key in parts else None for parts in read.values()] for key in ("post", "order", "share")}
        writer.fill("terms", {"written": list(read), **columns})


def _cut(writer: Writer) -> None:
    """`parts`: a hybrid payout's variable share follows the revenue, the rest the posts; gifts follow the posts."""
    key = "influencer_id, campaign, basis, status, payout_date"
    writer.run(f"""
        CREATE TEMP TABLE cut AS
        SELECT {key}, how, 'payout' AS layer, payout_units AS units FROM owed WHERE how <> 'hybrid'
        UNION ALL SELECT {key}, 'revenue', 'payout', CAST(round(payout_units * variable) AS HUGEINT) FROM owed WHERE how = 'hybrid'
        UNION ALL SELECT {key}, 'posts', 'payout', payout_units - CAST(round(payout_units * coalesce(variable, 0)) AS HUGEINT)
            FROM owed WHERE how = 'hybrid'
        UNION ALL SELECT {key}, 'posts', 'gift', gift_units FROM owed;
        CREATE TEMP TABLE parts AS
        SELECT row_number() OVER () AS part_id, * FROM (
            SELECT influencer_id, campaign, basis, status, how, layer, sum(units) AS units, max(payout_date) AS payout_date
            FROM cut WHERE units <> 0 GROUP BY ALL)
    """)


def _units(column: str, unit: Decimal) -> str:
    """Exact whole units of a DECIMAL: its digits without the point (rounding is never needed, only widening)."""
    return f"CAST({column} * CAST({unit} AS HUGEINT) AS HUGEINT)" if unit == 1 else (
        f"CAST(replace(CAST(CAST({column} AS DECIMAL(38, {len(str(unit)) - 1})) AS VARCHAR), '.', '') AS HUGEINT)"
    )  # fmt: skip


def _targets(writer: Writer) -> None:
    """`targets`: each part beside the rows that it may lie on, with whole weights; `bare`: parts with none."""
    writer.run(f"""
        CREATE TEMP TABLE order_rows AS SELECT influencer_id, campaign, date, {_DIMS},
            CAST(round(coalesce(sum(orders), 0) * 1000) AS HUGEINT) AS orders, CAST(round(coalesce(sum(revenue), 0) * 100) AS HUGEINT) AS revenue,
            CAST(count(*) AS HUGEINT) AS lines
        FROM order_lines WHERE NOT organic GROUP BY ALL;
        CREATE TEMP TABLE post_rows AS SELECT influencer_id, campaign, date, brand, product, product_category, campaign_type,
            NULL::VARCHAR AS period, NULL::VARCHAR AS source, CAST(count(*) AS HUGEINT) AS lines FROM post_lines
        WHERE influencer_id IS NOT NULL GROUP BY ALL;
    """)
    _plan(writer)
    base = "p.part_id, p.influencer_id, p.basis, p.status, p.layer, p.units, p.rule, coalesce(p.campaign, x.campaign) AS campaign, x.date"
    dims = ", ".join(f"x.{key}" for key in _DIMS.split(", "))
    weight = "CASE p.rule WHEN 'revenue' THEN greatest(x.revenue, 0) WHEN 'orders' THEN greatest(x.orders, 0) ELSE x.lines END"
    writer.run(f"""
        CREATE TEMP TABLE targets AS
        SELECT {base}, {dims}, {weight} AS weight
        FROM plan p JOIN order_rows x ON x.influencer_id = p.influencer_id AND (NOT p.own_rows OR x.campaign = p.campaign)
        WHERE p.rule IN ('orders', 'revenue', 'lines')
        UNION ALL SELECT {base}, {dims}, x.lines AS weight
        FROM plan p JOIN post_rows x ON x.influencer_id = p.influencer_id AND (NOT p.own_posts OR x.campaign = p.campaign)
        WHERE p.rule = 'posts';
        CREATE TEMP TABLE bare AS SELECT part_id, influencer_id, basis, status, layer, units, rule, campaign, payout_date AS date,
            '{_U}' AS brand, '{_U}' AS product, '{_U}' AS product_category, 0::HUGEINT AS weight FROM plan WHERE rule = 'none'
    """)


def _plan(writer: Writer) -> None:
    """`plan`: by which rule each part is laid, and whether its campaign has rows or posts of its own."""
    writer.run("""
        CREATE TEMP TABLE sums AS SELECT p.part_id,
            sum(o.orders) FILTER (o.campaign = p.campaign) AS own_orders, sum(o.revenue) FILTER (o.campaign = p.campaign) AS own_revenue,
            sum(o.orders) AS orders, sum(o.revenue) AS revenue, count(o.lines) AS lines, count(o.lines) FILTER (o.campaign = p.campaign) AS own
        FROM parts p LEFT JOIN order_rows o ON o.influencer_id = p.influencer_id GROUP BY ALL;
        CREATE TEMP TABLE posted AS SELECT p.part_id, count(q.lines) AS lines, count(q.lines) FILTER (q.campaign = p.campaign) AS own
        FROM parts p LEFT JOIN post_rows q ON q.influencer_id = p.influencer_id GROUP BY ALL;
        CREATE TEMP TABLE plan AS SELECT p.*, s.own > 0 AS own_rows, t.own > 0 AS own_posts,
            CASE WHEN t.lines > 0 AND (p.how = 'posts' OR s.lines = 0) THEN 'posts'
                WHEN s.lines = 0 THEN 'none'
                WHEN p.how = 'revenue' AND (CASE WHEN s.own > 0 THEN s.own_revenue ELSE s.revenue END) > 0 THEN 'revenue'
                WHEN (CASE WHEN s.own > 0 THEN s.own_orders ELSE s.orders END) > 0 THEN 'orders' ELSE 'lines' END AS rule
        FROM parts p JOIN sums s USING (part_id) JOIN posted t USING (part_id)
    """)


def _split(table: str, key: str, amount: str) -> str:
    """SQL that cuts each key's whole amount over its rows by weight: floors, then one unit each to the largest remainders."""
    return f"""
        SELECT * EXCLUDE (total, floor_part, rest, missing, place),
            sign({amount})::HUGEINT * (floor_part + CASE WHEN place <= missing THEN 1 ELSE 0 END) AS share
        FROM (SELECT *, abs({amount}) - sum(floor_part) OVER (PARTITION BY {key}) AS missing,
                row_number() OVER (PARTITION BY {key} ORDER BY rest DESC, date, brand, product, campaign) AS place
            FROM (SELECT *, (abs({amount}) * weight) // total AS floor_part, (abs({amount}) * weight) % total AS rest
                FROM (SELECT *, sum(weight) OVER (PARTITION BY {key})::HUGEINT AS total FROM {table})))
        WHERE floor_part > 0 OR place <= missing
    """


def _refine(writer: Writer) -> None:
    """`refined`: a fee on a post that names no brand (or no product) is cut further by the influencer's orders of that brand."""
    open_brand, open_product = f"brand = '{schema.UNKNOWN}'", "product IS NULL"
    writer.run(f"""
        CREATE TEMP TABLE mix AS SELECT influencer_id, brand, product, product_category, sum(orders) AS weight
        FROM order_rows GROUP BY ALL HAVING sum(orders) > 0;
        CREATE TEMP TABLE numbered AS SELECT row_number() OVER () AS line_id, * FROM laid;
        CREATE TEMP TABLE open_lines AS SELECT * FROM numbered n WHERE rule = 'posts' AND ({open_brand} OR {open_product})
            AND EXISTS (SELECT 1 FROM mix m WHERE m.influencer_id = n.influencer_id AND (n.{open_brand} OR m.brand = n.brand));
        CREATE TEMP TABLE mixed AS SELECT n.* EXCLUDE (units, share, weight, brand, product, product_category), n.share AS units, m.weight,
            m.brand, coalesce(n.product, m.product) AS product, coalesce(n.product_category, m.product_category) AS product_category
        FROM open_lines n JOIN mix m ON m.influencer_id = n.influencer_id AND (n.{open_brand} OR m.brand = n.brand);
        CREATE TEMP TABLE refined AS
        SELECT * EXCLUDE (units, weight, line_id, part_id) FROM ({_split("mixed", "line_id", "units")})
        UNION ALL BY NAME SELECT * EXCLUDE (units, weight, line_id, part_id) REPLACE (
            CASE WHEN rule = 'posts' AND {open_brand} THEN '{_U}' ELSE brand END AS brand,
            CASE WHEN rule = 'posts' AND {open_product} THEN '{_U}' ELSE product END AS product)
        FROM numbered WHERE line_id NOT IN (SELECT line_id FROM open_lines);
        ALTER TABLE bare DROP COLUMN part_id
    """)
