-- Orders, posts, payouts and people under one another, by day, influencer and row dimensions.
-- post_clicks: clicks are counted where the orders carry them, else on the posts, never on both.
CREATE TABLE facts AS
SELECT * FROM (
    SELECT 'order' AS kind, date, influencer_id, brand, product, product_category, campaign, campaign_type, period,
        source, basis,
        sum(revenue) FILTER (WHERE NOT organic) AS revenue, sum(revenue) AS revenue_all,
        sum(orders) FILTER (WHERE NOT organic) AS orders, sum(orders) AS orders_all,
        sum(gross_profit) FILTER (WHERE NOT organic) AS gross_profit,
        sum(is_first) FILTER (WHERE NOT organic) AS new_customers,
        sum(clicks) FILTER (WHERE NOT organic) AS clicks
    FROM order_named_days GROUP BY ALL

    UNION ALL BY NAME
    SELECT 'post' AS kind, date, l.influencer_id, platform, brand,
        coalesce(l.product, '{unknown}') AS product,
        coalesce(l.product_category, c.known_category, '{unknown}') AS product_category,
        coalesce(l.campaign, '{unknown}') AS campaign, campaign_type,
        coalesce(b.basis, a.basis, '(no payout)') AS basis,
        count(*)::DOUBLE AS posts, sum(reach) AS reach, sum(impressions) AS impressions, sum(likes) AS likes,
        sum(comments) AS comments, sum(shares) AS shares, sum(saves) AS saves, sum(video_views) AS video_views,
        {post_clicks} AS clicks
    FROM post_lines l
    LEFT JOIN category_of c USING (product)
    LEFT JOIN basis_in b ON b.influencer_id = l.influencer_id AND b.campaign = l.campaign
    LEFT JOIN basis_of a ON a.influencer_id = l.influencer_id
    GROUP BY ALL

    UNION ALL BY NAME
    SELECT 'payout' AS kind, date, influencer_id, brand,
        coalesce(product, '{unallocated}') AS product,
        coalesce(product_category, c.known_category, '{unallocated}') AS product_category,
        coalesce(campaign, '{unallocated}') AS campaign, campaign_type, period,
        coalesce(source, '{unallocated}') AS source, coalesce(basis, '{unknown}') AS basis, status,
        sum(payout_units) AS payout_units, sum(gift_units) AS gift_units
    FROM spend_lines l LEFT JOIN category_of c USING (product) GROUP BY ALL

    UNION ALL BY NAME
    SELECT 'person' AS kind, influencer_id, platform FROM people WHERE listed
)
ORDER BY date
