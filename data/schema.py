"""Decides what every word of the data means: tables and their fields, dimensions, measures, units."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One column of one table, as we call it.

    kind: id and text keep every character; label is a short text with spellings; date is a calendar day;
    money, count, number and share are numbers; terms is a rate as its contract writes it; flag is yes or no.
    """

    key: str
    kind: str
    says: str


@dataclass(frozen=True)
class Table:
    """One of the four tables that users bring. needs: without them a file is not it. key_field: a row's name.

    keys: what tells one row from another, best first: the key field alone, then the fields that do so without it.
    """

    key: str
    says: str
    fields: tuple[Field, ...]
    needs: tuple[str, ...]
    key_field: str
    keys: tuple[tuple[str, ...], ...] = ()

    def field(self, key: str) -> Field:
        """The field of that name; KeyError when the table has none."""
        return {field.key: field for field in self.fields}[key]


@dataclass(frozen=True)
class Dimension:
    """Something rows can be grouped and filtered by. `of` is 'influencer' for a trait of the person, else 'row'."""

    key: str
    label: str
    of: str
    says: str
    filtered: bool = True


@dataclass(frozen=True)
class Measure:
    """A number of a group of rows. how: 'sum' adds up over any grouping; the others count distinct things."""

    key: str
    label: str
    unit: str
    says: str
    how: str = "sum"


def _fields(text: str) -> tuple[Field, ...]:
    """Fields from lines of `key | kind | meaning`."""
    rows = [line.split("|") for line in text.strip().splitlines()]
    return tuple(Field(key.strip(), kind.strip(), says.strip()) for key, kind, says in rows)


INFLUENCERS = Table(
    "influencers",
    "who is paid or seeded: one row a person",
    _fields("""
        influencer_id | id | the person's id, as text
        name | text | the person's name
        influencer_category | label | content niche
        gender | label | Female, Male, Other, …
        followers | count | followers when the file was made
        platform | label | the platform the person is at home on
        given_tier | label | tier as the file states it; ours is computed from followers
        persona | label | audience persona
        city | label | where the person is
        given_engagement_rate | number | engagement rate as the file states it
        given_conversion_rate | number | order rate as the file states it
        average_views | count | views of a usual post
    """),
    ("influencer_id",),
    "influencer_id",
    (("influencer_id",),),
)

POSTS = Table(
    "posts",
    "what was published: one row a post",
    _fields("""
        post_id | id | the post's id
        influencer_id | id | who published it
        platform | label | where it stands
        date | date | day of publication
        url | text | address of the post
        caption | text | its text
        brand | label | brand shown
        product | text | product shown
        product_category | label | group of products
        price | money | price of the product
        margin | share | gross margin of the product, 0 to 1
        campaign | text | campaign it belongs to
        campaign_type | label | test or control
        reach | count | accounts that saw it
        impressions | count | times it was shown
        likes | count | likes
        comments | count | comments
        shares | count | shares
        saves | count | saves
        video_views | count | plays of its video
        clicks | count | clicks on its link
    """),
    ("influencer_id",),
    "post_id",
    (("post_id",), ("influencer_id", "platform", "date", "url", "caption")),
)

TRACKING = Table(
    "tracking",
    "orders as the shop tracked them: one row an order or a day's orders",
    _fields("""
        tracking_id | id | the row's id
        source | text | where the order came from, as the file says
        campaign | text | campaign it came through
        campaign_type | label | test or control
        period | label | before, during or after, as the file says
        influencer_id | id | whose code or link brought it; empty for organic orders
        user_id | id | the customer
        brand | label | brand bought
        product | text | product bought
        product_category | label | group of products
        price | money | price of the product
        margin | share | gross margin, 0 to 1
        date | date | day of the order
        orders | count | orders in the row
        revenue | money | order value
        profit | money | gross profit of the row
        attribution_score | number | share of the order credited to the influencer, as the file says
        is_incremental | flag | the file's own claim that the order was caused
        clicks | count | clicks in the row
        cost_per_click | money | price of a click
        post_id | id | post that brought it
        city | label | where the order came from
    """),
    ("revenue",),
    "tracking_id",
    (("tracking_id",), ("date", "source", "campaign", "influencer_id", "user_id", "product")),
)

PAYOUTS = Table(
    "payouts",
    "what is owed to influencers: one row an amount",
    _fields("""
        payout_id | id | the row's id
        influencer_id | id | who is paid
        campaign | text | campaign it is paid for
        basis | label | what it is paid by: post, order, commission, hybrid, fixed
        rate | terms | the rate, as the contract writes it
        orders | count | orders it was reckoned on
        posts | count | posts it was reckoned on
        revenue | money | revenue it was reckoned on
        total_payout | money | the amount owed, taken as given
        bonus | money | bonus inside the amount
        gifted_product_cost | money | products given, at cost
        total_cost | money | amount owed plus gifts, taken as given
        status | label | Paid, Pending, …
        payout_date | date | day of payment
    """),
    ("influencer_id",),
    "payout_id",
    (("payout_id",), ("influencer_id", "campaign", "basis", "payout_date")),
)

TABLES: dict[str, Table] = {table.key: table for table in (INFLUENCERS, POSTS, TRACKING, PAYOUTS)}

DIMENSIONS: dict[str, Dimension] = {
    item.key: item
    for item in (
        Dimension("brand", "Brand", "row", "who sells"),
        Dimension("product", "Product", "row", "what is sold"),
        Dimension("product_category", "Product category", "row", "group of products"),
        Dimension("platform", "Platform", "row",
                  "where a post stands; for orders and payouts, where the influencer is at home"),
        Dimension("tier", "Tier", "influencer", "size class by followers, under the chosen scheme"),
        Dimension("influencer_category", "Influencer category", "influencer", "content niche"),
        Dimension("gender", "Gender", "influencer", "as the file says, spelled one way"),
        Dimension("campaign", "Campaign", "row", "a planned effort with dates"),
        Dimension("basis", "Pay basis", "row", "what the influencer is paid by"),
        Dimension("campaign_type", "Test or control", "row", "test got the spend, control did not"),
        Dimension("source", "Source", "row", "where the order came from, as the file says"),
        Dimension("influencer", "Influencer", "influencer", "the person paid or seeded, by id"),
        Dimension("persona", "Persona", "influencer", "audience persona", filtered=False),
        Dimension("city", "City", "influencer", "where the influencer is", filtered=False),
        Dimension("period", "Period", "row", "before, during or after, as the file says", filtered=False),
        Dimension("status", "Payout status", "row", "Paid, Pending, …", filtered=False),
        Dimension("date", "Day", "row", "calendar day", filtered=False),
        Dimension("week", "Week", "row", "week, by its Monday", filtered=False),
        Dimension("month", "Month", "row", "month, by its first day", filtered=False),
    )
}  # fmt: skip
TIME_GRAINS: tuple[str, ...] = ("date", "week", "month")
FILTERED: tuple[str, ...] = tuple(item.key for item in DIMENSIONS.values() if item.filtered)

MEASURES: dict[str, Measure] = {
    item.key: item
    for item in (
        Measure("revenue", "Revenue", "money", "order value of attributed rows"),
        Measure("revenue_all", "Revenue, organic included", "money", "order value of all rows"),
        Measure("orders", "Orders", "count", "attributed orders"),
        Measure("orders_all", "Orders, organic included", "count", "all orders"),
        Measure("gross_profit", "Gross profit", "money", "profit as given, else revenue × margin, of attributed rows"),
        Measure("spend", "Spend", "money",
                "payouts as given, laid on what they paid for, plus gifts when that cost layer is chosen"),
        Measure("payout", "Payouts", "money", "cash owed to influencers, as given"),
        Measure("seeding_cost", "Gifts at cost", "money", "products given to influencers"),
        Measure("new_customers", "New customers", "count",
                "customers whose first order ever is in the attributed rows"),
        Measure("posts", "Posts", "count", "published items"),
        Measure("reach", "Reach", "count", "sum of post reach: a denominator, never a number of people"),
        Measure("impressions", "Impressions", "count", "times posts were shown"),
        Measure("likes", "Likes", "count", "likes"),
        Measure("comments", "Comments", "count", "comments"),
        Measure("shares", "Shares", "count", "shares"),
        Measure("saves", "Saves", "count", "saves"),
        Measure("video_views", "Video views", "count", "plays"),
        Measure("clicks", "Clicks", "count", "clicks, from the tracking rows where they carry them, else from posts"),
        Measure("influencers", "Influencers", "count", "distinct influencers in the selection", how="people"),
        Measure("followers", "Followers", "count",
                "followers of the distinct influencers in the selection", how="people"),
        Measure("customers", "Customers", "count", "distinct customers with an attributed order", how="customers"),
    )
}  # fmt: skip

ORGANIC = "(organic)"
UNKNOWN = "(unknown)"
UNALLOCATED = "(unallocated)"
SEVERAL = "(several)"
