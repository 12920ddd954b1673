"""The facts trade announces. Amounts are fen; `by` is buyer, seller, operator or market."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class OrderEvent(Event):
    """Something happened to an order of a buyer with a seller.

    `counts_as_id` is whom metrics take for the buyer, where that is another company: of a guest's
    order its verified payer.
    """

    number: str
    buyer_id: int
    seller_id: int
    counts_as_id: int | None = None

    @property
    def subject(self) -> str:
        """The order's subject in the ledger and the audit log."""
        return f"order:{self.number}"


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(OrderEvent):
    """A buyer ordered; the stock is reserved until `pay_by`."""

    name = "order.placed"
    total_fen: int
    channel: str
    scene: str
    pay_by: str


@dataclass(frozen=True, kw_only=True)
class OrderRecounted(OrderEvent):
    """Metrics counted the order for a guest and count it for a member from now on: all of it."""

    name = "order.recounted"
    guest_id: int


@dataclass(frozen=True, kw_only=True)
class PriceAdjusted(OrderEvent):
    """The seller changed an unpaid order's total."""

    name = "order.price_adjusted"
    old_total_fen: int
    new_total_fen: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderPaid(OrderEvent):
    """Money of the order is in escrow; this is when it counts, and with the first the order.

    `paid_fen` is what came now, the `nth` payment of the order; `left_fen` is still to come.
    `purpose` is what it was for (full, deposit, balance), `covered` whether that is complete.
    `instant`: the seller had it at once. `kept`: it was promised before, and is paid now.
    """

    name = "order.paid"
    paid_fen: int
    channel: str
    scene: str
    ship_by: str
    instant: bool = False
    nth: int = 1
    left_fen: int = 0
    purpose: str = "full"
    covered: bool = True
    kept: bool = False


@dataclass(frozen=True, kw_only=True)
class OrderPromised(OrderEvent):
    """The buyer's word stands for what is not paid: the order is to be shipped.

    `method` is the code of the way that was agreed on last.
    """

    name = "order.promised"
    promised_fen: int
    ship_by: str
    method: str = ""


@dataclass(frozen=True, kw_only=True)
class ProductionBegun(OrderEvent):
    """The deposit is paid or promised: the seller makes the goods until `produce_by`."""

    name = "order.production_begun"
    deposit_fen: int
    balance_fen: int
    produce_by: str


@dataclass(frozen=True, kw_only=True)
class ProductionNoted(OrderEvent):
    """The seller told how far production is."""

    name = "order.production_noted"
    percent: int
    pictures: int


@dataclass(frozen=True, kw_only=True)
class ProductionFinished(OrderEvent):
    """The goods are made; `balance_fen` is due by `due`, or nothing is: it was paid early."""

    name = "order.production_finished"
    balance_fen: int
    due: str
    paid_early: bool


@dataclass(frozen=True, kw_only=True)
class ProductionDue(OrderEvent):
    """Production should be finished soon, by `due`."""

    name = "order.production_due"
    due: str


@dataclass(frozen=True, kw_only=True)
class ProductionLate(OrderEvent):
    """Production was to be finished by `due` and some days more: the buyer may cancel."""

    name = "order.production_late"
    due: str


@dataclass(frozen=True, kw_only=True)
class BalanceDue(OrderEvent):
    """The balance should be paid soon, by `due`; else the deposit goes to its keeper."""

    name = "order.balance_due"
    due: str


@dataclass(frozen=True, kw_only=True)
class BalanceLapsed(OrderEvent):
    """The balance was not paid in time: the deposit went to its keeper, the rest back."""

    name = "order.balance_lapsed"
    keeper: str
    kept_fen: int
    refunded_fen: int


@dataclass(frozen=True, kw_only=True)
class ProductionCancelled(OrderEvent):
    """The order ended in production: `amount_fen` went back. `by` is seller, buyer or market."""

    name = "order.production_cancelled"
    by: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class OrderShipped(OrderEvent):
    """Goods were handed to a carrier."""

    name = "order.shipped"
    carrier: str
    tracking_no: str


@dataclass(frozen=True, kw_only=True)
class ParcelMoved(OrderEvent):
    """A carrier told that a parcel is in another state; the order stays where it is.

    `waits`: its buyer has not confirmed receipt yet.
    """

    name = "parcel.moved"
    carrier: str
    tracking_no: str
    state: str
    waits: bool


@dataclass(frozen=True, kw_only=True)
class OrderReceived(OrderEvent):
    """Receipt was confirmed, or its deadline passed; the seller has its money.

    `released_fen` is what it got now: nothing if it had the money at once. `promised_fen` is
    still to be paid, by `method`.
    """

    name = "order.received"
    by: str
    released_fen: int
    promised_fen: int = 0
    method: str = ""


@dataclass(frozen=True, kw_only=True)
class DeliveryRefused(OrderEvent):
    """The parcel was refused at the door: its goods come back, and a refund case waits for them."""

    name = "order.delivery_refused"
    refund: str
    asked_fen: int


@dataclass(frozen=True, kw_only=True)
class OrderClosed(OrderEvent):
    """The order ended without a trade: unpaid, or its money all went back.

    `refunded_fen` is money that went back with its end and that no refund case tells of. `told`:
    what ended it is an event of its own that says so.
    """

    name = "order.closed"
    by: str
    reason: str
    was_paid: bool
    refunded_fen: int = 0
    told: bool = False


@dataclass(frozen=True, kw_only=True)
class OrderCompleted(OrderEvent):
    """The order ended well: reviewed, or the time for it passed."""

    name = "order.completed"
    by: str


@dataclass(frozen=True, kw_only=True)
class RefundAsked(OrderEvent):
    """A buyer asked for money back."""

    name = "refund.asked"
    refund: str
    kind: str
    asked_fen: int


@dataclass(frozen=True, kw_only=True)
class RefundAnswered(OrderEvent):
    """The seller (or the market, at the deadline) answered a refund case."""

    name = "refund.answered"
    refund: str
    accepted: bool
    by: str


@dataclass(frozen=True, kw_only=True)
class ReturnSent(OrderEvent):
    """The buyer sent the goods back."""

    name = "refund.return_sent"
    refund: str
    tracking_no: str


@dataclass(frozen=True, kw_only=True)
class RefundPaid(OrderEvent):
    """Money went back to the buyer; `waived_fen` of the amount had been promised only (most of it
    by the method `waived_by`), and need not be paid any more."""

    name = "refund.paid"
    refund: str
    amount_fen: int
    waived_fen: int = 0
    waived_by: str = ""
    after_receipt: bool


@dataclass(frozen=True, kw_only=True)
class UnshippedRefunded(OrderEvent):
    """The seller did not ship in time: all money went back to the buyer by itself.

    `waived_fen` of the amount had been promised only, most of it by the method `waived_by`.
    """

    name = "order.unshipped_refunded"
    amount_fen: int
    waived_fen: int = 0
    waived_by: str = ""


@dataclass(frozen=True, kw_only=True)
class RefundEnded(OrderEvent):
    """A refund case ended without money: withdrawn, lapsed or dismissed."""

    name = "refund.ended"
    refund: str
    by: str


@dataclass(frozen=True, kw_only=True)
class DisputeOpened(OrderEvent):
    """A buyer brought a refused refund before the market."""

    name = "dispute.opened"
    refund: str


@dataclass(frozen=True, kw_only=True)
class DisputeAnswered(OrderEvent):
    """The seller gave its side of a dispute."""

    name = "dispute.answered"
    refund: str


@dataclass(frozen=True, kw_only=True)
class DisputeRuled(OrderEvent):
    """An operator ruled: for the buyer, partly, or for the seller."""

    name = "dispute.ruled"
    refund: str
    verdict: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class FirstOrderClaimed(OrderEvent):
    """A buyer asked the market to make good what went wrong with its first order."""

    name = "first_order.claimed"
    claim: str
    asked_fen: int


@dataclass(frozen=True, kw_only=True)
class FirstOrderDecided(OrderEvent):
    """An operator made a claim good, or refused it."""

    name = "first_order.decided"
    claim: str
    approved: bool
    paid_fen: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReviewWritten(OrderEvent):
    """The buyer rated an order."""

    name = "order.reviewed"
    stars: int


@dataclass(frozen=True, kw_only=True)
class PaymentDue(OrderEvent):
    """An unpaid order will close soon, at `due`."""

    name = "order.payment_due"
    due: str


@dataclass(frozen=True, kw_only=True)
class ShipmentDue(OrderEvent):
    """A paid order should be shipped soon, by `due`."""

    name = "order.shipment_due"
    due: str


@dataclass(frozen=True, kw_only=True)
class ReceiptDue(OrderEvent):
    """Receipt will soon be taken as confirmed, at `due`."""

    name = "order.receipt_due"
    due: str


@dataclass(frozen=True, kw_only=True)
class PastTradeImported(Event):
    """An import of a seller's past trade has ended: declared orders are there or were added to."""

    name = "past.imported"
    seller_id: int
    batch_id: int
    orders_new: int
