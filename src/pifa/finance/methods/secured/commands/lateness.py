"""The ladder of a buyer's due day: reminded before it, counted and reminded after it, frozen.

The steps are those of trade credit (`MARKET["credit_…"]`); the seller hears of none of them.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet, Sum

from pifa.finance.methods.secured import standing
from pifa.finance.methods.secured.events import (
    SecuredDueSoon,
    SecuredOverdueDay,
    SecuredRepaidInTime,
)
from pifa.finance.methods.secured.models import SecuredAccount, SecuredReceivable
from pifa.finance.methods.trade_credit.standing import ladder
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM
from pifa.kernel.events import emit

DEADLINE = "secured.ladder"
"""Something is to be done about a due day; the deadline's subject is `secured:<buyer>:<day>`."""


def watch(account: SecuredAccount, due_on: date) -> None:
    """Something falls due on a day, on the locked account: climb its ladder from here."""
    _set_next(account, due_on, (clock.today() - due_on).days)


def step(subject: str) -> None:
    """Do what the day asks for a due day, and wait for the next."""
    _secured, buyer_id, text = subject.split(":")
    with transaction.atomic():
        _step(standing.account_of(int(buyer_id)), date.fromisoformat(text))


def open_again(account: SecuredAccount) -> None:
    """Something of a locked account was repaid: with the last fen that is late it opens."""
    if account.overdue_since and standing.overdue_of(account.pk) is None:
        account.overdue_since = None
        account.save(update_fields=["overdue_since"])
        audit.record(SYSTEM, "secured.unfreeze", f"company:{account.buyer_id}")


def _step(account: SecuredAccount, due_on: date) -> None:
    today = clock.today()
    days = (today - due_on).days
    rows = SecuredReceivable.objects.filter(account=account, due_on=due_on)
    sums = rows.aggregate(owed=Sum("owed_fen"), repaid=Sum("repaid_fen"))
    owed_fen, repaid_fen = sums["owed"] or 0, sums["repaid"] or 0
    account_id, buyer_id, day = account.pk, account.buyer_id, due_on.isoformat()
    if days >= 1 and not owed_fen:
        if days == 1 and repaid_fen:
            emit(
                SecuredRepaidInTime(
                    seller_id=_seller_of(rows),
                    account_id=account_id,
                    buyer_id=buyer_id,
                    due_on=day,
                )
            )
        return
    if days < 1 and owed_fen:
        emit(
            SecuredDueSoon(
                account_id=account_id, buyer_id=buyer_id, due_on=day, amount_fen=owed_fen
            )
        )
    elif days >= 1:
        emit(
            SecuredOverdueDay(
                seller_id=_seller_of(rows),
                day=today.isoformat(),
                days=days,
                amount_fen=owed_fen,
                remind=ladder().reminds(days),
                account_id=account_id,
                buyer_id=buyer_id,
                due_on=day,
            )
        )
        _freeze(account, due_on, days)
    _set_next(account, due_on, days)


def _seller_of(rows: QuerySet[SecuredReceivable]) -> int:
    """A fact of trade has two companies: the buyer, and the seller of its first order that day."""
    return rows.order_by("pk").values_list("seller", flat=True)[0]


def _freeze(account: SecuredAccount, due_on: date, days: int) -> None:
    if days >= ladder().freeze_after and account.overdue_since is None:
        account.overdue_since = due_on
        account.save(update_fields=["overdue_since"])
        audit.record(SYSTEM, "secured.freeze", f"company:{account.buyer_id}", since=str(due_on))


def _set_next(account: SecuredAccount, due_on: date, days: int) -> None:
    following = ladder().next_step(days)
    if following is not None:
        moment = clock.start_of_day(due_on + timedelta(days=following))
        deadlines.set_deadline(DEADLINE, f"secured:{account.buyer_id}:{due_on}", moment)
