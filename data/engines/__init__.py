"""Decides which query engine answers: one file an engine; DuckDB is the default."""
