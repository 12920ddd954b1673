"""A seller with a secret of every kind in its channel, and those who may not learn of any."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.catalog import commands as catalog
from pifa.catalog.rules import Tier
from pifa.finance import queries as finance
from pifa.kernel.actors import Actor
from pifa.kernel.money import UnitPrice
from pifa.posts import commands as posts
from pifa.posts.rules import PostDraft
from pifa.relationships import commands as relationships
from pifa.trade import commands as trade
from tests.catalog import market as goods
from tests.trade.market import Trading, trading

TITLE, WORDS, GROUP, PRICE = "绝密货品甲", "绝密动态甲", "绝密分组甲", "0.2345"
TO_CUSTOMERS = (TITLE, WORDS, PRICE)
"""What a granted customer learns; the name of its group only the seller knows."""
SECRETS = (*TO_CUSTOMERS, GROUP)
SEARCH = "白杨木梳"
"""Words that the secret goods have too, so that a search for them would find the secret."""


@dataclass
class PrivateMarket:
    """`order` is of the secret goods, by the granted customer."""

    trading: Trading
    other: Actor
    revoked: Actor
    secret: int
    shown: int
    group: int
    post: int
    order: str
    payable: str
    payment: str


def private_market() -> PrivateMarket:
    """The granted customer is `trading.buying`; `other` sells, and is another seller's customer."""
    made = trading()
    group = relationships.save_group(made.selling, GROUP).pk
    _join(made.selling, made.buying, group)
    revoked = goods.actor(goods.company())
    relationships.revoke(made.selling, _join(made.selling, revoked, group))
    other = goods.actor(goods.seller())
    _join(goods.actor(goods.seller()), other, None)
    secret = goods.offer(made.seller, visibility="private", title=f"{TITLE} {SEARCH}")
    tiers = [Tier(1, UnitPrice.yuan(PRICE))]
    prices = {made.skus[0]: tiers, goods.sku_ids(secret)[0]: tiers}
    catalog.set_group_prices(made.selling, group, prices)
    draft = PostDraft(f"{WORDS} {SEARCH}", [secret.pk, made.offer.pk], group_ids=[group])
    post = posts.publish(made.selling, draft)
    line = (goods.sku_ids(secret)[0], 100)
    (number,) = trade.place_orders(made.buying, made.request([line], in_channel=True))
    payable = finance.payable(f"order:{number}")
    assert payable is not None
    from pifa.finance import commands as money

    payment = money.start_payment(made.buying, payable.number, "gateway").payment_number
    return PrivateMarket(
        trading=made,
        other=other,
        revoked=revoked,
        secret=secret.pk,
        shown=made.offer.pk,
        group=group,
        post=post,
        order=number,
        payable=payable.number,
        payment=payment,
    )


def _join(selling: Actor, buying: Actor, group: int | None) -> int:
    """Relate a buyer and a seller; the relationship."""
    assert selling.company_id is not None
    asked = relationships.request(buying, selling.company_id)
    row = relationships.grant(selling, asked.pk)
    relationships.put_in_group(selling, [row.pk], group)
    return row.pk
