"""The operators' queue of disputes, longest waiting first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties import policies as parties
from pifa.trade.models import Dispute


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute in the queue."""

    id: int
    refund: str
    order: str
    buyer_name: str
    seller_name: str
    asked: Money
    statement: str
    seller_statement: str
    verdict: str
    verdict_label: str
    opened_at: datetime


def disputes(
    actor: Actor, waiting: bool = True, cursor: str | None = None, size: int | None = None
) -> Page[DisputeRow]:
    """Disputes that wait for a verdict, or those that have one; operators only. One statement."""
    parties.require_operator(actor)
    rows = Dispute.objects.filter(verdict="") if waiting else Dispute.objects.exclude(verdict="")
    if cursor:
        (last_id,) = read_cursor(cursor, int)
        rows = rows.filter(pk__gt=last_id)
    limit = page_size(size)
    found = rows.select_related("case__order__buyer", "case__order__seller").order_by("pk")
    page = cut(list(found[: limit + 1]), limit, lambda dispute: (dispute.pk,))
    return Page([_row(dispute) for dispute in page.items], page.next_cursor)


def _row(dispute: Dispute) -> DisputeRow:
    order = dispute.case.order
    return DisputeRow(
        id=dispute.pk,
        refund=dispute.case.number,
        order=order.number,
        buyer_name=order.buyer.name if order.buyer else "",
        seller_name=order.seller.name,
        asked=Money(dispute.case.asked_fen),
        statement=dispute.statement,
        seller_statement=dispute.seller_statement,
        verdict=dispute.verdict,
        verdict_label=dispute.get_verdict_display(),
        opened_at=dispute.opened_at,
    )
