"""Checkout: what a buyer chose becomes orders, one a seller.

At most fifteen statements for 1–20 sellers and 1–200 lines (`tests/trade/test_statements.py`):
address, goods (2), idempotency key, stock (with an event when little is left), orders, lines,
payables (2), deadlines, outbox, audit, purchase list. On PostgreSQL all writes but the last are
one statement: a key that was used or stock that is short rolls it back. Only a way to pay that was
agreed on (`trade.commands.agreed`) costs more, for each order that has one; and return-freight
insurance that the buyer takes: two statements for the past of both sides, whatever the number of
orders (what is taken is written with the orders).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.catalog import commands as stock
from pifa.catalog import queries as catalog
from pifa.finance import commands as finance
from pifa.finance.insurance.freight import commands as freight
from pifa.finance.insurance.freight.commands import Wanted
from pifa.kernel import audit, bulk, clock, deadlines, idempotency
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.events import emit
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money
from pifa.kernel.prepared import Prepared
from pifa.kernel.regions import REGIONS
from pifa.parties.models import Address
from pifa.relationships import queries as relationships
from pifa.trade import policies, rules
from pifa.trade.approval import commands as approval
from pifa.trade.commands import agreed
from pifa.trade.commands.order_rows import Delivery, NewOrder, insert_orders
from pifa.trade.errors import AddressGone, PriceChanged
from pifa.trade.events.facts import OrderPlaced
from pifa.trade.freight_insurance.history import quotes_for
from pifa.trade.invoices import commands as invoices
from pifa.trade.invoices.rules import Details, read_details
from pifa.trade.models import PurchaseLine
from pifa.trade.queries.checkout import plan_orders
from pifa.trade.rules import LineAsked, sum_money
from pifa.trade.staged.payment import open_staged
from pifa.trade.staged.schedule import pay_by, schedule


@dataclass(frozen=True, slots=True)
class CheckoutRequest:
    """What a buyer sends: lines as (SKU id, quantity), and the total it was shown.

    `messages` are by seller id; so are `ways`, codes of methods that are agreed on with the order
    (`queries.ways_to_agree`); without one it is to be paid afterwards. `invoice` are the details of
    an invoice for each order (none: not asked for). `freight_insurance` are the sellers whose order
    is to be insured at the buyer's cost; the premiums are part of `shown_total`. With `from_list`
    the lines leave the member's purchase list. `in_channel`: ordered in the private channel, so that
    orders to sellers with whom the buyer is related count as the channel's, whatever their goods.
    The same `idempotency_key` and request give the same orders again.
    """

    lines: Sequence[tuple[int, int]]
    address_id: int
    shown_total: Money
    messages: Mapping[int, str] = field(default_factory=dict)
    ways: Mapping[int, str] = field(default_factory=dict)
    invoice: Mapping[str, str] = field(default_factory=dict)
    freight_insurance: Collection[int] = ()
    from_list: bool = False
    in_channel: bool = False
    idempotency_key: str | None = None


def place_orders(actor: Actor, request: CheckoutRequest) -> list[str]:
    """Place one order a seller, reserve the stock, open the payables; returns the numbers.

    Refused whole, with nothing written: `PriceChanged` when the total is not the one shown
    (with both), `OwnGoods`, `NotForSale`, catalog's quantity problems, `OutOfStock`,
    `NotDelivered`, `AddressGone`, `InvalidDetails` of the invoice, `WayNotAgreed` with the figures,
    `IdempotencyConflict`. Above the purchaser's limit nobody can pay, nor is anything promised,
    before the company's finance role approves.
    """
    buyer_id = policies.require_buying(actor)
    key = _Key.of(actor, request)
    invoice = read_details(request.invoice, "invoice.") if request.invoice else None
    try:
        with transaction.atomic():
            orders, delivery, insured = _prepare(actor, buyer_id, request)
            _write(actor, buyer_id, request, orders, delivery, invoice, insured, key)
    except _DoneBefore as done:
        return done.numbers
    except DomainError:
        # A repeat of a request that was done must not stumble over what it changed itself.
        if earlier := key.earlier_answer():
            return earlier
        raise
    return [order.number for order in orders]


@dataclass(frozen=True, slots=True)
class _Key:
    """The request's idempotency key, if it has one."""

    scope: str
    key: str | None
    fingerprint: str

    @classmethod
    def of(cls, actor: Actor, request: CheckoutRequest) -> _Key:
        if request.idempotency_key is None:
            return cls("", None, "")
        key = rules.required_text(request.idempotency_key, _("幂等键"), 128, "idempotency_key")
        print_ = idempotency.fingerprint(
            sorted(request.lines),
            request.address_id,
            request.shown_total.fen,
            sorted(request.messages.items()),
            sorted(request.ways.items()),
            sorted(request.invoice.items()),
            request.from_list,
            *sorted(request.freight_insurance),
            *(["channel"] if request.in_channel else []),
        )
        return cls(f"orders:member:{actor.member_id}", key, print_)

    def earlier_answer(self) -> list[str] | None:
        if self.key is None:
            return None
        found = idempotency.find(self.scope, self.key, self.fingerprint)
        return found.body if found else None

    def keep(self, numbers: list[str]) -> None:
        if self.key is not None:
            idempotency.keep(self.scope, self.key, self.fingerprint, 201, numbers, _done_before)


class _DoneBefore(Exception):
    """The same request was done before: whatever this one wrote is rolled back."""

    def __init__(self, numbers: list[str]) -> None:
        self.numbers = numbers


def _done_before(numbers: list[str]) -> None:
    raise _DoneBefore(numbers)


def _prepare(
    actor: Actor, buyer_id: int, request: CheckoutRequest
) -> tuple[list[NewOrder], Delivery, list[Wanted]]:
    """Read, price and compare with what the buyer was shown; nothing is written yet."""
    wanted = rules.merge_lines([LineAsked(*line) for line in request.lines])
    asked = _ADDRESS.asked([request.address_id, buyer_id])
    goods, addresses = catalog.members_goods(list(wanted), actor, beside=asked)
    delivery = _delivery(addresses)
    plans = plan_orders(buyer_id, wanted, goods, delivery.region)
    if request.in_channel:
        related = relationships.visible_sellers(buyer_id)
        plans = [rules.in_channel(plan) if plan.seller_id in related else plan for plan in plans]
    wants = [plan.seller_id for plan in plans if plan.seller_id in request.freight_insurance]
    quotes = quotes_for(buyer_id, wants, delivery.region)
    total = rules.total_of(plans) + sum_money(quote.premium for quote in quotes.values())
    if total != request.shown_total:
        raise PriceChanged(shown=request.shown_total, total=total)
    moment = clock.now()
    orders = [
        NewOrder(
            number=public_number(moment=moment),
            plan=plan,
            message=rules.optional_text(
                request.messages.get(plan.seller_id, ""), _("买家留言"), 500, "messages"
            ),
        )
        for plan in plans
    ]
    insured = [
        Wanted(order.subject, buyer_id, quotes[order.plan.seller_id])
        for order in orders
        if order.plan.seller_id in quotes
    ]
    return orders, delivery, insured


def _write(
    actor: Actor,
    buyer_id: int,
    request: CheckoutRequest,
    orders: list[NewOrder],
    delivery: Delivery,
    invoice: Details | None,
    insured: list[Wanted],
    key: _Key,
) -> None:
    agreed.lock(buyer_id, request.ways, orders)
    with bulk.together():
        key.keep([order.number for order in orders])
        placed_at = write_orders(actor, buyer_id, orders, delivery, invoice)
        if insured:
            freight.want(insured)
    ask_with_orders(actor, buyer_id, orders, invoice, placed_at)
    agreed.agree(actor, request.ways, orders)
    if request.from_list:
        skus = [line.sku_id for order in orders for line in order.plan.lines]
        PurchaseLine.objects.filter(member=actor.member_id, sku__in=skus).delete()


def write_orders(
    actor: Actor,
    buyer_id: int,
    orders: list[NewOrder],
    delivery: Delivery,
    invoice: Details | None,
) -> datetime:
    """Write new orders with all that begins with them: payables, deadlines, events, reserved stock.

    The one way in which an order begins, whether it comes from a checkout or from an accepted
    quote; in the caller's transaction. Returns the moment at which they are placed, from which
    all their days count. Raises `OutOfStock`.
    """
    moment = clock.now()
    until = pay_by(moment)
    with bulk.together():
        insert_orders(
            orders,
            buyer_id=buyer_id,
            member_id=actor.member_id,
            delivery=delivery,
            invoice=invoice.given() if invoice else {},
            moment=moment,
        )
        finance.open_payables(
            [_payable(order, buyer_id, delivery.region, moment) for order in orders]
        )
        deadlines.set_new(_deadlines(orders, moment, until))
        emit(*(_placed(order, buyer_id, until) for order in orders))
        audit.record_all(
            audit.entry(
                actor,
                "order.place",
                order.subject,
                total_fen=order.plan.total.fen,
                lines=len(order.plan.lines),
                **order.detail,
            )
            for order in orders
        )
        # Last, so that what it announces comes after the order on every database.
        stock.reserve(
            {
                line.sku_id: line.quantity
                for order in orders
                for line in order.plan.lines
                if line.sku_id is not None
            }
        )
    return moment


def ask_with_orders(
    actor: Actor,
    buyer_id: int,
    orders: Sequence[NewOrder],
    invoice: Details | None,
    placed_at: datetime,
) -> None:
    """What new orders ask of others: an invoice of the seller, approval of the buyer's finance.

    After they are written, in the same transaction.
    """
    open_staged(orders, placed_at)
    if invoice is not None:
        invoices.ask_at_checkout(actor, buyer_id, [order.number for order in orders], invoice)
    placed = [(order.number, order.plan.total) for order in orders]
    approval.ask_at_checkout(actor, buyer_id, placed, pay_by(placed_at))


def _payable(order: NewOrder, buyer_id: int, region: str, moment: datetime) -> finance.NewPayable:
    """What a new order asks of its buyer: its total, in one payment or by its plan in stages."""
    return finance.NewPayable(
        subject=order.subject,
        payer_id=buyer_id,
        payee_id=order.plan.seller_id,
        amount_fen=order.plan.total.fen,
        title=_title(order),
        stages=schedule(order.plan.total, order.plan.staged, moment),
        region=region,
        ways=order.ways,
    )


def _deadlines(
    orders: list[NewOrder], moment: datetime, until: datetime
) -> list[tuple[str, str, datetime]]:
    remind_at = rules.reminder(moment, until, rules.PAYMENT_REMINDER)
    return [
        row
        for order in orders
        for row in (
            ("order.expire", order.subject, until),
            ("order.payment_due", order.subject, remind_at),
        )
    ]


def _placed(order: NewOrder, buyer_id: int, until: datetime) -> OrderPlaced:
    plan = order.plan
    return OrderPlaced(
        number=order.number,
        buyer_id=buyer_id,
        seller_id=plan.seller_id,
        total_fen=plan.total.fen,
        channel=plan.channel,
        scene=plan.scene,
        pay_by=until.isoformat(),
    )


def _title(order: NewOrder) -> str:
    first = order.plan.lines[0].title
    return first if len(order.plan.lines) == 1 else f"{first} …({len(order.plan.lines)})"


_ADDRESS = Prepared(
    lambda ids, _listed: Address.objects.filter(
        pk=ids[0], company=ids[1], deleted_at=None
    ).values_list("consignee", "region", "city", "detail", "post_code", "phone", "mobile")
)


def delivery_to(buyer_id: int, address_id: int) -> Delivery:
    """An address of the buyer's book as it is now; `AddressGone` otherwise."""
    return _delivery(_ADDRESS.rows([address_id, buyer_id]))


def _delivery(rows: Sequence[tuple[Any, ...]]) -> Delivery:
    if not rows:
        raise AddressGone(field="address_id")
    consignee, region, city, detail, post_code, phone, mobile = rows[0]
    parts = (REGIONS.get(region, ""), city, detail)
    return Delivery(
        consignee=consignee,
        region=region,
        address=" ".join(part for part in parts if part),
        post_code=post_code,
        phone=phone,
        mobile=mobile,
    )
