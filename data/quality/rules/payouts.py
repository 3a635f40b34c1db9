"""Decides what is worth saying about payouts: amounts that fit no rate, people without activity, unknown campaigns."""

from __future__ import annotations

from data.quality.rules import RowRule, Rule, SameRule


def _rule(id: str, weight: str, when: str, says: str, do: str, needs: str = "", base: str = "payouts") -> RowRule:
    columns = tuple(f"payouts.{key}" for key in needs.split())
    return RowRule(id, weight, "payouts", "{n} [payout|payouts] " + says, do, base, when, columns)


_CONTRACT = "Compare with the contract and the payment."

RULES: tuple[Rule, ...] = (
    _rule("payouts.rule", "check", "TRUE",
          "[differs|differ] from what [its|their] rate gives (rate alone, × posts, × orders or × revenue): "
          "the amounts are taken as given.", _CONTRACT, "", "gaps"),
    _rule("payouts.missing", "check", "l.payout IS NULL",
          "[states|state] no amount: [it counts|they count] as no spend.", "Fill the total_payout column."),
    _rule("payouts.zero", "info", "l.payout = 0", "[is|are] zero.", "Nothing, when nothing was paid."),
    _rule("payouts.negative", "check", "l.payout < 0",
          "[is|are] negative (a clawback?): summed as given.", "Nothing, when money came back; else correct the sign."),
    RowRule("payouts.no_post", "check", "payouts",
            "{n} [payout|payouts] per post [goes|go] to influencers without a post.",
            "Import the missing posts, or check the pay basis.",
            "payouts", "l.basis = 'post' AND l.payout <> 0 AND p.posts = 0", ("posts.influencer_id",)),
    _rule("payouts.unallocated", "info", "l.payout <> 0 AND p.posts = 0 AND p.orders = 0",
          "[goes|go] to influencers without any post or order: [it stays|they stay] in the totals as “(unallocated)”.",
          "Import their posts and orders, or check the id."),
    _rule("payouts.nobody", "check", "l.influencer_id IS NULL",
          "[names|name] no influencer: [it stays|they stay] in the totals as “(unallocated)”.",
          "Fill the influencer_id."),
    _rule("payouts.unlisted", "check", "NOT p.listed",
          "[goes|go] to an influencer who is not in the influencers table: [it counts|they count], "
          "with unknown traits.", "Add the influencer to the influencers table, or correct the id."),
    _rule("payouts.campaign_unseen", "check", "l.campaign IS NOT NULL AND c.seen IS NULL AND n.named",
          "[is|are] for a campaign that no post and no order names.",
          "Spell the campaign alike in all tables.", "campaign", "payouts_campaigns"),
    _rule("payouts.before_post", "info", "l.payout_date < p.first_post",
          "[was|were] paid before the first post of [its|their] influencer.",
          "Check the payment day, or import the earlier posts.", "payout_date"),
    _rule("payouts.bonus_over", "check", "l.bonus > l.payout AND l.payout >= 0",
          "[has|have] a bonus above the whole amount.", _CONTRACT, "bonus"),
    _rule("payouts.cost_below", "check", "l.total_cost < l.total_payout",
          "[has|have] a total cost below the amount owed.", _CONTRACT, "total_cost total_payout", "payouts_written"),
    SameRule("payouts.repeated", "check", "payouts",
             "{n} [payout repeats|payouts repeat] an earlier row in every column: [it counts|they count] as given.",
             "Take the copies out, or give every payout its payout_id.", "payout_id"),
)  # fmt: skip
