"""The verbs of an order without after-sale, each as its command in `trade.commands`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypedDict

from django.conf import settings

from pifa.demo.history.goods import Warehouse
from pifa.demo.history.money import Finance
from pifa.demo.history.scene import Scene
from pifa.demo.history.tables import CaseRow, DisputeRow, OrderRow, ReviewRow
from pifa.demo.plan.script import OrderScript
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.money import Money
from pifa.trade import rules
from pifa.trade.commands.fulfilment import shipment_deadlines
from pifa.trade.commands.order_rows import Delivery
from pifa.trade.commands.pricing import EXPIRED
from pifa.trade.events import facts
from pifa.trade.rules import Pause, PlannedLine


class Parties(TypedDict):
    """Whose order it is."""

    number: str
    buyer_id: int
    seller_id: int


@dataclass(slots=True)
class Ongoing:
    """An order in the middle of its life, with what hangs on it."""

    row: OrderRow
    pieces: dict[int, int]
    case: CaseRow | None = None
    dispute: DisputeRow | None = None
    review: ReviewRow | None = None
    pauses: list[Pause] = field(default_factory=list)

    @property
    def subject(self) -> str:
        return self.row.subject

    @property
    def parties(self) -> Parties:
        """What every event of an order tells."""
        row = self.row
        return {"number": row.number, "buyer_id": row.buyer_id, "seller_id": row.seller_id}

    def side(self, actor: Actor) -> str:
        """As whom somebody acts on it."""
        if actor.is_system:
            return "market"
        if actor.is_operator:
            return "operator"
        return rules.side(actor.company_id, self.row.buyer_id, self.row.seller_id) or "buyer"


def term(name: str) -> timedelta:
    """A period of the market's ordinary terms, by its name with its unit."""
    value = settings.MARKET[name]
    return timedelta(hours=value) if name.endswith("_hours") else timedelta(days=value)


class Orders:
    """Orders that are placed, paid, shipped, received and reviewed."""

    def __init__(self, scene: Scene, finance: Finance, warehouse: Warehouse) -> None:
        self.scene = scene
        self.finance = finance
        self.warehouse = warehouse
        self.going: dict[str, Ongoing] = {}
        scene.handle("order.expire", self._expire)
        scene.handle("order.payment_due", self._remind_payment)
        scene.handle("order.shipment_due", self._remind_shipment)
        scene.handle("order.receipt_due", self._remind_receipt)
        scene.handle("order.receive", self._receive_late)
        scene.handle("order.complete", self._complete_late)

    # ---------------------------------------------------------------------- placing
    def place(
        self,
        actor: Actor,
        seller_id: int,
        script: OrderScript,
        lines: Sequence[PlannedLine],
        delivery: Delivery,
    ) -> Ongoing:
        """As `place_orders` for one seller; `lines` have the ids of the database."""
        scene, plan = self.scene, script.planned
        assert actor.company_id is not None
        going = Ongoing(
            row=scene.tables.orders.add(
                number=scene.numbers.number("", scene.now),
                buyer_id=actor.company_id,
                seller_id=seller_id,
                placed_by_id=actor.member_id,
                channel=plan.channel,
                scene=plan.scene,
                goods_fen=plan.goods.fen,
                freight_fen=plan.freight.fen,
                total_fen=plan.total.fen,
                consignee=delivery.consignee,
                region=delivery.region,
                address=delivery.address,
                post_code=delivery.post_code,
                phone=delivery.phone,
                mobile=delivery.mobile,
                message=script.message,
                invoice={},
                placed_at=scene.now,
            ),
            pieces={line.of_sku: line.quantity for line in lines},
        )
        self.going[going.subject] = going
        self._write_lines(going.row.id, lines)
        title = lines[0].title if len(lines) == 1 else f"{lines[0].title} …({len(lines)})"
        self.finance.open_bill(going.row, title)
        pay_by = scene.now + term("payment_hours")
        remind_at = rules.reminder(scene.now, pay_by, rules.PAYMENT_REMINDER)
        scene.set_deadline("order.expire", going.subject, pay_by)
        scene.set_deadline("order.payment_due", going.subject, remind_at)
        scene.emit(
            facts.OrderPlaced(
                **going.parties,
                total_fen=plan.total.fen,
                channel=plan.channel,
                scene=plan.scene,
                pay_by=pay_by.isoformat(),
            )
        )
        scene.audit(actor, "order.place", going.subject, total_fen=plan.total.fen, lines=len(lines))
        self.warehouse.reserve(going.pieces)
        return going

    def _write_lines(self, order_id: int, lines: Sequence[PlannedLine]) -> None:
        for position, line in enumerate(lines, start=1):
            self.scene.tables.lines.add(
                order_id,
                position,
                line.sku_id,
                line.offer_id,
                line.code,
                line.title,
                line.title_en,
                line.spec_text,
                line.unit,
                line.quantity,
                line.price.e4,
                line.amount.fen,
            )

    # ---------------------------------------------------------------------- while unpaid
    def adjust(self, actor: Actor, going: Ongoing, new_total_fen: int, reason: str) -> None:
        """As `adjust_price`."""
        row, old = going.row, going.row.total_fen
        row.total_fen = new_total_fen
        row.adjustment_fen = new_total_fen - row.goods_fen - row.freight_fen
        now = self.scene.now
        self.scene.tables.adjustments.add(row.id, old, new_total_fen, reason, now)
        self.finance.change_amount(going.subject, new_total_fen)
        self.scene.audit(
            actor, "order.adjust_price", going.subject,
            old_fen=old, new_fen=new_total_fen, reason=reason,
        )  # fmt: skip
        self.scene.emit(
            facts.PriceAdjusted(
                **going.parties,
                old_total_fen=old,
                new_total_fen=new_total_fen,
                reason=reason,
            )
        )

    def close(self, actor: Actor, going: Ongoing, verb: str, reason: str) -> None:
        """As `cancel_order`, `close_order` and `expire`."""
        self.finance.close(going.subject)
        self.warehouse.release(going.pieces)
        self.end_as_closed(going, reason)
        self.scene.audit(actor, f"order.{verb}", going.subject, reason=reason)
        self._announce_closed(going, going.side(actor), reason, was_paid=False)

    def end_as_closed(self, going: Ongoing, reason: str) -> None:
        """The order ends without a trade."""
        row = going.row
        row.status, row.status_before, row.close_reason = "closed", "", reason
        row.ended_at = self.scene.now
        self.scene.clear(going.subject)

    def _announce_closed(
        self, going: Ongoing, by: str, reason: str, *, was_paid: bool, back: Money | None = None
    ) -> None:
        self.scene.emit(
            facts.OrderClosed(
                **going.parties,
                by=by,
                reason=reason,
                was_paid=was_paid,
                refunded_fen=back.fen if back else 0,
                told=back is not None,
            )
        )

    def close_refunded(
        self, actor: Actor, going: Ongoing, reason: str, back: Money | None = None
    ) -> None:
        """All money went back: as the end of `pay_back` and of `refund_unshipped`."""
        if going.row.shipped_at is None:
            self.warehouse.release(going.pieces)
        self.warehouse.add_sold(going.pieces, -1)
        self.end_as_closed(going, reason)
        self._announce_closed(going, going.side(actor), reason, was_paid=True, back=back)

    def bank_pays(self, going: Ongoing) -> None:
        """The money arrives: as trade hears of it from finance."""
        scene, row = self.scene, going.row
        settled = self.finance.bank_pays(going.subject)
        row.status, row.paid_fen, row.payments = "awaiting_shipment", settled.amount_fen, 1
        row.paid_at = row.covered_at = scene.now
        self.warehouse.add_sold(going.pieces)
        scene.clear(going.subject, "order.expire", "order.payment_due")
        self._set_shipment_due(going, scene.now)
        scene.by_itself("order.pay", going.subject, amount_fen=settled.amount_fen, purpose="full")
        scene.emit(
            facts.OrderPaid(
                **going.parties,
                paid_fen=settled.amount_fen,
                channel=row.channel,
                scene=row.scene,
                ship_by=(scene.now + term("ship_hours")).isoformat(),
            )
        )

    # ---------------------------------------------------------------------- goods on their way
    def ship(self, actor: Actor, going: Ongoing, carrier: str, tracking_no: str) -> None:
        """As `ship`."""
        scene, row = self.scene, going.row
        row.status, row.shipped_at = "awaiting_receipt", scene.now
        scene.tables.shipments.add(row.id, carrier, tracking_no, scene.now, scene.now)
        self.warehouse.ship(going.pieces)
        scene.clear(going.subject, "order.shipment_due", "order.refund_unshipped")
        self._set_receipt_due(going, scene.now, scene.now + term("receipt_days"))
        scene.audit(actor, "order.ship", going.subject, carrier=carrier, tracking_no=tracking_no)
        scene.emit(
            facts.OrderShipped(
                **going.parties,
                carrier=carrier,
                tracking_no=tracking_no,
            )
        )

    def receive(self, actor: Actor, going: Ongoing, verb: str = "confirm_receipt") -> None:
        """As `confirm_receipt`, or the market at the deadline."""
        scene, row = self.scene, going.row
        released = self.finance.release(going.subject)
        row.status, row.received_at = "awaiting_review", scene.now
        row.released_fen += released
        scene.clear(going.subject, "order.receive", "order.receipt_due")
        scene.set_deadline("order.complete", going.subject, scene.now + term("review_days"))
        scene.audit(actor, f"order.{verb}", going.subject, released_fen=released)
        scene.emit(
            facts.OrderReceived(
                **going.parties,
                by=going.side(actor),
                released_fen=released,
            )
        )

    def write_review(self, actor: Actor, going: Ongoing, stars: int, body: str) -> None:
        """As `write_review`."""
        going.review = self.scene.tables.reviews.add(
            order_id=going.row.id, stars=stars, body=body, at=self.scene.now
        )
        self.scene.emit(facts.ReviewWritten(**going.parties, stars=stars))
        self._complete(actor, going, "write_review", stars=stars)

    def answer_review(self, actor: Actor, going: Ongoing, answer: str) -> None:
        """As `answer_review`."""
        assert going.review is not None
        going.review.answer = answer
        self.scene.audit(actor, "order.answer_review", going.subject)

    def note(self, actor: Actor, going: Ongoing, note: str) -> None:
        """As `note_seller`."""
        going.row.seller_note = note
        self.scene.audit(actor, "order.note_seller", going.subject)

    def resume(self, going: Ongoing) -> None:
        """As `fulfilment.resume`: what falls due again when a refund case lets the order go."""
        row = going.row
        if row.status == "awaiting_shipment" and row.covered_at:
            self._set_shipment_due(going, row.covered_at)
        elif row.status == "awaiting_receipt" and row.shipped_at:
            due = rules.due_with_pauses(row.shipped_at, term("receipt_days"), going.pauses)
            self._set_receipt_due(going, self.scene.now, due)
        elif row.status == "awaiting_review" and row.received_at:
            due = rules.due_with_pauses(row.received_at, term("review_days"), going.pauses)
            self.scene.set_deadline("order.complete", going.subject, due)

    def _set_shipment_due(self, going: Ongoing, covered_at: datetime) -> None:
        for due in shipment_deadlines(going.subject, going.row.scene, covered_at, going.pauses):
            self.scene.set_deadline(*due)

    def _set_receipt_due(self, going: Ongoing, since: datetime, due: datetime) -> None:
        remind_at = rules.reminder(since, due, rules.RECEIPT_REMINDER)
        self.scene.set_deadline("order.receive", going.subject, due)
        self.scene.set_deadline("order.receipt_due", going.subject, remind_at)

    def _complete(self, actor: Actor, going: Ongoing, verb: str, **detail: object) -> None:
        going.row.status, going.row.ended_at = "completed", self.scene.now
        self.scene.clear(going.subject)
        self.scene.audit(actor, f"order.{verb}", going.subject, **detail)
        by = going.side(actor)
        self.scene.emit(facts.OrderCompleted(**going.parties, by=by))

    # ---------------------------------------------------------------------- by itself
    def _expire(self, subject: str) -> None:
        self.close(SYSTEM, self.going[subject], "expire", EXPIRED)

    def _receive_late(self, subject: str) -> None:
        self.receive(SYSTEM, self.going[subject], "receive_by_deadline")

    def _complete_late(self, subject: str) -> None:
        self._complete(SYSTEM, self.going[subject], "complete_by_deadline")

    def _remind_payment(self, subject: str) -> None:
        self._remind(facts.PaymentDue, subject, self.scene.due("order.expire", subject))

    def _remind_shipment(self, subject: str) -> None:
        covered_at = self.going[subject].row.covered_at
        self._remind(facts.ShipmentDue, subject, covered_at and covered_at + term("ship_hours"))

    def _remind_receipt(self, subject: str) -> None:
        self._remind(facts.ReceiptDue, subject, self.scene.due("order.receive", subject))

    def _remind(
        self,
        event: type[facts.PaymentDue] | type[facts.ShipmentDue] | type[facts.ReceiptDue],
        subject: str,
        due: datetime | None,
    ) -> None:
        if due is not None:
            parties = self.going[subject].parties
            self.scene.emit(event(**parties, due=due.isoformat()))
