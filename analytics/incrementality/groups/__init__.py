"""Decides what may be said of single brands, platforms, campaigns and influencers, and how much of it is luck."""
