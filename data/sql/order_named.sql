-- Every order row with all its dimensions named, its margin, and whether it is its customer's first.
CREATE TABLE order_named AS
SELECT
    l.organic, l.date, l.influencer_id, l.user_id, l.brand,
    coalesce(l.product, '{unknown}') AS product,
    coalesce(l.product_category, c.known_category, '{unknown}') AS product_category,
    coalesce(l.campaign, '{unknown}') AS campaign,
    l.campaign_type, l.period,
    coalesce(l.source, '{unknown}') AS source,
    CASE WHEN organic THEN '{organic}' ELSE coalesce(b.basis, a.basis, '(no payout)') END AS basis,
    l.revenue, l.orders,
    coalesce(l.profit, l.revenue * coalesce(l.margin, m.product_margin)) AS gross_profit,
    l.clicks,
    CASE
        WHEN l.user_id IS NOT NULL THEN (
            row_number() OVER (PARTITION BY user_id, bought ORDER BY date NULLS LAST, file_no, row_no) = 1 AND bought
        )::INT
    END AS is_first
FROM (SELECT *, coalesce(orders, 1) > 0 AS bought FROM order_lines) l
LEFT JOIN margin_of m USING (product)
LEFT JOIN category_of c USING (product)
LEFT JOIN basis_in b ON b.influencer_id = l.influencer_id AND b.campaign = l.campaign
LEFT JOIN basis_of a ON a.influencer_id = l.influencer_id
