"""What the queues show. Operators see all companies' cases; each reader asks the policy first."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from pifa.catalog.models import Offer
from pifa.finance.methods.corporate_transfer.queries import count_in_suspense
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.parties.models import Company, Verification
from pifa.parties.policies import require_operator
from pifa.programme.queries import review_queue as programme
from pifa.programme.queries.verdicts import open_appeals
from pifa.trade.first_order.queries import claims_waiting
from pifa.trade.models import Dispute

QUEUE_LENGTH = 100


def waiting_verifications(actor: Actor) -> QuerySet[Verification]:
    """Verifications to review, the longest waiting first."""
    require_operator(actor)
    waiting = Verification.objects.filter(state=Verification.State.SUBMITTED)
    return waiting.select_related("company").order_by("submitted_at")[:QUEUE_LENGTH]


def verification(actor: Actor, pk: int) -> Verification:
    """One verification with its company."""
    require_operator(actor)
    found = Verification.objects.select_related("company", "reviewed_by").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def waiting_offers(actor: Actor) -> QuerySet[Offer]:
    """Offers to review, the longest waiting first."""
    require_operator(actor)
    waiting = Offer.objects.filter(state=Offer.State.IN_REVIEW)
    return waiting.select_related("seller", "category").order_by("changed_at")[:QUEUE_LENGTH]


def offer(actor: Actor, pk: int) -> Offer:
    """One offer with what a reviewer looks at."""
    require_operator(actor)
    offers = Offer.objects.select_related("seller", "category", "category__parent")
    found = offers.prefetch_related("skus__breaks", "pictures__picture").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def dispute(actor: Actor, pk: int) -> Dispute:
    """One dispute with its case, order and both companies."""
    require_operator(actor)
    disputes = Dispute.objects.select_related("case__order__buyer", "case__order__seller")
    found = disputes.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def company(actor: Actor, pk: int) -> Company:
    """One company with its shop."""
    require_operator(actor)
    found = Company.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def counts(actor: Actor) -> dict[str, int]:
    """How much waits in each queue, in eight statements."""
    require_operator(actor)
    return {
        "verifications": Verification.objects.filter(state="submitted").count(),
        "offers": Offer.objects.filter(state="in_review").count(),
        "claims": claims_waiting(),
        "transfers": count_in_suspense(),
        "applications": sum(programme.waiting(actor).values()),
        "appeals": open_appeals(actor),
        "disputes": Dispute.objects.filter(Q(verdict="")).count(),
    }
