-- order_rows, post_rows: what parts may lie on, with whole weights.
CREATE TEMP TABLE order_rows AS
SELECT influencer_id, campaign, date, {dims},
    CAST(round(coalesce(sum(orders), 0) * 1000) AS HUGEINT) AS orders,
    CAST(round(coalesce(sum(revenue), 0) * 100) AS HUGEINT) AS revenue,
    CAST(sum(lines) AS HUGEINT) AS lines
FROM order_days WHERE NOT organic GROUP BY ALL;

CREATE TEMP TABLE post_rows AS
SELECT influencer_id, campaign, date, brand, product, product_category, campaign_type,
    NULL::VARCHAR AS period, NULL::VARCHAR AS source, CAST(count(*) AS HUGEINT) AS lines
FROM post_lines WHERE influencer_id IS NOT NULL GROUP BY ALL;

-- plan: by which rule each part is laid, and whether its campaign has rows (own_rows) or posts (own_posts) of its own.
CREATE TEMP TABLE sums AS
SELECT p.part_id,
    sum(o.orders) FILTER (o.campaign = p.campaign) AS own_orders,
    sum(o.revenue) FILTER (o.campaign = p.campaign) AS own_revenue,
    sum(o.orders) AS orders,
    sum(o.revenue) AS revenue,
    count(o.lines) AS lines,
    count(o.lines) FILTER (o.campaign = p.campaign) AS own
FROM parts p LEFT JOIN order_rows o ON o.influencer_id = p.influencer_id GROUP BY ALL;

CREATE TEMP TABLE posted AS
SELECT p.part_id, count(q.lines) AS lines, count(q.lines) FILTER (q.campaign = p.campaign) AS own
FROM parts p LEFT JOIN post_rows q ON q.influencer_id = p.influencer_id GROUP BY ALL;

CREATE TEMP TABLE plan AS
SELECT p.*, s.own > 0 AS own_rows, t.own > 0 AS own_posts,
    CASE
        WHEN t.lines > 0 AND (p.how = 'posts' OR s.lines = 0) THEN 'posts'
        WHEN s.lines = 0 THEN 'none'
        WHEN p.how = 'revenue' AND (CASE WHEN s.own > 0 THEN s.own_revenue ELSE s.revenue END) > 0 THEN 'revenue'
        WHEN (CASE WHEN s.own > 0 THEN s.own_orders ELSE s.orders END) > 0 THEN 'orders'
        ELSE 'lines'
    END AS rule
FROM parts p JOIN sums s USING (part_id) JOIN posted t USING (part_id);

-- targets: each part beside the rows that it lies on, with their weights.
CREATE TEMP TABLE targets AS
SELECT p.part_id, p.influencer_id, p.basis, p.status, p.layer, p.units, p.rule,
    coalesce(p.campaign, x.campaign) AS campaign, x.date, {target_dims},
    CASE p.rule WHEN 'revenue' THEN greatest(x.revenue, 0) WHEN 'orders' THEN greatest(x.orders, 0) ELSE x.lines END
        AS weight
FROM plan p JOIN order_rows x ON x.influencer_id = p.influencer_id AND (NOT p.own_rows OR x.campaign = p.campaign)
WHERE p.rule IN ('orders', 'revenue', 'lines')
UNION ALL
SELECT p.part_id, p.influencer_id, p.basis, p.status, p.layer, p.units, p.rule,
    coalesce(p.campaign, x.campaign) AS campaign, x.date, {target_dims}, x.lines AS weight
FROM plan p JOIN post_rows x ON x.influencer_id = p.influencer_id AND (NOT p.own_posts OR x.campaign = p.campaign)
WHERE p.rule = 'posts';

-- bare: parts with nothing to lie on.
CREATE TEMP TABLE bare AS
SELECT influencer_id, basis, status, layer, rule, campaign, payout_date AS date, units AS share,
    '{unallocated}' AS brand, '{unallocated}' AS product, '{unallocated}' AS product_category
FROM plan WHERE rule = 'none'
