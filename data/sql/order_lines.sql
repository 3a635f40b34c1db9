-- firsts: the row of each customer's first purchase: by day (rows without a day come last), then by file and row.
-- 72057594037927936 is 2^56, beyond any line; the days are moved up so that none is negative.
CREATE TEMP TABLE firsts AS
SELECT (min((coalesce(date - DATE '1970-01-01', 9000000) + 1000000)::HUGEINT * 72057594037927936 + line)
    % 72057594037927936)::BIGINT AS line
FROM {draft} WHERE user_id IS NOT NULL AND coalesce(orders, 1) > 0 GROUP BY user_id;

-- Every order row with its margin, what its influencer is paid by, and whether it is its customer's first.
CREATE TABLE order_lines AS
SELECT l.* EXCLUDE (line), c.known_category,
    CASE WHEN organic THEN '{organic}' ELSE coalesce(b.basis, a.basis, '(no payout)') END AS basis,
    coalesce(l.profit, l.revenue * coalesce(l.margin, m.product_margin)) AS gross_profit,
    CASE WHEN l.user_id IS NOT NULL THEN (f.line IS NOT NULL)::INT END AS is_first
FROM {draft} l
LEFT JOIN margin_of m USING (product)
LEFT JOIN category_of c USING (product)
LEFT JOIN basis_in b ON b.influencer_id = l.influencer_id AND b.campaign = l.campaign
LEFT JOIN basis_of a ON a.influencer_id = l.influencer_id
LEFT JOIN firsts f ON f.line = l.line;
DROP TABLE firsts
