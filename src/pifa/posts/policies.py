"""Who may post and who may read."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from pifa.kernel.actors import Actor, Role
from pifa.parties import policies as parties
from pifa.posts.models import PostAudience
from pifa.relationships.models import Relationship


def require_posting(actor: Actor) -> int:
    """The company for which the actor may post: an owner or a clerk; else `Forbidden`."""
    if actor.is_system and actor.company_id is not None:
        return actor.company_id
    return parties.require(actor, Role.CLERK)


def readable(actor: Actor) -> Q:
    """Posts that the actor's company may read as a customer, as a condition on `Post`: of sellers
    that it is related to, not recalled, and meant for its group if they are for groups."""
    company_id = parties.require(actor)
    related = Relationship.objects.filter(
        seller=OuterRef("seller"), buyer=company_id, state=Relationship.State.GRANTED
    )
    meant = PostAudience.objects.filter(
        post=OuterRef("pk"),
        group__members__buyer=company_id,
        group__members__state=Relationship.State.GRANTED,
    )
    return Q(recalled_at=None) & Q(Exists(related)) & (Q(for_groups=False) | Q(Exists(meant)))
