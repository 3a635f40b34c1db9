"""Decides where numbers come from."""
