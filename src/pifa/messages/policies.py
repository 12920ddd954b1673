"""Only the two companies of a thread know that it is there; who of a company reads a notice."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q

from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.messages.models import Thread
from pifa.parties import policies as parties


def party_of(actor: Actor, thread: Thread | None) -> Literal["buyer", "seller"]:
    """Which party of a thread the actor's company is; to others it does not exist."""
    company_id = parties.require(actor)
    if thread is not None and company_id == thread.buyer_id:
        return "buyer"
    if thread is not None and company_id == thread.seller_id:
        return "seller"
    raise NotFound


def meant_for(member_id: int | None) -> Q:
    """Of a company's notices those that a member may read: the others' own are not among them."""
    return Q(member=None) | Q(member=member_id) if member_id else Q(member=None)
