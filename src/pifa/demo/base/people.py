"""What the named seller does with customers that it knows: a group with prices of its own, posts in
the private channel, customer files with what is to be done today, and order invitations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from pifa.catalog import commands as catalog
from pifa.catalog.queries.checkout import tiers_of
from pifa.catalog.rules import Tier
from pifa.crm import commands as crm
from pifa.crm.commands import FileDraft
from pifa.demo import setting
from pifa.demo.base.terms import Act
from pifa.demo.plan.goods import ONLINE
from pifa.demo.plan.market import MarketPlan
from pifa.demo.world import World
from pifa.kernel.actors import Role
from pifa.kernel.money import Money, UnitPrice
from pifa.posts import commands as posts
from pifa.posts.rules import PostDraft
from pifa.relationships import commands as relationships
from pifa.relationships import queries as known
from pifa.trade.invitations import commands as invitations
from pifa.trade.invitations import links
from pifa.trade.invitations.commands import InvitationGiven
from pifa.trade.invitations.rules import GoodsGiven
from pifa.trade.models import OrderInvitation

OFF = 92
"""What the group pays of everybody's price, in percent."""

VALID_DAYS = 12

_FILES = (
    ("望苇机修铺", "陆师傅", "可上门拜访", 40, "送 M8 样品，问下月用量"),
    ("三榫农机站", "卞站长", "至尊VIP", 120, "回访上批货，报新价"),
    ("长庚钢构", "岑工", "可寄小礼品", 0, "确认国庆前备货"),
)
"""Name, contact, tag, pieces used a day, and what is to be done today."""

_TYPED = (
    ("定制U型螺栓", "M12×80 镀锌", "件", 600, "1.35"),
    ("非标双头螺柱", "M16×220 8.8级", "件", 200, "4.80"),
    ("展会样品箱", "含 12 种紧固件", "箱", 8, "168"),
    ("法兰螺母试单", "M10 达克罗", "件", 500, "0.42"),
)
"""Goods that are not in the shop: title, variant, unit, pieces, unit price."""


def acts(plan: MarketPlan, world: World) -> Iterator[Act]:
    """In the order of time; nothing is paid, so no figure of anybody's standing changes."""
    work = _Work(plan, world)
    opening = setting.OPENING
    yield opening - timedelta(days=12), work.group
    yield opening - timedelta(days=2, hours=1), work.tell_all
    yield opening - timedelta(hours=3), work.tell_the_group
    # After eight, when a morning's list is made: the next one comes by itself.
    yield opening - timedelta(minutes=50), work.write_files
    for place in range(len(_TYPED)):
        yield opening - timedelta(hours=4 + 7 * place), work.inviting(place)


class _Work:
    def __init__(self, plan: MarketPlan, world: World) -> None:
        seller = world.sellers[0]
        self._owner, self._named = seller.owner, world.buyers[0].company_id
        self._keeper = next(
            (one for one in seller.actors[1:] if one.has_role(Role.CLERK)), self._owner
        )
        shown = [
            offer.index
            for offer in plan.offers
            if offer.seller == 0 and offer.state == ONLINE and offer.visibility == "public"
        ][:2]
        self._offers = [world.offers[index] for index in shown]
        self._skus = [sku for index in shown for sku in world.skus[index]]
        self._group = 0

    def group(self) -> None:
        """Four customers of old, the named buyer among them, pay less for two kinds of goods."""
        self._group = relationships.save_group(self._owner, "老客户").pk
        rows = known.customers(self._owner, state="granted", size=100).items
        rows.sort(key=lambda row: (row.buyer_id != self._named, row.pk))
        relationships.put_in_group(self._owner, [row.pk for row in rows[:4]], self._group)
        prices = {
            sku: [Tier(tier.min_quantity, _less(tier.price)) for tier in tiers]
            for sku, tiers in tiers_of(self._skus).items()
        }
        catalog.set_group_prices(self._owner, self._group, prices)

    def tell_all(self) -> None:
        """A post for every customer."""
        words = "新到一批彩锌和达克罗表面的螺栓，规格齐，当天能发。"
        posts.publish(self._owner, PostDraft(words, self._offers))

    def tell_the_group(self) -> None:
        """A post for the group, whose prices it names."""
        words = "老客户价已更新：本周下单按分组价结算，量大再商量。"
        posts.publish(self._owner, PostDraft(words, self._offers[:1], [], [self._group]))

    def write_files(self) -> None:
        """Files of customers that are no members, each with what is to be done today."""
        for name, contact, tag, usage, action in _FILES:
            draft = FileDraft(
                name=name,
                contact=contact,
                keeper_id=self._keeper.member_id,
                daily_usage=usage or None,
                usage_unit="件" if usage else "",
                next_action=action,
                next_day=setting.OPENING.date(),
                tags=(tag,),
            )
            crm.add_file(self._owner, draft, "")

    def inviting(self, place: int) -> Callable[[], object]:
        """An invitation: kept as a draft, sent, opened by its customer, or taken back."""

        def invite() -> None:
            title, variant, unit, pieces, price = _TYPED[place]
            line = GoodsGiven(
                pieces, UnitPrice.yuan(price), title=title, spec_text=variant, unit=unit
            )
            given = InvitationGiven(
                lines=[line],
                freight=Money.yuan("15.00"),
                valid_until=setting.OPENING.date() + timedelta(days=VALID_DAYS),
            )
            if place == 0:
                invitations.draft_invitation(self._owner, given)
                return
            number = invitations.invite(self._owner, given)
            if place == 2:
                row = OrderInvitation.objects.get(number=number)
                invitations.note_opened(links.token_of(row.number, row.link))
            elif place == 3:
                invitations.recall_invitation(self._owner, number)

        return invite


def _less(price: UnitPrice) -> UnitPrice:
    return UnitPrice(max(price.e4 * OFF // 100, 1))
