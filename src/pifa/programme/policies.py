"""Who applies, who reviews, who reads."""

from __future__ import annotations

from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden
from pifa.parties import policies as parties

APPLYING = (Role.OWNER, Role.CLERK)


def may_apply(actor: Actor) -> int:
    """The company of a member who works on its trade; else `Forbidden`."""
    return parties.require(actor, *APPLYING)


def may_review(actor: Actor) -> int:
    """The operator's user: a decision is a person's, with that person's name; else `Forbidden`."""
    if not actor.is_operator or actor.user_id is None:
        raise Forbidden
    return actor.user_id


def may_read(actor: Actor, company_id: int) -> None:
    """The company's members and operators; for others it does not exist (`NotFound`)."""
    parties.require_reader(actor, company_id)
