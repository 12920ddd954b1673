"""Two companies become related: one asks, the other agrees; either may end it."""

from __future__ import annotations

from django.db import transaction

from pifa.kernel import audit, clock, events
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.regions import REGIONS
from pifa.parties import policies as parties_policies
from pifa.parties import queries as parties
from pifa.relationships import policies
from pifa.relationships.errors import AskedByYou, NotASeller, NotWithOneself
from pifa.relationships.events import (
    RelationshipAsked,
    RelationshipGranted,
    RelationshipRevoked,
)
from pifa.relationships.models import Relationship
from pifa.relationships.policies import Side
from pifa.relationships.states import RELATIONSHIP, STRANGERS


@transaction.atomic
def request(actor: Actor, other_company_id: int, side: Side = "buyer") -> Relationship:
    """Ask another company for a relationship; `side` is where the actor's company stands.

    Where the other side asked before, this agrees. A buyer asks by a purchaser, a seller by a
    clerk. Raises `NotASeller`, `NotWithOneself`, and `WrongState` when already asked or related.
    """
    company_id = parties_policies.require(actor, policies.ROLES[side])
    seller_id, buyer_id = (
        (other_company_id, company_id) if side == "buyer" else (company_id, other_company_id)
    )
    if seller_id == buyer_id:
        raise NotWithOneself
    cards = parties.cards([seller_id, buyer_id])
    if other_company_id not in cards:
        raise NotFound
    if not cards[seller_id].is_seller:
        raise NotASeller
    moment = clock.now()
    row, is_new = Relationship.objects.select_for_update().get_or_create(
        seller_id=seller_id,
        buyer_id=buyer_id,
        defaults={
            "name": cards[buyer_id].name,
            "region": REGIONS.get(cards[buyer_id].region, ""),
            "state": Relationship.State.REQUESTED,
            "requested_by": side,
            "since": moment,
            "changed_at": moment,
        },
    )
    if row.state == Relationship.State.REQUESTED and not is_new and row.requested_by != side:
        return _grant(actor, row, side)
    RELATIONSHIP.check(STRANGERS if is_new else row.state, "request")
    row.state, row.requested_by, row.changed_at = Relationship.State.REQUESTED, side, moment
    row.save(update_fields=["state", "requested_by", "changed_at"])
    audit.record(actor, "relationship.request", f"relationship:{row.pk}", side=side)
    events.emit(
        RelationshipAsked(
            relationship_id=row.pk, seller_id=seller_id, buyer_id=buyer_id, asked_by=side
        )
    )
    return row


@transaction.atomic
def grant(actor: Actor, relationship_id: int) -> Relationship:
    """Agree to what the other side asked; `AskedByYou` for the side that asked itself."""
    row, side = _locked(actor, relationship_id)
    RELATIONSHIP.check(row.state, "grant")
    if row.requested_by == side:
        raise AskedByYou
    return _grant(actor, row, side)


@transaction.atomic
def revoke(actor: Actor, relationship_id: int) -> Relationship:
    """End a relationship, decline a request or take one's own back. Orders stay as they are."""
    row, side = _locked(actor, relationship_id)
    RELATIONSHIP.check(row.state, "revoke")
    before = row.state
    _move(row, Relationship.State.REVOKED)
    audit.record(actor, "relationship.revoke", f"relationship:{row.pk}", before=before)
    assert row.buyer_id is not None
    events.emit(
        RelationshipRevoked(
            relationship_id=row.pk,
            seller_id=row.seller_id,
            buyer_id=row.buyer_id,
            revoked_by=side,
            before=before,
        )
    )
    return row


def _grant(actor: Actor, row: Relationship, side: Side) -> Relationship:
    _move(row, Relationship.State.GRANTED)
    audit.record(actor, "relationship.grant", f"relationship:{row.pk}", side=side)
    assert row.buyer_id is not None
    events.emit(
        RelationshipGranted(
            relationship_id=row.pk,
            seller_id=row.seller_id,
            buyer_id=row.buyer_id,
            granted_by=side,
        )
    )
    return row


def _locked(actor: Actor, relationship_id: int) -> tuple[Relationship, Side]:
    row = Relationship.objects.select_for_update().filter(pk=relationship_id).first()
    if row is None:
        raise NotFound
    return row, policies.side_of(actor, row)


def _move(row: Relationship, state: Relationship.State) -> None:
    row.state, row.changed_at = state.value, clock.now()
    row.save(update_fields=["state", "changed_at"])
