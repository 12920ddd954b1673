"""How a buyer and a seller stand with the service at present, and the refusals that follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Min, QuerySet, Sum

from pifa.benefits import queries as benefits
from pifa.benefits.labels import SECURED_CREDIT
from pifa.finance.methods.secured import rules
from pifa.finance.methods.secured.book import rates
from pifa.finance.methods.secured.errors import (
    SecuredNotHeld,
    SecuredNotJoined,
    SecuredOverdue,
    SecuredOverLimit,
)
from pifa.finance.methods.secured.models import (
    SecuredAccount,
    SecuredReceivable,
    SecuredService,
)
from pifa.finance.methods.trade_credit.rules import days_overdue
from pifa.finance.methods.trade_credit.standing import ladder
from pifa.kernel import clock
from pifa.kernel.errors import DomainError
from pifa.kernel.money import ZERO, Money

CODE = "secured"
"""The method's code, as it stands on payments."""


def account_of(buyer_id: int) -> SecuredAccount:
    """A buyer's account, locked: after the order and the payable, before the ledger's accounts."""
    SecuredAccount.objects.get_or_create(buyer_id=buyer_id)
    return SecuredAccount.objects.select_for_update(no_key=True).get(buyer_id=buyer_id)


def members(seller_ids: Iterable[int]) -> set[int]:
    """Which of these sellers are in the service today; none where no rulebook tells its rates."""
    if rates() is None:
        return set()
    rows = in_service(SecuredService.objects.filter(seller__in=list(seller_ids)))
    return set(rows.values_list("seller", flat=True))


def in_service(rows: QuerySet[SecuredService]) -> QuerySet[SecuredService]:
    """Those of the memberships that run today."""
    return rows.filter(left_at=None, valid_until__gte=clock.today())


def limit_of(buyer_id: int) -> Money:
    """What a buyer may owe, by the benefit it holds; nothing without one that can be read."""
    grant = benefits.grant_of(buyer_id, SECURED_CREDIT)
    return ZERO if grant is None else limit_in(grant.value)


def overdue_of(account_id: int) -> tuple[Money, date] | None:
    """What of an account is late so long that it is frozen, and since which due day."""
    last = clock.today() - timedelta(days=ladder().freeze_after)
    late = SecuredReceivable.objects.filter(
        account=account_id, owed_fen__gt=0, due_on__lte=last
    ).aggregate(fen=Sum("owed_fen"), since=Min("due_on"))
    return (Money(late["fen"]), late["since"]) if late["fen"] else None


def standing_of(account: SecuredAccount | None, limit: Money) -> rules.Standing:
    """The figures of a buyer in the words of the rules."""
    if account is None:
        return rules.Standing(limit, ZERO, ZERO)
    late = overdue_of(account.pk)
    return rules.Standing(limit, Money(account.used_fen), late[0] if late else ZERO)


def refusal(account: SecuredAccount | None, limit: Money, amount: Money) -> DomainError | None:
    """Why a buyer may not promise so much now; None if it may."""
    if not limit:
        return SecuredNotHeld()
    late = overdue_of(account.pk) if account is not None else None
    if late is not None:
        overdue, since = late
        days = days_overdue(since, clock.today())
        return SecuredOverdue(overdue=overdue, since=since, days=days)
    used = Money(account.used_fen) if account is not None else ZERO
    if used + amount > limit:
        free = max(ZERO, limit - used)
        return SecuredOverLimit(limit=limit, used=used, free=free, needed=amount)
    return None


def refusal_for(payer_id: int, payee_id: int, amount: Money) -> DomainError | None:
    """The same between a buyer and a seller, who has to be in the service."""
    if payer_id == payee_id or payee_id not in members([payee_id]):
        return SecuredNotJoined()
    account = SecuredAccount.objects.filter(buyer=payer_id).first()
    return refusal(account, limit_of(payer_id), amount)


def limit_in(value: Mapping[str, Any]) -> Money:
    """The limit that a benefit's value gives; nothing where it cannot be read."""
    try:
        limit = Decimal(str(value.get("limit")))
    except InvalidOperation:
        return ZERO
    return Money(int(limit * 100)) if limit.is_finite() and limit > 0 else ZERO
