-- Each key's whole amount cut over its rows by weight: floors, then one unit each to the largest remainders.
SELECT * EXCLUDE (total, floor_part, rest, missing, place),
    sign({amount})::HUGEINT * (floor_part + CASE WHEN place <= missing THEN 1 ELSE 0 END) AS share
FROM (
    SELECT *,
        abs({amount}) - sum(floor_part) OVER (PARTITION BY {key}) AS missing,
        row_number() OVER (PARTITION BY {key} ORDER BY rest DESC, date, brand, product, campaign) AS place
    FROM (
        SELECT *, (abs({amount}) * weight) // total AS floor_part, (abs({amount}) * weight) % total AS rest
        FROM (SELECT *, sum(weight) OVER (PARTITION BY {key})::HUGEINT AS total FROM {rows})
    )
)
WHERE floor_part > 0 OR place <= missing
