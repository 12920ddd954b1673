"""Money that came is booked: it settles what it is for, or goes back by the way it came."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.finance.commands import payers
from pifa.finance.commands.locking import attempt, due, lock_payable_on_arrival
from pifa.finance.commands.payables import AMOUNT_CHANGED, PAID_OTHERWISE, give_up
from pifa.finance.commands.promises import part_of, replace
from pifa.finance.commands.schedule import chosen_stage, cut, save_sums, tell_if_covered
from pifa.finance.events import PayableSettled, PaymentReturned, PromiseEnded, StageSettled
from pifa.finance.methods import registry as methods
from pifa.finance.models import Payable, PayableStage, Payment, PaymentRefund
from pifa.finance.rules import Unwanted
from pifa.finance.states import payment_after
from pifa.kernel import audit, clock
from pifa.kernel.actors import SYSTEM
from pifa.kernel.errors import InvalidInput, NotFound, WrongState
from pifa.kernel.events import emit, notify_subscribers
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import TransferKind


def book_arrival(
    subject: str,
    method: str,
    amount: Money,
    receipt_no: str,
    part: int | None = None,
    payer: str = "",
) -> str:
    """Book money that is here already and came by itself (a bank transfer).

    It settles the first open part of a payable (or the `part` at a position of the schedule), or
    of it as much as it is: what is left is then a part of its own. An attempt by the method that
    waits for exactly this is the payment that settles. `payer` is the account it came from. Returns
    the payment's number; the same receipt again returns it and does nothing. `WrongState` when nothing is to be paid,
    `InvalidInput` when the part is smaller.
    """
    with transaction.atomic():
        payable = lock_payable_on_arrival(subject)
        known = Payment.objects.filter(method=method, receipt_no=receipt_no).first()
        if known is not None:
            return known.number
        stage = chosen_stage(payable, part)
        if not 0 < amount.fen <= stage.amount_fen:
            reason = _("到账 {amount} 超过待付的 {open}。")
            raise InvalidInput(
                field="amount", reason=reason.format(amount=amount, open=Money(stage.amount_fen))
            )
        if amount.fen < stage.amount_fen:
            give_up(payable, stage.payments.all(), AMOUNT_CHANGED)
            _cut(payable, stage, amount)
        begun = stage.payments.filter(
            method=method, amount_fen=amount.fen, state=Payment.State.STARTED
        )
        payment = begun.select_related("stage").first() or Payment.objects.create(
            number=public_number("P"),
            payable=payable,
            stage=stage,
            method=method,
            amount_fen=amount.fen,
            started_at=clock.now(),
        )
        settle(payable, payment, receipt_no, payer)
        return payment.number


def keep_promise(payment_number: str, amount: Money, receipt_no: str) -> str:
    """Pay a promised payment, or so much of it, by its method: from the payer's balance, or with
    what a carrier collected for it and remits.

    Returns the number of the payment that settled; the same receipt again does nothing.
    `WrongState` unless it is promised or collected, `InvalidInput` for more than was promised.
    """
    with transaction.atomic():
        subject = subject_of(payment_number)
        if subject is None:
            raise NotFound
        payable = lock_payable_on_arrival(subject)
        payment = Payment.objects.select_related("stage").get(number=payment_number)
        known = Payment.objects.filter(method=payment.method, receipt_no=receipt_no).first()
        if known is not None:
            return known.number
        if payment.state not in (Payment.State.PROMISED, Payment.State.COLLECTED):
            raise WrongState(state=payment.get_state_display(), verb=_("支付"))
        if not 0 < amount.fen <= payment.amount_fen:
            raise InvalidInput(field="amount", reason=_("付款超过约定的金额。"))
        settle(payable, part_of(payable, payment, amount), receipt_no)
        return payment_number


def settle(payable: Payable, payment: Payment, receipt_no: str, payer: str = "") -> None:
    """Money came for the stage of a payment; who waits for it is told in this transaction.

    `payer` is the account it came from, as far as that is known.
    """
    moment = clock.now()
    digest, counts_as = payers.note(payer, payable.payer_id, payable.subject)
    stage = payment.stage
    was_open = stage.promised_at is None
    otherwise = not was_open and payment.state in (Payment.State.STARTED, Payment.State.FAILED)
    ended_legs = replace(payable, stage) if otherwise else ()
    PayableStage.objects.filter(pk=stage.pk).update(settled_at=moment)
    Payment.objects.filter(pk=payment.pk).update(
        state=payment_after(payment.state, "settle"),
        receipt_no=receipt_no,
        settled_at=moment,
        outcome="",
        payer_digest=digest,
    )
    payable.settled_fen += payment.amount_fen
    save_sums(payable)
    if not was_open and not otherwise:
        ended = PromiseEnded(
            subject=payable.subject,
            method=payment.method,
            amount_fen=payment.amount_fen,
            kept=True,
        )
        notify_subscribers(ended)
    method = methods.get(payment.method)
    legs = (*method.settle(attempt(payable, payment)), *ended_legs)
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
    notify_subscribers(
        StageSettled(
            subject=payable.subject,
            purpose=stage.purpose,
            amount_fen=payment.amount_fen,
            was_promised=not was_open,
            whole=payable.state == Payable.State.SETTLED,
            payer_company_id=counts_as,
        )
    )
    if was_open:
        tell_if_covered(payable, stage, payment.method)


def _cut(payable: Payable, stage: PayableStage, amount: Money) -> None:
    """Leave a stage only so much, with its promise if it has one."""
    promise = stage.payments.filter(state=Payment.State.PROMISED).select_related("stage").first()
    if promise is None:
        cut(payable, stage, amount)
        return
    part_of(payable, promise, amount)
    stage.refresh_from_db()


def send_back(payable: Payable, payment: Payment, receipt_no: str, why: Unwanted) -> None:
    """Book money that settles nothing and send it back at once."""
    moment = clock.now()
    amount = Money(payment.amount_fen)
    begun = payment.state if payment.receipt_no is None else Payment.State.STARTED.value
    booked = {
        "state": payment_after(begun, "send_back"),
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
    purse = method.purse(due(payable, payment.stage))
    legs = postings.returned(payable.subject, through, amount, purse)
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


def subject_of(payment_number: str) -> str | None:
    """The subject of a payment's payable, if there is such a payment."""
    subjects = Payment.objects.filter(number=payment_number)
    return subjects.values_list("payable__subject", flat=True).first()
