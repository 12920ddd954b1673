"""Companies with profiles, and the facts that bring them to a standing."""

from __future__ import annotations

from datetime import date, timedelta

from pifa.catalog.models import Shop
from pifa.metrics import commands as facts
from pifa.metrics.facts import FactKind
from pifa.parties.models import Company
from tests.catalog import market as goods
from tests.metrics.world import ONE, TODAY, at, fact

SELLER, BUYERS = 1, tuple(range(11, 17))


def settle(*, member_until: date | None = TODAY + 300 * ONE) -> None:
    """A non-consumer seller with a shop and an offer, and six buyers; all of them long there."""
    for company in (SELLER, *BUYERS):
        Company.objects.create(
            pk=company,
            name=f"企业{company}",
            login=f"c{company}",
            is_seller=company == SELLER,
            member_since=TODAY - 400 * ONE if company == SELLER else None,
            member_until=member_until if company == SELLER else None,
            created_at=at(TODAY - 500 * ONE),
        )
    Shop.objects.create(
        company_id=SELLER,
        name="试验店",
        slug="shop-1",
        main_category=goods.category("紧固件"),
        mobile_open=True,
        opened_at=at(TODAY - 400 * ONE),
    )
    goods.offer(Company.objects.get(pk=SELLER))


def pay(buyer: int, day: date, yuan: int, *, number: str = "") -> str:
    """A paid order of the seller; its subject."""
    key = number or f"{buyer}-{day}-{yuan}"
    facts.record(
        [
            fact(
                FactKind.PAID,
                day,
                f"paid:{key}",
                seller_id=SELLER,
                buyer_id=buyer,
                subject=f"order:{key}",
                amount_fen=yuan * 100,
                count=1,
            )
        ]
    )
    return f"order:{key}"


def sell(total: int, buyers: int, day: date) -> None:
    """So much sold to so many buyers on one day."""
    for buyer in BUYERS[:buyers]:
        pay(buyer, day, total // buyers)


def rule_out(subject: str, day: date, *, again: bool = False) -> None:
    """An operator's ruling on an order, or its taking back."""
    kind = FactKind.INCLUDED if again else FactKind.EXCLUDED
    facts.record([fact(kind, day, f"{kind}:{subject}", subject=subject, seller_id=SELLER)])


def days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=at) for at in range(count)]
