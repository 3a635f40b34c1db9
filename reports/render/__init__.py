"""Decides who draws and prints, and how long that may take."""
