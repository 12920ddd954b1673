"""A small market to buy in: a seller's shop with a few telling offers, and a buyer with an address."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from pifa.catalog.models import Category, FreightTemplate, FreightZone, Offer, Shop
from pifa.finance import queries as finance
from pifa.finance.commands import start_payment
from pifa.finance.sandbox import bank
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.parties import commands as parties
from pifa.parties import queries as companies
from pifa.parties.models import Company, User
from pifa.trade import commands
from pifa.trade import queries as trade
from pifa.trade.commands import CheckoutRequest
from tests.catalog import market

_numbers = count(1)
PASSWORD = "long-enough-7"


@dataclass(frozen=True)
class Market:
    """Who and what a test buys with."""

    buyer: Actor
    seller: Actor
    bolts: Offer
    bags: Offer

    @property
    def user(self) -> User:
        """The person who buys."""
        return user_of(self.buyer)


def user_of(actor: Actor) -> User:
    """The person an actor is."""
    assert actor.user_id is not None
    return User.objects.get(pk=actor.user_id)


def company_of(actor: Actor) -> Company:
    """The company an actor acts for."""
    assert actor.company_id is not None
    return Company.objects.get(pk=actor.company_id)


def company(name: str, *, sells: bool = False, username: str = "") -> Actor:
    """A company with its owner, who signs in by `PASSWORD`."""
    number = next(_numbers)
    member = parties.sign_up(
        company_name=name,
        login=f"{name}{number}",
        person_name="周晨",
        username=username or f"person-{number}",
        password=PASSWORD,
        email=f"person{number}@example.com",
        mobile=f"139{number:08d}",
        region="33",
        city="金华",
    )
    actor = companies.actor_for(member)
    if sells:
        parties.become_seller(actor)
    return actor


def shop(name: str, category: Category) -> Actor:
    """A selling company with its shop."""
    actor = company(name, sells=True)
    Shop.objects.create(
        company=company_of(actor),
        name=f"{name}旗舰店",
        slug=f"shop-{actor.company_id}",
        main_category=category,
        opened_at=clock.now(),
    )
    return actor


def address(actor: Actor, **changes: str) -> int:
    """An address of a buyer; the id."""
    values = {
        "consignee": "王小明",
        "region": "33",
        "city": "义乌",
        "detail": "工业园区一路 8 号",
        "mobile": "13800138000",
    }
    return parties.add_address(actor, parties.AddressInput(**values | changes)).pk


def small_market() -> Market:
    """One seller, two offers (three SKUs with breaks; bags by the hundred), one buyer."""
    category = market.category("紧固件", slug=f"fasteners-{next(_numbers)}")
    seller = shop("海棠五金厂", category)
    of = company_of(seller)
    template = FreightTemplate.objects.create(seller=of, name="按重量", basis="weight")
    FreightZone.objects.create(
        template=template,
        regions=["33"],
        first_units=1000,
        first_fen=600,
        step_units=1000,
        step_fen=200,
    )
    FreightZone.objects.create(
        template=template,
        regions=["44"],
        first_units=1000,
        first_fen=900,
        step_units=1000,
        step_fen=300,
    )
    bolts = market.offer(
        of,
        stock=(280_000, 120_000, 0),
        breaks=((100, "0.35"), (1000, "0.31"), (10_000, "0.285")),
        title="304 不锈钢外六角螺栓 M8 全牙国标",
        moq=100,
        category=category,
        freight_template=template,
        attributes=[["材质", "304 不锈钢"], ["标准", "GB/T 5783"]],
        description="全牙，国标。",
    )
    bags = market.offer(
        of,
        stock=(50_000,),
        breaks=((100, "0.12"),),
        title="加厚快递袋 38×52 白色",
        unit="个",
        moq=100,
        multiple=100,
        category=category,
    )
    buyer = company("晨光商贸行")
    address(buyer)
    return Market(buyer, seller, bolts, bags)


def order(found: Market, lines: list[tuple[int, int]]) -> str:
    """An order of the buyer over (SKU id, quantity), unpaid; its number."""
    address_id = companies.addresses(found.buyer)[0].pk
    total = trade.preview_checkout(found.buyer, lines=lines, region="33").total
    (number,) = commands.place_orders(
        found.buyer, CheckoutRequest(lines, address_id, Money(total.fen))
    )
    return number


def pay(found: Market, number: str, press: str = "pay") -> None:
    """Pay an order at the sandbox bank, or press another of its buttons."""
    payable = finance.payable(f"order:{number}")
    assert payable is not None
    begun = start_payment(found.buyer, payable.number, "gateway")
    bank.act(begun.redirect_url.split("/")[-2], press)
