"""A customer that a seller's books hold twice becomes one, and two again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.kernel import audit, clock, events
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.parties import policies as parties
from pifa.relationships.events import CustomersCombined, CustomersParted
from pifa.relationships.models import Relationship
from pifa.relationships.states import RELATIONSHIP


@transaction.atomic
def combine(actor: Actor, gone_id: int, kept_id: int) -> list[int]:
    """Let a noted customer lead to another of the same seller; a claim code of it ends.

    Returns the relationships that led to it before and lead to the other now, for `part`. Who
    is a member cannot be led away (`WrongState`). Clerks.
    """
    rows = _both(actor, gone_id, kept_id)
    gone, kept = rows[gone_id], rows[kept_id]
    RELATIONSHIP.check(gone.state, "combine")
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


def _both(actor: Actor, *ids: int) -> dict[int, Relationship]:
    company_id = parties.require(actor, Role.CLERK)
    rows = Relationship.objects.select_for_update().order_by("pk")
    found = {row.pk: row for row in rows.filter(seller_id=company_id, pk__in=ids)}
    if len(found) < len(set(ids)):
        raise NotFound
    return found
