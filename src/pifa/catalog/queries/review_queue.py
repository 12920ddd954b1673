"""Offers that wait for an operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from pifa.catalog.models import Offer
from pifa.kernel.actors import Actor
from pifa.kernel.paging import BadCursor, Page, cut, page_size, read_cursor
from pifa.parties import policies as parties


@dataclass(frozen=True, slots=True)
class WaitingOffer:
    """An offer in review, unchanged since `changed_at`."""

    id: int
    code: str
    title: str
    seller_id: int
    seller: str
    changed_at: datetime


def offers_waiting(
    actor: Actor, cursor: str | None = None, size: int | None = None
) -> Page[WaitingOffer]:
    """Offers to review, the longest waiting first; operators only. One statement."""
    parties.require_operator(actor)
    rows = Offer.objects.filter(state=Offer.State.IN_REVIEW).select_related("seller")
    if cursor:
        moment, last_id = _place(cursor)
        rows = rows.filter(Q(changed_at__gt=moment) | Q(changed_at=moment, pk__gt=last_id))
    limit = page_size(size)
    found = [
        WaitingOffer(
            id=row.pk,
            code=row.code,
            title=row.title,
            seller_id=row.seller_id,
            seller=row.seller.name,
            changed_at=row.changed_at,
        )
        for row in rows.order_by("changed_at", "pk")[: limit + 1]
    ]
    return cut(found, limit, lambda row: (row.changed_at.isoformat(), row.id))


def _place(cursor: str) -> tuple[datetime, int]:
    text, last_id = read_cursor(cursor, str, int)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadCursor from error
    if moment.tzinfo is None:
        raise BadCursor
    return moment, last_id
