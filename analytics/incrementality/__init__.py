"""Decides what influencers caused: one file a family of methods, every one with the same kind of estimate."""
