-- Every order row with all its dimensions named.
CREATE VIEW order_named AS
SELECT organic, date, influencer_id, user_id, brand,
    coalesce(product, '{unknown}') AS product,
    coalesce(product_category, known_category, '{unknown}') AS product_category,
    coalesce(campaign, '{unknown}') AS campaign,
    campaign_type, period,
    coalesce(source, '{unknown}') AS source,
    basis, revenue, orders, gross_profit, clicks, is_first
FROM order_lines
