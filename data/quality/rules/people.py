"""Decides what is worth saying about influencers, products and the tables as a whole: gaps, doubles, spans apart."""

from __future__ import annotations

from data import reference, schema
from data.quality.rules import CountRule, RowRule, Rule


def _rule(id: str, weight: str, when: str, says: str, do: str, needs: str = "") -> RowRule:
    columns = tuple(f"influencers.{key}" for key in needs.split())
    return RowRule(id, weight, "influencers", "{n} [influencer|influencers] " + says, do, "people", when, columns)


def _other_tier() -> str:
    """True where the stated tier is one of ours by name, and no scheme gives it for these followers."""
    named = {tier.name for tiers in reference.tiers().values() for tier in tiers}
    known = ", ".join(f"'{name.casefold()}'" for name in sorted(named))
    computed = ", ".join(f"lower(p.tier_{scheme})" for scheme in reference.tiers())
    stated = "regexp_extract(lower(l.given_tier), '[a-z]+')"
    return f"l.followers IS NOT NULL AND {stated} IN ({known}) AND NOT coalesce({stated} IN ({computed}), FALSE)"


_SOLD = f"kind IN ('order', 'post') AND product <> '{schema.UNKNOWN}' AND brand <> '{schema.UNKNOWN}'"
_DAYS = "SELECT min(date) AS low, max(date) AS high, count(DISTINCT date) AS days FROM facts WHERE kind = 'order'"
_PRICES = "SELECT product, price FROM {} WHERE product IS NOT NULL AND price IS NOT NULL GROUP BY ALL"
_IDLE = "p.posts = 0 AND p.orders = 0 AND (SELECT count(*) > 0 FROM rule_people WHERE posts + orders > 0)"

RULES: tuple[Rule, ...] = (
    _rule("people.no_payout", "info", "NOT p.paid AND (SELECT count(*) > 0 FROM owed_lines)",
          "[has|have] no payout: [its|their] ROAS cannot be computed.", "Import the missing payouts."),
    _rule("people.idle", "info", _IDLE, "[has|have] no post and no order.",
          "Import their posts and orders, or check the id."),
    CountRule("people.same_name", "info", "influencers",
              "{n} [name belongs|names belong] to more than one influencer id: they are kept apart by id.",
              "Correct the id where they are one person.",
              "SELECT count(*) FROM (SELECT influencer FROM people GROUP BY 1 HAVING count(*) > 1)"),
    CountRule("people.unlisted", "check", "influencers",
              "{n} [influencer is|influencers are] known only from posts, orders or payouts, "
              "not from the influencers table.", "Add them to the influencers table.",
              "SELECT count(*) FROM people WHERE NOT listed"),
    _rule("people.no_followers", "info", "l.followers IS NULL",
          "[states|state] no followers where others do: [its|their] tier is unknown.", "Fill the followers column.",
          "followers"),
    _rule("people.followers_none", "check", "l.followers <= 0", "[has|have] zero followers or fewer.",
          "Correct the followers column.", "followers"),
    _rule("people.rate_over", "check", "l.given_engagement_rate > 100 OR l.given_engagement_rate < 0",
          "[states|state] an engagement rate below 0 or above 100 %: ours is computed from posts.",
          "Correct the engagement rate.", "given_engagement_rate"),
    _rule("people.other_tier", "info", _other_tier(),
          "[states|state] another tier than [its|their] followers give under any scheme: ours is computed.",
          "Check followers and tier.", "given_tier followers"),
    _rule("people.no_name", "info", "l.name IS NULL", "[has|have] no name: the id is shown.",
          "Fill the name column.", "name"),
    CountRule("products.two_brands", "check", "tracking",
              "{n} [product stands|products stand] under more than one brand.", "Spell the brand alike in all rows.",
              "SELECT count(*) FROM (SELECT product FROM facts "
              f"WHERE {_SOLD} GROUP BY 1 HAVING min(brand) <> max(brand))"),
    CountRule("products.prices", "info", "tracking",
              "{n} [product has|products have] more than one price: the mean of what is stated is shown.",
              "Nothing, when the price changed.",
              f"SELECT count(*) FROM (SELECT product FROM ({_PRICES.format('order_lines')} UNION ALL "
              f"{_PRICES.format('post_lines')}) GROUP BY 1 HAVING min(price) <> max(price))"),
    CountRule("orders.gap_days", "info", "tracking",
              "{n} [day|days] between the first and the last order [has|have] none.",
              "Look whether a part of the export is missing.",
              f"SELECT CASE WHEN 2 * days > high - low THEN high - low + 1 - days END FROM ({_DAYS})"),
    CountRule("spans.apart", "check", "",
              "The days of the posts and the days of the orders do not meet: nothing can follow from them.",
              "Check whether both files are of the same campaign and year, and the order of day and month.",
              "SELECT CASE WHEN max(date) FILTER (kind = 'order') < min(date) FILTER (kind = 'post') OR "
              "min(date) FILTER (kind = 'order') > max(date) FILTER (kind = 'post') + 365 THEN 1 END FROM facts"),
)  # fmt: skip
