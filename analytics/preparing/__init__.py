"""Decides how the store's sums are put into the frames that measurement and findings are given."""
