"""Decides to whom a report goes, and what became of it."""
