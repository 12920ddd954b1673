"""Asking the bank: to debit the buyer after receipt, and, after debits that failed, to pay itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from pifa.finance.commands.locking import lock_payable_on_arrival
from pifa.finance.financiers import mandates as banks
from pifa.finance.financiers.mandates import Debit
from pifa.finance.methods.trust import rules, standing
from pifa.finance.methods.trust.book import terms
from pifa.finance.methods.trust.models import TrustCall, TrustItem
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money

DEADLINE = "trust.debit"
"""The bank is to be asked; the deadline's subject is `debit_subject` of the payable's: an order that
ends drops what is due of its own subject, and this is not."""

_DEBIT = "trust-debit:"

PAUSE = timedelta(minutes=10)
"""After which a bank that did not keep its promise is asked again."""


def debit_subject(subject: str) -> str:
    """What the deadline of a payable's debit is about."""
    return _DEBIT + subject


def expect(row: TrustItem, moment: datetime | None = None) -> None:
    """A claim of a locked item will be paid: the bank is asked now, or at a moment."""
    deadlines.set_deadline(DEADLINE, debit_subject(row.payable.subject), moment or clock.now())


def try_again(row: TrustItem) -> date | None:
    """A debit of a locked item failed: the day on which it is tried again, or None where the bank
    is to keep its promise, which it is asked to now."""
    most = terms()
    closed = {date.fromisoformat(day) for day in settings.MARKET_BANK_HOLIDAYS}
    row.failed += 1
    row.try_on = rules.next_try(clock.today(), row.failed, most.retries if most else 0, closed)
    if row.try_on is None or most is None:
        row.called_at = clock.now()
        expect(row)
    else:
        expect(row, clock.start_of_day(row.try_on) + timedelta(hours=most.hour))
    row.save(update_fields=["failed", "try_on", "called_at"])
    return row.try_on


def asked(row: TrustItem) -> TrustCall:
    """What the bank is asked about an item at present."""
    return row.calls.get(state=TrustCall.State.ASKED)


def ask(subject: str) -> None:
    """The bank is asked to pay what is claimed; a claim that it is asked about already is left to
    its answer."""
    with transaction.atomic():
        row = _locked(subject.removeprefix(_DEBIT))
        if row.claim_fen and not row.calls.filter(state=TrustCall.State.ASKED).exists():
            _ask(row)


def _ask(row: TrustItem) -> None:
    covers = row.called_at is not None
    call = TrustCall.objects.create(
        number=public_number("T"),
        item=row,
        kind=TrustCall.Kind.COVER if covers else TrustCall.Kind.DEBIT,
        amount_fen=row.claim_fen,
        asked_at=clock.now(),
    )
    audit.record(SYSTEM, f"trust.ask_{call.kind}", row.payable.subject, call=call.number)
    banks.get(row.mandate.bank).ask(
        Debit(call.number, row.mandate.ref, Money(call.amount_fen), covers=covers)
    )


def _locked(subject: str) -> TrustItem:
    """An item with all that its payment will lock: the order, its payable, the account."""
    lock_payable_on_arrival(subject)
    rows = TrustItem.objects.select_related("account", "payable", "mandate")
    row = rows.get(payable__subject=subject)
    standing.account_of(row.account.buyer_id)
    return rows.get(pk=row.pk)
