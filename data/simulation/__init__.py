"""Decides how the sample world is made: people, cells, orders, posts, payouts, and the truth beside them."""
