"""What is known of a company's past: how many orders were shipped, how many were sent back."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q

from pifa.finance.insurance.freight.rules import History
from pifa.finance.insurance.freight.terms import terms_on
from pifa.kernel import clock
from pifa.trade.models import Order, Provenance, RefundCase
from pifa.trade.states import RefundState

SENT_BACK = Q(kind=RefundCase.Kind.RETURN, state=RefundState.PAID, at_the_door=False) & ~Q(
    return_tracking_no=""
)
"""A refund case whose goods the buyer sent back, and whose money it has: what the insurance pays
for. Of a parcel that was refused at the door nobody sent anything back."""


def history_of(company_id: int, side: str, but: Order | None = None) -> History:
    """A company's shipped market orders of the rulebook's last days, as their buyer or seller,
    `but` the one that is to be insured; one statement."""
    since = clock.now() - timedelta(days=terms_on(clock.today()).history_days)
    orders = Order.objects.filter(
        **{side: company_id}, provenance=Provenance.MARKET, placed_at__gte=since
    ).exclude(shipped_at=None)
    if but is not None:
        orders = orders.exclude(pk=but.pk)
    back = RefundCase.objects.filter(SENT_BACK, order=OuterRef("pk"))
    found = orders.annotate(back=Exists(back)).aggregate(
        orders=Count("pk"), returns=Count("pk", filter=Q(back=True))
    )
    return History(found["orders"], found["returns"])
