-- A product's margin and price, where posts or orders state them: the mean of what is stated.
CREATE TEMP TABLE margin_of AS
SELECT product, avg(margin) AS product_margin, avg(price) AS product_price
FROM (SELECT product, margin, price FROM post_lines UNION ALL SELECT product, margin, price FROM order_lines)
WHERE product IS NOT NULL GROUP BY ALL;

CREATE TABLE products AS
SELECT l.product, max(l.brand) AS brand, max(l.product_category) AS product_category,
    max(m.product_margin) AS margin, max(m.product_price) AS price
FROM (
    SELECT product, brand, product_category FROM order_lines
    UNION ALL
    SELECT product, brand, product_category FROM post_lines
) l
LEFT JOIN margin_of m USING (product) WHERE l.product IS NOT NULL GROUP BY ALL;

CREATE TEMP TABLE category_of AS
SELECT product, max(product_category) AS known_category FROM products GROUP BY ALL
