"""Decides what the Incremental ROAS Center answers: one file a question, put in order by page.py."""
