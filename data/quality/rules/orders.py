"""Decides what is worth saying about order rows: whose they are, what they lack, what cannot be right."""

from __future__ import annotations

from data import schema
from data.quality.rules import CountRule, RowRule, Rule, SameRule

_U = f"'{schema.UNKNOWN}'"


def _rule(id: str, weight: str, when: str, says: str, do: str, needs: str = "", base: str = "orders") -> RowRule:
    columns = tuple(f"tracking.{key}" for key in needs.split())
    return RowRule(id, weight, "tracking", "{n} order [row|rows] " + says, do, base, when, columns)


_LOOK = "Compare these rows with the shop's own export."
_DAYS = "Correct the day, or check whether day and month changed places."

RULES: tuple[Rule, ...] = (
    _rule("orders.organic", "info", "l.organic",
          "[is|are] organic (no influencer, or a source that says so): kept, and credited to nobody.",
          "Nothing, when they are organic; else give them an influencer_id."),
    _rule("orders.brand_unknown", "check", f"l.brand = {_U}",
          "[names|name] no brand in [its|their] brand, product, source or campaign: "
          "[it counts|they count] under “(unknown)”.",
          "Add a brand column to tracking."),
    RowRule("orders.brand_derived", "info", "tracking",
            "The brand of {n} order [row|rows] was taken from [its|their] product, source or campaign.",
            "Add a brand column to tracking where that is wrong.",
            "orders_stated", f"t.brand IS NULL AND l.brand <> {_U}", (), "tracking.brand"),
    CountRule("orders.from_payouts", "check", "tracking",
              "There is no tracking table: orders and revenue of {n} [influencer|influencers] "
              "are taken from the payouts table.",
              "Import the tracking table to see days, products and customers.",
              "SELECT CASE WHEN (SELECT count(*) FROM tracking) = 0 THEN count(*) ELSE 0 END FROM order_lines"),
    _rule("orders.stranger", "check", "NOT p.listed",
          "[names|name] an influencer who is not in the influencers table: [it counts|they count], "
          "with unknown traits.",
          "Add the influencer to the influencers table, or correct the id."),
    _rule("orders.free", "check", "coalesce(l.orders, 0) = 0 AND l.revenue > 0",
          "[has|have] revenue and no orders: AOV and cost per order are off by [it|them].",
          "Fill the orders column."),
    _rule("orders.other_platform", "check", "s.meant <> p.platform",
          "[names|name] another platform in [its|their] source than [its|their] influencer's: "
          "[it counts|they count] under the influencer's.",
          "Check the source, or the influencer's platform.", "source"),
    _rule("orders.no_date", "check", "l.date IS NULL",
          "[has|have] no day: [it counts|they count] in totals, and in no span of days.",
          "Fill the date column, or answer the question about its order."),
    _rule("orders.no_revenue", "check", "l.revenue IS NULL",
          "[states|state] no revenue: [it adds|they add] nothing to it.", "Fill the revenue column."),
    _rule("orders.negative", "check", "l.revenue < 0 OR l.orders < 0",
          "[has|have] negative revenue or orders (a return?): summed as given.",
          "Nothing, when they are returns; else correct the sign."),
    _rule("orders.fraction", "info", "l.orders <> floor(l.orders)",
          "[counts|count] a part of an order (such as 0.5): summed as given.",
          "Nothing, when credit is shared; else correct the orders column.", "orders"),
    _rule("orders.huge", "check", "l.revenue > 100 * k.order_value * greatest(coalesce(l.orders, 1), 1)",
          "[has|have] more than 100 times the usual revenue an order.",
          "Look for a missing decimal point or a total among the rows.", "revenue"),
    _rule("orders.future", "check", "l.date > k.today",
          "[has|have] a day after the day of the import.", _DAYS, "date"),
    _rule("orders.early", "check", "l.date < DATE '2005-01-01'",
          "[has|have] a day before 2005.", _DAYS, "date"),
    _rule("orders.before_post", "info", "l.date < p.first_post",
          "[lies|lie] before the first post of [its|their] influencer.",
          "Check the day, or import the earlier posts.", "date"),
    _rule("orders.price_off", "info",
          "l.price * l.orders > 0 AND NOT l.revenue BETWEEN 0.1 * l.price * l.orders AND 10 * l.price * l.orders",
          "[has|have] less than a tenth or more than ten times the revenue that price × orders gives: "
          "it counts as given.",
          "Nothing, when there are discounts or baskets; else correct price or revenue.", "price orders"),
    _rule("orders.profit_over", "check", "l.profit > l.revenue AND l.revenue >= 0",
          "[has|have] more profit than revenue.", "Correct the profit column.", "profit"),
    _rule("orders.margin_out", "check", "l.margin < 0 OR l.margin > 1",
          "[has|have] a margin below 0 or above 100 %.", "Correct the margin column.", "margin"),
    _rule("orders.score_out", "check", "l.attribution_score < 0 OR l.attribution_score > 1",
          "[has|have] an attribution score outside 0 to 1: it is shown as given, and credits nothing.",
          "Correct the score.", "attribution_score", "tracking"),
    _rule("orders.type_missing", "check", "l.campaign_type IS NULL AND NOT l.organic",
          "[says|say] neither test nor control where others do: [it is|they are] left out of that comparison.",
          "Fill the campaign_type column.", "campaign_type"),
    _rule("orders.control_credited", "info", "lower(l.campaign_type) = 'control' AND l.influencer_id IS NOT NULL",
          "of the control arm [names|name] an influencer: [it counts|they count] as [its|their] orders "
          "outside that comparison.",
          "Nothing, when control means another treatment; else take the influencer away.", "campaign_type"),
    _rule("orders.post_missing", "check", "l.post_id IS NOT NULL AND t.post_id IS NULL",
          "[names|name] a post that is not in the posts table.",
          "Import the missing posts, or correct the post_id.", "post_id", "tracking_posts"),
    _rule("orders.post_of_other", "check",
          "t.posters = 1 AND t.poster <> l.influencer_id",
          "[names|name] a post of another influencer: [it counts|they count] for the influencer in the row.",
          "Correct the post_id or the influencer_id.", "post_id", "tracking_posts"),
    SameRule("orders.repeated", "check", "tracking",
             "{n} order [row repeats|rows repeat] an earlier row in every column: [it counts|they count] as given.",
             _LOOK, "tracking_id"),
)  # fmt: skip
