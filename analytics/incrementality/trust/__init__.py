"""Decides how far an estimate may be trusted: ten checks, of its arms and of its number."""
