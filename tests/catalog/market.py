"""A small market for the tests of goods: companies, shops, categories, offers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from pifa.catalog.models import Category, FreightTemplate, FreightZone, Offer, PriceBreak, Shop, Sku
from pifa.kernel import clock
from pifa.kernel.actors import Actor, ActorKind, Role
from pifa.kernel.money import UnitPrice
from pifa.parties.models import Company, Member, User
from pifa.relationships.models import Relationship

_numbers = count(1)

OPERATOR = Actor(ActorKind.OPERATOR, user_id=None)
Breaks = Sequence[tuple[int, str]]


def company(name: str = "", *, is_seller: bool = False) -> Company:
    number = next(_numbers)
    return Company.objects.create(
        name=name or f"试验企业{number}",
        login=f"company-{number}",
        is_seller=is_seller,
        region="33",
        created_at=clock.now(),
    )


def actor(of: Company, *roles: Role) -> Actor:
    """A member of a company with these roles (an owner if none are named)."""
    user = User.objects.create(username=f"user-{next(_numbers)}")
    held = roles or (Role.OWNER,)
    member = Member.objects.create(
        company=of, user=user, name="某人", roles=list(held), invited_at=clock.now()
    )
    return Actor(ActorKind.MEMBER, user.pk, of.pk, member.pk, frozenset(held))


def operator() -> Actor:
    user = User.objects.create(username=f"operator-{next(_numbers)}", is_staff=True)
    return Actor(ActorKind.OPERATOR, user.pk)


def category(name: str = "紧固件", parent: Category | None = None, slug: str = "") -> Category:
    return Category.objects.create(
        parent=parent,
        slug=slug or f"category-{next(_numbers)}",
        name=name,
        name_en=f"{name} en",
        medal_system="non_consumer",
        department="non_consumer",
    )


def seller(name: str = "") -> Company:
    """A company with a shop."""
    made = company(name, is_seller=True)
    Shop.objects.create(
        company=made,
        name=f"{made.name}的店",
        slug=f"shop-{made.pk}",
        main_category=Category.objects.order_by("pk").first() or category(),
        opened_at=clock.now(),
    )
    return made


def offer(
    of: Company,
    *,
    stock: Sequence[int] = (1000,),
    breaks: Breaks = ((1, "0.35"), (1000, "0.31")),
    state: str = "online",
    **fields: object,
) -> Offer:
    """An offer straight in its table, with one SKU for each stock."""
    number = next(_numbers)
    prices = [UnitPrice.yuan(price).e4 for _, price in breaks]
    values: dict[str, object] = {
        "code": f"HH-{number}",
        "title": f"外六角螺栓 {number}",
        "category": Category.objects.order_by("pk").first() or category(),
        "created_at": clock.now(),
        "changed_at": clock.now(),
        "online_at": clock.now(),
        "min_price_e4": min(prices),
        "max_price_e4": max(prices),
        "state_reason": "试验" if state in ("rejected", "taken_down") else "",
    }
    made = Offer.objects.create(seller=of, state=state, **values | fields)
    for position, pieces in enumerate(stock):
        sku = Sku.objects.create(
            offer=made,
            code=f"{made.code}-{position}",
            spec=[["尺寸", f"M8×{30 + 10 * position}"]],
            spec_text=f"M8×{30 + 10 * position}",
            stock=pieces,
            weight_mg=12_000,
            position=position,
        )
        for quantity, price in breaks:
            PriceBreak.objects.create(
                sku=sku, min_quantity=quantity, price_e4=UnitPrice.yuan(price).e4
            )
    return made


def freight_template(of: Company, basis: str = "weight") -> FreightTemplate:
    """A template in its table: Zhejiang for ¥6.00, elsewhere ¥12.00 for the first thousand."""
    made = FreightTemplate.objects.create(seller=of, name="快递", basis=basis)
    for regions, first in ((["33"], 600), ([], 1200)):
        FreightZone.objects.create(
            template=made,
            regions=regions,
            first_units=1000,
            first_fen=first,
            step_units=1000,
            step_fen=100,
        )
    return made


def sku_ids(of: Offer) -> list[int]:
    return list(of.skus.order_by("position").values_list("pk", flat=True))


def relate(seller_company: Company, buyer: Company, state: str = "granted") -> Relationship:
    return Relationship.objects.create(
        seller=seller_company,
        buyer=buyer,
        name=buyer.name,
        state=state,
        since=clock.now(),
        changed_at=clock.now(),
    )
