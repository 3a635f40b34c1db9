"""Decides which tabs there are, and in which order."""
