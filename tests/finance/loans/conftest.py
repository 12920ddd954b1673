"""A verified company that sells and buys, with an account and a limit."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from pifa.finance.loans import commands
from pifa.finance.loans.commands.applying import Wish
from pifa.finance.loans.models import Loan
from pifa.finance.models import PartnerAccount
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.metrics import commands as facts
from pifa.metrics.facts import FactKind
from pifa.parties.models import Company
from tests.catalog import market as goods
from tests.finance.bank.conftest import open_account, signed, verify
from tests.metrics.world import fact
from tests.plugins.clock import MarketClock

BEGIN = date(2026, 4, 1)


def at(day: date, hour: int = 12) -> datetime:
    return clock.start_of_day(day) + timedelta(hours=hour)


def spend(company: Company, yuan: int, day: date) -> None:
    """The company paid for goods on a day."""
    facts.record(
        [
            fact(
                FactKind.PAID,
                day,
                f"paid:{company.pk}:{day}:{yuan}",
                seller_id=0,
                buyer_id=company.pk,
                subject=f"order:{company.pk}{day}{yuan}",
                amount_fen=yuan * 100,
                count=1,
            )
        ]
    )


def draw(
    actor: Actor,
    yuan: int = 100_000,
    months: int = 12,
    method: str = "equal-principal",
    basis: str = "30/360",
) -> Loan:
    """Applied for, approved, signed and drawn."""
    loan = commands.apply_for_loan(actor, Wish(Money.yuan(yuan), months, method, basis))
    assert loan.state == "approved", loan.decided
    return commands.draw_loan(actor, loan.number, signed(actor))


def go(market_clock: MarketClock, day: date, hour: int = 12) -> None:
    """Time goes by until then, and what falls due happens."""
    market_clock.set(at(day, hour))
    deadlines.run_due()


@pytest.fixture(autouse=True)
def begin(market_clock: MarketClock) -> None:
    market_clock.set(at(BEGIN))


@pytest.fixture
def owner(buyer: Company) -> Actor:
    """The owner of a company that bought for half a million in March."""
    Company.objects.filter(pk=buyer.pk).update(created_at=at(BEGIN - timedelta(days=400)))
    buyer.refresh_from_db()
    spend(buyer, 600_000, BEGIN - timedelta(days=5))
    return goods.actor(verify(buyer))


@pytest.fixture
def account(owner: Actor) -> PartnerAccount:
    return open_account(owner)
