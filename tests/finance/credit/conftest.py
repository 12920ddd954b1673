"""A buyer with a line of a seller, and what they do with it; pure finance, no orders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from pifa.finance import commands, queries
from pifa.finance.commands import LineDraft, NewPayable
from pifa.finance.models import CreditLine
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.parties.models import Company, Member
from pifa.parties.queries import actor_for
from pifa.relationships.models import Relationship
from tests.catalog import market as goods

LIMIT = Money(1_000_00)


def owner_of(company: Company) -> Actor:
    """An owner of a company, with a membership."""
    member = Member.objects.filter(company=company).first()
    return actor_for(member) if member else goods.actor(company)


def relate(seller: Company, buyer: Company) -> None:
    """The buyer is a customer of the seller."""
    moment = clock.now()
    Relationship.objects.get_or_create(
        seller=seller,
        buyer=buyer,
        defaults={"state": "granted", "name": buyer.name, "since": moment, "changed_at": moment},
    )


def line_of(
    seller: Company,
    buyer: Company,
    limit: Money = LIMIT,
    terms: str = "monthly",
    number: int = 28,
) -> CreditLine:
    """A line as the seller grants it today."""
    relate(seller, buyer)
    return commands.grant_credit(owner_of(seller), buyer.login, LineDraft(limit, terms, number))


def promise(actor: Actor, subject: str, seller: Company, fen: int) -> str:
    """An order's payable, promised on the line; returns its subject."""
    assert actor.company_id is not None
    commands.open_payables([NewPayable(subject, actor.company_id, seller.pk, fen, "螺栓 M8")])
    commands.start_payment(actor, payable_number(subject), "trade_credit")
    return subject


def payable_number(subject: str) -> str:
    """The number of a subject's payable."""
    view = queries.payable(subject)
    assert view is not None
    return view.number


def noon(day: date) -> datetime:
    """The middle of a market day."""
    return clock.start_of_day(day) + timedelta(hours=12)


@pytest.fixture
def line(seller: Company, buyer: Company) -> CreditLine:
    """A line of ¥1,000.00, settled monthly on the 28th."""
    return line_of(seller, buyer)


Until = Callable[[date], None]


def run_until(day: date) -> None:
    """Let everything happen that is due until noon of a day."""
    deadlines.run_due(noon(day))
