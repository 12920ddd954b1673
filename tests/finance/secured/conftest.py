"""A buyer with a limit, a seller in the service, and what they do; pure finance, no orders."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from pifa.finance import commands, queries
from pifa.finance.commands import NewPayable
from pifa.finance.models import SecuredPayout, SecuredReceivable
from pifa.finance.sandbox import bank
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor
from pifa.parties.models import Company
from tests.finance.conftest import grant
from tests.finance.credit.conftest import owner_of
from tests.trade.market import trade_of

LIMIT = "1000.00"
DAY = date(2026, 3, 2)


def noon(day: date) -> datetime:
    """The middle of a market day."""
    return clock.start_of_day(day) + timedelta(hours=12)


def open_between(seller: Company, buyer: Company, limit: str = LIMIT) -> None:
    """The seller joins, the buyer holds a limit."""
    commands.join_secured(owner_of(seller))
    grant(buyer.pk, "secured_credit", limit=limit)


def promise(actor: Actor, subject: str, seller: Company, fen: int) -> str:
    """An order's payable, promised by secured credit; returns its subject."""
    assert actor.company_id is not None
    commands.open_payables([NewPayable(subject, actor.company_id, seller.pk, fen, "螺栓 M8")])
    commands.start_payment(actor, payable_number(subject), "secured")
    return subject


def payable_number(subject: str) -> str:
    """The number of a subject's payable."""
    view = queries.payable(subject)
    assert view is not None
    return view.number


def row(subject: str = "order:1") -> SecuredReceivable:
    """The receivable of a subject as it is now."""
    return SecuredReceivable.objects.get(payable__subject=subject)


def payout(subject: str = "order:1") -> SecuredPayout:
    """The newest payout of a subject."""
    return SecuredPayout.objects.filter(receivable__payable__subject=subject).latest("pk")


def repaid(actor: Actor, number: str) -> None:
    """A repayment's payable is paid online."""
    start = commands.start_payment(actor, number, "gateway")
    bank.act(trade_of(start.payment_number), "pay")


def run_until(moment: datetime) -> None:
    """Let everything happen that is due by a moment."""
    deadlines.run_due(moment)
