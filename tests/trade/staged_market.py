"""Orders paid in stages, for the tests: an offer with a plan, and how its payments come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta

from pifa.catalog.models import OfferStagedPlan
from pifa.catalog.rules import StagedPlan
from pifa.finance import commands as finance
from pifa.finance import queries as books
from pifa.finance.methods import registry
from pifa.finance.models import Payable
from pifa.finance.sandbox import bank
from pifa.finance.sandbox.bank import BankAction
from pifa.kernel import clock, deadlines
from pifa.kernel.models import Deadline, OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.trade.models import Order, StagedOrder
from pifa.trade.staged import commands as staged
from tests.finance.test_schedule import WordMethod
from tests.trade import market
from tests.trade.market import Trading, trade_of

PLAN = StagedPlan(production_days=10, balance_days=5, deposit_bp=3_000)


def staged_trading(plan: StagedPlan = PLAN) -> Trading:
    """A market whose only offer is made to order and paid by a plan."""
    trading = market.trading(scene="custom")
    OfferStagedPlan.objects.create(offer=trading.offer, **asdict(plan))
    return trading


def payable_of(order: Order) -> Payable:
    return Payable.objects.get(subject=order.subject)


def begin(trading: Trading, order: Order, part: int | None = None) -> str:
    """Begin to pay what comes next at the bank; the bank's number of the trade."""
    number = payable_of(order).number
    start = finance.start_payment(trading.buying, number, "gateway", part)
    return trade_of(start.payment_number)


def pay_late(trading: Trading, order: Order, delay: timedelta = timedelta(hours=1)) -> None:
    """Pay what comes next at the bank, whose notice comes so much later."""
    bank.act(begin(trading, order), BankAction.DELAY, delay)


def arrive() -> None:
    """An hour passes, and with it come the notices that are late."""
    deadlines.run_due(clock.now() + timedelta(hours=1))


def pay(trading: Trading, order: Order, action: BankAction = BankAction.PAY) -> Order:
    """Pay what comes next; the order as it is then."""
    bank.act(begin(trading, order), action)
    return trading.order(order.number)


def promise(trading: Trading, order: Order) -> Order:
    """Give one's word for what comes next; the order as it is then."""
    finance.start_payment(trading.buying, payable_of(order).number, "word")
    return trading.order(order.number)


@contextmanager
def word_of_mouth() -> Iterator[None]:
    """A method that takes the payer's word, as trade credit does."""
    registry.register(WordMethod())
    try:
        yield
    finally:
        del registry.METHODS["word"]


def finished(trading: Trading, order: Order) -> Order:
    """The seller finishes production."""
    staged.finish_production(trading.selling, order.number)
    return trading.order(order.number)


def terms(order: Order) -> StagedOrder:
    return StagedOrder.objects.get(order=order)


def balance(of: Trading) -> Money:
    """What is on the seller's balance."""
    return ledger.balance(of.seller.pk, AccountKind.BALANCE)


def waiting(order: Order) -> set[str]:
    """What still falls due for an order."""
    rows = Deadline.objects.filter(subject=order.subject, done_at=None)
    return set(rows.values_list("kind", flat=True))


def announced(name: str) -> list[dict[str, object]]:
    """What was announced by a name."""
    return list(OutboxEvent.objects.filter(name=name).values_list("payload", flat=True))


def shape(order: Order) -> list[tuple[str, int, bool]]:
    """The stages of an order: purpose, fen, payable now."""
    return [(row.purpose, row.amount.fen, row.payable_now) for row in books.stages(order.subject)]
