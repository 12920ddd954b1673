"""A seller joins the service, and leaves it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from pifa.finance import policies
from pifa.finance.methods.secured import standing
from pifa.finance.methods.secured.book import rates
from pifa.finance.methods.secured.errors import SecuredJoined, SecuredNotJoined
from pifa.finance.methods.secured.events import SecuredServiceChanged
from pifa.finance.methods.secured.models import SecuredService
from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.events import emit

RENEWED_WITHIN = timedelta(days=30)
"""So long before its last day a membership may be renewed."""


def join_secured(actor: Actor) -> SecuredService:
    """Join the service, or renew it near its end; owner or finance role.

    Orders may be placed with it from now until the last day. `SecuredJoined` while it runs longer,
    `SecuredNotJoined` for a market without the service.
    """
    seller_id = policies.handles_money(actor)
    terms = rates()
    if terms is None:
        raise SecuredNotJoined
    until = clock.today() + timedelta(days=terms.valid_days)
    with transaction.atomic():
        row, new = SecuredService.objects.select_for_update(no_key=True).get_or_create(
            seller_id=seller_id, defaults={"joined_at": clock.now(), "valid_until": until}
        )
        if not new:
            runs = row.left_at is None and row.valid_until >= clock.today() + RENEWED_WITHIN
            if runs:
                raise SecuredJoined(until=row.valid_until)
            row.joined_at, row.valid_until, row.left_at = clock.now(), until, None
            row.save(update_fields=["joined_at", "valid_until", "left_at"])
        _tell(actor, row, "joined")
        return row


def leave_secured(actor: Actor) -> None:
    """Leave the service: no new orders by it; what was ordered is collected as before.

    `SecuredNotJoined` for who is not in it.
    """
    seller_id = policies.handles_money(actor)
    with transaction.atomic():
        rows = SecuredService.objects.select_for_update(no_key=True).filter(seller=seller_id)
        row = standing.in_service(rows).first()
        if row is None:
            raise SecuredNotJoined
        row.left_at = clock.now()
        row.save(update_fields=["left_at"])
        _tell(actor, row, "left")


def _tell(actor: Actor, row: SecuredService, what: str) -> None:
    until = row.valid_until.isoformat()
    audit.record(actor, f"secured.{what}", f"company:{row.seller_id}", until=until)
    emit(SecuredServiceChanged(seller_id=row.seller_id, what=what, until=until))
