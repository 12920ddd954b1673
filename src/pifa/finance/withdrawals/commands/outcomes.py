"""What the bank tells of money that was sent: it arrived, or it comes back to the balance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from pifa.finance.banks import registry as banks
from pifa.finance.banks.protocol import PayoutNotice, PayoutOutcome
from pifa.finance.commands import attention
from pifa.finance.commands.debts import pay_debt
from pifa.finance.errors import BadSignature, MalformedNotice
from pifa.finance.rules import Verdict
from pifa.finance.withdrawals.commands.asking import ASK_AFTER
from pifa.finance.withdrawals.commands.days import give_day_back
from pifa.finance.withdrawals.commands.locking import lock_withdrawal
from pifa.finance.withdrawals.events import ASK_BANK, WithdrawalEnded
from pifa.finance.withdrawals.models import Withdrawal
from pifa.finance.withdrawals.states import WITHDRAWAL, after
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM
from pifa.kernel.errors import NotFound
from pifa.kernel.events import emit
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import TransferKind

_VERBS = {PayoutOutcome.ARRIVED: "arrive", PayoutOutcome.RETURNED: "give_back"}


def receive_payout(bank: str, payload: Mapping[str, Any], signature: str) -> Verdict:
    """Take a partner bank's word about a payout, once.

    SETTLED: it counts. REPEATED changes nothing. What is not to be believed, or tells of nothing
    that was sent, is kept for an operator.
    """
    adapter = banks.get(bank)
    try:
        notice = adapter.verify_payout(payload, signature)
    except BadSignature:
        return attention.keep_unbelieved(bank, payload, signature, Verdict.BAD_SIGNATURE)
    except MalformedNotice:
        return attention.keep_unbelieved(bank, payload, signature, Verdict.MALFORMED)
    try:
        return _take(bank, notice)
    except NotFound:
        return attention.keep_unbelieved(bank, payload, signature, Verdict.UNKNOWN_PAYMENT)


def ask_bank(number: str) -> None:
    """Ask the bank what became of a withdrawal that it has not told of; asked again each day."""
    row = Withdrawal.objects.select_related("account").get(number=number)
    notice = banks.get(row.account.bank).payout(row.subject)
    with transaction.atomic():
        row = lock_withdrawal(number)
        if row.state != Withdrawal.State.SENT:
            return
        if notice.outcome is PayoutOutcome.WAITING:
            deadlines.set_deadline(ASK_BANK, row.subject, clock.now() + ASK_AFTER)
        else:
            _end(row, notice)


def _take(bank: str, notice: PayoutNotice) -> Verdict:
    with transaction.atomic():
        row = lock_withdrawal(notice.key.removeprefix("withdrawal:"))
        if row.account.bank != bank:
            raise NotFound
        if not WITHDRAWAL.allows(row.state, _VERBS[notice.outcome]):
            return Verdict.REPEATED
        _end(row, notice)
        return Verdict.SETTLED


def _end(row: Withdrawal, notice: PayoutNotice) -> None:
    verb = _VERBS[notice.outcome]
    row.state = after(row.state, verb)
    row.reason, row.ended_at = notice.reason, clock.now()
    row.save(update_fields=["state", "reason", "ended_at"])
    if verb == "give_back":
        if not row.account.at_partner_bank:
            give_day_back(row)
        legs = postings.withdrawal_returned(
            row.subject, row.company_id, Money(row.amount_fen), Money(row.fee_fen)
        )
        key = f"back:{row.subject}"
        ledger.transfer(key, TransferKind.WITHDRAWAL_RETURN, legs)
        pay_debt(row.company_id, key)
    deadlines.clear(row.subject, ASK_BANK)
    audit.record(SYSTEM, f"withdrawal.{verb}", row.subject)
    emit(
        WithdrawalEnded(
            company_id=row.company_id,
            number=row.number,
            amount_fen=row.amount_fen,
            outcome=row.state,
            reason=notice.reason,
        )
    )
