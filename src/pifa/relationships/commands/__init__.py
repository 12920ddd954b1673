"""The verbs of relationships: asking and answering, groups, and taking over a noted customer."""

from __future__ import annotations

from pifa.relationships.commands.asking import grant, request, revoke
from pifa.relationships.commands.customers import claim, issue_claim, note_customers
from pifa.relationships.commands.groups import delete_group, put_in_group, save_group

__all__ = [
    "claim",
    "delete_group",
    "grant",
    "issue_claim",
    "note_customers",
    "put_in_group",
    "request",
    "revoke",
    "save_group",
]
