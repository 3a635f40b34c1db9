"""Decides which versions of the data there are, which is current, and how two differ."""
