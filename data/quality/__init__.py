"""Decides what is kept and said of how good the data are: rules, accounts, rows set aside."""
