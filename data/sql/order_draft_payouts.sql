-- Without any tracking rows, orders and revenue come from the payouts table where it states them.
CREATE TEMP VIEW order_draft_paid AS
SELECT * FROM order_draft WHERE FALSE
UNION ALL BY NAME
SELECT p.file_no, p.row_no, FALSE AS organic, p.influencer_id, p.campaign,
    coalesce({brand}, '{unknown}') AS brand, p.orders, p.revenue,
    p.file_no::BIGINT * 1099511627776 + p.row_no AS line
FROM payouts p WHERE p.influencer_id IS NOT NULL AND (p.revenue IS NOT NULL OR p.orders IS NOT NULL)
