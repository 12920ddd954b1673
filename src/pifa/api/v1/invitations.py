"""Order invitations: a seller fills orders in for its customers; what a guest bought is taken over."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query

from pifa.api.auth import actor_of
from pifa.api.fields import Number, Paging
from pifa.api.routing import Topic
from pifa.api.v1.invitation_shapes import (
    InvitationIn,
    InvitationNumberOut,
    InvitationOut,
    InvitationPage,
    NewInvitationIn,
    TakenOverOut,
    TakeOverIn,
)
from pifa.kernel.actors import Actor
from pifa.kernel.money import ZERO
from pifa.trade.invitations import commands, queries
from pifa.trade.invitations.commands import InvitationGiven
from pifa.trade.invitations.rules import Destination, GoodsGiven
from pifa.trade.quotes.terms import QuoteTerms

topic = Topic()

Tab = Literal["all", "draft", "open", "confirmed", "done", "expired", "recalled"]


@topic.reads("/invitations", InvitationPage, _("订单邀请"), _("本企业发出的，新的在前。"))
def invitations(request: HttpRequest, page: Paging, tab: Annotated[Tab, Query()] = "all") -> object:
    return queries.invitations(actor_of(request), tab, "", page.cursor, page.size)


@topic.writes(
    "POST",
    "/invitations",
    InvitationOut,
    _("发起订单"),
    _("替客户填好订单，得到链接；客户打开即可确认并付款，不用账号。确认时才占用库存。"),
    status=201,
)
def invite(request: HttpRequest, said: NewInvitationIn) -> dict[str, Any]:
    actor = actor_of(request)
    make = commands.draft_invitation if said.draft else commands.invite
    return _shown(actor, make(actor, _given(said)))


@topic.reads("/invitations/{invitation}", InvitationOut, _("一份订单邀请"), _("发出它的卖家。"))
def invitation(request: HttpRequest, invitation: Number) -> dict[str, Any]:
    return _shown(actor_of(request), invitation)


@topic.writes(
    "PUT",
    "/invitations/{invitation}",
    InvitationOut,
    _("修改订单邀请"),
    _("付款之前；已确认的订单和已发起的付款会关闭，客户须按新的内容重新确认。链接不变。"),
)
def change_invitation(
    request: HttpRequest, invitation: Number, said: InvitationIn
) -> dict[str, Any]:
    actor = actor_of(request)
    commands.change_invitation(actor, invitation, _given(said))
    return _shown(actor, invitation)


@topic.writes("POST", "/invitations/{invitation}/send", InvitationOut, _("发起草稿"))
def send_invitation(request: HttpRequest, invitation: Number) -> dict[str, Any]:
    actor = actor_of(request)
    commands.send_invitation(actor, invitation)
    return _shown(actor, invitation)


@topic.writes(
    "POST",
    "/invitations/{invitation}/recall",
    None,
    _("撤回订单邀请"),
    _("链接不再显示任何内容；已确认未付款的订单会关闭。"),
)
def recall_invitation(request: HttpRequest, invitation: Number) -> None:
    commands.recall_invitation(actor_of(request), invitation)


@topic.writes(
    "POST", "/invitations/{invitation}/renew", InvitationOut, _("换新链接"), _("旧链接即失效。")
)
def renew_invitation(request: HttpRequest, invitation: Number) -> dict[str, Any]:
    actor = actor_of(request)
    commands.renew_link(actor, invitation)
    return _shown(actor, invitation)


@topic.writes(
    "POST",
    "/orders/{number}/invite",
    InvitationNumberOut,
    _("再次发起邀请"),
    _("卖家；按一笔以往的订单填好一份草稿。"),
    status=201,
)
def repeat_order(request: HttpRequest, number: Number) -> dict[str, Any]:
    return {"number": commands.repeat_order(actor_of(request), number)}


@topic.writes(
    "POST",
    "/orders/claim",
    TakenOverOut,
    _("认领扫码付款的订单"),
    _("买家；用付款成功页上的认领码。同一账户付给同一商家的订单一起归入。"),
)
def take_over(request: HttpRequest, said: TakeOverIn) -> dict[str, Any]:
    return {"orders": commands.take_over(actor_of(request), said.code)}


def _given(said: InvitationIn) -> InvitationGiven:
    terms = said.terms
    return InvitationGiven(
        lines=[
            GoodsGiven(
                quantity=line.quantity,
                price=line.price,
                sku_id=line.sku_id,
                title=line.title,
                spec_text=line.spec_text,
                unit=line.unit,
            )
            for line in said.lines
        ],
        valid_until=said.valid_until,
        freight=said.freight or ZERO,
        ways=said.ways,
        terms=QuoteTerms(terms.way, terms.deposit_percent, terms.deposit, terms.production_days),
        lead_days=said.lead_days,
        note=said.note,
        customer_id=said.customer_id,
        to=Destination(**said.to.model_dump()),
    )


def _shown(actor: Actor, number: str) -> dict[str, Any]:
    view = queries.invitation(actor, number)
    said = view.said
    link = f"{settings.SITE_URL.rstrip('/')}/i/{view.token}/" if view.token else ""
    return {
        "number": said.number,
        "state": said.state,
        "state_label": said.state_label,
        "revision": said.revision,
        "lines": said.lines,
        "goods": said.goods,
        "freight": said.freight,
        "total": said.total,
        "terms": said.terms,
        "ways": said.ways,
        "lead_days": said.lead_days,
        "note": said.note,
        "valid_until": said.valid_until,
        "customer_id": view.customer_id,
        "customer_name": view.customer_name,
        "to": view.to,
        "link": link if said.state in ("open", "confirmed") else "",
        "order": view.order,
        "external_no": view.external_no,
        "made_at": view.made_at,
        "sent_at": view.sent_at,
        "opened_at": view.opened_at,
        "verbs": view.verbs,
    }
