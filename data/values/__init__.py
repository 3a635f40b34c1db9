"""Decides how one written value is read, and how it is written again."""
