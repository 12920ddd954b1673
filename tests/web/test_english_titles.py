"""Goods are named in English wherever a line of an order or a list is shown to who reads English."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from pifa.kernel.actors import Actor
from pifa.parties.models import User
from pifa.trade import commands
from pifa.trade.models import Dispute
from tests.trade.market import Trading, trading, yuan

pytestmark = pytest.mark.django_db

ENGLISH = "Hexagon bolt"


def reader(who: Actor) -> Client:
    """A browser of somebody who reads English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=who.user_id or 0))
    return client


def disputed(market: Trading) -> Dispute:
    case = commands.ask_refund(
        market.buying, market.shipped().number, "money", yuan("1.00"), "少了一件"
    )
    commands.answer_refund(market.selling, case, accept=False, answer="没少")
    commands.open_dispute(market.buying, case, "少了一件")
    return Dispute.objects.get()


def url_of(page: str, market: Trading) -> str:
    """The address of a page with a line of the market's offer on it."""
    if page == "console dispute":
        return reverse("admin:queue_dispute", args=[disputed(market).pk])
    if page in ("buyer list", "buyer checkout"):
        commands.put_on_list(market.buying, [(market.skus[0], 10)])
        return "/list/" if page == "buyer list" else f"/checkout/?line={market.skus[0]}:10"
    if page == "buyer pay":
        return f"/pay/?order={market.place().number}"
    side, what = page.split()
    number = market.paid().number
    return f"/{side}/orders/" + {"order": f"{number}/", "orders": "", "ship": "ship/"}[what]


PAGES = (
    "seller order",
    "seller orders",
    "seller ship",
    "buyer order",
    "buyer orders",
    "buyer list",
    "buyer checkout",
    "buyer pay",
    "console dispute",
)


@pytest.mark.parametrize("page", PAGES)
def test_lines_are_named_in_english(page: str) -> None:
    market = trading(title="外六角螺栓", title_en=ENGLISH)
    User.objects.filter(pk=market.operator.user_id or 0).update(is_staff=True, is_superuser=True)
    url = url_of(page, market)
    side = page.split()[0]
    who = {"seller": market.selling, "buyer": market.buying, "console": market.operator}[side]
    shown = reader(who).get(url).content.decode()
    assert ENGLISH in shown
    assert "外六角螺栓" not in shown


def test_delivery_notes_name_goods_in_english() -> None:
    market = trading(title="外六角螺栓", title_en=ENGLISH)
    order = market.paid()
    page = reader(market.selling).post("/seller/orders/print/", {"order": [order.number]})
    assert ENGLISH in page.content.decode()
