"""Decides when a report is due, and that it is made once."""
