"""What is known of a company's past: how many orders were shipped, how many were sent back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q

from pifa.finance.insurance.freight import rules
from pifa.finance.insurance.freight.rules import History, Quote
from pifa.finance.insurance.freight.terms import terms_on
from pifa.kernel import clock
from pifa.trade.commands.loading import buyer_of
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
    return histories([company_id], side, but)[company_id]


def histories(
    company_ids: Sequence[int], side: str, but: Order | None = None
) -> dict[int, History]:
    """The past of several companies, by id; one statement."""
    since = clock.now() - timedelta(days=terms_on(clock.today()).history_days)
    orders = Order.objects.filter(
        **{f"{side}__in": list(company_ids)}, provenance=Provenance.MARKET, placed_at__gte=since
    ).exclude(shipped_at=None)
    if but is not None:
        orders = orders.exclude(pk=but.pk)
    back = RefundCase.objects.filter(SENT_BACK, order=OuterRef("pk"))
    rows = (
        orders.annotate(back=Exists(back))
        .values(side)
        .annotate(orders=Count("pk"), returns=Count("pk", filter=Q(back=True)))
        .order_by(side)
    )
    found = {row[side]: History(row["orders"], row["returns"]) for row in rows}
    return {company_id: found.get(company_id, History(0, 0)) for company_id in company_ids}


def quote_for(order: Order) -> Quote:
    """What insuring an order costs today; two statements."""
    return rules.quote(
        terms_on(clock.today()),
        order.region,
        history_of(buyer_of(order), "buyer", order),
        history_of(order.seller_id, "seller", order),
    )


def quotes_for(buyer_id: int, seller_ids: Sequence[int], region: str) -> dict[int, Quote]:
    """What insuring a new order of each seller would cost, by seller; two statements, none
    without sellers."""
    if not seller_ids:
        return {}
    terms = terms_on(clock.today())
    buyer = history_of(buyer_id, "buyer")
    return {
        seller_id: rules.quote(terms, region, buyer, past)
        for seller_id, past in histories(seller_ids, "seller").items()
    }
