-- place_days: what was sold by day, place of the order and its words; only where rows say a place.
CREATE TABLE place_days AS
SELECT m.date, p.meant AS place, w.brand,
    coalesce(w.product, '{unknown}') AS product,
    coalesce(w.product_category, w.known_category, '{unknown}') AS product_category,
    coalesce(w.campaign, '{unknown}') AS campaign,
    w.campaign_type, w.period,
    sum(m.revenue) FILTER (WHERE NOT w.organic) AS revenue, sum(m.revenue) AS revenue_all,
    sum(m.orders) FILTER (WHERE NOT w.organic) AS orders, sum(m.orders) AS orders_all
FROM order_measures m JOIN order_words w USING (words) LEFT JOIN say_place p ON p.written = m.city
GROUP BY ALL
ORDER BY m.date
