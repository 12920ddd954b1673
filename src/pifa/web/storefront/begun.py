"""Payments that a visitor began by a collection code, kept in its session across the bank's page."""

BEGUN = "collections"

KEPT = 20
