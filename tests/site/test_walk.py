"""Every page, reached as people reach it: from where they come in, by the links they are shown.

No link leads nowhere and no page fails, for a stranger, a buyer, a seller and an operator. The
only proof of pages on PostgreSQL; what each shows is proven beside it, on one database.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from pifa.parties.models import User
from tests.api.market import SmallMarket, small_market

LINK = re.compile(r'<a\s[^>]*?href="([^"#]+)')
OF_EACH = 8
"""Pages of one view that are opened: an address with a number leads to the same as another."""
NOT_TO_BE_OPENED = {"logout", "admin:logout"}


@pytest.fixture
def market(db: None) -> SmallMarket:
    """The small market with one of everything that it can make."""
    made = small_market()
    for name, attribute in vars(SmallMarket).items():
        if isinstance(attribute, cached_property):
            getattr(made, name)
    return made


def user_of(company: Any) -> User:
    return User.objects.get(memberships__company=company)


@dataclass(frozen=True)
class Walker:
    start: str
    user: Callable[[SmallMarket], User | None]
    reaches: set[str]
    """Pages that lie deep enough to show that the walk was one."""


WHO = {
    "stranger": Walker("/", lambda market: None, {"storefront:offer", "storefront:shop"}),
    "buyer": Walker(
        "/buyer/",
        lambda market: user_of(market.trading.buyer),
        {
            "buyer:ask_refund",
            "buyer:invoice_paper",
            "buyer:quote_request",
            "buyer:transfer_receipt",
        },
    ),
    "seller": Walker(
        "/seller/",
        lambda market: user_of(market.trading.seller),
        {"seller:order", "seller:freight_template", "seller:invoice_paper", "seller:credit_export"},
    ),
    "operator": Walker(
        "/console/",
        lambda market: User.objects.get(is_superuser=True),
        {"admin:queue_dispute", "admin:queue_transfer", "admin:trade_order_change"},
    ),
}


@pytest.mark.parametrize("who", WHO)
def test_every_link_leads_to_a_page(who: str, market: SmallMarket) -> None:
    walker = WHO[who]
    seen = walk(walker.start, walker.user(market))
    assert not {address: code for address, code in seen.items() if code >= 400}
    assert walker.reaches <= {view_of(address) for address in seen}


def walk(start: str, user: User | None) -> dict[str, int]:
    """Each address that was opened, with the status of its answer."""
    client = Client()
    if user is not None:
        client.force_login(user)
    opened: Counter[str] = Counter()
    seen: dict[str, int] = {}
    waiting = [start, "/"]
    while waiting:
        address = waiting.pop(0)
        view = view_of(address)
        if address in seen or opened[view] >= OF_EACH or view in NOT_TO_BE_OPENED:
            continue
        opened[view] += 1
        answer = client.get(address, follow=True)
        seen[address] = answer.status_code
        if answer.headers["Content-Type"].startswith("text/html"):
            waiting += links(answer.content.decode(), answer.request["PATH_INFO"])
    return seen


def links(page: str, at: str) -> Iterator[str]:
    """The addresses of this market to which a page links."""
    for link in LINK.findall(page):
        parts = urlsplit(urljoin(f"http://market{at}", unescape(link)))
        if parts.netloc == "market" and not parts.path.startswith(("/static/", "/media/")):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def view_of(address: str) -> str:
    """The name of what answers an address, or the address where nothing does."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return address
