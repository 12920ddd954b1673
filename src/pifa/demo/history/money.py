"""Payables, payments at the sandbox bank, and the ledger's books, as finance and ledger keep them.

Legs come from `ledger.rules`, sources of a refund from `finance.rules`; only the rows are kept
here instead of in the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pifa.demo.history.scene import Scene
from pifa.demo.history.tables import (
    AccountRow,
    HoldRow,
    OrderRow,
    PayableRow,
    PaymentRow,
    StageRow,
    TradeRow,
)
from pifa.finance.events import PayableRefunded, PayableSettled, PaymentFailed
from pifa.finance.rules import Verdict, refund_sources
from pifa.finance.sandbox import keys
from pifa.finance.sandbox.books import MARKET, PAYERS, Holder
from pifa.finance.sandbox.models import SandboxAccount, SandboxEntry
from pifa.finance.sandbox.trades import receipt_no
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.ledger import rules as postings
from pifa.ledger.models import Account
from pifa.ledger.rules import (
    COMPANY_OWN,
    GUARDED,
    AccountKind,
    Leg,
    Purse,
    TransferKind,
)

_METHOD = "gateway"
_GATEWAY_CODE = "sandbox"


@dataclass(slots=True)
class Bill:
    """A payable with its one stage, its attempts to pay and their trades at the bank."""

    payable: PayableRow
    stage: StageRow
    attempts: list[tuple[PaymentRow, TradeRow]]

    @property
    def paid_by(self) -> tuple[PaymentRow, TradeRow]:
        """The attempt that settled it."""
        return next(item for item in self.attempts if item[0].state == "succeeded")


class Books:
    """Accounts, holds and transfers, beginning with the accounts that are there."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._accounts: dict[Purse, AccountRow] = {}
        self._holds: dict[str, HoldRow] = {}
        for row in Account.objects.order_by("pk"):
            purse = Purse(AccountKind(row.kind), row.owner_id)
            self._accounts[purse] = AccountRow(
                row.pk,
                owner_id=row.owner_id,
                kind=row.kind,
                guarded=row.guarded,
                balance_fen=row.balance_fen,
                _is_new=False,
            )

    def transfer(self, key: str, kind: TransferKind, legs: Sequence[Leg]) -> None:
        """As `ledger.commands.transfer` of a new key."""
        scene = self._scene
        transfer_id = scene.tables.transfers.add(key, kind.value, scene.now)
        self._open({purse for leg in legs for purse in (leg.debit, leg.credit)})
        for purse, fen in postings.net(legs).items():
            if purse.kind in GUARDED:
                self._accounts[purse].balance_fen += fen
                if self._accounts[purse].balance_fen < 0:
                    raise ValueError(f"{key}: {purse} would be negative")
        for (subject, owner_id), (came, left) in postings.hold_changes(legs).items():
            self._hold(subject, owner_id, came, left)
        for leg in legs:
            scene.tables.postings.add(
                transfer_id,
                self._accounts[leg.debit].id,
                self._accounts[leg.credit].id,
                leg.amount.fen,
                leg.subject,
                scene.now,
            )

    def held(self, subject: str) -> Money:
        """What is held for a subject."""
        hold = self._holds.get(subject)
        return Money(hold.remaining_fen if hold else 0)

    def balance(self, purse: Purse) -> Money:
        """What is on a guarded account."""
        row = self._accounts.get(purse)
        return Money(row.balance_fen if row else 0)

    def changed(self) -> list[tuple[int, int]]:
        """(id, balance) of the accounts that were there before."""
        return [(row.id, row.balance_fen) for row in self._accounts.values() if not row._is_new]

    def _open(self, purses: set[Purse]) -> None:
        """Open what is missing: all of a company's accounts together, as the ledger does."""
        missing = purses.difference(self._accounts)
        new = [Purse(kind) for kind in sorted(p.kind for p in missing if p.owner_id is None)]
        owners = sorted({p.owner_id for p in missing if p.owner_id is not None})
        new += [Purse(kind, owner) for owner in owners for kind in COMPANY_OWN]
        for purse in new:
            self._accounts[purse] = self._scene.tables.accounts.add(
                owner_id=purse.owner_id, kind=purse.kind.value, guarded=purse.kind in GUARDED
            )

    def _hold(self, subject: str, owner_id: int, came: int, left: int) -> None:
        hold = self._holds.get(subject)
        if hold is None:
            account = self._accounts[Purse(AccountKind.ESCROW, owner_id)]
            hold = self._holds[subject] = self._scene.tables.holds.add(
                account_id=account.id, subject=subject
            )
        hold.held_fen += came
        hold.remaining_fen += came - left
        if hold.remaining_fen < 0:
            raise ValueError(f"{subject}: more would leave escrow than is held")


class BankBook:
    """The sandbox bank's book, beginning with the accounts that are there."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._accounts = dict(SandboxAccount.objects.values_list("number", "pk"))

    def move(
        self, kind: str, key: str, payer: Holder, payee: Holder, fen: int, reference: str = ""
    ) -> int:
        """As `finance.sandbox.books.move` of a new key; the entry's id."""
        debit, credit = self._account(payer), self._account(payee)
        now = self._scene.now
        return self._scene.tables.bank_entries.add(key, kind, debit, credit, fen, reference, now)

    def _account(self, holder: Holder) -> int:
        if holder.number not in self._accounts:
            row = self._scene.tables.bank_accounts.add(
                number=holder.number, holder=holder.name, bank=holder.bank, role=holder.role
            )
            self._accounts[holder.number] = row.id
        return self._accounts[holder.number]


class Finance:
    """Bills of orders: opened, re-priced, paid at the bank, released and refunded."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.books = Books(scene)
        self.bank = BankBook(scene)
        self._bills: dict[str, Bill] = {}

    def open_bill(self, order: OrderRow, title: str) -> None:
        """As `finance.commands.open_payables` for one order."""
        scene = self._scene
        payable: PayableRow = scene.tables.payables.add(
            number=scene.numbers.number("B", scene.now),
            subject=order.subject,
            payer_id=order.buyer_id,
            payee_id=order.seller_id,
            title=title[:120],
            amount_fen=order.total_fen,
            region=order.region,
            created_at=scene.now,
        )
        stage: StageRow = scene.tables.stages.add(payable_id=payable.id, amount_fen=order.total_fen)
        self._bills[order.subject] = Bill(payable, stage, [])

    def change_amount(self, subject: str, fen: int) -> None:
        """As `finance.commands.change_amount`."""
        bill = self._bills[subject]
        bill.payable.amount_fen = bill.stage.amount_fen = fen
        self._give_up(bill, "amount_changed")

    def close(self, subject: str) -> None:
        """As `finance.commands.close_payable`."""
        bill = self._bills[subject]
        bill.payable.state = "closed"
        self._give_up(bill, "closed")

    def begin(self, actor: Actor, subject: str) -> None:
        """As `finance.commands.start_payment`."""
        scene, bill = self._scene, self._bills[subject]
        payment: PaymentRow = scene.tables.payments.add(
            number=scene.numbers.number("P", scene.now),
            payable_id=bill.payable.id,
            stage_id=bill.stage.id,
            method=_METHOD,
            amount_fen=bill.stage.amount_fen,
            started_at=scene.now,
        )
        trade: TradeRow = scene.tables.trades.add(
            trade_no=f"SB{scene.numbers.token(24)}",
            payment_number=payment.number,
            amount_fen=payment.amount_fen,
            title=bill.payable.title,
            opened_at=scene.now,
        )
        bill.attempts.append((payment, trade))
        scene.audit(
            actor,
            "payment.start",
            subject,
            payment=payment.number,
            method=_METHOD,
            amount_fen=payment.amount_fen,
        )

    def bank_pays(self, subject: str) -> PayableSettled:
        """The bank's page says *pay*: as `bank.act` and `finance.commands.receive_notice`."""
        scene, bill = self._scene, self._bills[subject]
        payment, trade = bill.attempts[-1]
        trade.state, trade.paid_fen = "paid", trade.amount_fen
        receipt = receipt_no(trade.trade_no, 1)
        self.bank.move(
            SandboxEntry.Kind.PAYMENT,
            receipt,
            PAYERS,
            MARKET,
            payment.amount_fen,
            payment.number,
        )
        self._notice(payment, trade, Verdict.SETTLED, {"outcome": "paid", "receipt_no": receipt})
        bill.stage.settled_at = payment.settled_at = scene.now
        payment.state, payment.receipt_no = "succeeded", receipt
        bill.payable.settled_fen += payment.amount_fen
        bill.payable.state = "settled"
        legs = postings.settlement(subject, bill.payable.payee_id, Money(payment.amount_fen))
        self.books.transfer(f"payment:{payment.number}", TransferKind.PAYMENT, legs)
        scene.by_itself(
            "payment.settle", subject, payment=payment.number, amount_fen=payment.amount_fen
        )
        settled = PayableSettled(subject=subject, amount_fen=bill.payable.settled_fen)
        scene.emit(settled)
        return settled

    def bank_fails(self, subject: str) -> None:
        """The bank's page says *fail*."""
        payment, trade = self._bills[subject].attempts[-1]
        trade.state = "failed"
        self._notice(payment, trade, Verdict.FAILED, {"outcome": "failed", "reason": "declined"})
        payment.state, payment.outcome = "failed", "declined"
        self._scene.emit(PaymentFailed(subject=subject, reason="declined"))

    def release(self, subject: str) -> int:
        """As `finance.commands.release`; fen."""
        amount = self.books.held(subject)
        if not amount:
            return 0
        payable = self._bills[subject].payable
        legs = postings.release(subject, payable.payee_id, amount)
        self.books.transfer(f"release:{subject}", TransferKind.RELEASE, legs)
        payable.released_fen += amount.fen
        return amount.fen

    def refund(self, subject: str, amount: Money, key: str, reason: str) -> None:
        """As `finance.commands.refund`; a payee who cannot cover it is a fault of the plan."""
        scene, bill = self._scene, self._bills[subject]
        payee, held = bill.payable.payee_id, self.books.held(subject)
        balance = Money(0)
        if amount > held:
            balance = self.books.balance(Purse(AccountKind.BALANCE, payee))
        sources = refund_sources(amount, held, balance, Money(0))
        if sources.missing:
            raise ValueError(f"{subject}: the seller cannot cover {sources.missing} of its refund")
        legs = postings.refund(
            subject, payee, escrow=sources.escrow, balance=sources.balance, deposit=Money(0)
        )
        self.books.transfer(f"refund:{key}", TransferKind.REFUND, legs)
        payment, trade = bill.paid_by
        part_key = f"{key}/{payment.number}"
        scene.tables.refunds.add(part_key, payment.id, amount.fen, reason[:200], scene.now)
        payment.refunded_fen += amount.fen
        self.bank.move(
            SandboxEntry.Kind.REFUND,
            part_key,
            MARKET,
            PAYERS,
            amount.fen,
            payment.number,
        )
        trade.refunded_fen += amount.fen
        bill.payable.refunded_fen += amount.fen
        scene.emit(PayableRefunded(subject=subject, amount_fen=amount.fen))

    def _notice(
        self, payment: PaymentRow, trade: TradeRow, verdict: Verdict, says: dict[str, str]
    ) -> None:
        scene = self._scene
        payload = {
            "notice_id": scene.numbers.token(32),
            "trade_no": trade.trade_no,
            "payment_number": payment.number,
            "amount_fen": str(trade.amount_fen),
            **says,
        }
        scene.tables.bank_notices.add(
            trade.id,
            payload["notice_id"],
            payload,
            keys.sign(payload),
            scene.now,
            scene.now,
            verdict.value,
        )
        scene.tables.gateway_notices.add(
            _GATEWAY_CODE, payload["notice_id"], payload, verdict.value, scene.now, payment.number
        )

    @staticmethod
    def _give_up(bill: Bill, outcome: str) -> None:
        for payment, trade in bill.attempts:
            if payment.state == "started":
                payment.state, payment.outcome = "failed", outcome
                trade.state = "closed"
