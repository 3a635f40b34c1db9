"""Decides what each number is, how it looks, and which numbers belong together."""
