"""Decides what a test would take: its size, its length, its price, and the calendar that makes it one."""
