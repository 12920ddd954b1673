"""The audit log: who did what for which company, append-only, from the first command on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pifa.kernel import bulk, clock
from pifa.kernel.actors import Actor
from pifa.kernel.models import AuditEntry

Entry = dict[str, Any]
"""A row not yet written."""


def entry(actor: Actor, action: str, subject: str, **detail: Any) -> Entry:
    """An entry not yet written; `action` is verb-like and dotted (`order.ship`)."""
    return {
        "at": clock.now(),
        "action": action,
        "actor_kind": actor.kind.value,
        "user_id": actor.user_id,
        "company_id": actor.company_id,
        "subject": subject,
        "detail": detail,
    }


def record(actor: Actor, action: str, subject: str, **detail: Any) -> None:
    """Write one entry in the command's transaction. Detail holds no unmasked personal data."""
    record_all([entry(actor, action, subject, **detail)])


def record_all(entries: Iterable[Entry]) -> None:
    """Write entries in one statement."""
    bulk.insert(AuditEntry, list(entries), returning=None)
