"""Decides how files come in on the screen: drop, see what each was taken for, check, import."""
