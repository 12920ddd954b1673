"""Companies that sold and bought, straight as facts, and what the nights found of them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

from pifa.kernel import clock
from pifa.metrics import commands as facts
from pifa.metrics.facts import Fact, FactKind
from pifa.parties.models import Company
from pifa.standing.models import Kind, RatingRun, Standing
from tests.catalog import market as goods

ONE = timedelta(days=1)
_numbers = count(1)


def paid(seller: int, buyer: int, day: date, yuan: int, orders: int = 1) -> list[Fact]:
    """Orders that a buyer paid a seller at noon of a day, worth so many yuan together."""
    share = [yuan * 100 // orders] * orders
    share[0] += yuan * 100 - sum(share)
    return [
        Fact(
            key=f"paid:{(number := next(_numbers))}",
            kind=FactKind.PAID,
            at=clock.start_of_day(day) + timedelta(hours=8),
            seller_id=seller,
            buyer_id=buyer,
            subject=f"order:{number}",
            amount_fen=fen,
            count=1,
        )
        for fen in share
    ]


def disputed(seller: int, buyer: int, day: date) -> Fact:
    """A dispute that a buyer opened against a seller, still open."""
    number = next(_numbers)
    return Fact(
        key=f"dispute:{number}",
        kind=FactKind.DISPUTE_OPENED,
        at=clock.start_of_day(day) + timedelta(hours=8),
        seller_id=seller,
        buyer_id=buyer,
        subject=f"order:{number}",
        ref=f"refund:{number}",
        count=1,
    )


def just_under_4a(seller: Company) -> None:
    """Sales of ¥153,800 from six buyers and one dispute: 3A, and ¥46,200 from 4A.

    ¥110,000 of it was paid 27 days ago: the medal falls when that day is older than 30 days.
    """
    today = clock.today()
    buyers = [goods.company().pk for _ in range(6)]
    happened = paid(seller.pk, buyers[0], today - 27 * ONE, 110_000)
    for buyer in buyers:
        happened += paid(seller.pk, buyer, today - 5 * ONE, 7_300)
    facts.record([*happened, disputed(seller.pk, buyers[0], today - 3 * ONE)])


def level_2(buyer: Company, orders: int = 6) -> None:
    """Orders of ¥300 each and as many ended well: a buyer of level 2 in a good credit band."""
    today = clock.today()
    seller = goods.company(is_seller=True).pk
    bought = paid(seller, buyer.pk, today - 3 * ONE, 300 * orders, orders)
    ended = [
        Fact(
            key=f"completed:{one.subject}",
            kind=FactKind.COMPLETED,
            at=clock.start_of_day(today - ONE) + timedelta(hours=8),
            seller_id=seller,
            buyer_id=buyer.pk,
            subject=one.subject,
            count=1,
        )
        for one in bought
    ]
    facts.record([*bought, *ended])


def held(company: Company, kind: Kind, *spans: tuple[int, str, int]) -> None:
    """What the nights found a company to hold: (days ago, step, rank), and that today is rated."""
    today = clock.today()
    for ago, code, rank in spans:
        Standing.objects.create(
            company=company, kind=kind, code=code, rank=rank, since=today - ago * ONE
        )
    RatingRun.objects.get_or_create(
        day=today,
        defaults={"state": "rated", "digest": "d", "book": "b", "rated_at": clock.now()},
    )
