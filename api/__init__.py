"""Decides what programs may ask over HTTP, and what every response carries."""
