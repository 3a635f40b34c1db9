-- sold: the rows that orders and revenue come from, as they stand: tracking.
CREATE TEMP VIEW sold AS
SELECT file_no, row_no, user_id, date, orders, revenue, profit, margin, clicks, price{place}, {words} FROM tracking;

-- written: each combination of words that stands in the rows, once, with what is stated beside it.
CREATE TEMP TABLE written AS
SELECT row_number() OVER ()::INTEGER AS words, * FROM (
    SELECT {words}, sum(margin) AS margins, count(margin) AS with_margin, sum(price) AS prices,
        count(price) AS with_price
    FROM sold GROUP BY {words});

-- What each combination means. Organic: no influencer, or a source that says so; such a row is nobody's.
CREATE TEMP VIEW order_draft AS
SELECT t.words, p.influencer_id IS NULL OR coalesce(kind = 'organic', FALSE) AS organic,
    CASE WHEN NOT coalesce(kind = 'organic', FALSE) THEN p.influencer_id END AS influencer_id,
    t.campaign, t.source, kind AS source_kind, {campaign_type} AS campaign_type, {period} AS period, {brand},
    CASE WHEN {brand_only} IS NULL THEN t.product END AS product,
    {product_category} AS product_category, t.margins, t.with_margin, t.prices, t.with_price
FROM (SELECT *, {kind} AS kind FROM written) t LEFT JOIN people p USING (influencer_id)
