"""Decides what the user has said about experiments: which units, which arms, which days, drawn at random or not."""
