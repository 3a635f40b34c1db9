-- Every order row, or every sum of a day, with all its dimensions named.
CREATE {kind} {view} AS
SELECT organic, date, influencer_id, {user} brand,
    coalesce(product, '{unknown}') AS product,
    coalesce(product_category, known_category, '{unknown}') AS product_category,
    coalesce(campaign, '{unknown}') AS campaign,
    campaign_type, period,
    coalesce(source, '{unknown}') AS source,
    basis, revenue, orders, gross_profit, clicks, is_first
FROM {rows}
