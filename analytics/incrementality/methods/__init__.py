"""Decides what each family of methods makes of a slice: one file a family, or a part that several share."""
