"""Refund cases: a buyer asks, the seller answers, goods may come back, money goes back."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.finance import queries as books
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.errors import InvalidInput, WrongState
from pifa.kernel.events import emit
from pifa.kernel.ids import number_of, public_number
from pifa.kernel.money import ZERO, Money
from pifa.trade import rules
from pifa.trade.commands.fulfilment import hold
from pifa.trade.commands.loading import (
    REFUND_SUBJECT,
    LockedCase,
    acting_side,
    buyer_of,
    lock_case,
    lock_order,
    term,
)
from pifa.trade.commands.refund_money import end_without_money, pay_back
from pifa.trade.events.facts import RefundAnswered, RefundAsked, ReturnSent
from pifa.trade.models import Dispute, Order, RefundCase
from pifa.trade.staged.schedule import PURPOSES
from pifa.trade.states import OrderStatus, RefundState

MONEY, RETURN = RefundCase.Kind.MONEY, RefundCase.Kind.RETURN


def ask_refund(
    actor: Actor, number: str, kind: str, amount: Money, reason: str, purpose: str = ""
) -> str:
    """Ask for money back on a paid order, all or part, with or without returning goods.

    Of an order that is paid in stages `purpose` names the stage whose money is asked back
    (deposit, balance); it then goes back by the way it was paid.

    Returns the case's number. The order stands still until the case ends. `InvalidAmount`
    beyond what was paid and not yet refunded. Before shipment there is nothing to return.
    """
    reason = rules.required_text(reason, _("退款原因"), 300, "reason")
    if kind not in RefundCase.Kind.values:
        raise InvalidInput(field="kind", reason=_("退款方式只能是仅退款或退货退款。"))
    with transaction.atomic():
        order = lock_order(actor, number, "ask_refund")
        if kind == RETURN and order.shipped_at is None:
            raise InvalidInput(field="kind", reason=_("卖家还没有发货，请选择仅退款。"))
        rules.check_refund(amount, Money(order.covered_fen), Money(order.refunded_fen))
        if purpose:
            _check_purpose(order, purpose, amount)
        case = RefundCase.objects.create(
            number=public_number("R"),
            order=order,
            kind=kind,
            purpose=purpose,
            asked_fen=amount.fen,
            reason=reason,
            asked_at=clock.now(),
        )
        hold(order)
        order.status_before, order.status = order.status, OrderStatus.IN_REFUND
        order.save(update_fields=["status", "status_before"])
        subject = REFUND_SUBJECT + case.number
        deadlines.set_deadline("refund.grant", subject, clock.now() + term("refund_answer_days"))
        audit.record(
            actor,
            "refund.ask",
            order.subject,
            refund=case.number,
            kind=kind,
            asked_fen=amount.fen,
        )
        emit(
            RefundAsked(
                number=order.number,
                buyer_id=buyer_of(order),
                seller_id=order.seller_id,
                refund=case.number,
                kind=kind,
                asked_fen=amount.fen,
            )
        )
    return case.number


def _check_purpose(order: Order, purpose: str, amount: Money) -> None:
    if purpose not in PURPOSES:
        raise InvalidInput(field="purpose", reason=_("请选择定金或尾款。"))
    found = books.money_by_purpose(order.subject).get(purpose)
    rules.check_refund(amount, found.left if found else ZERO, ZERO)


def answer_refund(actor: Actor, refund: str, accept: bool, answer: str = "") -> None:
    """The seller agrees (money goes back, or the goods are awaited) or refuses with a reason.

    finance's `PayeeCannotRefund` when the order's money was paid out and the seller cannot cover it.
    """
    if accept:
        text = rules.optional_text(answer, _("卖家答复"), 300, "answer")
    else:
        text = rules.required_text(answer, _("拒绝原因"), 300, "answer")
    with transaction.atomic():
        locked = lock_case(actor, refund, "accept" if accept else "refuse")
        if locked.case.at_the_door and not accept:
            raise WrongState(state=locked.case.get_state_display(), verb=_("拒绝退款"))
        locked.case.answer = text
        if accept:
            _accept(actor, locked, "accept")
        else:
            _refuse(actor, locked)


def send_return(actor: Actor, refund: str, tracking_no: str) -> None:
    """The buyer sent the goods back, with the carrier's number."""
    tracking_no = rules.required_text(tracking_no, _("退货运单号"), 60, "tracking_no")
    with transaction.atomic():
        locked = lock_case(actor, refund, "send_return")
        locked.case.return_tracking_no = tracking_no
        _move(locked, RefundState.RETURNED, "return_tracking_no")
        deadlines.set_deadline(
            "refund.receive_return", locked.subject, clock.now() + term("return_days")
        )
        _record(actor, "refund.send_return", locked, tracking_no=tracking_no)
        order = locked.order
        emit(
            ReturnSent(
                number=order.number,
                buyer_id=buyer_of(order),
                seller_id=order.seller_id,
                refund=locked.case.number,
                tracking_no=tracking_no,
            )
        )


def confirm_return(actor: Actor, refund: str) -> None:
    """The seller has the returned goods: the money goes back."""
    with transaction.atomic():
        locked = lock_case(actor, refund, "confirm_return")
        pay_back(actor, locked, Money(locked.case.asked_fen), "refund.confirm_return")


def withdraw_refund(actor: Actor, refund: str) -> None:
    """The buyer takes the request back; the order goes on where it stood."""
    with transaction.atomic():
        locked = lock_case(actor, refund, "withdraw")
        Dispute.objects.filter(case=locked.case, verdict="").update(
            verdict=Dispute.Verdict.WITHDRAWN, decided_at=clock.now()
        )
        end_without_money(actor, locked, RefundState.WITHDRAWN, "refund.withdraw")


def grant(subject: str) -> None:
    """The seller did not answer in time: the market agrees for it."""
    with transaction.atomic():
        _accept(SYSTEM, lock_case(SYSTEM, number_of(subject), "grant"), "grant")


def receive_return(subject: str) -> None:
    """The seller did not confirm returned goods in time: the money goes back."""
    with transaction.atomic():
        locked = lock_case(SYSTEM, number_of(subject), "receive_return")
        pay_back(SYSTEM, locked, Money(locked.case.asked_fen), "refund.receive_return")


def lapse(subject: str) -> None:
    """The buyer did nothing in time (sent nothing back, did not object): the case ends."""
    with transaction.atomic():
        locked = lock_case(SYSTEM, number_of(subject), "lapse")
        end_without_money(SYSTEM, locked, RefundState.WITHDRAWN, "refund.lapse")


def _accept(actor: Actor, locked: LockedCase, verb: str) -> None:
    if locked.case.kind == MONEY:
        _announce_answer(actor, locked, accepted=True)
        pay_back(actor, locked, Money(locked.case.asked_fen), f"refund.{verb}")
        return
    _move(locked, RefundState.RETURNING, "answer")
    deadlines.set_deadline("refund.lapse", locked.subject, clock.now() + term("return_days"))
    _record(actor, f"refund.{verb}_return", locked)
    _announce_answer(actor, locked, accepted=True)


def _refuse(actor: Actor, locked: LockedCase) -> None:
    _move(locked, RefundState.REFUSED, "answer")
    deadlines.set_deadline("refund.lapse", locked.subject, clock.now() + term("refund_answer_days"))
    _record(actor, "refund.refuse", locked, answer=locked.case.answer)
    _announce_answer(actor, locked, accepted=False)


def _move(locked: LockedCase, state: RefundState, *fields: str) -> None:
    """Write a state that does not end the case; what was due for the old one is dropped."""
    locked.case.state = state
    locked.case.save(update_fields=["state", *fields])
    deadlines.clear(locked.subject)


def _record(actor: Actor, action: str, locked: LockedCase, **detail: object) -> None:
    audit.record(actor, action, locked.order.subject, refund=locked.case.number, **detail)


def _announce_answer(actor: Actor, locked: LockedCase, *, accepted: bool) -> None:
    order = locked.order
    emit(
        RefundAnswered(
            number=order.number,
            buyer_id=buyer_of(order),
            seller_id=order.seller_id,
            refund=locked.case.number,
            accepted=accepted,
            by=acting_side(actor, order),
        )
    )
