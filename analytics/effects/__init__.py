"""Decides how effects are reckoned from numbers alone: arrays in, a point with its interval out, or a refusal."""
