"""Decides what is worked out from the four tables once, so that every question is a sum."""
