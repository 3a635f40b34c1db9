"""Decides what each payout should have come to, and why the amount that was declared is another one."""
