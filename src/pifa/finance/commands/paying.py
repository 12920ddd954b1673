"""Paying: an attempt is begun, the gateway tells what became of it, money settles or goes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.finance import policies, rules, words
from pifa.finance.commands import attention
from pifa.finance.commands.arriving import send_back, settle, subject_of
from pifa.finance.commands.locking import attempt, due, lock_payable_on_arrival
from pifa.finance.commands.promises import promise
from pifa.finance.commands.schedule import chosen_stage, is_covered
from pifa.finance.errors import BadSignature, MalformedNotice, MethodNotOffered
from pifa.finance.events import PaymentFailed
from pifa.finance.gateways import registry as gateways
from pifa.finance.gateways.protocol import Notice
from pifa.finance.methods import registry as methods
from pifa.finance.methods.protocol import Outcome
from pifa.finance.models import Payable, Payment
from pifa.finance.rules import Verdict
from pifa.finance.states import payment_after
from pifa.finance.words import NOT_PROMISED_AGAIN
from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, InvalidInput, NotFound
from pifa.kernel.events import emit
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money


@dataclass(frozen=True, slots=True)
class PaymentStart:
    """An attempt that was begun, and the address where the payer goes on."""

    payment_number: str
    redirect_url: str


def start_payment(
    actor: Actor,
    payable_number: str,
    method: str,
    part: int | None = None,
    channel: str = "",
    authorisation: str = "",
) -> PaymentStart:
    """Begin to pay what a payable asks for next, by a method and one of its channels.

    `part` names one of the open parts by its position in the schedule (`split_payment`), else it
    is the first. Every call is an attempt of its own; whichever arrives first settles. A method
    that needs no address is done at once. `MethodNotOffered` says why not, `InvalidInput` that
    there is no such method or part, `PaymentBlocked` that it may not be paid now, `WrongState`
    that nothing is to be paid any more. `authorisation` stands for the payment password where the
    method asks for it (`partner_bank.commands.authorise`), else `NotAuthorised`.
    """
    with transaction.atomic():
        found = Payable.objects.filter(number=payable_number).first()
        if found is None:
            raise NotFound
        policies.may_pay(actor, found)
        # It may settle or be promised at once: then the subject's own row comes before it.
        payable = lock_payable_on_arrival(found.subject)
        return begin(actor, payable, method, part, channel, authorisation)


def begin(
    actor: Actor,
    payable: Payable,
    method: str,
    part: int | None = None,
    channel: str = "",
    authorisation: str = "",
) -> PaymentStart:
    """Begin to pay a payable that the caller has locked, for who may pay it."""
    stage = chosen_stage(payable, part)
    chosen = next((one for one in methods.in_use() if one.code == method), None)
    if chosen is None:
        raise InvalidInput(field="method", reason=_("请选择列出的付款方式。"))
    if stage.lapsed_at is not None and method in methods.WORDS:
        raise MethodNotOffered(method=str(chosen.label), why=str(NOT_PROMISED_AGAIN))
    if not rules.is_agreed(method, payable.ways):
        raise MethodNotOffered(method=str(chosen.label), why=words.not_agreed())
    if chosen.for_finance_only:
        policies.handles_money(actor)
    why_not = chosen.offered(due(payable, stage), payable.payer_id)
    if why_not is not None:
        figures = why_not.figures if isinstance(why_not, DomainError) else {}
        raise MethodNotOffered(**figures, method=str(chosen.label), why=str(why_not))
    if method in methods.SIGNED:
        methods.SIGNED[method](actor, authorisation)
    payment = Payment.objects.create(
        number=public_number("P"),
        payable=payable,
        stage=stage,
        method=chosen.code,
        amount_fen=stage.amount_fen,
        started_at=clock.now(),
    )
    started = chosen.start(replace(attempt(payable, payment), channel=channel))
    audit.record(
        actor,
        "payment.start",
        payable.subject,
        payment=payment.number,
        method=chosen.code,
        amount_fen=payment.amount_fen,
    )
    if started.promised:
        promise(actor, payable, payment)
    elif started.receipt_no:
        settle(payable, payment, started.receipt_no)
    return PaymentStart(payment.number, started.address)


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
        said = notice.said or payload
        kept = attention.keep_notice(gateway, notice.notice_id, notice.payment_number, said)
        if kept is None:
            return Verdict.REPEATED
        if notice.undecided:
            verdict = Verdict.NOTED
        else:
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
        return _book(payment_number, progress.amount, progress.receipt_no, progress.payer)


def _take_paid(notice: Notice) -> Verdict:
    return _book(notice.payment_number, notice.amount, notice.receipt_no, notice.payer)


def _take_failed(notice: Notice) -> Verdict:
    subject = subject_of(notice.payment_number)
    if subject is None:
        return Verdict.UNKNOWN_PAYMENT
    lock_payable_on_arrival(subject)
    begun = Payment.State.STARTED.value
    failed = Payment.objects.filter(number=notice.payment_number, state=begun)
    if not failed.update(state=payment_after(begun, "fail"), outcome=notice.reason):
        return Verdict.REPEATED
    emit(PaymentFailed(subject=subject, reason=notice.reason))
    return Verdict.FAILED


def _book(payment_number: str, amount: Money, receipt_no: str, payer: str) -> Verdict:
    subject = subject_of(payment_number)
    if subject is None:
        return Verdict.UNKNOWN_PAYMENT
    payable = lock_payable_on_arrival(subject)
    payment = Payment.objects.select_related("stage").get(number=payment_number)
    if Payment.objects.filter(method=payment.method, receipt_no=receipt_no).exists():
        return Verdict.REPEATED
    if amount.fen != payment.amount_fen:
        return Verdict.WRONG_AMOUNT
    why = rules.unwanted(
        payable_open=payable.state == Payable.State.OPEN and not payable.blocked,
        stage_covered=is_covered(payment.stage),
        stage_amount=Money(payment.stage.amount_fen),
        amount=amount,
    )
    if why is None:
        settle(payable, payment, receipt_no, payer)
        return Verdict.SETTLED
    send_back(payable, payment, receipt_no, why)
    return Verdict.RETURNED
