"""Payables of a market's past, written set-based: the bulk twin of opening, paying and releasing.

For building a history (the demo market). Nothing is announced and no notice of the bank is kept;
payables, payments, the bank's books and the ledger are as the commands would have left them, which
`tests/finance/test_past.py` proves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from pifa.finance.methods import registry
from pifa.finance.models import (
    Payable,
    PayableStage,
    Payment,
    PaymentRefund,
    SandboxPayout,
    SandboxTrade,
)
from pifa.finance.sandbox.books import receipt_no
from pifa.kernel import bulk
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money, total
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.commands import PastTransfer
from pifa.ledger.rules import TransferKind

_METHOD = "gateway"


@dataclass(frozen=True, slots=True)
class PastRefund:
    """Money that went back before the release; the key is the one `refund` would have had."""

    key: str
    amount: Money
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PastPayable:
    """A payable with all that became of it; paid online in one stage, or never.

    Refunds come before the release, which pays out what is left. `release_key` is the one that
    `release` would have had; without `released_at` the money is held still. Unpaid, it is open
    or `closed`.
    """

    subject: str
    payer_id: int
    payee_id: int
    amount: Money
    title: str
    opened_at: datetime
    paid_at: datetime | None = None
    refunds: tuple[PastRefund, ...] = ()
    released_at: datetime | None = None
    release_key: str = ""
    closed: bool = False

    @property
    def refunded(self) -> Money:
        return total(refund.amount for refund in self.refunds)

    @property
    def released(self) -> Money:
        return self.amount - self.refunded if self.released_at else Money(0)


@dataclass(frozen=True, slots=True)
class _Paid:
    payable: PastPayable
    payable_id: int
    stage_id: int
    paid_at: datetime
    payment_number: str
    trade_no: str


def write_past(payables: Sequence[PastPayable]) -> list[str]:
    """Write payables of the past with their payments and postings; returns their numbers.

    A dozen statements and one for each account, whatever the number; all or nothing.
    """
    with transaction.atomic():
        numbers = [public_number("B", payable.opened_at) for payable in payables]
        rows = zip(numbers, payables, strict=True)
        ids = bulk.insert(Payable, [_payable_row(number, payable) for number, payable in rows])
        stages = bulk.insert(
            PayableStage,
            [
                {
                    "payable_id": payable_id,
                    "amount_fen": payable.amount.fen,
                    "settled_at": payable.paid_at,
                }
                for payable_id, payable in zip(ids, payables, strict=True)
            ],
        )
        paid = [
            _Paid(
                payable,
                payable_id,
                stage_id,
                payable.paid_at,
                public_number("P", payable.paid_at),
                f"SB{uuid4().hex[:24]}",
            )
            for payable, payable_id, stage_id in zip(payables, ids, stages, strict=True)
            if payable.paid_at is not None
        ]
        payment_ids = bulk.insert(Payment, [_payment_row(item) for item in paid])
        trade_ids = bulk.insert(SandboxTrade, [_trade_row(item) for item in paid])
        _write_refunds(paid, payment_ids, trade_ids)
        transfers = [move for item in paid for move in _transfers(item)]
        ledger.transfer_many(sorted(transfers, key=lambda move: move.at))
        return numbers


def _payable_row(number: str, payable: PastPayable) -> dict[str, Any]:
    paid = payable.paid_at is not None
    state = Payable.State.CLOSED if payable.closed else Payable.State.OPEN
    return {
        "number": number,
        "subject": payable.subject,
        "payer_id": payable.payer_id,
        "payee_id": payable.payee_id,
        "title": payable.title[:120],
        "amount_fen": payable.amount.fen,
        "settled_fen": payable.amount.fen if paid else 0,
        "refunded_fen": payable.refunded.fen,
        "released_fen": payable.released.fen,
        "state": (Payable.State.SETTLED if paid else state).value,
        "created_at": payable.opened_at,
    }


def _payment_row(item: _Paid) -> dict[str, Any]:
    return {
        "number": item.payment_number,
        "payable_id": item.payable_id,
        "stage_id": item.stage_id,
        "method": _METHOD,
        "amount_fen": item.payable.amount.fen,
        "refunded_fen": item.payable.refunded.fen,
        "state": Payment.State.SUCCEEDED.value,
        "outcome": "",
        "receipt_no": receipt_no(item.trade_no, 1),
        "started_at": item.paid_at,
        "settled_at": item.paid_at,
    }


def _trade_row(item: _Paid) -> dict[str, Any]:
    return {
        "trade_no": item.trade_no,
        "payment_number": item.payment_number,
        "amount_fen": item.payable.amount.fen,
        "title": (item.payable.title or item.payable.subject)[:120],
        "state": SandboxTrade.State.PAID.value,
        "paid_fen": item.payable.amount.fen,
        "refunded_fen": item.payable.refunded.fen,
        "opened_at": item.paid_at,
    }


def _write_refunds(
    paid: Sequence[_Paid], payment_ids: Sequence[int], trade_ids: Sequence[int]
) -> None:
    ours, banks = [], []
    for item, payment_id, trade_id in zip(paid, payment_ids, trade_ids, strict=True):
        for refund in item.payable.refunds:
            row = {
                "key": f"{refund.key}/{item.payment_number}",
                "amount_fen": refund.amount.fen,
                "at": refund.at,
            }
            ours.append({**row, "payment_id": payment_id, "reason": refund.reason[:200]})
            banks.append({**row, "trade_id": trade_id, "account": ""})
    bulk.insert(PaymentRefund, ours, returning=None)
    bulk.insert(SandboxPayout, banks, returning=None)


def _transfers(item: _Paid) -> list[PastTransfer]:
    payable = item.payable
    subject, payee_id = payable.subject, payable.payee_id
    nothing = Money(0)
    source = registry.get(_METHOD).purse
    moves = [
        PastTransfer(
            f"payment:{item.payment_number}",
            TransferKind.PAYMENT,
            postings.settlement(subject, payee_id, payable.amount, source),
            item.paid_at,
        )
    ]
    for refund in payable.refunds:
        legs = postings.refund(
            subject,
            payee_id,
            escrow=refund.amount,
            balance=nothing,
            deposit=nothing,
            target=source,
        )
        moves.append(PastTransfer(f"refund:{refund.key}", TransferKind.REFUND, legs, refund.at))
    if payable.released_at is not None and payable.released:
        legs = postings.release(subject, payee_id, payable.released)
        key = f"release:{payable.release_key or subject}"
        moves.append(PastTransfer(key, TransferKind.RELEASE, legs, payable.released_at))
    return moves
