"""The seller's today: what waits, what is due, how the last thirty days went."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pifa.catalog import queries as catalog
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import total
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.messages import queries as talk
from pifa.programme.queries.at_a_glance import at_a_glance
from pifa.programme.wording import share_words
from pifa.standing import queries as standing
from pifa.standing.models import Kind
from pifa.trade import queries as trade
from pifa.trade.queries import SellerToday
from pifa.trade.states import OrderStatus
from pifa.web.access import PageRequest, seller_page
from pifa.web.kit.formats import moment_text
from pifa.web.seller.frame import CLERK, FINANCE, actor_on, company_id_of, show
from pifa.web.seller.opening import missing_steps
from pifa.web.seller.orders.desk import ONLY_WITH_ORDERS
from pifa.web.shared.standing import LadderCard, card_of

DAYS = 30

Todo = tuple[str, str, str]


@seller_page()
def today(request: HttpRequest) -> HttpResponse:
    """The front page of the seller centre."""
    actor = actor_on(request)
    company_id = company_id_of(actor)
    counts = trade.shown_counts(actor)
    day = trade.seller_today(actor)
    goods = catalog.goods(actor, size=1).counts
    until = clock.today()
    trend = trade.daily_sales(actor, until - timedelta(days=DAYS - 1), until)
    shop = catalog.own_shop(actor)
    money = ledger.balances(company_id) if actor.has_role(FINANCE) else None
    return show(
        request,
        "seller/home.html",
        shop_name=shop.name if shop else "",
        season=_season(company_id),
        standing=_standing(request, actor, shop.medal_system if shop else ""),
        may_ship=actor.has_role(CLERK),
        setup=" · ".join(missing_steps(actor)),
        counters=_counters(counts, day),
        todo=_todo(actor, day, goods),
        trend=[point.sales for point in trend],
        sales=total(point.sales for point in trend),
        sold_orders=sum(point.orders for point in trend),
        balances=money
        and [
            (_("可提现余额"), money[AccountKind.BALANCE]),
            (_("平台担保中"), money[AccountKind.ESCROW]),
            (_("买家保障保证金"), money[AccountKind.DEPOSIT]),
        ],
        goods_counts=[
            (_("在售"), goods.get("online", 0)),
            (_("审核中"), goods.get("in_review", 0)),
            (_("草稿"), goods.get("draft", 0)),
            (_("已下架"), goods.get("offline", 0)),
        ],
    )


def _season(company_id: int) -> dict[str, Any] | None:
    """A member's season in one line; two statements, one for who is no member."""
    found = at_a_glance(company_id)
    if found is None:
        return None
    return {
        "share": share_words(found.share),
        "pace": share_words(found.pace),
        "behind": found.behind,
    }


def _standing(request: HttpRequest, actor: Actor, medal_system: str) -> LadderCard | None:
    """The medal with what the next one still asks; two statements."""
    member = cast(PageRequest, request).member
    assert member is not None
    story = standing.glance(actor, Kind.MEDAL, member.company, medal_system)
    return card_of(story) if story else None


def _counters(
    counts: dict[str, int], day: SellerToday
) -> list[tuple[str, int | str, str, str, str]]:
    """Tiles: label, count, note, address, state."""
    desk = reverse("seller:orders")
    notes: dict[str, tuple[str, str]] = {}
    if day.late:
        notes["awaiting_shipment"] = (_("%(count)d 单已超时") % {"count": day.late}, "bad")
    elif day.due_today and day.ship_by:
        notes["awaiting_shipment"] = (
            _("最早 %(due)s 前") % {"due": _moment(day.ship_by)},
            "warn",
        )
    if day.refunds_to_answer:
        notes["in_refund"] = (_("%(count)d 单等您处理") % {"count": day.refunds_to_answer}, "warn")
    found = []
    for status in (
        OrderStatus.AWAITING_PAYMENT,
        OrderStatus.IN_PRODUCTION,
        OrderStatus.AWAITING_BALANCE,
        OrderStatus.AWAITING_SHIPMENT,
        OrderStatus.AWAITING_RECEIPT,
        OrderStatus.IN_REFUND,
        OrderStatus.AWAITING_REVIEW,
    ):
        if status in ONLY_WITH_ORDERS and not counts[status]:
            continue
        note, state = notes.get(status, ("", "info"))
        url = f"{desk}?tab={status}"
        shown = counts[status] if counts[status] <= trade.MOST else f"{trade.MOST}+"
        found.append((str(status.label), shown, note, url, state))
    return found


Entry = tuple[int, str, str, str]
"""How many, in words, where it is done, and `bad` if it is late."""


def _todo(actor: Actor, day: SellerToday, goods: dict[str, int]) -> list[Todo]:
    """What is to be done today, most urgent first: words, address, bad or nothing."""
    unread = talk.unread_messages(company_id_of(actor), "seller")
    entries = [
        *_to_ship(actor, day),
        *_to_settle(day),
        *_to_mend(goods),
        (
            unread,
            ngettext("%(count)d 条买家消息未读", "%(count)d 条买家消息未读", unread),
            reverse("seller:messages"),
            "",
        ),
        (
            day.reviews_to_answer,
            ngettext(
                "%(count)d 条低分评价还没有回复",
                "%(count)d 条低分评价还没有回复",
                day.reviews_to_answer,
            ),
            f"{reverse('seller:orders')}?tab=completed",
            "",
        ),
    ]
    due = _moment(day.ship_by).split()[-1] if day.ship_by else ""
    refund_due = _moment(day.refund_due) if day.refund_due else ""
    return [
        (words % {"count": count, "due": due, "refund_due": refund_due}, url, kind)
        for count, words, url, kind in entries
        if count
    ]


def _to_ship(actor: Actor, day: SellerToday) -> list[Entry]:
    url = reverse("seller:ship") if actor.has_role(CLERK) else reverse("seller:orders")
    late = ngettext("%(count)d 单已过发货时限", "%(count)d 单已过发货时限", day.late)
    soon = ngettext(
        "%(count)d 单今天 %(due)s 前发货", "%(count)d 单今天 %(due)s 前发货", day.due_today
    )
    return [(day.late, late, url, "bad"), (day.due_today, soon, url, "")]


def _to_settle(day: SellerToday) -> list[Entry]:
    url = reverse("seller:refunds")
    asked = ngettext(
        "%(count)d 个退款申请等您处理，最早 %(refund_due)s 到期",
        "%(count)d 个退款申请等您处理，最早 %(refund_due)s 到期",
        day.refunds_to_answer,
    )
    disputed = ngettext("%(count)d 个纠纷在平台处理", "%(count)d 个纠纷在平台处理", day.disputes)
    return [(day.refunds_to_answer, asked, url, ""), (day.disputes, disputed, url, "")]


def _to_mend(goods: dict[str, int]) -> list[Entry]:
    url = reverse("seller:goods")
    rejected, taken_down = goods.get("rejected", 0), goods.get("taken_down", 0)
    mend = ngettext(
        "%(count)d 个货品审核未通过，改好再提交",
        "%(count)d 个货品审核未通过，改好再提交",
        rejected,
    )
    look = ngettext(
        "%(count)d 个货品被平台下架，看原因", "%(count)d 个货品被平台下架，看原因", taken_down
    )
    return [
        (rejected, mend, f"{url}?state=rejected", ""),
        (taken_down, look, f"{url}?state=taken_down", "bad"),
    ]


def _moment(moment: Any) -> str:
    zone = clock.zone()
    local, now = moment.astimezone(zone), clock.now().astimezone(zone)
    return str(moment_text(local, now, always_time=True))
