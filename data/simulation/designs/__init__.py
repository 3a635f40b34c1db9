"""Decides on which experiments a method is tried: five seeded worlds, each with its true iROAS planted beside it."""
