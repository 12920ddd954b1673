"""Secured receivables and buyers who are late, for the market's staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Q, Sum

from pifa.finance import policies
from pifa.finance.methods.secured.models import SecuredAccount, SecuredPayout, SecuredReceivable
from pifa.finance.methods.secured.queries.views import SecuredView, in_tab, page_of
from pifa.finance.methods.trade_credit.rules import days_overdue
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class LateBuyer:
    """A buyer with something overdue: how much, since when; `used` is all that it owes."""

    buyer_id: int
    buyer_name: str
    buyer_login: str
    used: Money
    overdue: Money
    since: date
    days: int


@dataclass(frozen=True, slots=True)
class SecuredSums:
    """The whole market: what is claimed of financiers, owed to them, late; fees of payouts."""

    claimed: Money
    owed: Money
    overdue: Money
    service_fees: Money
    early_fees: Money


def secured_of_market(
    actor: Actor, *, tab: str = "all", words_: str = "", cursor: str | None = None, size: int = 50
) -> Page[SecuredView]:
    """Every receivable, latest first; words are looked for on both sides and in order numbers."""
    policies.works_for_the_market(actor)
    rows = SecuredReceivable.objects.filter(in_tab(tab))
    if words_:
        asked = Q(payable__subject__icontains=words_)
        for side in ("seller", "account__buyer"):
            asked |= Q(**{f"{side}__name__icontains": words_})
            asked |= Q(**{f"{side}__login__icontains": words_})
        rows = rows.filter(asked)
    return page_of(rows, cursor, size)


def secured_sums(actor: Actor) -> SecuredSums:
    """What the service comes to in all."""
    policies.works_for_the_market(actor)
    sums = SecuredReceivable.objects.aggregate(
        claimed=Sum("claim_fen", default=0),
        owed=Sum("owed_fen", default=0),
        overdue=Sum("owed_fen", filter=Q(due_on__lt=clock.today()), default=0),
    )
    fees = SecuredPayout.objects.filter(state=SecuredPayout.State.PAID).aggregate(
        service=Sum("service_fee_fen", default=0), early=Sum("early_fee_fen", default=0)
    )
    return SecuredSums(
        Money(sums["claimed"]),
        Money(sums["owed"]),
        Money(sums["overdue"]),
        Money(fees["service"]),
        Money(fees["early"]),
    )


def late_buyers(actor: Actor, limit: int = 100) -> list[LateBuyer]:
    """Buyers with something overdue, who owes most of it first."""
    policies.works_for_the_market(actor)
    late = Q(receivables__owed_fen__gt=0, receivables__due_on__lt=clock.today())
    rows = (
        SecuredAccount.objects.filter(late)
        .annotate(late_fen=Sum("receivables__owed_fen"), since=Min("receivables__due_on"))
        .select_related("buyer")
        .order_by("-late_fen", "pk")
    )
    today = clock.today()
    return [
        LateBuyer(
            buyer_id=row.buyer_id,
            buyer_name=row.buyer.name,
            buyer_login=row.buyer.login,
            used=Money(row.used_fen),
            overdue=Money(row.late_fen),
            since=row.since,
            days=days_overdue(row.since, today),
        )
        for row in rows[:limit]
    ]
