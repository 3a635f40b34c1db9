-- Without any tracking rows, orders and revenue come from the payouts table where it states them.
CREATE TEMP VIEW sold_paid AS
SELECT * FROM sold WHERE FALSE
UNION ALL BY NAME
SELECT file_no, row_no, influencer_id, campaign, orders, revenue FROM payouts
WHERE influencer_id IS NOT NULL AND (revenue IS NOT NULL OR orders IS NOT NULL);

CREATE TEMP TABLE written_paid AS
SELECT row_number() OVER ()::INTEGER AS words, * FROM (SELECT DISTINCT {words} FROM sold_paid);

CREATE TEMP VIEW order_draft_paid AS
SELECT * FROM order_draft WHERE FALSE
UNION ALL BY NAME
SELECT p.words, FALSE AS organic, p.influencer_id, p.campaign, coalesce({brand}, '{unknown}') AS brand
FROM written_paid p
