"""Who may ask for, issue and read invoices."""

from __future__ import annotations

from django.db.models import Q

from pifa.kernel.actors import Actor, Role
from pifa.parties import policies as parties

ASKING = (Role.PURCHASER, Role.FINANCE)
"""Who keeps details, asks, withdraws and reads papers for a buyer."""

ISSUING = (Role.CLERK, Role.FINANCE)
"""Who issues, refuses and reads papers for a seller."""


def require_asking(actor: Actor) -> int:
    """The company the actor asks for; `Forbidden` without the role."""
    return parties.require(actor, *ASKING)


def require_issuing(actor: Actor) -> int:
    """The company the actor issues for; `Forbidden` without the role."""
    return parties.require(actor, *ISSUING)


def visible(actor: Actor) -> Q:
    """The requests an actor may know of: its company's as buyer or as seller, by its roles.

    Operators have no business with them; a company's others neither: details hold bank accounts.
    """
    company_id = parties.require(actor, *ASKING, *ISSUING)
    found = Q(pk__in=[])
    if actor.has_role(*ASKING):
        found |= Q(buyer_id=company_id)
    if actor.has_role(*ISSUING):
        found |= Q(seller_id=company_id)
    return found
