"""Decides how each kind of question is drawn: one file a question, frame in, figure out."""
