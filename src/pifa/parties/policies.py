"""Who may act for whom. Every floor asks here before it does anything for a company."""

from __future__ import annotations

from pifa.kernel.actors import Actor, ActorKind, Role
from pifa.kernel.errors import Forbidden, NotFound


def require(actor: Actor, *roles: Role) -> int:
    """The company of a member who holds one of the roles (any member if none is named).

    An owner holds every role. Raises `Forbidden` for others, operators included: they have
    verbs of their own.
    """
    if actor.kind is not ActorKind.MEMBER or actor.company_id is None:
        raise Forbidden
    if roles and not actor.has_role(*roles):
        raise Forbidden
    return actor.company_id


def member_id(actor: Actor) -> int:
    """The membership a member acts under; `Forbidden` for others."""
    require(actor)
    if actor.member_id is None:
        raise Forbidden
    return actor.member_id


def require_operator(actor: Actor) -> None:
    """Only the market's staff, or the market itself; else `Forbidden`."""
    if not (actor.is_operator or actor.is_system):
        raise Forbidden


def require_company(actor: Actor, company_id: int | None) -> None:
    """Only a member acting for exactly this company; to others it does not exist (`NotFound`)."""
    if actor.kind is not ActorKind.MEMBER or company_id is None or actor.company_id != company_id:
        raise NotFound


def require_reader(actor: Actor, company_id: int | None) -> None:
    """A member of this company, or the market's staff; to others it does not exist."""
    if not (actor.is_operator or actor.is_system):
        require_company(actor, company_id)


def may_see_contacts(actor: Actor, company_id: int | None) -> bool:
    """Whether phones, names and documents of a company are shown unmasked.

    Its own members see them. Operators see them masked; where their work needs the plain
    value (a verification under review), that one query gives it and the audit log says so.
    """
    return (
        actor.kind is ActorKind.MEMBER and company_id is not None and actor.company_id == company_id
    )
