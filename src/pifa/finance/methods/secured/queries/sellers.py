"""A seller's page of the service: what it is owed, what that costs, and every receivable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum

from pifa.finance import policies
from pifa.finance.methods.secured import rules
from pifa.finance.methods.secured.book import rates
from pifa.finance.methods.secured.models import SecuredReceivable, SecuredService
from pifa.finance.methods.secured.queries.views import TABS, SecuredView, in_tab, page_of
from pifa.finance.methods.secured.rules import Rates
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money, total
from pifa.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class SecuredServiceView:
    """How a seller stands with the service.

    `joined`: it is in it, until the end of `valid_until`. `receivables` is what financiers have
    still to pay of what was received, `fee_due` the service fee on it; `promised` what is ordered
    and not received yet. `rates` are none in a market without the service. `counts` by tab.
    """

    joined: bool
    valid_until: date | None
    renewable: bool
    receivables: Money
    fee_due: Money
    promised: Money
    counts: dict[str, int]
    rates: Rates | None


def secured_service(actor: Actor) -> SecuredServiceView:
    """How the actor's company stands as a seller; owner or finance role. Three statements."""
    from pifa.finance.methods.secured.commands.service import RENEWED_WITHIN

    seller_id = policies.handles_money(actor)
    row = SecuredService.objects.filter(seller=seller_id).first()
    joined = bool(row and row.left_at is None and row.valid_until >= clock.today())
    rows = SecuredReceivable.objects.filter(seller=seller_id)
    figures = rows.aggregate(
        promised=Sum("claim_fen", filter=Q(received_at=None), default=0),
        **{f"tab_{tab}": Count("pk", filter=in_tab(tab)) for tab in TABS if tab != "all"},
        tab_all=Count("pk"),
    )
    waiting = rows.filter(claim_fen__gt=0, received_at__isnull=False)
    claims = [(Money(fen), rate) for fen, rate in waiting.values_list("claim_fen", "service_rate")]
    return SecuredServiceView(
        joined=joined,
        valid_until=row.valid_until if row and joined else None,
        renewable=bool(row and joined and row.valid_until < clock.today() + RENEWED_WITHIN),
        receivables=total(claim for claim, _rate in claims),
        fee_due=total(rules.service_fee(claim, rate) for claim, rate in claims),
        promised=Money(figures["promised"]),
        counts={tab: figures[f"tab_{tab}"] for tab in TABS},
        rates=rates(),
    )


def secured_receivables(
    actor: Actor,
    *,
    tab: str = "all",
    words_: str = "",
    cursor: str | None = None,
    size: int | None = None,
) -> Page[SecuredView]:
    """The actor's company's receivables as a seller, latest first; `tab` is one of `TABS`, words
    are looked for in the order's number and the buyer's name."""
    rows = SecuredReceivable.objects.filter(seller=policies.handles_money(actor))
    rows = rows.filter(in_tab(tab))
    if words_:
        rows = rows.filter(
            Q(payable__subject__icontains=words_) | Q(account__buyer__name__icontains=words_)
        )
    return page_of(rows, cursor, size)
