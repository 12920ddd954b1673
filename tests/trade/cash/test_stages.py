"""WHY-6: a deposit online, the balance at the door."""

from __future__ import annotations

import pytest
from django.db.models import QuerySet

from pifa.catalog.rules import StagedPlan
from pifa.finance import commands as finance
from pifa.finance.errors import MethodNotOffered
from pifa.finance.sandbox import carrier
from pifa.kernel.money import Money
from pifa.ledger import queries as books
from pifa.ledger.rules import AccountKind
from pifa.trade import commands, queries
from pifa.trade.errors import WayNotAgreed
from pifa.trade.models import Order, RefundCase
from pifa.trade.staged import commands as staged
from tests.trade import staged_market
from tests.trade.cash.door import Door


def made(keeper: str = "seller") -> tuple[Door, Order]:
    """An order whose deposit is paid and whose goods are made."""
    plan = StagedPlan(production_days=10, balance_days=5, deposit_bp=3_000, keeper=keeper)
    trading = staged_market.staged_trading(plan)
    finance.offer_cash(trading.selling, True, Money(5_000_00), ["33"])
    order = staged_market.pay(trading, trading.place(100))
    staged.finish_production(trading.selling, order.number)
    return Door(trading), trading.order(order.number)


def test_the_balance_is_collected_with_the_goods(db: None) -> None:
    door, order = made()
    balance = order.total_fen - order.paid_fen
    door.pay(order)
    order.refresh_from_db()
    assert (order.status, order.promised_fen) == ("awaiting_shipment", balance)
    door.ship(order)
    detail = queries.order(door.trading.buying, order.number)
    assert detail.cash is not None
    assert detail.cash.to_collect == Money(balance)
    (note,) = queries.packing_notes(door.trading.selling, [order.number])
    assert note.to_collect == Money(balance)
    door.play(order, "collect")
    carrier.remit()
    order.refresh_from_db()
    assert order.paid_fen == order.total_fen
    commands.confirm_receipt(door.trading.buying, order.number)
    fee = carrier.fee_of(Money(balance)).fen
    assert door.balance() == order.total_fen - fee
    assert books.check() == []


def test_a_deposit_is_never_collected_at_a_door(db: None) -> None:
    trading = staged_market.staged_trading()
    finance.offer_cash(trading.selling, True, Money(5_000_00), ["33"])
    with pytest.raises(WayNotAgreed) as refused:
        trading.place(100, ways={trading.seller.pk: "cash_on_delivery"})
    assert isinstance(refused.value.__cause__, MethodNotOffered)
    order = trading.place(100)
    with pytest.raises(MethodNotOffered):
        Door(trading).pay(order)


@pytest.mark.parametrize("keeper", ["seller", "buyer"])
def test_refused_at_the_door_the_deposit_goes_to_its_keeper(db: None, keeper: str) -> None:
    door, order = made(keeper)
    deposit = order.paid_fen
    door.pay(order)
    door.ship(order)
    door.play(order, "refuse")
    cases: QuerySet[RefundCase] = RefundCase.objects.filter(order=order)
    commands.confirm_return(door.trading.selling, cases.get().number)
    order.refresh_from_db()
    assert (order.status, order.promised_fen) == ("closed", 0)
    kept = keeper == "seller"
    assert door.balance() == (deposit if kept else 0)
    assert order.refunded_fen == (0 if kept else deposit)
    assert door.balance(AccountKind.ESCROW) == 0
    assert books.check() == []
