"""Decides which sums the estimates of each value of a dimension are made from."""
