"""Only the two companies of a thread know that it is there."""

from __future__ import annotations

from typing import Literal

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
