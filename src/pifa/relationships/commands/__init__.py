"""The verbs of relationships: asking and answering, groups, noting customers, taking one over."""

from __future__ import annotations

from pifa.relationships.commands.asking import grant, request, revoke
from pifa.relationships.commands.combining import combine, forget, know, part
from pifa.relationships.commands.customers import claim, issue_claim, note_customers
from pifa.relationships.commands.groups import delete_group, put_in_group, save_group

__all__ = [
    "claim",
    "combine",
    "delete_group",
    "forget",
    "grant",
    "issue_claim",
    "know",
    "note_customers",
    "part",
    "put_in_group",
    "request",
    "revoke",
    "save_group",
]
