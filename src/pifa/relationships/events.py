"""What this floor announces, and what it does on others' events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pifa.kernel.events import Event, consumer
from pifa.messages import commands as messages
from pifa.parties import queries as parties


@dataclass(frozen=True, kw_only=True)
class RelationshipAsked(Event):
    """One side asked the other; `asked_by` is "buyer" or "seller"."""

    name = "relationship.asked"
    relationship_id: int
    seller_id: int
    buyer_id: int
    asked_by: str


@dataclass(frozen=True, kw_only=True)
class RelationshipGranted(Event):
    """The other side agreed; private goods are open to the buyer from now on."""

    name = "relationship.granted"
    relationship_id: int
    seller_id: int
    buyer_id: int
    granted_by: str


@dataclass(frozen=True, kw_only=True)
class RelationshipRevoked(Event):
    """A side ended the relationship or declined to begin it (`before`: requested or granted)."""

    name = "relationship.revoked"
    relationship_id: int
    seller_id: int
    buyer_id: int
    revoked_by: str
    before: str


@dataclass(frozen=True, kw_only=True)
class CustomersNoted(Event):
    """A seller's books brought customers that it had not noted before."""

    name = "customers.noted"
    seller_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class CustomerClaimed(Event):
    """A company took over a customer that a seller had noted.

    What hangs on relationship `old_id` belongs to `relationship_id` and to the buyer from now
    on; the two ids are the same unless the company had a relationship with the seller before.
    """

    name = "customer.claimed"
    old_id: int
    relationship_id: int
    seller_id: int
    buyer_id: int


@dataclass(frozen=True, kw_only=True)
class CustomersCombined(Event):
    """A seller found that two of its customers are one: `gone_id` leads to `kept_id` now."""

    name = "customers.combined"
    seller_id: int
    gone_id: int
    kept_id: int


@dataclass(frozen=True, kw_only=True)
class CustomersParted(Event):
    """A seller took back that two of its customers are one."""

    name = "customers.parted"
    seller_id: int
    gone_id: int
    kept_id: int


@consumer(
    "relationships.notices",
    RelationshipAsked.name,
    RelationshipGranted.name,
    RelationshipRevoked.name,
    CustomerClaimed.name,
)
def _tell_the_other_side(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    seller_id, buyer_id = payload["seller_id"], payload["buyer_id"]
    cards = parties.cards([seller_id, buyer_id])
    if name == CustomerClaimed.name:
        acting, params = "buyer", {"outcome": "claimed"}
    elif name == RelationshipAsked.name:
        acting, params = payload["asked_by"], {}
    elif name == RelationshipGranted.name:
        acting, params = payload["granted_by"], {"outcome": "granted"}
    else:
        outcome = "declined" if payload["before"] == "requested" else "revoked"
        acting, params = payload["revoked_by"], {"outcome": outcome}
    actor_id, other_id = (seller_id, buyer_id) if acting == "seller" else (buyer_id, seller_id)
    messages.notify(
        other_id,
        "relationship_answered" if params else "relationship_asked",
        f"relationship:{payload['relationship_id']}",
        {"company": cards[actor_id].name, **params},
        "" if acting == "seller" else "/seller/customers/",
    )
