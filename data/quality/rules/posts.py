"""Decides what is worth saying about posts: counts that cannot be, platforms, days, addresses, whose they are."""

from __future__ import annotations

from data.quality.rules import RowRule, Rule, SameRule


def _rule(id: str, weight: str, when: str, says: str, do: str, needs: str = "", base: str = "posts") -> RowRule:
    columns = tuple(f"posts.{key}" for key in needs.split())
    return RowRule(id, weight, "posts", "{n} [post|posts] " + says, do, base, when, columns)


_NUMBERS = "Compare with the platform's own figures."
_DAYS = "Correct the day, or check whether day and month changed places."

RULES: tuple[Rule, ...] = (
    _rule("posts.over_reach", "check", "l.likes + l.comments > l.reach",
          "[has|have] more likes and comments than reach.", _NUMBERS, "likes comments reach"),
    _rule("posts.over_followers", "info", "l.reach > p.followers",
          "reached more accounts than [its|their] influencer has followers.", _NUMBERS, "reach"),
    _rule("posts.other_platform", "info", "l.platform <> p.platform",
          "[stands|stand] on another platform than [its|their] influencer's own: "
          "posts count where they stand, orders and spend where the influencer is at home.",
          "Check the platform of the post or of the influencer.", "platform"),
    _rule("posts.negative", "check",
          "least(l.likes, l.comments, l.reach, l.impressions, l.shares, l.saves, l.video_views, l.clicks) < 0",
          "[has|have] a negative count; it is summed as given.", "Correct the sign."),
    _rule("posts.stranger", "check", "l.influencer_id IS NULL",
          "[names|name] no influencer.", "Fill the influencer_id."),
    _rule("posts.unlisted", "check", "NOT p.listed",
          "[is|are] of an influencer who is not in the influencers table: [it counts|they count], with unknown traits.",
          "Add the influencer to the influencers table, or correct the id."),
    _rule("posts.no_date", "check", "l.date IS NULL",
          "[has|have] no day: [it counts|they count] in totals, and in no span of days.",
          "Fill the date column, or answer the question about its order."),
    _rule("posts.future", "check", "l.date > k.today", "[has|have] a day after the day of the import.", _DAYS, "date"),
    _rule("posts.early", "check", "l.date < DATE '2005-01-01'", "[has|have] a day before 2005.", _DAYS, "date"),
    _rule("posts.no_reach", "info", "l.reach IS NULL",
          "[states|state] no reach where others do: engagement rates leave [its|their] reach out.",
          "Fill the reach column.", "reach"),
    _rule("posts.engaged_unseen", "check", "l.reach = 0 AND l.likes + l.comments > 0",
          "[has|have] likes or comments and a reach of zero.", _NUMBERS, "reach"),
    _rule("posts.below_reach", "check", "l.impressions < l.reach",
          "[has|have] fewer impressions than reach: an account that saw it makes at least one.", _NUMBERS,
          "impressions reach"),
    _rule("posts.views_over", "check", "l.video_views > 10 * l.impressions AND l.impressions >= 0",
          "[has|have] more than ten times as many plays as impressions.", _NUMBERS, "video_views impressions"),
    _rule("posts.clicks_over", "check", "l.clicks > coalesce(l.impressions, l.reach)",
          "[has|have] more clicks than impressions (or reach, where no impressions are stated).", _NUMBERS, "clicks"),
    _rule("posts.margin_out", "check", "l.margin < 0 OR l.margin > 1",
          "[has|have] a margin below 0 or above 100 %.", "Correct the margin column.", "margin"),
    _rule("posts.bad_url", "check",
          "regexp_matches(trim(l.url), '^[A-Za-z][A-Za-z0-9+.-]*:') AND NOT regexp_matches(trim(l.url), '^(?i)https?://')",
          "[has|have] an address that is no web address (http or https): it is shown as text, never as a link.",
          "Correct the url.", "url", "posts_written"),
    _rule("posts.long_text", "info", "length(l.caption) > 10000",
          "[has|have] a caption of more than 10,000 characters: kept whole.",
          "Look for a quote that was never closed.", "caption", "posts_written"),
    SameRule("posts.repeated", "check", "posts",
             "{n} [post repeats|posts repeat] an earlier row in every column: [it counts|they count] as given.",
             "Take the copies out, or give every post its post_id.", "post_id"),
)  # fmt: skip
