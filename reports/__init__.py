"""Decides how pages go onto paper, and when."""
