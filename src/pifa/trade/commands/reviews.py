"""The end of an order: the buyer's review, the seller's answer, and the seller's own note."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.events import emit
from pifa.kernel.ids import number_of
from pifa.trade import policies, rules
from pifa.trade.commands.loading import acting_side, buyer_of, lock_order, lock_visible
from pifa.trade.errors import AlreadyAnswered
from pifa.trade.events.facts import OrderCompleted, ReviewWritten
from pifa.trade.models import Order, Review
from pifa.trade.states import SELLER, OrderStatus


def write_review(actor: Actor, number: str, stars: int, body: str = "") -> None:
    """Rate a received order from one to five stars; this completes it."""
    stars = rules.check_stars(stars)
    body = rules.optional_text(body, _("评价"), 1000, "body")
    with transaction.atomic():
        order = lock_order(actor, number, "write_review")
        Review.objects.create(order=order, stars=stars, body=body, at=clock.now())
        emit(
            ReviewWritten(
                number=order.number,
                buyer_id=buyer_of(order),
                seller_id=order.seller_id,
                stars=stars,
            )
        )
        _complete(actor, order, "write_review", stars=stars)


def complete_by_deadline(subject: str) -> None:
    """Nobody reviewed in time: the order is complete all the same (the market)."""
    with transaction.atomic():
        order = lock_order(SYSTEM, number_of(subject), "complete_by_deadline")
        _complete(SYSTEM, order, "complete_by_deadline")


def answer_review(actor: Actor, number: str, answer: str) -> None:
    """The seller answers a review, once."""
    answer = rules.required_text(answer, _("回复"), 1000, "answer")
    with transaction.atomic():
        order = _sellers_order(actor, number, "answer_review")
        review = Review.objects.select_for_update().filter(order=order).first()
        if review is None:
            raise NotFound()
        if review.answer:
            raise AlreadyAnswered()
        review.answer = answer
        review.save(update_fields=["answer"])
        audit.record(actor, "order.answer_review", order.subject)


def note_seller(actor: Actor, number: str, note: str) -> None:
    """The seller's own note on an order, declared ones too; the buyer never sees it."""
    note = rules.optional_text(note, _("卖家备注"), 500, "note")
    with transaction.atomic():
        order = _sellers_order(actor, number, "note_seller")
        order.seller_note = note
        order.save(update_fields=["seller_note"])
        audit.record(actor, "order.note_seller", order.subject)


def _complete(actor: Actor, order: Order, verb: str, **detail: object) -> None:
    order.status = OrderStatus.COMPLETED
    order.ended_at = clock.now()
    order.save(update_fields=["status", "ended_at"])
    deadlines.clear(order.subject)
    audit.record(actor, f"order.{verb}", order.subject, **detail)
    emit(
        OrderCompleted(
            number=order.number,
            buyer_id=buyer_of(order),
            counts_as_id=order.counts_as_id,
            seller_id=order.seller_id,
            by=acting_side(actor, order),
        )
    )


def _sellers_order(actor: Actor, number: str, verb: str) -> Order:
    order = lock_visible(actor, number)
    policies.require_side(actor, SELLER, order.buyer_id, order.seller_id, verb)
    return order
