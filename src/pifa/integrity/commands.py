"""The only writers of rulings. The order's lock covers all that is said of it."""

from __future__ import annotations

from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.integrity import policies
from pifa.integrity.errors import AnsweredAlready, NotPaidYet, NotRuled, RuledAlready
from pifa.integrity.events import OrderRuled, RulingTakenBack
from pifa.integrity.models import Ruling, RulingAnswer, RulingInForce
from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.events import emit
from pifa.parties.policies import member_id
from pifa.trade.commands.loading import buyer_of, lock_visible
from pifa.trade.errors import DeclaredOrder
from pifa.trade.models import Order, Provenance
from pifa.trade.rules import required_text


def rule_brushing(actor: Actor, number: str, reason: str) -> None:
    """Rule a paid order as brushing; the reason is told to both companies. Operators only.

    `DeclaredOrder` and `NotPaidYet` for orders that count nowhere, `RuledAlready`.
    """
    user_id = policies.may_rule(actor)
    reason = required_text(reason, _("裁定理由"), 500, "reason")
    with transaction.atomic():
        order = lock_visible(actor, number)
        if order.provenance == Provenance.DECLARED:
            raise DeclaredOrder(number=number)
        if order.paid_at is None:
            raise NotPaidYet(number=number)
        if RulingInForce.objects.filter(order=order).exists():
            raise RuledAlready(number=number)
        ruling = Ruling.objects.create(
            order=order,
            verdict=Ruling.Verdict.BRUSHING,
            reason=reason,
            given_by_id=user_id,
            at=clock.now(),
        )
        RulingInForce.objects.create(order=order, ruling=ruling)
        audit.record(actor, "ruling.give", order.subject, reason=reason)
        emit(OrderRuled(**_of(order, ruling), reason=reason))


def take_back(actor: Actor, number: str, reason: str) -> None:
    """Take the ruling on an order back; the reason is told to both. Operators only.

    `NotRuled` if none is in force.
    """
    user_id = policies.may_rule(actor)
    reason = required_text(reason, _("撤销理由"), 500, "reason")
    with transaction.atomic():
        order = lock_visible(actor, number)
        held = _in_force(order)
        ruling = Ruling.objects.create(
            order=order,
            verdict=Ruling.Verdict.TAKEN_BACK,
            takes_back=held.ruling,
            reason=reason,
            given_by_id=user_id,
            at=clock.now(),
        )
        held.delete()
        audit.record(actor, "ruling.take_back", order.subject, reason=reason)
        emit(RulingTakenBack(**_of(order, ruling), reason=reason))


def answer_ruling(actor: Actor, number: str, words: str) -> None:
    """The seller answers the ruling in force, once; operators read it.

    `NotRuled` if none is in force, `AnsweredAlready`.
    """
    words = required_text(words, _("申诉"), 1000, "words")
    with transaction.atomic():
        order = lock_visible(actor, number)
        policies.may_answer(actor, order)
        ruling = _in_force(order).ruling
        if RulingAnswer.objects.filter(ruling=ruling).exists():
            raise AnsweredAlready()
        RulingAnswer.objects.create(
            ruling=ruling, words=words, given_by_id=member_id(actor), at=clock.now()
        )
        audit.record(actor, "ruling.answer", order.subject)


def _in_force(order: Order) -> RulingInForce:
    held = RulingInForce.objects.select_related("ruling").filter(order=order).first()
    if held is None:
        raise NotRuled(number=order.number)
    return held


class _Told(TypedDict):
    number: str
    buyer_id: int
    seller_id: int
    ruling: int


def _of(order: Order, ruling: Ruling) -> _Told:
    return {
        "number": order.number,
        "buyer_id": buyer_of(order),
        "seller_id": order.seller_id,
        "ruling": ruling.pk,
    }
