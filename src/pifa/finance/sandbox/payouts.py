"""What the sandbox bank makes of payouts, and how it tells: they arrive, or come back.

The bank writes its book first and tells the market afterwards, through the same door as a real
bank; a deadline tells again what was not taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.finance.banks.sandbox import SandboxPartnerBank
from pifa.finance.sandbox import books, deposits, keys
from pifa.finance.sandbox.models import SandboxPayout
from pifa.finance.withdrawals.commands import outcomes
from pifa.finance.withdrawals.events import PAYOUT_DEADLINE
from pifa.kernel import clock, deadlines
from pifa.kernel.errors import NotFound, WrongState
from pifa.kernel.money import Money

_Outcome = SandboxPayout.Outcome


@dataclass(frozen=True, slots=True)
class PayoutView:
    """A payout as the bank's page shows it; the answer is empty until it was told."""

    id: int
    key: str
    holder: str
    bank: str
    amount: Money
    at: datetime
    outcome: str
    outcome_label: str
    answer: str


def newest(limit: int = 20) -> list[PayoutView]:
    """The newest payouts, for the bank's page."""
    rows = SandboxPayout.objects.select_related("entry__credit").order_by("-pk")[:limit]
    return [
        PayoutView(
            id=row.pk,
            key=row.entry.key,
            holder=row.entry.credit.holder,
            bank=row.entry.credit.bank,
            amount=Money(row.entry.amount_fen),
            at=row.entry.at,
            outcome=row.outcome,
            outcome_label=str(_Outcome(row.outcome).label),
            answer=row.answer,
        )
        for row in rows
    ]


def give_back(payout_id: int, reason: str = "") -> str:
    """Money that was sent, even if it arrived, comes back; the market's answer to being told.

    `WrongState` if it came back before, `NotEnough` where its account has spent it.
    """
    with transaction.atomic():
        row = _locked(payout_id)
        if row.outcome == _Outcome.RETURNED:
            raise WrongState(state=_Outcome.RETURNED.label, verb=_("退回"))
        entry = row.entry
        payee = entry.credit
        if deposits.is_kept(payee.number):
            deposits.require(payee.number, Money(entry.amount_fen))
        holder = books.Holder(payee.number, payee.holder, payee.bank, payee.role)
        books.move(
            books.Kind.PAYOUT_BACK,
            f"back:{entry.key}",
            holder,
            books.MARKET,
            Money(entry.amount_fen),
            entry.key,
        )
        row.outcome, row.reason = _Outcome.RETURNED.value, (reason or _("收款账户状态异常"))[:200]
        row.told_at = None
        row.save(update_fields=["outcome", "reason", "told_at"])
        # Were the market to fail while it hears of it, the deadline tells it again.
        deadlines.set_deadline(PAYOUT_DEADLINE, f"sandbox-payout:{payout_id}", clock.now())
    return tell(payout_id)


def tell(payout_id: int) -> str:
    """Tell the market what became of a payout (it arrived, unless it came back); its answer."""
    with transaction.atomic():
        row = _locked(payout_id)
        if row.outcome == _Outcome.WAITING:
            row.outcome = _Outcome.ARRIVED.value
            row.save(update_fields=["outcome"])
    payload = {"key": row.entry.key, "outcome": row.outcome, "reason": row.reason}
    verdict = outcomes.receive_payout(SandboxPartnerBank.code, payload, keys.sign(payload))
    with transaction.atomic():
        SandboxPayout.objects.filter(pk=payout_id).update(told_at=clock.now(), answer=verdict.value)
        deadlines.clear(f"sandbox-payout:{payout_id}", PAYOUT_DEADLINE)
    return verdict.value


def _locked(payout_id: int) -> SandboxPayout:
    rows = SandboxPayout.objects.select_for_update(of=("self",)).select_related("entry__credit")
    row = rows.filter(pk=payout_id).first()
    if row is None:
        raise NotFound
    return row
