"""Who may see and change which goods."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from pifa.catalog.models import GroupPrice, Offer, OfferAudience
from pifa.kernel.actors import Actor, Role
from pifa.parties import policies as parties
from pifa.relationships.models import Relationship

KEEPERS = (Role.CLERK,)
"""Roles of a seller's members (beside owners) that may change its goods."""

_KNOWN_STATES = (Offer.State.ONLINE, Offer.State.OFFLINE, Offer.State.TAKEN_DOWN)


def visible_offers(viewer: Actor | None, path: str = "") -> Q:
    """Offers that a viewer may see, as a condition on `Offer`.

    Everybody sees what is online and public; a related buyer also what is online and private, unless
    it is meant for groups and the buyer is in none of them; a seller all of its own; operators
    everything. None is a visitor who is not signed in.
    `path` leads to the offer from another table, such as `offer__`.
    """
    return _offers(viewer, Q(**{f"{path}state": Offer.State.ONLINE}), path)


def known_offers(viewer: Actor | None, path: str = "") -> Q:
    """Offers whose existence is no secret to a viewer: also those no longer on sale.

    A purchase list says of them that they are offline. Drafts stay their seller's.
    """
    return _offers(viewer, Q(**{f"{path}state__in": _KNOWN_STATES}), path)


def own_prices(viewer: Actor | None) -> QuerySet[GroupPrice] | None:
    """The prices that are meant for a viewer's company: of the groups that its sellers put it into,
    while they are related. None for whoever has none by its nature (visitors, operators)."""
    if viewer is None or viewer.is_operator or viewer.is_system or viewer.company_id is None:
        return None
    return GroupPrice.objects.filter(
        group__members__buyer=viewer.company_id,
        group__members__state=Relationship.State.GRANTED,
    )


def may_keep(actor: Actor) -> int:
    """The company whose goods the actor may change; else `Forbidden`.

    The market itself may act for a company that its actor names (a shell, the demo market).
    """
    if actor.is_system and actor.company_id is not None:
        return actor.company_id
    return parties.require(actor, *KEEPERS)


def _offers(viewer: Actor | None, shown: Q, path: str) -> Q:
    public = shown & Q(**{f"{path}visibility": Offer.Visibility.PUBLIC})
    if viewer is None:
        return public
    if viewer.is_operator or viewer.is_system:
        return Q()
    if viewer.company_id is None:
        return public
    related = Relationship.objects.filter(
        seller_id=OuterRef(f"{path}seller_id"),
        buyer_id=viewer.company_id,
        state=Relationship.State.GRANTED,
    )
    audience = OfferAudience.objects.filter(offer=OuterRef(f"{path}pk"))
    meant = audience.filter(
        group__members__buyer=viewer.company_id,
        group__members__state=Relationship.State.GRANTED,
    )
    private = Q(Exists(related)) & (~Q(Exists(audience)) | Q(Exists(meant)))
    return public | Q(**{f"{path}seller_id": viewer.company_id}) | (shown & private)
