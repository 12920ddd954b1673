"""The list of a seller's goods, and what is done with several at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pifa.catalog import commands
from pifa.catalog import queries as catalog
from pifa.catalog.models import Offer
from pifa.kernel.errors import DomainError, NotFound
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, actor_on, show, whole_number
from pifa.web.seller.goods.sheets import goods_sheet
from pifa.web.shared.forms import typed_words

State = Offer.State
STATES = (
    State.ONLINE,
    State.IN_REVIEW,
    State.DRAFT,
    State.REJECTED,
    State.OFFLINE,
    State.TAKEN_DOWN,
)
STATE_KINDS = {
    State.ONLINE: "ok",
    State.IN_REVIEW: "warn",
    State.REJECTED: "bad",
    State.TAKEN_DOWN: "bad",
}
SORTS = ("changed", "sold", "price_up", "price_down", "code")
MANY = 200


@seller_page(CLERK)
def goods(request: HttpRequest) -> HttpResponse:
    """A page of the company's goods; four statements and the frame's."""
    state = request.GET.get("state", "")
    state = state if state in State else ""
    sort = request.GET.get("sort", "changed")
    page = catalog.goods(
        actor_on(request),
        state=state,
        q=typed_words(request),
        visibility="private" if request.GET.get("visibility") == "private" else "",
        sold_out="sold_out" in request.GET,
        sort=sort if sort in SORTS else "changed",
        page=whole_number(request.GET.get("page")),
    )
    base = reverse("seller:goods")
    return show(
        request,
        "seller/goods.html",
        tabs=[(_("全部"), base, sum(page.counts.values()), not state)]
        + [
            (one.label, f"{base}?state={one}", page.counts.get(one, 0), state == one)
            for one in STATES
        ],
        state=state,
        rows=[(row, STATE_KINDS.get(State(row.state), "")) for row in page.items],
        total=page.total,
        sorts=_sorts(sort),
        narrowed=any(request.GET.get(name) for name in ("q", "visibility", "sold_out")),
        previous=_address(request, page.page - 1) if page.page > 1 else None,
        next=_address(request, page.page + 1) if page.page < page.pages else None,
        page_words=_("第 %(page)d / %(pages)d 页") % {"page": page.page, "pages": page.pages},
    )


def _sorts(here: str) -> list[tuple[str, str, bool]]:
    words = {
        "changed": _("最近修改"),
        "sold": _("销量高到低"),
        "price_up": _("价格低到高"),
        "price_down": _("价格高到低"),
        "code": _("货号"),
    }
    return [(key, label, key == here) for key, label in words.items()]


def _address(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return f"{request.path}?{query.urlencode()}"


@seller_page(CLERK)
@require_POST
def act(request: HttpRequest) -> HttpResponseBase:
    """Put the ticked offers online or offline, hand them in, or write them out as a sheet."""
    actor = actor_on(request)
    offer_ids = picked_offers(request)
    name = request.POST.get("act", "")
    if name == "export":
        return goods_sheet(actor, "xlsx", offer_ids or None)
    verbs: dict[str, tuple[Any, Any]] = {
        "submit": (
            commands.submit_offers,
            lambda n: ngettext("%(n)d 个货品已提交审核。", "%(n)d 个货品已提交审核。", n),
        ),
        "put_online": (
            commands.put_many_online,
            lambda n: ngettext("%(n)d 个货品已上架。", "%(n)d 个货品已上架。", n),
        ),
        "take_offline": (
            commands.take_many_offline,
            lambda n: ngettext("%(n)d 个货品已下架。", "%(n)d 个货品已下架。", n),
        ),
        "withdraw": (
            _withdraw_many,
            lambda n: ngettext(
                "%(n)d 个货品已撤回，回到草稿。", "%(n)d 个货品已撤回，回到草稿。", n
            ),
        ),
    }
    if name not in verbs:
        raise NotFound()
    back = _back(request)
    if not offer_ids:
        messages.info(request, _("请先勾选货品。"))
        return redirect(back)
    command, said = verbs[name]
    try:
        command(actor, offer_ids)
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, _("没有改动任何货品：%(why)s") % {"why": error})
    else:
        messages.success(request, said(len(offer_ids)) % {"n": len(offer_ids)})
    return redirect(back)


def _withdraw_many(actor: Any, offer_ids: list[int]) -> None:
    for offer_id in offer_ids:
        commands.withdraw_offer(actor, offer_id)


def picked_offers(request: HttpRequest) -> list[int]:
    """The ids of the ticked offers, each once, at most a page of them."""
    given = [*request.POST.getlist("offer"), *request.GET.getlist("offer")]
    ids = [whole_number(text, 0, 2**31) for text in given]
    return list(dict.fromkeys(key for key in ids if key))[:MANY]


def _back(request: HttpRequest) -> str:
    """The list as it was narrowed when the buttons were pressed."""
    query = request.POST.get("back", "")
    base = reverse("seller:goods")
    return f"{base}?{query}" if query and len(query) < 500 and "\n" not in query else base
