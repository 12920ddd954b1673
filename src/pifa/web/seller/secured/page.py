"""Secured credit as its seller sees it: receivables by tab, early collection, the membership."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pifa.finance import commands
from pifa.finance import queries as finance
from pifa.finance.methods.secured.words import share
from pifa.finance.queries import SECURED_TABS
from pifa.kernel.errors import DomainError, Forbidden, NotFound
from pifa.web.access import seller_page
from pifa.web.seller.frame import CENTRE, FINANCE, actor_on, show
from pifa.web.shared.forms import typed_words

KINDS = {
    "promised": "",
    "waiting": "now",
    "requested": "now",
    "paid": "ok",
    "waived": "line",
    "succeeded": "ok",
    "failed": "bad",
}


def tab_labels() -> dict[str, str]:
    """What the tabs are called, as the deck's page has them."""
    return {
        "all": _("全部"),
        "overdue": _("已逾期"),
        "requested": _("提前收款申请中"),
        "succeeded": _("提前收款成功"),
        "failed": _("提前收款失败"),
        "due": _("到期待收款"),
    }


@seller_page(FINANCE)
def receivables(request: HttpRequest) -> HttpResponse:
    """What financiers owe the seller, what that costs, and every order by tab."""
    actor = actor_on(request)
    words, tab = typed_words(request), request.GET.get("tab", "all")
    tab = tab if tab in SECURED_TABS else "all"
    service = finance.secured_service(actor)
    page = finance.secured_receivables(
        actor, tab=tab, words_=words, cursor=request.GET.get("cursor"), size=50
    )
    labels, base = tab_labels(), CENTRE.url("secured")
    return show(
        request,
        "seller/secured.html",
        service=service,
        tabs=[
            (labels[one], f"{base}?tab={one}", service.counts[one], one == tab)
            for one in SECURED_TABS
        ],
        tab=tab,
        words=words,
        rows=[(row, KINDS[row.state], KINDS.get(row.early_state, "")) for row in page.items],
        may_collect=any(row.early for row in page.items),
        next=page.next_cursor,
        early_share=share(service.rates.early_rate) if service.rates else "",
        service_share=share(service.rates.service_rate) if service.rates else "",
    )


@require_POST
@seller_page(FINANCE)
def early(request: HttpRequest) -> HttpResponse:
    """Ask for the money of ticked orders before their day."""
    actor = actor_on(request)
    subjects = [f"order:{number}" for number in request.POST.getlist("order")]

    def ask() -> None:
        asked = commands.collect_early(actor, subjects)
        went = sum(1 for one in asked if one.error is None)
        if went:
            said = ngettext(
                "已申请提前收款 %(n)d 笔，金融机构答复后会通知您。",
                "已申请提前收款 %(n)d 笔，金融机构答复后会通知您。",
                went,
            )
            toasts.success(request, said % {"n": went})
        for one in asked:
            if one.error is not None:
                toasts.error(request, str(one.error))

    return _done(request, ask)


@require_POST
@seller_page(FINANCE)
def join(request: HttpRequest) -> HttpResponse:
    """Join the service, or renew it."""
    actor = actor_on(request)

    def act() -> None:
        row = commands.join_secured(actor)
        toasts.success(request, _("诚e赊已开通，%(day)s 前有效。") % {"day": row.valid_until})

    return _done(request, act)


@require_POST
@seller_page(FINANCE)
def leave(request: HttpRequest) -> HttpResponse:
    """Leave the service; what was ordered is collected as before."""
    actor = actor_on(request)

    def act() -> None:
        commands.leave_secured(actor)
        toasts.success(request, _("已退出诚e赊，已有订单照常收款。"))

    return _done(request, act)


def _done(request: HttpRequest, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        toasts.error(request, str(error))
    return redirect(CENTRE.url("secured"))
