"""A market just large enough for the benchmark of orders: straight into the tables."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import connection

from pifa.catalog.models import Category, Offer, PriceBreak, Shop, Sku
from pifa.kernel import clock
from pifa.kernel.actors import Role
from pifa.parties import commands as parties
from pifa.parties import queries as people
from pifa.parties.models import Address, Company, Member, User

SELLERS = 20
SKUS_EACH = 200
BUYERS = 32
STOCK = 1_000_000_000
PRICE_E4 = 10_000
"""Every piece costs ¥1.00 and travels free, so that a client knows each order's total."""


@dataclass(frozen=True, slots=True)
class BenchMarket:
    """Whom and what the clients order: SKU ids by seller; token, address and ids by buyer."""

    skus: list[list[int]]
    sellers: list[int]
    offers: list[int]
    buyers: list[dict[str, int | str]]

    def as_data(self) -> dict[str, object]:
        """The same as plain values, for another process."""
        return asdict(self)


def build() -> BenchMarket:
    """Fill an empty database."""
    moment = clock.now()
    category = Category.objects.create(
        slug="bench",
        name="试验",
        name_en="Bench",
        medal_system="non_consumer",
        department="non_consumer",
    )
    sellers, offers, skus = [], [], []
    for number in range(SELLERS):
        company = Company.objects.create(
            name=f"试验厂{number}",
            login=f"bench-seller-{number}",
            is_seller=True,
            region="33",
            created_at=moment,
        )
        Shop.objects.create(
            company=company,
            name=company.name,
            slug=f"bench-{number}",
            main_category=category,
            opened_at=moment,
        )
        offer = Offer.objects.create(
            seller=company,
            category=category,
            code="B1",
            title="试验螺栓",
            state=Offer.State.ONLINE,
            created_at=moment,
            changed_at=moment,
            online_at=moment,
            min_price_e4=PRICE_E4,
            max_price_e4=PRICE_E4,
        )
        made = Sku.objects.bulk_create(
            Sku(offer=offer, code=f"S{at}", spec_text=f"M{at}", stock=STOCK, position=at)
            for at in range(SKUS_EACH)
        )
        PriceBreak.objects.bulk_create(
            PriceBreak(sku=sku, min_quantity=1, price_e4=PRICE_E4) for sku in made
        )
        sellers.append(company.pk)
        offers.append(offer.pk)
        skus.append([sku.pk for sku in made])
    buyers = [_buyer(number) for number in range(BUYERS)]
    with connection.cursor() as cursor:
        # A market that has stood for a minute has been taken stock of by PostgreSQL itself.
        cursor.execute("ANALYZE")
    return BenchMarket(skus, sellers, offers, buyers)


def _buyer(number: int) -> dict[str, int | str]:
    moment = clock.now()
    company = Company.objects.create(
        name=f"试验行{number}", login=f"bench-buyer-{number}", region="33", created_at=moment
    )
    user = User.objects.create(username=f"bench-{number}")
    member = Member.objects.create(
        company=company, user=user, name="某人", roles=[Role.OWNER.value], invited_at=moment
    )
    address = Address.objects.create(
        company=company,
        consignee="某人",
        region="33",
        city="云汀市",
        detail="试验路 1 号",
        mobile="13000000000",
    )
    token = parties.issue_token(people.actor_for(member), "bench")
    return {
        "company": company.pk,
        "member": member.pk,
        "user": user.pk,
        "address": address.pk,
        "token": token,
    }
