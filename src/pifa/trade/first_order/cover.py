"""Whether an order is covered, and what of it can be claimed; read by commands and queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from pifa.benefits import queries as benefits
from pifa.benefits.labels import FIRST_ORDER_PROTECTION
from pifa.kernel import clock
from pifa.kernel.errors import DomainError
from pifa.kernel.models import AuditEntry
from pifa.kernel.money import Money
from pifa.trade.first_order import rules
from pifa.trade.first_order.rules import CaseFacts, Loss
from pifa.trade.models import Order, Provenance, RefundCase, RefundState


def is_first(order: Order) -> bool:
    """Whether this is the buyer's first paid order on the market. One statement."""
    if order.provenance != Provenance.MARKET or order.paid_at is None:
        return False
    paid = Order.objects.filter(
        buyer=order.buyer_id, provenance=Provenance.MARKET, paid_at__isnull=False
    )
    return paid.order_by("paid_at", "pk").values_list("pk", flat=True).first() == order.pk


Objection = Callable[[Order], DomainError | None]
"""Why an order cannot be covered whatever went wrong with it; None if it can."""

_objections: list[Objection] = []


def objects(objection: Objection) -> Objection:
    """Register what a floor above has to say against covering an order."""
    if objection not in _objections:
        _objections.append(objection)
    return objection


def objection_to(order: Order) -> DomainError | None:
    """The first objection to covering an order, if there is one."""
    return next((found for ask in _objections if (found := ask(order))), None)


def limit_of(order: Order) -> Money | None:
    """What the buyer's benefit covers at most; None without it.

    It holds today, or held on the day when the order was paid: a buyer who rose since is still
    covered.
    """
    if order.paid_at is None or order.buyer_id is None:
        return None
    for day in (None, clock.market_day(order.paid_at)):
        grant = benefits.grant_of(order.buyer_id, FIRST_ORDER_PROTECTION, day)
        if grant is not None:
            return _limit(grant.value)
    return None


def losses_of(order: Order, limit: Money) -> list[Loss]:
    """What went wrong and can still be claimed now. Two statements."""
    cases = RefundCase.objects.filter(order=order).select_related("dispute").order_by("pk")
    refused, lapsed = _refusals(order)
    facts = [_facts(case, refused, lapsed) for case in cases]
    days = settings.MARKET["first_order_claim_days"]
    now = clock.now()
    return [loss for loss in rules.losses(facts, limit) if now <= loss.claim_by(days)]


def _limit(value: Mapping[str, object]) -> Money:
    given = value.get("limit")
    if given is None:
        return Money(settings.MARKET["first_order_limit_fen"])
    return Money.yuan(str(given))


def _refusals(order: Order) -> tuple[dict[str, datetime], set[str]]:
    """When the seller refused which case last, and which cases lapsed by themselves."""
    entries = AuditEntry.objects.filter(
        subject=order.subject, action__in=["refund.refuse", "refund.lapse"]
    )
    refused: dict[str, datetime] = {}
    lapsed = set()
    for action, at, detail in entries.order_by("id").values_list("action", "at", "detail"):
        if action == "refund.refuse":
            refused[detail["refund"]] = at
        else:
            lapsed.add(detail["refund"])
    return refused, lapsed


def _facts(case: RefundCase, refused: Mapping[str, datetime], lapsed: set[str]) -> CaseFacts:
    dispute = getattr(case, "dispute", None)
    stands = case.state == RefundState.REFUSED or (
        case.state == RefundState.WITHDRAWN and case.number in lapsed
    )
    return CaseFacts(
        is_return=case.kind == RefundCase.Kind.RETURN,
        asked=Money(case.asked_fen),
        granted=Money(case.granted_fen),
        is_paid=case.state == RefundState.PAID,
        ended_at=case.ended_at,
        refused_at=refused.get(case.number) if stands else None,
        verdict=dispute.verdict if dispute else "",
        decided_at=dispute.decided_at if dispute else None,
    )


@dataclass(frozen=True, slots=True)
class Claimable:
    """A loss with the last moment to claim it."""

    kind: str
    most: Money
    claim_by: datetime


def claimable(order: Order, limit: Money) -> list[Claimable]:
    """The losses that can be claimed now, with until when."""
    days = settings.MARKET["first_order_claim_days"]
    return [
        Claimable(loss.kind, loss.most, loss.claim_by(days)) for loss in losses_of(order, limit)
    ]
