"""Payments that a visitor began without an account, kept in its session across the bank's page."""

BEGUN = "collections"

KEPT = 20

INVITED = "invited_payments"
"""Those of them that were begun by the link of an invitation: number of the payment → token."""
