"""The markets in which customers with the nine reasons (`WHY-*`) buy, and what others do meanwhile."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db.models import F

from pifa.catalog.rules import StagedPlan
from pifa.finance.models import CashItem
from pifa.finance.sandbox import carrier, transfers
from pifa.finance.sandbox.transfers import Transfer
from pifa.kernel import clock, deadlines
from pifa.kernel.money import Money
from pifa.ledger import queries as books
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company, User
from pifa.trade import commands
from pifa.trade.models import Order
from tests.parties.people import user_of
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading

PLAN_FIELDS = asdict(StagedPlan(production_days=10, balance_days=5, deposit_bp=3_000))
"""Three tenths as a deposit, ten days to make, five to pay the rest."""


def buyer_of(trading: Trading) -> User:
    """The person who buys."""
    return user_of(trading.buying)


def verified(trading: Trading) -> None:
    """Both companies are verified under their names."""
    ids = [trading.buyer.pk, trading.seller.pk]
    Company.objects.filter(pk__in=ids).update(verified_name=F("name"))


def ship(trading: Trading, order: Order, shipper: str = "试验快递") -> Order:
    """The seller sends an order's goods."""
    commands.ship(trading.selling, order.number, shipper, f"SD{order.pk:08}")
    return trading.order(order.number)


def at_the_door(order: Order, action: str) -> None:
    """What happens when the sandbox carrier delivers: collect or refuse."""
    carrier.act(CashItem.objects.get(payable__subject=order.subject).number, action)


def remit() -> None:
    """The carrier brings what it collected."""
    assert carrier.remit() == ["settled"]


def transfer(payer: str, account: str, amount: Money, remark: str) -> None:
    """A company's cashier transfers from its own bank what a page told."""
    order = Transfer(payer, "6222000011112222", "云汀商业银行", account, amount, remark)
    transfers.make(order)


def seller_has(trading: Trading, kind: AccountKind = AccountKind.BALANCE) -> Money:
    """What the seller has to its name."""
    return books.balance(trading.seller.pk, kind)


def buyer_owes(trading: Trading) -> Money:
    """What the buyer has promised and not paid."""
    return books.balance(trading.buyer.pk, AccountKind.RECEIVABLE)


def wait_until(market_clock: MarketClock, moment: datetime) -> None:
    """Days pass, and what falls due in them happens in order."""
    deadlines.run_due(moment)
    market_clock.set(moment)
    deadlines.run_due(moment)


def noon(day: date) -> datetime:
    """The middle of a market day."""
    return clock.start_of_day(day) + timedelta(hours=12)
