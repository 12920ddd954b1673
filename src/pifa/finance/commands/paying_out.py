"""Money leaves escrow: to the payee when the trade is done, back to the payer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from pifa.finance import rules
from pifa.finance.commands import instant
from pifa.finance.commands.debts import pay_debt
from pifa.finance.commands.locking import attempt, due, lock_payable
from pifa.finance.commands.promises import newest_promises, promised, waive, with_carrier
from pifa.finance.errors import MoneyWithCarrier, PayeeCannotRefund, RefundTooLarge
from pifa.finance.events import (
    TOGETHER_SUBJECT,
    DebtIncurred,
    DepositDrawn,
    MoneyGoingBack,
    PayableRefunded,
)
from pifa.finance.insurance.bond import claiming as bond
from pifa.finance.methods import registry as methods
from pifa.finance.models import InstantPayout, Payable, Payment, PaymentRefund
from pifa.finance.rules import PaidPart, RefundSources
from pifa.kernel import clock
from pifa.kernel.errors import IdempotencyConflict, InvalidInput
from pifa.kernel.events import emit, notify_subscribers
from pifa.kernel.money import ZERO, Money
from pifa.ledger import commands as ledger
from pifa.ledger import queries as books
from pifa.ledger import rules as postings
from pifa.ledger.rules import AccountKind, Leg, TransferKind

_Parts = list[tuple[Payment, Money]]
_Brought = list[tuple[str, Money]]


@dataclass(frozen=True, slots=True)
class Refunded:
    """What a refund was taken from; all nothing if its key was known."""

    escrow: Money
    balance: Money
    deposit: Money
    debt: Money = ZERO
    waived: Money = ZERO
    waived_by: str = ""
    """The code of the method by which most of what was waived had been promised."""

    @property
    def amount(self) -> Money:
        """The money that went back; what was waived had never come."""
        return self.escrow + self.balance + self.deposit + self.debt


def release(subject: str, key: str) -> Money:
    """Pay what is still held for a subject out to its payee's balance; returns how much.

    Once for a key, and nothing if nothing is held any more (all went back, or the payee had it
    at once). `NotFound` without a payable.
    """
    with transaction.atomic():
        payable = lock_payable(subject)
        amount = books.held(subject)
        if not amount:
            instant.end(payable)
            return Money(0)
        if books.is_written(f"release:{key}"):
            return Money(0)
        legs = postings.release(subject, payable.payee_id, amount)
        ledger.transfer(f"release:{key}", TransferKind.RELEASE, legs)
        Payable.objects.filter(pk=payable.pk).update(released_fen=F("released_fen") + amount.fen)
        pay_debt(payable.payee_id, f"release:{key}")
        return amount


def refund(subject: str, amount: Money, key: str, reason: str, purpose: str = "") -> Refunded:
    """Send money of a paid payable back by the way it came, newest payment first.

    With a `purpose` (a `PayableStage.Purpose`) only what was paid or promised for it.

    What is promised and not paid is waived before any money moves. The rest is taken from
    what is held, then from the payee's balance, then from its deposit; what is missing then the
    insurer of its bond pays onto its balance, as far as the cover goes. What is then missing of
    money that the payee had at once, the market lays out: it is the payee's debt.
    What was paid together with something else (`TOGETHER_SUBJECT`) goes on from the payer's balance
    by the way that payment came.
    Once for a key; the same key with another amount is an `IdempotencyConflict`.
    `RefundTooLarge` beyond what was paid and not refunded, `PayeeCannotRefund` with the figures
    if the payee has too little left, `MoneyWithCarrier` if a carrier collected it and has not
    remitted it yet; then nothing is moved.
    """
    if amount.fen <= 0:
        raise InvalidInput(field="amount", reason=_("退款金额必须大于 0。"))
    with transaction.atomic():
        payable = lock_payable(subject)
        if books.is_written(f"refund:{key}") or books.is_written(f"waiver:{key}"):
            _check_same(key, amount)
            return Refunded(Money(0), Money(0), Money(0))
        open_promise = promised(payable, purpose)
        refundable = _settled(payable, purpose) + open_promise
        if amount > refundable:
            _refuse(payable, amount, refundable, purpose)
        is_all = amount == _settled(payable, "") + promised(payable) + with_carrier(payable)
        waived = min(amount, open_promise)
        money = amount - waived
        parts = _parts(payable, money, purpose) if money else []
        _lock_brought(parts)
        given_up = newest_promises(payable.payments.all(), waived, purpose) if waived else []
        _lock_methods(payable, [*parts, *given_up])
        if waived:
            waive(payable, waived, key, purpose)
        sources = _pay_back(payable, parts, money, key, reason) if money else _NOTHING
        if is_all:
            instant.end(payable)
        _announce(payable, money, waived, sources)
        return Refunded(
            sources.escrow,
            sources.balance,
            sources.deposit,
            sources.debt,
            waived,
            _most(given_up),
        )


def _lock_methods(payable: Payable, parts: _Parts) -> None:
    """Each method locks what it keeps of these payments, in the order of their codes."""
    for code in sorted({payment.method for payment, _part in parts}):
        notify_subscribers(MoneyGoingBack(subject=payable.subject, method=code))


def _most(parts: _Parts) -> str:
    by_method: dict[str, int] = {}
    for payment, part in parts:
        by_method[payment.method] = by_method.get(payment.method, 0) + part.fen
    return max(sorted(by_method), key=by_method.__getitem__, default="")


def _refuse(payable: Payable, amount: Money, refundable: Money, purpose: str) -> NoReturn:
    away = with_carrier(payable, purpose)
    if amount > refundable + away:
        raise RefundTooLarge(amount=amount, refundable=refundable + away)
    raise MoneyWithCarrier(amount=amount, refundable=refundable, with_carrier=away)


_NOTHING = RefundSources(ZERO, ZERO, ZERO, ZERO)


def _settled(payable: Payable, purpose: str) -> Money:
    """What was paid (for a purpose) and has not gone back."""
    if not purpose:
        return Money(payable.settled_fen - payable.refunded_fen)
    rows = payable.payments.filter(state=Payment.State.SUCCEEDED, stage__purpose=purpose)
    return Money(rows.aggregate(fen=Sum(F("amount_fen") - F("refunded_fen")))["fen"] or 0)


def _pay_back(
    payable: Payable, parts: _Parts, money: Money, key: str, reason: str
) -> RefundSources:
    sources = _sources(payable, money, key)
    ledger.transfer(f"refund:{key}", TransferKind.REFUND, _legs(payable, parts, sources))
    _send_back(payable, parts, key, reason)
    Payable.objects.filter(pk=payable.pk).update(refunded_fen=F("refunded_fen") + money.fen)
    # Before the payer's debts are paid from its balance: this money is only passing through.
    for brought, part in _brought(parts):
        refund(brought, part, f"onward:{key}", reason)
    for payer_id in _with_more_on_balance(payable, parts):
        pay_debt(payer_id, f"refund:{key}")
    return sources


def _brought(parts: _Parts) -> _Brought:
    """Of a refund what had come with a payment for several things, by that payment's subject."""
    found = [(payment.receipt_no or "", part) for payment, part in parts]
    return [(receipt, part) for receipt, part in found if receipt.startswith(TOGETHER_SUBJECT)]


def _lock_brought(parts: _Parts) -> None:
    # Opened later than what they pay, and so in the order of ids; before any account is locked.
    for subject in sorted(subject for subject, _part in _brought(parts)):
        lock_payable(subject)


def _with_more_on_balance(payable: Payable, parts: _Parts) -> set[int]:
    """Whose balance a refund raised: the payer's, where it had paid from it."""
    purses = [methods.get(row.method).purse(due(payable, row.stage)) for row, _part in parts]
    return {
        purse.owner_id
        for purse in purses
        if purse.kind == AccountKind.BALANCE and purse.owner_id is not None
    }


def _sources(payable: Payable, amount: Money, key: str) -> RefundSources:
    # Both companies at once, for what goes back may land on the payer's balance and pay its debt.
    locked = ledger.lock_company(payable.payee_id, payable.payer_id)
    held = books.held(payable.subject)
    balance, deposit = Money(0), Money(0)
    payout = None
    if amount > held:
        balance, deposit = locked[AccountKind.BALANCE], locked[AccountKind.DEPOSIT]
        payout = InstantPayout.objects.filter(payable=payable).first()
        if payout is not None:
            balance += instant.give_fee_back(payout, payable, amount, key)
        short = amount - held - balance - deposit
        if short.fen > 0:
            balance += bond.claim(payable.payee_id, short, key)
    sources = rules.refund_sources(amount, held, balance, deposit, lend=payout is not None)
    if sources.missing:
        raise PayeeCannotRefund(
            needed=amount - sources.escrow,
            balance=balance,
            deposit=deposit,
            missing=sources.missing,
        )
    return sources


def _parts(payable: Payable, amount: Money, purpose: str) -> _Parts:
    payments = payable.payments.filter(state=Payment.State.SUCCEEDED).select_related("stage")
    if purpose:
        payments = payments.filter(stage__purpose=purpose)
    newest = {payment.pk: payment for payment in payments.order_by("-settled_at", "-pk")}
    left = [
        PaidPart(payment.pk, Money(payment.amount_fen - payment.refunded_fen))
        for payment in newest.values()
    ]
    return [(newest[pk], part) for pk, part in rules.newest_first(amount, left)]


def _legs(payable: Payable, parts: _Parts, sources: RefundSources) -> list[Leg]:
    """Sources against the purses of the methods by which the money came, in their order."""
    legs: list[Leg] = []
    left = sources
    for payment, part in parts:
        taken = rules.refund_sources(
            part, left.escrow, left.balance, left.deposit, lend=bool(left.debt)
        )
        legs += postings.refund(
            payable.subject,
            payable.payee_id,
            escrow=taken.escrow,
            balance=taken.balance,
            deposit=taken.deposit,
            debt=taken.debt,
            target=methods.get(payment.method).purse(due(payable, payment.stage)),
        )
        left = RefundSources(
            left.escrow - taken.escrow,
            left.balance - taken.balance,
            left.deposit - taken.deposit,
            left.missing,
            left.debt - taken.debt,
        )
    return legs


def _announce(payable: Payable, money: Money, waived: Money, sources: RefundSources) -> None:
    payee_id = payable.payee_id
    emit(PayableRefunded(subject=payable.subject, amount_fen=money.fen, waived_fen=waived.fen))
    if sources.deposit:
        emit(DepositDrawn(company_id=payee_id, amount_fen=sources.deposit.fen))
    if sources.debt:
        owed = books.balance(payee_id, AccountKind.CLAWBACK)
        emit(
            DebtIncurred(
                subject=payable.subject,
                company_id=payee_id,
                amount_fen=sources.debt.fen,
                debt_fen=owed.fen,
            )
        )


def _send_back(payable: Payable, parts: _Parts, key: str, reason: str) -> None:
    for payment, part in parts:
        part_key = f"{key}/{payment.number}"
        PaymentRefund.objects.create(
            key=part_key,
            payment=payment,
            amount_fen=part.fen,
            reason=reason[:200],
            at=clock.now(),
        )
        Payment.objects.filter(pk=payment.pk).update(refunded_fen=F("refunded_fen") + part.fen)
        method = methods.get(payment.method)
        method.refund(attempt(payable, payment), part, part_key, reason)


def _check_same(key: str, amount: Money) -> None:
    rows = PaymentRefund.objects.filter(key__startswith=f"{key}/")
    sent = Money(rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0)
    if sent + books.moved(f"waiver:{key}") != amount:
        raise IdempotencyConflict
