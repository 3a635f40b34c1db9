-- One row a tracking row. Organic: no influencer, or a source that says so; such a row is nobody's.
-- line: the row's file and number in one, which order rows of the same day stand by.
CREATE TEMP VIEW order_draft AS
SELECT t.file_no, t.row_no, p.influencer_id IS NULL OR coalesce(kind = 'organic', FALSE) AS organic,
    CASE WHEN NOT coalesce(kind = 'organic', FALSE) THEN p.influencer_id END AS influencer_id, t.user_id,
    t.date, t.campaign, t.source, kind AS source_kind, {campaign_type} AS campaign_type, {period} AS period, {brand},
    CASE WHEN {brand_only} IS NULL THEN t.product END AS product,
    {product_category} AS product_category,
    t.orders, t.revenue, t.profit, t.margin, t.clicks, t.price,
    t.file_no::BIGINT * 1099511627776 + t.row_no AS line
FROM (SELECT *, {kind} AS kind FROM tracking) t LEFT JOIN people p USING (influencer_id)
