"""What a buyer may see, and which side of a relationship an actor stands on."""

from __future__ import annotations

from typing import Literal

from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import NotFound
from pifa.parties import policies as parties
from pifa.relationships.models import Relationship

Side = Literal["buyer", "seller"]

ROLES: dict[Side, Role] = {"buyer": Role.PURCHASER, "seller": Role.CLERK}
"""Who of a company may ask and answer for it, by the side it stands on."""


def side_of(actor: Actor, relationship: Relationship) -> Side:
    """The side the actor's company stands on, if the actor may speak for it there.

    To strangers the relationship does not exist (`NotFound`); `Forbidden` without the role.
    """
    company_id = parties.require(actor)
    if company_id == relationship.seller_id:
        side: Side = "seller"
    elif company_id == relationship.buyer_id and relationship.state != Relationship.State.NOTED:
        side = "buyer"
    else:
        raise NotFound
    parties.require(actor, ROLES[side])
    return side


def may_see_private(actor: Actor | None, seller_id: int) -> bool:
    """Whether what a seller keeps for its related buyers is open to somebody: to the seller
    itself, to buyers with a granted relationship and to operators. One statement at most."""
    if actor is None:
        return False
    if actor.is_operator or actor.is_system or actor.company_id == seller_id:
        return True
    return Relationship.objects.filter(
        seller_id=seller_id, buyer_id=actor.company_id, state=Relationship.State.GRANTED
    ).exists()
