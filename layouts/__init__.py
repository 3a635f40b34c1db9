"""Decides where things stand on the screen."""
