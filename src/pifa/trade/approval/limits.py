"""Which limit holds for a member; read by commands and queries."""

from __future__ import annotations

from django.db.models import Q

from pifa.kernel.actors import Role
from pifa.kernel.money import Money
from pifa.parties.models import Member
from pifa.trade.approval import rules
from pifa.trade.models import ApprovalLimit


def limit_of(company_id: int, member_id: int | None) -> Money | None:
    """Up to which amount a purchaser orders alone; None: everything. One statement."""
    rows = ApprovalLimit.objects.filter(
        Q(member=None) | Q(member_id=member_id), company_id=company_id
    )
    found: dict[int | None, int | None] = dict(rows.values_list("member_id", "limit_fen"))
    own = (_money(found[member_id]),) if member_id in found and member_id is not None else None
    return rules.limit_for(own, _money(found.get(None)))


def is_free(member: Member) -> bool:
    """Whether a member orders without approval by its role: an owner, or one of finance."""
    return bool(member.role_set & {Role.OWNER, Role.FINANCE})


def _money(fen: int | None) -> Money | None:
    return None if fen is None else Money(fen)
