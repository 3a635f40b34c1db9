-- numbered: every part cut over its rows.
CREATE TEMP TABLE numbered AS SELECT row_number() OVER () AS line_id, * FROM ({cut_targets});

-- mixed: a fee on a post that names no brand (or no product), beside the influencer's orders of that brand.
CREATE TEMP TABLE mix AS
SELECT influencer_id, brand, product, product_category, sum(orders) AS weight
FROM order_rows GROUP BY ALL HAVING sum(orders) > 0;

CREATE TEMP TABLE open_lines AS
SELECT * FROM numbered n
WHERE rule = 'posts' AND (brand = '{unknown}' OR product IS NULL) AND EXISTS (
    SELECT 1 FROM mix m WHERE m.influencer_id = n.influencer_id AND (n.brand = '{unknown}' OR m.brand = n.brand)
);

CREATE TEMP TABLE mixed AS
SELECT n.* EXCLUDE (units, share, weight, brand, product, product_category), n.share AS units, m.weight, m.brand,
    coalesce(n.product, m.product) AS product, coalesce(n.product_category, m.product_category) AS product_category
FROM open_lines n JOIN mix m ON m.influencer_id = n.influencer_id AND (n.brand = '{unknown}' OR m.brand = n.brand);

-- refined: those fees cut further over these orders; what still names nothing stays as unallocated.
CREATE TEMP TABLE refined AS
SELECT * EXCLUDE (units, weight, line_id, part_id) FROM ({cut_mixed})
UNION ALL BY NAME
SELECT * EXCLUDE (units, weight, line_id, part_id) REPLACE (
    CASE WHEN rule = 'posts' AND brand = '{unknown}' THEN '{unallocated}' ELSE brand END AS brand,
    CASE WHEN rule = 'posts' AND product IS NULL THEN '{unallocated}' ELSE product END AS product
)
FROM numbered WHERE line_id NOT IN (SELECT line_id FROM open_lines);

CREATE TABLE spend_lines AS
SELECT influencer_id, date, campaign, {dims}, basis, status, rule,
    sum(CASE WHEN layer = 'payout' THEN share END) AS payout_units,
    sum(CASE WHEN layer = 'gift' THEN share END) AS gift_units
FROM (SELECT * FROM refined UNION ALL BY NAME SELECT * FROM bare) GROUP BY ALL
