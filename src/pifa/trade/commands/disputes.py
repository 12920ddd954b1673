"""Disputes: a refused refund before the market, and an operator's verdict."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput
from pifa.kernel.events import emit
from pifa.kernel.money import Money
from pifa.parties import policies as parties
from pifa.trade import rules
from pifa.trade.commands.loading import LockedCase, buyer_of, lock_case
from pifa.trade.commands.refund_money import end_without_money, pay_back
from pifa.trade.events.facts import DisputeAnswered, DisputeOpened, DisputeRuled
from pifa.trade.models import Dispute
from pifa.trade.states import RefundState

BUYER, PARTLY, SELLER = Dispute.Verdict.BUYER, Dispute.Verdict.PARTLY, Dispute.Verdict.SELLER


def open_dispute(actor: Actor, refund: str, statement: str) -> None:
    """The buyer brings a refused refund before the market, with its side of the matter."""
    statement = rules.required_text(statement, _("情况说明"), 2000, "statement")
    with transaction.atomic():
        locked = lock_case(actor, refund, "open_dispute")
        case, order = locked.case, locked.order
        case.state = RefundState.DISPUTED
        case.save(update_fields=["state"])
        deadlines.clear(locked.subject)
        Dispute.objects.create(case=case, statement=statement, opened_at=clock.now())
        audit.record(actor, "dispute.open", order.subject, refund=case.number)
        emit(
            DisputeOpened(
                number=order.number,
                buyer_id=buyer_of(order),
                counts_as_id=order.counts_as_id,
                seller_id=order.seller_id,
                refund=case.number,
            )
        )


def answer_dispute(actor: Actor, refund: str, statement: str) -> None:
    """The seller gives its side; it may be changed until the verdict."""
    statement = rules.required_text(statement, _("情况说明"), 2000, "statement")
    with transaction.atomic():
        locked = lock_case(actor, refund, "answer_dispute")
        case, order = locked.case, locked.order
        Dispute.objects.filter(case=case).update(seller_statement=statement)
        audit.record(actor, "dispute.answer", order.subject, refund=case.number)
        emit(
            DisputeAnswered(
                number=order.number,
                buyer_id=buyer_of(order),
                seller_id=order.seller_id,
                refund=case.number,
            )
        )


def rule_dispute(
    actor: Actor, refund: str, verdict: str, reason: str, amount: Money | None = None
) -> None:
    """An operator's verdict: for the buyer (all that was asked), partly (an amount), or for the
    seller (nothing). The reason is told to both.

    `InvalidAmount` for a part at or above what was asked; finance's `PayeeCannotRefund` as in refunds.
    """
    parties.require_operator(actor)
    reason = rules.required_text(reason, _("裁决理由"), 2000, "reason")
    if verdict not in (BUYER, PARTLY, SELLER):
        raise InvalidInput(
            field="verdict", reason=_("裁决只能是支持买家、部分支持买家或支持卖家。")
        )
    with transaction.atomic():
        verb = "rule_for_seller" if verdict == SELLER else "rule_for_buyer"
        locked = lock_case(actor, refund, verb)
        granted = rules.verdict_amount(verdict, Money(locked.case.asked_fen), amount)
        _write_verdict(actor, locked, verdict, reason, granted)
        if granted:
            pay_back(actor, locked, granted, "dispute.rule")
        else:
            end_without_money(actor, locked, RefundState.DISMISSED, "dispute.rule")


def _write_verdict(
    actor: Actor, locked: LockedCase, verdict: str, reason: str, granted: Money
) -> None:
    order = locked.order
    Dispute.objects.filter(case=locked.case).update(
        verdict=verdict,
        verdict_reason=reason,
        decided_at=clock.now(),
        decided_by=actor.user_id,
    )
    emit(
        DisputeRuled(
            number=order.number,
            buyer_id=buyer_of(order),
            counts_as_id=order.counts_as_id,
            seller_id=order.seller_id,
            refund=locked.case.number,
            verdict=verdict,
            amount_fen=granted.fen,
        )
    )
