"""Decides when the screen changes."""
