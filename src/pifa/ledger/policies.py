"""Who may read whose money."""

from __future__ import annotations

from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, NotFound


def may_read_account(actor: Actor, owner_id: int | None) -> None:
    """Operators and the market read every account; a company's finance people its own.

    Another company's account, or the market's, does not exist for a member (`NotFound`).
    """
    if actor.is_operator or actor.is_system:
        return
    if owner_id is None or actor.company_id != owner_id:
        raise NotFound
    if not actor.has_role(Role.FINANCE):
        raise Forbidden
