"""Who may see and do what with orders.

A stranger's order does not exist for the asker: what is not in `visible` is `NotFound`.
"""

from __future__ import annotations

from django.db.models import Q

from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, NotFound
from pifa.parties import policies as parties
from pifa.trade import rules
from pifa.trade.states import BUYER, MARKET, OPERATOR, SELLER

BUYING = (Role.PURCHASER,)
"""Who orders, confirms receipt, asks for refunds and reviews for a buyer."""

SELLING = (Role.CLERK,)
"""Who adjusts, closes, ships and answers reviews for a seller."""

REFUNDING = (Role.CLERK, Role.FINANCE)
"""Who answers refund cases for a seller."""

_ROLES: dict[str, tuple[Role, ...]] = dict.fromkeys(
    ("accept", "accept_return", "refuse", "confirm_return", "answer_dispute"), REFUNDING
)


def require_buying(actor: Actor) -> int:
    """The company the actor buys for; `Forbidden` without the role."""
    return parties.require(actor, *BUYING)


def require_selling(actor: Actor) -> int:
    """The company the actor sells for; `Forbidden` without the role."""
    return parties.require(actor, *SELLING)


def require_exporting(actor: Actor) -> int:
    """The company whose orders the actor may take out as a sheet; `Forbidden` without a role."""
    return parties.require(actor, *SELLING, *REFUNDING)


def visible(actor: Actor) -> Q:
    """The orders an actor may know of: its company's on either side; operators all.

    A declared order is visible to its seller, and to the company that claimed the customer.
    """
    if actor.is_operator or actor.is_system:
        return Q()
    if actor.company_id is None:
        raise Forbidden()
    return as_buyer(actor.company_id) | as_seller(actor.company_id)


def as_buyer(company_id: int) -> Q:
    """The orders a company placed, and declared ones of a customer it claimed."""
    return Q(buyer_id=company_id) | Q(provenance="declared", customer__buyer_id=company_id)


def as_seller(company_id: int) -> Q:
    """The orders a company received."""
    return Q(seller_id=company_id)


def sides(actor: Actor, buyer_id: int | None, seller_id: int) -> str | None:
    """As whom the actor meets an order: buyer, seller, operator, market; None: a stranger."""
    if actor.is_system:
        return MARKET
    if actor.is_operator:
        return OPERATOR
    return rules.side(actor.company_id, buyer_id, seller_id)


def reading_side(actor: Actor, buyer_id: int | None, seller_id: int) -> str:
    """As whom the actor reads an order it may see: the claimant of a declared one as buyer."""
    return sides(actor, buyer_id, seller_id) or BUYER


def require_side(
    actor: Actor, wanted: str, buyer_id: int | None, seller_id: int, verb: str
) -> None:
    """The actor stands on the wanted side and holds a role for the verb.

    `NotFound` for a stranger, `Forbidden` for the other side or a missing role.
    """
    found = sides(actor, buyer_id, seller_id)
    if found is None:
        raise NotFound()
    if found != wanted:
        raise Forbidden()
    if wanted in (BUYER, SELLER):
        default = BUYING if wanted == BUYER else SELLING
        parties.require(actor, *_ROLES.get(verb, default))


def sees_personal_data(actor: Actor, buyer_id: int | None, seller_id: int) -> bool:
    """Whether names, addresses and phones are shown unmasked: to the two parties only."""
    return reading_side(actor, buyer_id, seller_id) in (BUYER, SELLER)
