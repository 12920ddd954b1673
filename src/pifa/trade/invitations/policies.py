"""Who may see and do what with order invitations.

An invitation is its seller's. Whoever has the link of one that is alive reads what it says, and
nothing of anybody else's; to everybody else it does not exist.
"""

from __future__ import annotations

from django.db.models import Q

from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.parties import policies as parties
from pifa.trade.policies import SELLING


def own(actor: Actor) -> Q:
    """The invitations of an actor's company."""
    return Q(seller_id=parties.require(actor))


def selling(actor: Actor) -> tuple[int, int]:
    """The company and the membership that invites; `Forbidden` without the role."""
    seller_id = parties.require(actor, *SELLING)
    if actor.member_id is None:
        raise NotFound()
    return seller_id, actor.member_id


def as_buyer(actor: Actor | None) -> Actor | None:
    """Whoever opens a link and acts for a company; everybody else is a guest there."""
    return actor if actor is not None and actor.company_id is not None else None
