"""The purchase adviser: usual goods, their prices, and when more of them is needed."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pifa.api.auth import actor_of
from pifa.api.fields import Out, UnitYuan
from pifa.api.problems import told
from pifa.api.routing import Topic
from pifa.api.v1.market import ReasonOut
from pifa.standing.queries import levels_of
from pifa.trade import queries
from pifa.trade.queries import UsualGoods

topic = Topic()
NeedWord = Literal["due", "soon", "later", "given_up"]


class HabitOut(Out):
    """How goods are bought: days (usually) between purchases, pieces (usually) at a time, and
    how many days the last purchase should last, so that more is expected on `expected`."""

    purchases: int
    interval: int
    quantity: int
    last: date
    lasting: int
    expected: date


class PricePaidOut(Out):
    """What was paid per unit in one order, and for how many."""

    day: date
    price: UnitYuan
    quantity: int


class PeersOut(Out):
    """Averages that other buyers of the own level paid per unit, never of fewer than five, and
    the own average; `of_offer`: over all SKUs of the offer."""

    buyers: int
    low: UnitYuan
    median: UnitYuan
    high: UnitYuan
    mine: UnitYuan | None
    of_offer: bool


class UsualGoodsOut(Out):
    """A SKU bought again and again. `today` is the price per unit of the usual quantity, absent
    if the goods are no longer known; `problem` says why that could not be ordered alone."""

    sku_id: int
    offer_id: int
    title: str
    spec_text: str
    unit: str
    seller_id: int
    seller_name: str
    habit: HabitOut
    need: NeedWord
    overdue: int
    paid: list[PricePaidOut]
    today: UnitYuan | None
    problem: ReasonOut | None
    on_list: int
    peers: PeersOut | None


class AdviceOut(Out):
    """Usual goods, those needed first at the top. `compares`: the own level is known,
    so that prices of others can be told."""

    goods: list[UsualGoodsOut]
    any_orders: bool
    compares: bool


@topic.reads(
    "/adviser",
    AdviceOut,
    _("进货参谋"),
    _("买家常买的货、付过的价、今天的价、预计什么时候该补；同等级买家付的价至少有五家才给出。"),
)
def adviser(request: HttpRequest) -> dict[str, Any]:
    advice = queries.adviser(actor_of(request), levels_of)
    return {
        "goods": [_goods(one) for one in advice.goods],
        "any_orders": advice.any_orders,
        "compares": advice.compares,
    }


def _goods(one: UsualGoods) -> dict[str, Any]:
    own = {name: getattr(one, name) for name in UsualGoodsOut.model_fields}
    return own | {"problem": told(one.problem) if one.problem else None}
