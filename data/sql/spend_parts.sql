-- sold_in: what each influencer sold in each campaign.
CREATE TEMP TABLE sold_in AS
SELECT influencer_id, campaign, sum(revenue) AS revenue, sum(orders) AS orders
FROM order_days WHERE NOT organic GROUP BY ALL;

-- owed: every payout in whole units, and what it follows (how).
-- variable: of a hybrid payout the share, 0 to 1, that its orders and revenue account for: as stated, else those of its
-- campaign, else, where no order names that campaign, all of the influencer's. The reckoning counts the same.
CREATE TEMP TABLE owed AS
SELECT
    o.*,
    {payout} AS payout_units,
    {gift} AS gift_units,
    CASE
        WHEN basis IN ('post', 'fixed', 'barter') THEN 'posts'
        WHEN basis = 'commission' THEN 'revenue'
        WHEN basis = 'order' AND (by_share IS NOT NULL OR TRY_CAST(o.rate AS DOUBLE) < 1) THEN 'revenue'
        WHEN basis = 'order' THEN 'orders'
        WHEN basis = 'hybrid' THEN 'hybrid'
        ELSE 'posts'
    END AS how,
    CASE
        WHEN basis = 'hybrid' THEN greatest(0, least(1, (
            coalesce(by_share, 0) * coalesce(o.revenue, CASE WHEN n.campaign IS NULL THEN a.revenue ELSE r.revenue END, 0)
            + coalesce(by_order, 0) * coalesce(o.orders, CASE WHEN n.campaign IS NULL THEN a.orders ELSE r.orders END, 0)
        ) / nullif(o.payout, 0)))
    END AS variable
FROM owed_lines o
LEFT JOIN terms t ON t.written = o.rate
LEFT JOIN sold_in r ON r.influencer_id = o.influencer_id AND r.campaign = o.campaign
LEFT JOIN (SELECT DISTINCT campaign FROM sold_in) n ON n.campaign = o.campaign
LEFT JOIN (
    SELECT influencer_id, sum(revenue) AS revenue, sum(orders) AS orders FROM sold_in GROUP BY ALL
) a ON a.influencer_id = o.influencer_id;

-- cut: a hybrid payout's variable share follows the revenue, the rest the posts; gifts follow the posts.
CREATE TEMP TABLE cut AS
SELECT influencer_id, campaign, basis, status, payout_date, how, 'payout' AS layer, payout_units AS units
FROM owed WHERE how <> 'hybrid'
UNION ALL BY NAME
SELECT influencer_id, campaign, basis, status, payout_date, 'revenue' AS how, 'payout' AS layer,
    CAST(round(payout_units * variable) AS HUGEINT) AS units
FROM owed WHERE how = 'hybrid'
UNION ALL BY NAME
SELECT influencer_id, campaign, basis, status, payout_date, 'posts' AS how, 'payout' AS layer,
    payout_units - CAST(round(payout_units * coalesce(variable, 0)) AS HUGEINT) AS units
FROM owed WHERE how = 'hybrid'
UNION ALL BY NAME
SELECT influencer_id, campaign, basis, status, payout_date, 'posts' AS how, 'gift' AS layer, gift_units AS units
FROM owed;

-- parts: what one influencer is owed for one campaign, by basis, status and what it follows.
CREATE TEMP TABLE parts AS
SELECT row_number() OVER () AS part_id, *
FROM (
    SELECT influencer_id, campaign, basis, status, how, layer, sum(units) AS units, max(payout_date) AS payout_date
    FROM cut WHERE units <> 0 GROUP BY ALL
)
