"""Decides how the application's own records are kept."""
