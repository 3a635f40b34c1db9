"""Decides how the command line of the reports is spoken."""
