"""The purchase adviser (进货参谋): what to buy again, at which price, and onto the list with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pifa.catalog.errors import (
    AboveStock,
    BelowMoq,
    NotMultiple,
    OfferOffline,
    SkuInactive,
    SoldOut,
)
from pifa.kernel import clock
from pifa.kernel.actors import Role
from pifa.kernel.errors import NotFound
from pifa.kernel.money import E4_PER_FEN, E4_PER_YUAN, UnitPrice
from pifa.standing.queries import levels_of
from pifa.trade import commands
from pifa.trade import queries as trade
from pifa.trade.queries import UsualGoods
from pifa.trade.restocking import Need
from pifa.web.access import buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.kit.formats import quantity_text, unit_text
from pifa.web.shared.centre import actor_on


@buyer_page
def adviser(request: HttpRequest) -> HttpResponse:
    """Usual goods with their prices, what is needed next, and one button to order it again."""
    actor = actor_on(request)
    if request.method == "POST":
        return _put_on_list(request)
    advice = trade.adviser(actor, levels_of)
    rows = [_row(one, actor.has_role(Role.PURCHASER)) for one in advice.goods]
    return CENTRE.show(
        request,
        "buyer/adviser.html",
        advice=advice,
        rows=rows,
        needed=[row for row in rows if row["is_needed"]],
    )


def _put_on_list(request: HttpRequest) -> HttpResponse:
    """Put the usual quantity on the list; what a rule refuses is said on the page."""
    sku_id, quantity = (_number(request.POST.get(name, "")) for name in ("sku", "quantity"))
    commands.put_on_list(actor_on(request), [(sku_id, quantity)])
    toasts.success(request, _("已加入进货单，可以继续挑，最后一起结算。"))
    return redirect("buyer:adviser")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFound
    return int(text)


def _row(one: UsualGoods, may_buy: bool) -> dict[str, Any]:
    """One of the usual goods in words; `puts`: the button is there."""
    word, kind = _need(one)
    trouble, is_gone = _trouble(one)
    return {
        "one": one,
        "need": word,
        "kind": kind,
        "is_needed": one.need in (Need.DUE, Need.SOON),
        "change": _change(one),
        "trouble": trouble,
        "puts": may_buy and not is_gone and not one.on_list,
        "spark": [paid.price for paid in one.paid],
        "low": min(paid.price for paid in one.paid),
        "high": max(paid.price for paid in one.paid),
        "paid": list(reversed(one.paid)),
        "peers": one.peers
        and {
            "range": (_about(one.peers.low), _about(one.peers.high)),
            "median": _about(one.peers.median),
            "mine": one.peers.mine and _about(one.peers.mine),
        },
    }


def _about(average: UnitPrice) -> UnitPrice:
    """An average as people compare it: from one yuan on in whole fen, rounded half up."""
    if average.e4 < E4_PER_YUAN:
        return average
    return UnitPrice((average.e4 + E4_PER_FEN // 2) // E4_PER_FEN * E4_PER_FEN)


def _need(one: UsualGoods) -> tuple[str, str]:
    """When more is wanted, as a tag says it, and the tag's kind."""
    days = (one.habit.expected - clock.today()).days
    if one.need is Need.DUE and one.overdue:
        return ngettext("已过 {n} 天", "已过 {n} 天", one.overdue).format(n=one.overdue), "bad"
    if one.need is Need.DUE:
        return _("就在今天"), "warn"
    if one.need is Need.SOON:
        return ngettext("还有 {n} 天", "还有 {n} 天", days).format(n=days), "warn"
    if one.need is Need.GIVEN_UP:
        return _("很久没买了"), "line"
    return ngettext("还有 {n} 天", "还有 {n} 天", days).format(n=days), ""


def _change(one: UsualGoods) -> tuple[str, str]:
    """Today's price beside the last one that was paid: words, and how good that is."""
    if one.today is None:
        return "", ""
    more = one.today.e4 - one.last_paid.e4
    if not more:
        return _("和上次一样"), ""
    words = _("比上次贵 {amount}") if more > 0 else _("比上次便宜 {amount}")
    return words.format(amount=UnitPrice(abs(more))), "warn" if more > 0 else "ok"


def _trouble(one: UsualGoods) -> tuple[str, bool]:
    """What stands against ordering the usual quantity, and whether it is not for sale at all."""
    problem = one.problem
    if one.today is None or isinstance(problem, OfferOffline | SkuInactive):
        return _("现在不卖了"), True
    if isinstance(problem, SoldOut):
        return _("暂时没货"), True
    if isinstance(problem, AboveStock):
        left = f"{quantity_text(problem.figures['available'])}{unit_text(one.unit)}"
        return _("只剩 {left}").format(left=left), False
    if isinstance(problem, BelowMoq):
        moq = f"{quantity_text(problem.figures['moq'])}{unit_text(one.unit)}"
        return _("各规格合计 {moq} 起批").format(moq=moq), False
    if isinstance(problem, NotMultiple):
        step = f"{quantity_text(problem.figures['multiple'])}{unit_text(one.unit)}"
        return _("须按 {step} 的倍数订").format(step=step), False
    return "", False
