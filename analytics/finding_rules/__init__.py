"""Decides which sentences are tried on the numbers: one file a kind of rule."""
