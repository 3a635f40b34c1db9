"""Decides how files become one version of the data, step by step."""
