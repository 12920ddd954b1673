"""Paying: an attempt is begun, the gateway tells what became of it, money settles or goes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.finance import policies, rules
from pifa.finance.commands import attention
from pifa.finance.commands.locking import attempt, due, lock_payable_on_arrival
from pifa.finance.commands.payables import PAID_OTHERWISE, give_up
from pifa.finance.errors import BadSignature, MalformedNotice, MethodNotOffered
from pifa.finance.events import PayableSettled, PaymentFailed, PaymentReturned
from pifa.finance.gateways import registry as gateways
from pifa.finance.gateways.protocol import Notice
from pifa.finance.methods import registry as methods
from pifa.finance.methods.protocol import Outcome
from pifa.finance.models import Payable, PayableStage, Payment, PaymentRefund
from pifa.finance.rules import Unwanted, Verdict
from pifa.kernel import audit, clock
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.errors import InvalidInput, NotFound, WrongState
from pifa.kernel.events import emit
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import TransferKind


@dataclass(frozen=True, slots=True)
class PaymentStart:
    """An attempt that was begun, and the address where the payer goes on."""

    payment_number: str
    redirect_url: str


def start_payment(actor: Actor, payable_number: str, method: str) -> PaymentStart:
    """Begin to pay what a payable asks for next, by a method.

    Every call is an attempt of its own; whichever arrives first settles. `MethodNotOffered`
    says why not, `InvalidInput` that there is no such method, `WrongState` that nothing is to be
    paid any more.
    """
    with transaction.atomic():
        rows = Payable.objects.select_for_update(no_key=True)
        payable = rows.filter(number=payable_number).first()
        if payable is None:
            raise NotFound
        policies.may_pay(actor, payable)
        return begin(actor, payable, method)


def begin(actor: Actor, payable: Payable, method: str) -> PaymentStart:
    """Begin to pay a payable that the caller has locked, for who may pay it."""
    if payable.state != Payable.State.OPEN:
        raise WrongState(state=payable.get_state_display(), verb=_("支付"))
    stage = payable.stages.filter(settled_at=None).order_by("position")[0]
    if method not in methods.METHODS:
        raise InvalidInput(field="method", reason=_("请选择列出的付款方式。"))
    chosen = methods.get(method)
    why_not = chosen.offered(due(payable, stage), payable.payer_id)
    if why_not is not None:
        raise MethodNotOffered(method=str(chosen.label), why=str(why_not))
    payment = Payment.objects.create(
        number=public_number("P"),
        payable=payable,
        stage=stage,
        method=chosen.code,
        amount_fen=stage.amount_fen,
        started_at=clock.now(),
    )
    url = chosen.start(attempt(payable, payment))
    audit.record(
        actor,
        "payment.start",
        payable.subject,
        payment=payment.number,
        method=chosen.code,
        amount_fen=payment.amount_fen,
    )
    return PaymentStart(payment.number, url)


def receive_notice(gateway: str, payload: Mapping[str, Any], signature: str) -> Verdict:
    """Take a gateway's word about a payment, once; every notice is kept with its verdict.

    A bad signature or a senseless notice is refused; a wrong amount or an unknown payment posts
    nothing and waits for an operator; a repeat changes nothing; money that settles nothing
    (paid already, closed, re-priced) is booked in and sent back at once.
    """
    adapter = gateways.get(gateway)
    try:
        notice = adapter.verify(payload, signature)
    except BadSignature:
        return attention.keep_unbelieved(gateway, payload, signature, Verdict.BAD_SIGNATURE)
    except MalformedNotice:
        return attention.keep_unbelieved(gateway, payload, signature, Verdict.MALFORMED)
    with transaction.atomic():
        kept = attention.keep_notice(gateway, notice, payload)
        if kept is None:
            return Verdict.REPEATED
        verdict = _take_paid(notice) if notice.paid else _take_failed(notice)
        attention.judge(kept, verdict)
        return verdict


def refresh_payment(payment_number: str) -> Verdict | None:
    """Ask the provider itself how a payment stands, and book what it says.

    For a notice that never came or was not to be believed. None while nothing is decided.
    """
    payment = Payment.objects.select_related("payable", "stage").filter(number=payment_number)
    found = payment.first()
    if found is None:
        raise NotFound
    progress = methods.get(found.method).progress(attempt(found.payable, found))
    if progress.outcome is not Outcome.PAID:
        return None
    with transaction.atomic():
        return _book(payment_number, progress.amount, progress.receipt_no)


def _take_paid(notice: Notice) -> Verdict:
    return _book(notice.payment_number, notice.amount, notice.receipt_no)


def _take_failed(notice: Notice) -> Verdict:
    subject = _subject_of(notice.payment_number)
    if subject is None:
        return Verdict.UNKNOWN_PAYMENT
    lock_payable_on_arrival(subject)
    failed = Payment.objects.filter(number=notice.payment_number, state=Payment.State.STARTED)
    if not failed.update(state=Payment.State.FAILED, outcome=notice.reason):
        return Verdict.REPEATED
    emit(PaymentFailed(subject=subject, reason=notice.reason))
    return Verdict.FAILED


def _book(payment_number: str, amount: Money, receipt_no: str) -> Verdict:
    subject = _subject_of(payment_number)
    if subject is None:
        return Verdict.UNKNOWN_PAYMENT
    payable = lock_payable_on_arrival(subject)
    payment = Payment.objects.select_related("stage").get(number=payment_number)
    if Payment.objects.filter(method=payment.method, receipt_no=receipt_no).exists():
        return Verdict.REPEATED
    if amount.fen != payment.amount_fen:
        return Verdict.WRONG_AMOUNT
    why = rules.unwanted(
        payable_open=payable.state == Payable.State.OPEN,
        stage_settled=payment.stage.settled_at is not None,
        stage_amount=Money(payment.stage.amount_fen),
        amount=amount,
    )
    if why is None:
        _settle(payable, payment, receipt_no)
        return Verdict.SETTLED
    _send_back(payable, payment, receipt_no, why)
    return Verdict.RETURNED


def _settle(payable: Payable, payment: Payment, receipt_no: str) -> None:
    moment = clock.now()
    PayableStage.objects.filter(pk=payment.stage_id).update(settled_at=moment)
    Payment.objects.filter(pk=payment.pk).update(
        state=Payment.State.SUCCEEDED, receipt_no=receipt_no, settled_at=moment, outcome=""
    )
    payable.settled_fen += payment.amount_fen
    if not payable.stages.filter(settled_at=None).exists():
        payable.state = Payable.State.SETTLED
    payable.save(update_fields=["settled_fen", "state"])
    method = methods.get(payment.method)
    legs = method.settle(attempt(payable, payment))
    ledger.transfer(f"payment:{payment.number}", TransferKind.PAYMENT, legs)
    others = payable.payments.filter(stage=payment.stage_id).exclude(pk=payment.pk)
    give_up(payable, others.select_related("stage"), PAID_OTHERWISE)
    audit.record(
        SYSTEM,
        "payment.settle",
        payable.subject,
        payment=payment.number,
        amount_fen=payment.amount_fen,
    )
    if payable.state == Payable.State.SETTLED:
        emit(PayableSettled(subject=payable.subject, amount_fen=payable.settled_fen))


def _send_back(payable: Payable, payment: Payment, receipt_no: str, why: Unwanted) -> None:
    moment = clock.now()
    amount = Money(payment.amount_fen)
    booked = {
        "state": Payment.State.RETURNED,
        "receipt_no": receipt_no,
        "settled_at": moment,
        "outcome": why.value,
        "refunded_fen": amount.fen,
    }
    returned = payment
    if payment.receipt_no is None:
        Payment.objects.filter(pk=payment.pk).update(**booked)
    else:
        returned = Payment.objects.create(
            number=public_number("P"),
            payable=payable,
            stage=payment.stage,
            method=payment.method,
            amount_fen=amount.fen,
            started_at=payment.started_at,
            **booked,
        )
    key = f"return:{returned.number}"
    method = methods.get(payment.method)
    PaymentRefund.objects.create(
        key=key, payment=returned, amount_fen=amount.fen, reason=why.value, at=moment
    )
    # What nobody known paid passes through the accounts of whom it was meant for.
    through = payable.payer_id or payable.payee_id
    legs = postings.returned(payable.subject, through, amount, method.purse)
    ledger.transfer(key, TransferKind.RETURN, legs)
    # The provider knows the money by the attempt it was paid for.
    method.refund(attempt(payable, payment), amount, key, why.value)
    audit.record(SYSTEM, "payment.return", payable.subject, payment=returned.number, why=why.value)
    emit(
        PaymentReturned(
            subject=payable.subject,
            amount_fen=amount.fen,
            why=why.value,
            payer_id=payable.payer_id,
            title=payable.title or payable.subject,
        )
    )


def _subject_of(payment_number: str) -> str | None:
    subjects = Payment.objects.filter(number=payment_number)
    return subjects.values_list("payable__subject", flat=True).first()
