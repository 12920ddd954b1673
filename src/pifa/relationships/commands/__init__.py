"""The verbs of relationships: asking and answering, and taking over a noted customer."""

from __future__ import annotations

from pifa.relationships.commands.asking import grant, request, revoke
from pifa.relationships.commands.customers import claim, issue_claim, note_customers

__all__ = ["claim", "grant", "issue_claim", "note_customers", "request", "revoke"]
