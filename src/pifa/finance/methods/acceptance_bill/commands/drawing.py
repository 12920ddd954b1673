"""A buyer has a bill drawn for a payment that it began; until the seller takes it, it can go back."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.bills import registry as banks
from pifa.finance.bills.protocol import BillOrder
from pifa.finance.commands.arriving import subject_of
from pifa.finance.commands.locking import lock_payable_on_arrival
from pifa.finance.methods.acceptance_bill import standing
from pifa.finance.methods.acceptance_bill.commands.loading import ANSWER, move
from pifa.finance.methods.acceptance_bill.errors import BillDrawnAlready
from pifa.finance.methods.acceptance_bill.models import Bill, BillPart
from pifa.finance.models import Payment
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound, WrongState
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money
from pifa.parties import queries as parties

_OPEN = (Bill.State.ASKED, Bill.State.OFFERED)


def draw_bill(actor: Actor, payment_number: str, acceptor: str, matures_on: date) -> str:
    """Ask the bank for a bill for a payment that was begun; returns our number of it.

    Owner or finance role of the payer. The bank answers by a notice. `BillMaturity` for a day out
    of the term (`PAY-BILL`), `BillNotCleared` while another was dishonoured, `BillDrawnAlready`,
    `WrongState` for a payment that is not open any more, `InvalidInput` for a bank not offered.
    """
    with transaction.atomic():
        subject = subject_of(payment_number)
        if subject is None:
            raise NotFound
        payable = lock_payable_on_arrival(subject)
        policies.may_pay(actor, payable)
        policies.handles_money(actor)
        payment = Payment.objects.get(number=payment_number)
        if payment.method != standing.CODE:
            raise NotFound
        if payment.state != Payment.State.STARTED:
            raise WrongState(state=payment.get_state_display(), verb=_("出票"))
        drawn = Bill.objects.filter(parts__payment=payment).first()
        if drawn is not None:
            raise BillDrawnAlready(number=drawn.number)
        bank = banks.get(banks.DEFAULT)
        if acceptor not in dict(bank.acceptors):
            raise InvalidInput(field="acceptor", reason=_("请选择列出的承兑银行。"))
        today = clock.today()
        assert payable.payer_id is not None
        refusal = standing.maturity_refusal(today, matures_on) or standing.refusal(payable.payer_id)
        if refusal is not None:
            raise refusal
        cards = parties.cards([payable.payer_id, payable.payee_id])
        bill = Bill.objects.create(
            number=public_number("E"),
            payable=payable,
            buyer_id=payable.payer_id,
            seller_id=payable.payee_id,
            bank=bank.code,
            acceptor=acceptor,
            drawer_name=cards[payable.payer_id].verified_name,
            payee_name=cards[payable.payee_id].verified_name,
            face_fen=payment.amount_fen,
            issued_on=today,
            matures_on=matures_on,
            presents_on=standing.presented_on(matures_on),
            answer_by=standing.answer_by(),
            asked_at=clock.now(),
        )
        BillPart.objects.create(bill=bill, payment=payment)
        deadlines.set_deadline(ANSWER, bill.subject, bill.answer_by)
        bank.draw(
            BillOrder(
                number=bill.number,
                acceptor=acceptor,
                drawer=bill.drawer_name,
                payee=bill.payee_name,
                amount=Money(bill.face_fen),
                matures_on=matures_on,
            )
        )
        audit.record(actor, "bill.ask", subject, number=bill.number, amount_fen=bill.face_fen)
        return bill.number


def withdraw(payment_number: str) -> None:
    """A payment is given up (the order closed, or was paid otherwise): its bill goes back.

    The caller holds the payable.
    """
    rows = Bill.objects.filter(parts__payment__number=payment_number, state__in=_OPEN)
    for bill in rows.select_for_update(of=("self",), no_key=True):
        move(bill, "withdraw")
        banks.get(bill.bank).give_back(bill.number)
