"""Decides what is kept of a report that was made, and how it is checked later."""
