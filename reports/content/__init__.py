"""Decides what a report says, whatever it is written on."""
