-- order_words: what each combination of words means, with what its influencer is paid by.
CREATE TABLE order_words AS
SELECT l.words, l.organic, l.influencer_id, l.campaign, l.source, l.source_kind, l.campaign_type, l.period, l.brand,
    l.product, l.product_category, c.known_category,
    CASE WHEN organic THEN '{organic}' ELSE coalesce(b.basis, a.basis, '(no payout)') END AS basis
FROM order_draft{paid} l
LEFT JOIN category_of c USING (product)
LEFT JOIN basis_in b ON b.influencer_id = l.influencer_id AND b.campaign = l.campaign
LEFT JOIN basis_of a ON a.influencer_id = l.influencer_id;

CREATE TEMP TABLE named AS
SELECT hash({salt}, {written}) AS combination, words, m.product_margin
FROM written{paid} t LEFT JOIN order_draft{paid} d USING (words) LEFT JOIN margin_of m ON m.product = d.product;

-- firsts: the row of each customer's first purchase: by day (rows without a day come last), then by file and row.
-- {lines} is beyond any line; the days are moved up so that none is negative.
CREATE TEMP TABLE firsts AS
SELECT (min((coalesce(date - DATE '1970-01-01', 9000000) + 1000000)::{whole} * {lines} + {line}) % {lines})::BIGINT
    AS line
FROM sold{paid} WHERE user_id IS NOT NULL AND coalesce(orders, 1) > 0 GROUP BY user_id;

-- Every order row with its measures and the number of its words, and whether it is its customer's first.
-- Customers' ids hardly repeat: no dictionary holds them well.
SET force_compression='zstd';
CREATE TABLE order_measures AS
SELECT file_no, row_no, user_id, date, orders, revenue, profit, margin, clicks, price{place}, n.words,
    coalesce(profit, revenue * coalesce(margin, n.product_margin)) AS gross_profit,
    CASE WHEN user_id IS NOT NULL THEN (f.line IS NOT NULL)::INT END AS is_first
FROM sold{paid} t
LEFT JOIN named n ON n.combination = hash({salt}, {written})
LEFT JOIN firsts f ON f.line = {line};
DROP TABLE firsts;
SET force_compression='dict_fsst';

CREATE VIEW order_lines AS SELECT m.*, w.* EXCLUDE (words) FROM order_measures m JOIN order_words w USING (words);

-- order_days: the sums of every day and combination of words.
CREATE TEMP TABLE order_sums AS
SELECT words, date, sum(revenue) AS revenue, sum(orders) AS orders, sum(gross_profit) AS gross_profit,
    sum(is_first) AS is_first, sum(clicks) AS clicks, count(*) AS lines
FROM order_measures GROUP BY ALL;

CREATE TEMP VIEW order_days AS SELECT d.*, w.* EXCLUDE (words) FROM order_sums d JOIN order_words w USING (words)
