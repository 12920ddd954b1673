"""The plans of staged payment: of an offer, and the one a seller begins with."""

from __future__ import annotations

from pifa.catalog.models import OfferStagedPlan, SellerStagedPlan, StagedTerms
from pifa.catalog.policies import may_keep
from pifa.catalog.rules import StagedPlan
from pifa.kernel.actors import Actor


def plan_of(row: StagedTerms | None) -> StagedPlan | None:
    """A stored plan as a value."""
    if row is None:
        return None
    return StagedPlan(
        production_days=row.production_days,
        balance_days=row.balance_days,
        deposit_bp=row.deposit_bp,
        deposit_fen=row.deposit_fen,
        keeper=row.keeper,
    )


def offer_plan(offer_id: int) -> StagedPlan | None:
    """How orders of an offer are paid in stages, if they are; one statement."""
    return plan_of(OfferStagedPlan.objects.filter(offer=offer_id).first())


def default_plan(actor: Actor) -> StagedPlan | None:
    """The plan that the actor's company begins with on a new offer; one statement."""
    return plan_of(SellerStagedPlan.objects.filter(seller=may_keep(actor)).first())
