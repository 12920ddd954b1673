"""Claiming first-order protection, and an operator's decision."""

from __future__ import annotations

from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.benefits.labels import FIRST_ORDER_PROTECTION, label_of
from pifa.finance import commands as finance
from pifa.finance.errors import BenefitNotHeld
from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound, WrongState
from pifa.kernel.events import emit
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money
from pifa.parties import policies as parties
from pifa.trade import policies, rules
from pifa.trade.commands.loading import buyer_of, lock_visible
from pifa.trade.errors import AlreadyClaimed, InvalidAmount, NothingToClaim, NotTheFirstOrder
from pifa.trade.events.facts import FirstOrderClaimed, FirstOrderDecided
from pifa.trade.first_order import cover
from pifa.trade.models import FirstOrderClaim, Order
from pifa.trade.states import BUYER

State = FirstOrderClaim.State


def claim_first_order(actor: Actor, number: str, kind: str, amount: Money, words: str) -> str:
    """The buyer claims what went wrong with its first order, once; returns the claim's number.

    `kind` is a `LossKind`. `NotTheFirstOrder`, `BenefitNotHeld`, `NothingToClaim` (nothing of the
    kind went wrong, or too long ago), `InvalidAmount` beyond the loss or the benefit's limit,
    `AlreadyClaimed`; what a floor above objects (an order ruled as brushing is not covered).
    """
    words = rules.required_text(words, _("情况说明"), 1000, "words")
    with transaction.atomic():
        order = lock_visible(actor, number)
        policies.require_side(actor, BUYER, order.buyer_id, order.seller_id, "claim_first_order")
        if not cover.is_first(order):
            raise NotTheFirstOrder(number=number)
        _require_no_objection(order)
        limit = cover.limit_of(order)
        if limit is None:
            raise BenefitNotHeld(benefit=label_of(FIRST_ORDER_PROTECTION))
        if FirstOrderClaim.objects.filter(buyer=order.buyer_id).exists():
            raise AlreadyClaimed
        most = {loss.kind: loss.most for loss in cover.losses_of(order, limit)}.get(kind)
        if most is None:
            raise NothingToClaim
        if not 0 < amount.fen <= most.fen:
            raise InvalidAmount(field="amount", amount=amount, limit=most)
        claim = FirstOrderClaim.objects.create(
            number=public_number("G"),
            order=order,
            buyer_id=buyer_of(order),
            kind=kind,
            asked_fen=amount.fen,
            limit_fen=limit.fen,
            words=words,
            claimed_at=clock.now(),
        )
        audit.record(
            actor, "first_order.claim", f"claim:{claim.number}", order=number, asked_fen=amount.fen
        )
        emit(FirstOrderClaimed(**_of(order), claim=claim.number, asked_fen=amount.fen))
    return claim.number


def decide_first_order(
    actor: Actor, claim_number: str, approve: bool, reason: str, amount: Money | None = None
) -> None:
    """An operator makes the claim good (what was asked, or less) or refuses it with a reason.

    The money is on the buyer's balance at once. finance's `ProtectionExhausted` when the year's
    money does not reach; `WrongState` for a claim that was decided; what a floor above objects to
    making good.
    """
    parties.require_operator(actor)
    check = rules.optional_text if approve else rules.required_text
    reason = check(reason, _("审核意见"), 500, "reason")
    with transaction.atomic():
        order = _lock_order(actor, claim_number)
        claim = FirstOrderClaim.objects.select_for_update(of=("self",), no_key=True).get(
            number=claim_number
        )
        if claim.state != State.WAITING:
            raise WrongState(state=claim.get_state_display(), verb=_("审核"))
        paid = Money(0)
        if approve:
            _require_no_objection(order)
            paid = _granted(Money(claim.asked_fen), amount)
            finance.make_good(claim.number, claim.buyer_id, paid)
        claim.state = State.APPROVED if approve else State.REFUSED
        claim.paid_fen, claim.reason = paid.fen, reason
        claim.decided_at, claim.decided_by_id = clock.now(), actor.user_id
        claim.save()
        audit.record(
            actor,
            "first_order.decide",
            f"claim:{claim.number}",
            order=order.number,
            approve=approve,
            paid_fen=paid.fen,
            reason=reason,
        )
        emit(
            FirstOrderDecided(
                **_of(order),
                claim=claim.number,
                approved=approve,
                paid_fen=paid.fen,
                reason=reason,
            )
        )


def _require_no_objection(order: Order) -> None:
    if objection := cover.objection_to(order):
        raise objection


def _granted(asked: Money, amount: Money | None) -> Money:
    if amount is None:
        return asked
    if not 0 < amount.fen <= asked.fen:
        raise InvalidAmount(field="amount", amount=amount, limit=asked)
    return amount


def _lock_order(actor: Actor, claim_number: str) -> Order:
    numbers = FirstOrderClaim.objects.filter(number=claim_number)
    number = numbers.values_list("order__number", flat=True).first()
    if number is None:
        raise NotFound()
    return lock_visible(actor, number)


class _Sides(TypedDict):
    number: str
    buyer_id: int
    seller_id: int


def _of(order: Order) -> _Sides:
    return {"number": order.number, "buyer_id": buyer_of(order), "seller_id": order.seller_id}
