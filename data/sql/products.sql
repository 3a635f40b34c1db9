-- stated: what posts and orders state of each product; no pass over the rows.
CREATE TEMP TABLE stated AS
SELECT product, brand, product_category, sum(margins) AS margins, sum(with_margin) AS with_margin,
    sum(prices) AS prices, sum(with_price) AS with_price
FROM (
    SELECT product, brand, product_category, margins, with_margin, prices, with_price FROM order_draft{paid}
    UNION ALL
    SELECT product, brand, product_category, margin, (margin IS NOT NULL)::INT, price, (price IS NOT NULL)::INT
    FROM post_lines
) WHERE product IS NOT NULL GROUP BY ALL;

-- A product's margin and price, where posts or orders state them: the mean of what is stated.
CREATE TABLE products AS
SELECT product, max(brand) AS brand, max(product_category) AS product_category,
    sum(margins) / nullif(sum(with_margin), 0) AS margin, sum(prices)::DOUBLE / nullif(sum(with_price), 0) AS price
FROM stated GROUP BY ALL;

CREATE TEMP TABLE margin_of AS SELECT product, margin AS product_margin FROM products;

CREATE TEMP TABLE category_of AS SELECT product, product_category AS known_category FROM products
