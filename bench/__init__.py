"""Decides which speeds are measured: always beside something else in the same run, since machines differ."""
