"""Sellers take money out to their accounts at the partner bank, as finance and the bank keep it."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.demo.history.money import Finance
from pifa.demo.history.scene import Scene
from pifa.demo.history.tables import PayoutRow, WithdrawalRow
from pifa.finance.rules import Verdict
from pifa.finance.sandbox.books import MARKET, Holder
from pifa.finance.sandbox.models import SandboxEntry, SandboxPayee
from pifa.finance.withdrawals.commands.asking import ASK_AFTER
from pifa.finance.withdrawals.events import (
    ASK_BANK,
    PAYOUT_DEADLINE,
    WithdrawalEnded,
    WithdrawalSent,
)
from pifa.finance.withdrawals.models import PayeeAccount
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.ledger import rules as postings
from pifa.ledger.rules import TransferKind
from pifa.messages.commands import NewNotice


@dataclass(frozen=True, slots=True)
class _Payee:
    """A company's only account, and whom the bank pays."""

    account_id: int
    holder: Holder


class Withdrawals:
    """Withdrawals of one person, at once, to the partner bank: it says at once that they arrived."""

    def __init__(self, scene: Scene, finance: Finance) -> None:
        self._scene = scene
        self._finance = finance
        self._payees = _payees()
        self._sent: dict[str, tuple[WithdrawalRow, PayoutRow]] = {}
        scene.handle(PAYOUT_DEADLINE, self._arrive)

    def withdraw(self, actor: Actor, fen: int, key: str) -> None:
        """As `finance.commands.withdraw`."""
        scene, company_id = self._scene, actor.company_id
        assert company_id is not None
        payee = self._payees[company_id]
        row: WithdrawalRow = scene.tables.withdrawals.add(
            number=scene.numbers.number("W", scene.now),
            company_id=company_id,
            account_id=payee.account_id,
            key=key,
            amount_fen=fen,
            asked_at=scene.now,
            asked_by=actor.member_id,
            sent_at=scene.now,
            sent_day=clock.market_day(scene.now),
        )
        legs = postings.withdrawal(row.subject, company_id, Money(fen))
        self._finance.books.transfer(row.subject, TransferKind.WITHDRAWAL, legs)
        entry_id = self._finance.bank.move(
            SandboxEntry.Kind.PAYOUT, row.subject, MARKET, payee.holder, fen
        )
        payout: PayoutRow = scene.tables.payouts.add(entry_id=entry_id)
        subject = f"sandbox-payout:{payout.id}"
        self._sent[subject] = (row, payout)
        scene.set_deadline(PAYOUT_DEADLINE, subject, scene.now)
        scene.set_deadline(ASK_BANK, row.subject, scene.now + ASK_AFTER)
        scene.audit(actor, "balance.withdraw", row.subject, amount_fen=fen)
        scene.emit(
            WithdrawalSent(company_id=company_id, number=row.number, amount_fen=fen, fee_fen=0)
        )

    def _arrive(self, subject: str) -> None:
        scene = self._scene
        row, payout = self._sent.pop(subject)
        payout.outcome, payout.told_at = "arrived", scene.now
        payout.answer = Verdict.SETTLED.value
        row.state, row.ended_at = "arrived", scene.now
        scene.clear(row.subject, ASK_BANK)
        scene.by_itself("withdrawal.arrive", row.subject)
        ended = WithdrawalEnded(
            company_id=row.company_id,
            number=row.number,
            amount_fen=row.amount_fen,
            outcome="arrived",
            reason="",
        )
        scene.emit(ended)
        if scene.tells:
            scene.notify(
                NewNotice(
                    company_id=row.company_id,
                    kind="withdrawal_ended",
                    subject=row.subject,
                    params=ended.payload(),
                    link="/seller/withdrawals/",
                )
            )


def _payees() -> dict[int, _Payee]:
    at_bank = {
        row.ref: Holder(row.account.number, row.account.holder, row.account.bank, row.account.role)
        for row in SandboxPayee.objects.select_related("account")
    }
    accounts = PayeeAccount.objects.filter(ended_at=None)
    return {row.company_id: _Payee(row.pk, at_bank[row.ref]) for row in accounts.order_by("pk")}
