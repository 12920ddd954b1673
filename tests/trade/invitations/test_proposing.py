"""Which prices are proposed to a seller who fills an order in: the one price function's."""

from __future__ import annotations

from pifa.catalog import commands as catalog
from pifa.catalog.rules import Tier
from pifa.kernel.money import UnitPrice
from pifa.relationships import commands as relationships
from pifa.relationships.models import Relationship
from pifa.trade.invitations import queries
from tests.catalog import market as goods
from tests.trade.market import Trading


def test_breaks_count_together_and_a_customer_has_its_groups_prices(trading: Trading) -> None:
    first, second = trading.skus
    (alone,) = queries.proposed(trading.selling, {first: 600})
    together = queries.proposed(trading.selling, {first: 600, second: 600})
    assert alone.price.e4 > together[0].price.e4, "pieces of one offer count together"
    group = relationships.save_group(trading.selling, "老客户")
    related = goods.relate(trading.seller, trading.buyer)
    Relationship.objects.filter(pk=related.pk).update(group=group)
    own = (Tier(1, UnitPrice.yuan("0.20")),)
    catalog.set_group_prices(trading.selling, group.pk, {first: own})
    (theirs,) = queries.proposed(trading.selling, {first: 600}, related.pk)
    assert theirs.price == UnitPrice.yuan("0.20")
    assert queries.proposed(trading.selling, {first: 600})[0].price == alone.price


def test_only_own_goods_are_found(trading: Trading) -> None:
    offer = goods.offer(goods.seller())
    theirs = goods.sku_ids(offer)[0]
    assert queries.proposed(trading.selling, {theirs: 1}) == []
    found = queries.find_skus(trading.selling, "外六角")
    assert {row.sku_id for row in found} == set(trading.skus)
    assert queries.find_skus(trading.selling, "没有 这个") == []
    code = found[0].code
    assert [row.sku_id for row in queries.skus_by_code(trading.selling, {code: 1})[code]]
