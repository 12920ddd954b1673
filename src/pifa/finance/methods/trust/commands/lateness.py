"""What a buyer owes the bank is counted every day and told of on some: the ladder of trade credit.

The day on which the bank paid is the due day. The seller hears of none of it.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from pifa.finance.methods.trade_credit.standing import ladder
from pifa.finance.methods.trust import standing
from pifa.finance.methods.trust.events import TrustOwingDay
from pifa.finance.methods.trust.models import TrustItem
from pifa.kernel import clock, deadlines
from pifa.kernel.events import emit

DEADLINE = "trust.owing"
"""A day begins on which something may be owed; the deadline's subject is `trust-owing:<id>` of the
item."""

_OWING = "trust-owing:"


def watch(row: TrustItem) -> None:
    """The bank paid for an item today, on the locked account: its days begin."""
    assert row.covered_on is not None
    _set_next(row, (clock.today() - row.covered_on).days)


def step(subject: str) -> None:
    """Count the day if something is still owed, and wait for the next."""
    rows = TrustItem.objects.select_related("account", "payable")
    found = rows.get(pk=int(subject.removeprefix(_OWING)))
    with transaction.atomic():
        standing.account_of(found.account.buyer_id)
        row = rows.get(pk=found.pk)
        if not row.debt_fen or row.covered_on is None:
            return
        today = clock.today()
        days = (today - row.covered_on).days
        emit(
            TrustOwingDay(
                account_id=row.account_id,
                subject=row.payable.subject,
                buyer_id=row.account.buyer_id,
                seller_id=row.seller_id,
                amount_fen=row.debt_fen,
                day=today.isoformat(),
                days=days,
                remind=ladder().reminds(days),
            )
        )
        _set_next(row, days)


def _set_next(row: TrustItem, days: int) -> None:
    following = ladder().next_step(days)
    if following is not None and row.covered_on is not None:
        moment = clock.start_of_day(row.covered_on + timedelta(days=following))
        deadlines.set_deadline(DEADLINE, f"{_OWING}{row.pk}", moment)
