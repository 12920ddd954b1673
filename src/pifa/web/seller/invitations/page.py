"""The list of invitations; one of them: looked at, sent, copied, printed, taken back; repeats."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.finance import queries as money
from pifa.finance.queries.by_link import all_ways
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, NotFound
from pifa.trade.invitations import commands
from pifa.trade.invitations import queries as invitations
from pifa.trade.invitations.queries import OwnView
from pifa.trade.invitations.states import InvitationState
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, actor_on, company_id_of, show
from pifa.web.shared.forms import typed_words
from pifa.web.shared.invitations import (
    KINDS,
    address_of,
    code_drawing,
    picture_answer,
    terms_words,
)
from pifa.web.shared.regions import place_name

_ACTS: dict[str, tuple[Callable[[Actor, str], None], str | Promise]] = {
    "send": (
        commands.send_invitation,
        gettext_lazy("邀请已生成。把链接或二维码发给客户，客户打开就能付款。"),
    ),
    "recall": (commands.recall_invitation, gettext_lazy("邀请已撤回，链接不再显示任何内容。")),
    "renew": (commands.renew_link, gettext_lazy("已换新链接，旧链接不再显示任何内容。")),
}


@seller_page()
def desk(request: HttpRequest) -> HttpResponse:
    """The company's invitations by tab, newest first."""
    tab = request.GET.get("tab", invitations.ALL)
    tab = tab if tab in invitations.TABS else invitations.ALL
    actor, words = actor_on(request), typed_words(request)
    page = invitations.invitations(actor, tab, words, request.GET.get("cursor"))
    counts = invitations.counts(actor)
    here = reverse("seller:invitations")
    labels: list[tuple[str, str, int | None]] = [(invitations.ALL, _("全部"), None)]
    labels += [(state.value, str(state.label), counts[state.value]) for state in InvitationState]
    return show(
        request,
        "seller/invitations.html",
        tabs=[(label, f"{here}?tab={name}", count, name == tab) for name, label, count in labels],
        tab=tab,
        words=words,
        rows=[(row, KINDS.get(row.state, "")) for row in page.items],
        next_cursor=page.next_cursor,
        is_later=bool(request.GET.get("cursor")),
        may_invite=actor.has_role(CLERK),
    )


@seller_page()
def invitation(request: HttpRequest, number: str) -> HttpResponse:
    """One invitation: as its customer will read it, and what can be done with it now."""
    actor = actor_on(request)
    view = invitations.invitation(actor, number)
    alive = view.said.state in (InvitationState.OPEN, InvitationState.CONFIRMED)
    address = address_of(view.token) if alive else ""
    names = all_ways()
    return show(
        request,
        "seller/invitation.html",
        view=view,
        said=view.said,
        kind=KINDS.get(view.said.state, ""),
        terms=terms_words(view.said),
        ways=[names[way] for way in view.said.ways if way in names] or [_("平台提供的都可以")],
        place=place_name(view.to.region, view.to.city),
        address=address,
        message=_message(request, view, address) if alive else "",
        verbs=set(view.verbs) if actor.has_role(CLERK) else set(),
        may_invite=actor.has_role(CLERK),
    )


@require_POST
@seller_page(CLERK)
def act(request: HttpRequest, number: str) -> HttpResponse:
    """Send, take back, or give another link."""
    chosen = _ACTS.get(request.POST.get("act", ""))
    if chosen is None:
        raise NotFound
    verb, words = chosen
    try:
        verb(actor_on(request), number)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        toasts.error(request, str(error))
    else:
        toasts.success(request, str(words))
    return redirect("seller:invitation", number)


@require_POST
@seller_page(CLERK)
def repeat(request: HttpRequest, number: str) -> HttpResponse:
    """A past order as a draft, ready to be sent."""
    made = commands.repeat_order(actor_on(request), number)
    toasts.info(request, _("已按这笔订单填好，核对后点“发起订单”。"))
    return redirect("seller:invitation", made)


@seller_page()
def code(request: HttpRequest, number: str) -> HttpResponse:
    """The link as a QR code."""
    drawing = code_drawing(_living(request, number).token)
    answer = HttpResponse(drawing, content_type="image/svg+xml")
    answer["Cache-Control"] = "no-store"
    return answer


@seller_page()
def card(request: HttpRequest, number: str) -> HttpResponse:
    """The invitation as a card to print, A6 or A5."""
    view = _living(request, number)
    size = "a5" if request.GET.get("size") == "a5" else "a6"
    here = reverse("seller:invitation_card", args=[number])
    return render(
        request,
        "seller/invitation_card.html",
        {
            "view": view,
            "said": view.said,
            "shop": money.public_name(company_id_of(actor_on(request))),
            "size": size,
            "sizes": [
                ("A6", f"{here}?size=a6", None, size == "a6"),
                ("A5", f"{here}?size=a5", None, size == "a5"),
            ],
            "terms": terms_words(view.said),
        },
    )


@seller_page()
def picture(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """The picture of typed goods."""
    answer = picture_answer(invitations.own_picture(actor_on(request), number, position))
    answer["Cache-Control"] = "private, no-store"
    return answer


def _living(request: HttpRequest, number: str) -> OwnView:
    """An invitation whose link shows something; there is no code of any other."""
    view = invitations.invitation(actor_on(request), number)
    if view.said.state not in (InvitationState.OPEN, InvitationState.CONFIRMED):
        raise NotFound
    return view


def _message(request: HttpRequest, view: OwnView, address: str) -> str:
    """What a seller pastes into a chat."""
    said = view.said
    goods = said.lines[0].shown_title
    if len(said.lines) > 1:
        goods = _("%(goods)s 等 %(n)s 种") % {"goods": goods, "n": len(said.lines)}
    words = _(
        "%(shop)s 给您填好了订单：%(goods)s，合计 %(total)s，%(day)s 前有效。点开核对并付款，不用注册："
    )
    shop = money.public_name(company_id_of(actor_on(request)))
    day = said.valid_until.isoformat()
    told = words % {"shop": shop, "goods": goods, "total": said.total, "day": day}
    return f"{told}\n{address}"
