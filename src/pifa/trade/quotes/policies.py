"""Who may see and do what with requests for quotes.

A request is its buyer's; a seller that was asked sees its own part of it and nothing of the others.
"""

from __future__ import annotations

from django.db.models import Q

from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.parties import policies as parties
from pifa.trade.policies import BUYING, SELLING


def own_requests(actor: Actor) -> Q:
    """The requests that an actor's company made."""
    return Q(buyer_id=parties.require(actor))


def own_quotes(actor: Actor) -> Q:
    """The parts of requests for which an actor's company was asked as seller."""
    return Q(seller_id=parties.require(actor))


def quotes_to(actor: Actor) -> Q:
    """The answers that an actor's company may decide on, for it asked."""
    return Q(request__buyer_id=parties.require(actor))


def require_buyer(actor: Actor, buyer_id: int) -> int:
    """The buying company itself, by a member who buys for it; it does not exist for others."""
    parties.require_company(actor, buyer_id)
    return parties.require(actor, *BUYING)


def require_seller(actor: Actor, seller_id: int) -> int:
    """The seller that was asked, by a member who sells for it; it does not exist for others."""
    parties.require_company(actor, seller_id)
    return parties.require(actor, *SELLING)


def asking_company(actor: Actor) -> tuple[int, int]:
    """The company and the membership for which somebody asks; `Forbidden` without the role."""
    buyer_id = parties.require(actor, *BUYING)
    if actor.member_id is None:
        raise NotFound()
    return buyer_id, actor.member_id
