"""Orders under mandates and what buyers owe banks, for the market's staff."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from pifa.finance import policies
from pifa.finance.methods.trust.models import TrustItem, TrustMandate
from pifa.finance.methods.trust.queries.views import TrustView, in_tab, page_of
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.kernel.paging import Page


@dataclass(frozen=True, slots=True)
class TrustSums:
    """The whole market: mandates that run, what is still to be debited, what of it failed (orders),
    what banks covered and are owed."""

    mandates: int
    claimed: Money
    failing: int
    covered: Money
    owed: Money


def trust_of_market(
    actor: Actor, *, tab: str = "all", words_: str = "", cursor: str | None = None, size: int = 50
) -> Page[TrustView]:
    """Every order, latest first; words are looked for on both sides and in order numbers."""
    policies.works_for_the_market(actor)
    rows = TrustItem.objects.filter(in_tab(tab))
    if words_:
        asked = Q(payable__subject__icontains=words_)
        for side in ("seller", "account__buyer"):
            asked |= Q(**{f"{side}__name__icontains": words_})
            asked |= Q(**{f"{side}__login__icontains": words_})
        rows = rows.filter(asked)
    return page_of(rows, cursor, size)


def trust_sums(actor: Actor) -> TrustSums:
    """What it comes to in all."""
    policies.works_for_the_market(actor)
    sums = TrustItem.objects.aggregate(
        claimed=Sum("claim_fen", default=0),
        failing=Count("pk", filter=in_tab("failed")),
        covered=Sum("covered_fen", default=0),
        owed=Sum("debt_fen", default=0),
    )
    return TrustSums(
        mandates=TrustMandate.objects.filter(state=TrustMandate.State.SIGNED).count(),
        claimed=Money(sums["claimed"]),
        failing=sums["failing"],
        covered=Money(sums["covered"]),
        owed=Money(sums["owed"]),
    )
