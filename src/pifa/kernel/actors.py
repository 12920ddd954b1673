"""Who acts: a member of a company, an operator of the market, or the market itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    MEMBER = "member"
    OPERATOR = "operator"
    SYSTEM = "system"


class Role(StrEnum):
    """Roles of a company's members. An owner may do everything the others may."""

    OWNER = "owner"
    PURCHASER = "purchaser"
    CLERK = "clerk"
    FINANCE = "finance"


@dataclass(frozen=True, slots=True)
class Actor:
    """The one on whose behalf a command runs; audit entries keep it.

    `company_id` is the company acted for (none for operators and the market).
    """

    kind: ActorKind
    user_id: int | None = None
    company_id: int | None = None
    member_id: int | None = None
    roles: frozenset[Role] = frozenset()

    @property
    def is_operator(self) -> bool:
        return self.kind is ActorKind.OPERATOR

    @property
    def is_system(self) -> bool:
        return self.kind is ActorKind.SYSTEM

    def has_role(self, *roles: Role) -> bool:
        """Whether any of the roles is held; an owner holds them all."""
        return Role.OWNER in self.roles or any(role in self.roles for role in roles)


SYSTEM = Actor(ActorKind.SYSTEM)
