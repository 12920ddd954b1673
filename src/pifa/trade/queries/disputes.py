"""The operators' queue of disputes, longest waiting first: so those overdue stand at its head."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor, read_moment
from pifa.parties import policies as parties
from pifa.trade import rules
from pifa.trade.models import Dispute


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute in the queue; `days_open` are whole days since it was opened, until the verdict.

    It is overdue when it has no verdict at `expected_by`.
    """

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
    expected_by: datetime
    is_overdue: bool
    days_open: int


def disputes(
    actor: Actor, waiting: bool = True, cursor: str | None = None, size: int | None = None
) -> Page[DisputeRow]:
    """Disputes that wait for a verdict, or those that have one; operators only. One statement."""
    parties.require_operator(actor)
    rows = Dispute.objects.filter(verdict="") if waiting else Dispute.objects.exclude(verdict="")
    if cursor:
        at, last_id = read_cursor(cursor, str, int)
        moment = read_moment(at)
        rows = rows.filter(Q(opened_at__gt=moment) | Q(opened_at=moment, pk__gt=last_id))
    limit = page_size(size)
    with_names = rows.select_related("case__order__buyer", "case__order__seller")
    found = list(with_names.order_by("opened_at", "pk")[: limit + 1])
    page = cut(found, limit, lambda dispute: (dispute.opened_at.isoformat(), dispute.pk))
    return Page([_row(dispute) for dispute in page.items], page.next_cursor)


def expected_by(dispute: Dispute) -> datetime:
    """By when a verdict is expected."""
    return rules.verdict_by(dispute.opened_at, timedelta(days=settings.MARKET["dispute_days"]))


def is_overdue(dispute: Dispute) -> bool:
    """Whether it waits for its verdict longer than the market's terms say."""
    return not dispute.verdict and clock.now() > expected_by(dispute)


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
        expected_by=expected_by(dispute),
        is_overdue=is_overdue(dispute),
        days_open=((dispute.decided_at or clock.now()) - dispute.opened_at).days,
    )
