"""A customer that a seller's books hold twice becomes one, and two again; companies that bought
are noted for it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from pifa.kernel import audit, clock, events
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.regions import REGIONS
from pifa.parties import policies as parties
from pifa.parties import queries as companies
from pifa.relationships.errors import IsAMember
from pifa.relationships.events import CustomersCombined, CustomersNoted, CustomersParted
from pifa.relationships.models import Relationship
from pifa.relationships.states import RELATIONSHIP, STRANGERS


@transaction.atomic
def combine(actor: Actor, gone_id: int, kept_id: int) -> list[int]:
    """Let a noted customer lead to another of the same seller; a claim code of it ends.

    Returns the relationships that led to it before and lead to the other now, for `part`. Who
    is a member cannot be led away (`WrongState`, `IsAMember`). Clerks.
    """
    rows = _both(actor, gone_id, kept_id)
    gone, kept = rows[gone_id], rows[kept_id]
    RELATIONSHIP.check(gone.state, "combine")
    if gone.buyer_id is not None:
        raise IsAMember(name=gone.name)
    if kept.state == Relationship.State.MERGED or gone_id == kept_id:
        raise InvalidInput(reason=_("请选择两个不同的、没有合并过的客户。"))
    led = list(Relationship.objects.filter(merged_into=gone_id).values_list("pk", flat=True))
    Relationship.objects.filter(pk__in=led).update(merged_into=kept_id)
    gone.state, gone.merged_into = Relationship.State.MERGED, kept
    gone.claim_digest, gone.claim_until, gone.changed_at = "", None, clock.now()
    gone.save()
    audit.record(actor, "customer.combine", f"relationship:{kept_id}", gone=gone_id)
    events.emit(CustomersCombined(seller_id=gone.seller_id, gone_id=gone_id, kept_id=kept_id))
    return led


@transaction.atomic
def part(actor: Actor, gone_id: int, kept_id: int, led: list[int]) -> None:
    """Undo `combine`; `WrongState` when the customer does not lead there any more."""
    rows = _both(actor, gone_id, kept_id)
    gone = rows[gone_id]
    RELATIONSHIP.check(gone.state, "part")
    if gone.merged_into_id != kept_id:
        raise InvalidInput(reason=_("合并后的客户已被企业认领到别处，不能撤销合并。"))
    gone.state, gone.merged_into = Relationship.State.NOTED, None
    gone.changed_at = clock.now()
    gone.save()
    Relationship.objects.filter(pk__in=led, merged_into=kept_id).update(merged_into=gone_id)
    audit.record(actor, "customer.part", f"relationship:{kept_id}", gone=gone_id)
    events.emit(CustomersParted(seller_id=gone.seller_id, gone_id=gone_id, kept_id=kept_id))


@transaction.atomic
def know(actor: Actor, buyer_id: int) -> int:
    """The relationship with a company that bought; where there is none it is noted, which opens
    nothing to the company and tells it nothing. That it bought the caller has checked. Clerks."""
    seller_id = parties.require(actor, Role.CLERK)
    card = companies.cards([buyer_id])[buyer_id]
    moment = clock.now()
    row, is_new = Relationship.objects.select_for_update().get_or_create(
        seller_id=seller_id,
        buyer_id=buyer_id,
        defaults={
            "name": card.name,
            "region": REGIONS.get(card.region, ""),
            "state": str(RELATIONSHIP.check(STRANGERS, "note").target),
            "since": moment,
            "changed_at": moment,
        },
    )
    if is_new:
        audit.record(actor, "customer.know", f"relationship:{row.pk}", buyer=buyer_id)
        events.emit(CustomersNoted(seller_id=seller_id, count=1))
    return row.pk


@transaction.atomic
def forget(actor: Actor, relationship_id: int) -> bool:
    """Undo `know` where nothing hangs on it and nobody asked since; whether it is gone. Clerks."""
    rows = Relationship.objects.select_for_update().filter(
        pk=relationship_id,
        seller_id=parties.require(actor, Role.CLERK),
        buyer__isnull=False,
        external_key=None,
        state=Relationship.State.NOTED,
    )
    try:
        with transaction.atomic():
            gone = bool(rows.delete()[0])
    except ProtectedError:
        return False
    if gone:
        audit.record(actor, "customer.forget", f"relationship:{relationship_id}")
    return gone


def _both(actor: Actor, *ids: int) -> dict[int, Relationship]:
    company_id = parties.require(actor, Role.CLERK)
    rows = Relationship.objects.select_for_update().order_by("pk")
    found = {row.pk: row for row in rows.filter(seller_id=company_id, pk__in=ids)}
    if len(found) < len(set(ids)):
        raise NotFound
    return found
