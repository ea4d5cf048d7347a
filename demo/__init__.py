"""A demo city that lives: rates and processes from which rows come, never the totals of a screen."""

DEPARTMENTS = (
    "transit", "customs", "trade", "cases", "environment", "incidents", "grid", "counter", "traffic",
    "base",
)  # fmt: skip
"""The demo departments' keys; each has a database of its own and its URL in `<KEY>_URL`."""
DELIVERED = ("health", "education", "markets", "police")
"""Departments that open no database: files and pushes, which the center takes in."""
