CREATE TEMP TABLE tracked AS
SELECT influencer_id, campaign, sum(orders) AS orders, sum(revenue) AS revenue
FROM order_days WHERE NOT organic GROUP BY ALL
UNION ALL
SELECT influencer_id, NULL, sum(orders), sum(revenue) FROM order_days WHERE NOT organic GROUP BY ALL;

CREATE TEMP TABLE posted_in AS
SELECT influencer_id, campaign, count(*) AS posts FROM post_lines GROUP BY ALL
UNION ALL
SELECT influencer_id, NULL, count(*) FROM post_lines GROUP BY ALL;

-- could_be: every amount that the rate could give, without and with the bonus.
CREATE TABLE payout_gaps AS
SELECT file_no, row_no, influencer_id, payout AS given, arg_min(could_be, abs(payout - could_be)) AS nearest
FROM (
    SELECT file_no, row_no, influencer_id, payout, could_be + unnest([0, coalesce(bonus, 0)]) AS could_be
    FROM (
        SELECT o.file_no, o.row_no, o.influencer_id, o.payout::DOUBLE AS payout, o.bonus::DOUBLE AS bonus,
            unnest([
                r, r * o.posts, r * o.orders, r * o.revenue, r * t.orders, r * t.revenue,
                r * a.orders, r * a.revenue, r * q.posts, r * b.posts
            ]) AS could_be
        FROM (
            SELECT *, TRY_CAST(rate AS DOUBLE) AS r FROM owed_lines WHERE basis IN ('post', 'order', 'commission')
        ) o
        LEFT JOIN tracked t ON t.influencer_id = o.influencer_id AND t.campaign = o.campaign
        LEFT JOIN tracked a ON a.influencer_id = o.influencer_id AND a.campaign IS NULL
        LEFT JOIN posted_in q ON q.influencer_id = o.influencer_id AND q.campaign = o.campaign
        LEFT JOIN posted_in b ON b.influencer_id = o.influencer_id AND b.campaign IS NULL
    )
)
WHERE payout IS NOT NULL AND could_be IS NOT NULL
GROUP BY file_no, row_no, influencer_id, payout
HAVING min(abs(payout - could_be)) > {tolerance} * greatest(abs(payout), 1)
