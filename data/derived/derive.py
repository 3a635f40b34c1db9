"""Decides what each row is called by: people, order lines and post lines in one spelling, branded, organic marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from data import reference, schema
from data.derived import orders
from data.engines.duckdb import Writer
from data.values import spelling

_NOBODY = ("nan", "none", "null", "na", "n/a", "-")
_TRAITS = ("influencer_category", "gender", "persona", "city")


def _lookup(writer: Writer, name: str, words: Mapping[str, str]) -> None:
    """A table `name` (written, meant) of the words that mean something."""
    writer.run(f"CREATE OR REPLACE TEMP TABLE {name} (written VARCHAR, meant VARCHAR)")
    kept = {written: meant for written, meant in words.items() if meant}
    if kept:
        writer.fill(name, {"written": list(kept), "meant": list(kept.values())})


def _counts(writer: Writer, sql: str) -> dict[str, int]:
    counted = f"SELECT t, count(*) FROM ({sql}) x(t) WHERE t IS NOT NULL GROUP BY t"
    return {text: rows for text, rows in writer.rows(counted)}


def prepare(writer: Writer) -> None:
    """Make the tables `people`, `order_lines`, `post_lines`, `owed_lines` and `products` from the four tables."""
    _labels(writer)
    _people(writer)
    _posts(writer)
    _owed(writer)
    _orders(writer)


_HOLDERS: dict[str, tuple[tuple[str, str], ...]] = {
    "platform": (("influencers", "platform"), ("posts", "platform")),
    "gender": (("influencers", "gender"),),
    "influencer_category": (("influencers", "influencer_category"),),
    "persona": (("influencers", "persona"),),
    "city": (("influencers", "city"),),
    "place": (("tracking", "city"),),
    "basis": (("payouts", "basis"),),
    "status": (("payouts", "status"),),
    "period": (("tracking", "period"),),
    "campaign_type": (("posts", "campaign_type"), ("tracking", "campaign_type")),
    "product_category": (("posts", "product_category"), ("tracking", "product_category")),
    "brand": (("posts", "brand"), ("tracking", "brand")),
    "product": (("posts", "product"), ("tracking", "product")),
    "source": (("tracking", "source"),),
    "campaign": (("posts", "campaign"), ("tracking", "campaign"), ("payouts", "campaign")),
    "caption": (("posts", "caption"),),
}
_MEANINGS: dict[str, tuple[str, Callable[[str], str]]] = {
    "brand_of_product": ("product", spelling.brand_in),
    "brand_of_source": ("source", spelling.brand_in),
    "brand_of_campaign": ("campaign", spelling.brand_in),
    "brand_of_caption": ("caption", spelling.brand_in),
    "platform_of_source": ("source", spelling.platform_in),
    "brand_only": ("product", lambda text: "yes" if spelling.is_only_brand(text) else ""),
}


def _labels(writer: Writer) -> None:
    """Lookups: say_<label> for the spelling of each label, and what products, sources, campaigns and captions name."""
    written = {}
    for dimension, places in _HOLDERS.items():
        union = " UNION ALL ".join(f'SELECT "{field}" FROM {table}' for table, field in places)
        written[dimension] = _counts(writer, union)
    for dimension, counts in written.items():
        if dimension in ("product", "source", "campaign", "caption"):
            continue
        spelled = spelling.brand_label(counts) if dimension == "brand" else spelling.labels(dimension, counts)
        _lookup(writer, f"say_{dimension}", spelled)
    for name, (field, meaning) in _MEANINGS.items():
        _lookup(writer, name, {text: meaning(text) for text in written[field]})
    posts = {text for (text,) in writer.rows("SELECT DISTINCT post_id FROM posts WHERE post_id IS NOT NULL")}
    _lookup(writer, "kind_of_source", {text: spelling.source_kind(text, posts) for text in written["source"]})


def _say(lookup: str, column: str) -> str:
    return f"(SELECT meant FROM {lookup} WHERE written = {column})"


def _people(writer: Writer) -> None:
    """One row an influencer: those of the roster, and ids that only other tables know. Tiers under every scheme."""
    home = "SELECT influencer_id, mode(platform) AS platform FROM posts WHERE platform IS NOT NULL GROUP BY ALL"
    named = f"SELECT influencer_id, mode({_say('platform_of_source', 'source')}) AS platform FROM tracking GROUP BY ALL"
    nobody = ", ".join(f"'{word}'" for word in _NOBODY)
    at_home = _say("say_platform", "i.platform")
    traits = ", ".join(f"{_say(f'say_{key}', f'i.{key}')} AS {key}" for key in _TRAITS)
    tiers = ", ".join(f"{_tier(scheme)} AS tier_{scheme}" for scheme in reference.tiers())
    writer.run(f"""
        CREATE TABLE people AS
        WITH ids AS (
            SELECT influencer_id, TRUE AS listed FROM influencers WHERE influencer_id IS NOT NULL
            UNION ALL
            SELECT DISTINCT influencer_id, FALSE FROM (
                SELECT influencer_id FROM posts UNION ALL SELECT influencer_id FROM payouts UNION ALL
                SELECT influencer_id FROM tracking)
            WHERE influencer_id NOT IN (SELECT influencer_id FROM influencers WHERE influencer_id IS NOT NULL)
              AND lower(influencer_id) NOT IN ({nobody}))
        SELECT ids.influencer_id, coalesce(i.name, ids.influencer_id) AS influencer, ids.listed, i.followers,
            coalesce({at_home}, {_say("say_platform", "h.platform")}, n.platform) AS platform, {traits}, {tiers},
            i.given_tier, i.given_engagement_rate, i.average_views
        FROM ids LEFT JOIN influencers i USING (influencer_id)
        LEFT JOIN ({home}) h USING (influencer_id) LEFT JOIN ({named}) n USING (influencer_id)
    """)


def _tier(scheme: str) -> str:
    tiers = reversed(reference.tiers()[scheme])
    cases = " ".join(f"WHEN i.followers >= {tier.followers_from} THEN '{tier.name}'" for tier in tiers)
    return f"CASE {cases} END"


def _brand(*places: str) -> str:
    """The brand that the row states, else the one that the first of these columns names, else unknown."""
    named = [_say("say_brand", "t.brand"), *(_say(f"brand_of_{place}", f"t.{place}") for place in places)]
    return f"coalesce({', '.join(named)}, '{schema.UNKNOWN}') AS brand"


def _orders(writer: Writer) -> None:
    """What a tracking row's words mean, for the order rows."""
    said = {
        "campaign_type": _say("say_campaign_type", "t.campaign_type"),
        "period": _say("say_period", "t.period"),
        "brand": _brand("product", "source", "campaign"),
        "brand_only": _say("brand_only", "t.product"),
        "product_category": _say("say_product_category", "t.product_category"),
        "kind": _say("kind_of_source", "source"),
    }
    orders.lay(writer, said, _say("brand_of_campaign", "p.campaign"))


def _posts(writer: Writer) -> None:
    """One row a post; its platform is where it stands, else where its influencer is at home."""
    counted = ("reach", "impressions", "likes", "comments", "shares", "saves", "video_views", "clicks")
    writer.run(f"""
        CREATE TABLE post_lines AS
        SELECT t.file_no, t.row_no, t.post_id, p.influencer_id, t.date, t.campaign,
            coalesce({_say("say_platform", "t.platform")}, p.platform) AS platform,
            {_say("say_campaign_type", "t.campaign_type")} AS campaign_type,
            {_brand("product", "campaign", "caption")},
            CASE WHEN {_say("brand_only", "t.product")} IS NULL THEN t.product END AS product,
            {_say("say_product_category", "t.product_category")} AS product_category, t.price, t.margin,
            {", ".join(f"t.{key}" for key in counted)}
        FROM posts t LEFT JOIN people p USING (influencer_id)
    """)


def _owed(writer: Writer) -> None:
    """One row a payout. Amount: as given, else total cost less gifts. Gifts: total cost less amount, else given."""
    writer.run(f"""
        CREATE TABLE owed_lines AS
        SELECT t.file_no, t.row_no, p.influencer_id, t.campaign, {_say("say_basis", "t.basis")} AS basis, t.rate,
            t.orders, t.posts, t.revenue, t.bonus, {_say("say_status", "t.status")} AS status, t.payout_date,
            coalesce(t.total_payout, t.total_cost - coalesce(t.gifted_product_cost, 0)) AS payout,
            CASE WHEN t.total_cost IS NOT NULL AND t.total_payout IS NOT NULL THEN t.total_cost - t.total_payout
                ELSE t.gifted_product_cost END AS seeding_cost
        FROM payouts t LEFT JOIN people p USING (influencer_id)
    """)
