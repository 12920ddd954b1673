"""Threads between companies, notices, and where one wants them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import Field

from pifa.api.auth import actor_of
from pifa.api.fields import Flag, Id, In, Number, Out, PageOut, Paging, PathId, Text, listed
from pifa.api.routing import Topic
from pifa.catalog import queries as catalog
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.messages import commands, queries
from pifa.parties.policies import require
from pifa.trade import queries as trade

topic = Topic()
Side = Literal["buyer", "seller"]


class ThreadOut(Out):
    """A thread about an offer or an order, from the caller's side."""

    id: int
    side: Side
    other_id: int
    other_name: str
    subject: str
    title: str
    last_at: datetime
    unread: int


class ThreadPage(PageOut):
    items: list[ThreadOut]


class MessageOut(Out):
    """Something that was said."""

    id: int
    is_own: bool
    company: str
    person: str
    body: str
    at: datetime


class ThreadMessagesOut(Out):
    """A thread with its last 200 messages, oldest first."""

    summary: ThreadOut
    messages: list[MessageOut]


class SayIn(In):
    """Words, up to 2,000 characters."""

    body: Text


class SaidOut(Out):
    """The thread that has the message now."""

    thread_id: int
    message_id: int


class NoticeOut(Out):
    """A notice in the reader's language; `link` is a page of the market."""

    id: int
    kind: str
    label: str
    title: str
    body: str
    subject: str
    link: str
    at: datetime
    is_read: bool


class NoticePage(PageOut):
    items: list[NoticeOut]


class NoticeIdsIn(In):
    """Which notices; without any, all of the company's."""

    ids: list[Id] | None = Field(None, max_length=500)


class MarkedOut(Out):
    """How many were unread."""

    marked: int


class PreferenceOut(Out):
    """Where the member wants notices of a kind."""

    kind: str
    label: str
    audience: Literal["buyer", "seller", "both"]
    in_app: bool
    email: bool


class PreferencePage(PageOut):
    items: list[PreferenceOut]


class PreferenceIn(In):
    """Where the member wants notices of a kind from now on."""

    in_app: Flag
    email: Flag


@topic.reads("/threads", ThreadPage, _("会话列表"), _("最近有消息的在前。"))
def threads(
    request: HttpRequest, page: Paging, side: Annotated[Side | None, Query()] = None
) -> object:
    return queries.threads(actor_of(request), page.cursor, side=side, size=page.size)


@topic.reads("/threads/{thread_id}", ThreadMessagesOut, _("会话内容"), _("不会标记为已读。"))
def thread(request: HttpRequest, thread_id: PathId) -> object:
    return queries.thread(actor_of(request), thread_id)


@topic.writes("POST", "/threads/{thread_id}/messages", SaidOut, _("在会话里回复"), status=201)
def reply(request: HttpRequest, thread_id: PathId, said: SayIn) -> dict[str, int]:
    actor = actor_of(request)
    summary = queries.thread(actor, thread_id).summary
    own = require(actor)
    pair = (own, summary.other_id) if summary.side == "buyer" else (summary.other_id, own)
    return _said(actor, *pair, summary.subject, summary.title, said.body)


@topic.writes("POST", "/threads/{thread_id}/read", None, _("标记会话为已读"))
def mark_thread_read(request: HttpRequest, thread_id: PathId) -> None:
    commands.mark_thread_read(actor_of(request), thread_id)


@topic.writes(
    "POST", "/offers/{offer_id}/messages", SaidOut, _("咨询货品"), _("买家向卖家提问。"), status=201
)
def ask_about_offer(request: HttpRequest, offer_id: PathId, said: SayIn) -> dict[str, int]:
    actor = actor_of(request)
    offer = catalog.offer_page(offer_id, actor)
    return _said(
        actor, require(actor), offer.seller.id, f"offer:{offer.id}", offer.title, said.body
    )


@topic.writes(
    "POST", "/orders/{number}/messages", SaidOut, _("就订单留言"), _("买卖双方。"), status=201
)
def talk_about_order(request: HttpRequest, number: Number, said: SayIn) -> dict[str, int]:
    actor = actor_of(request)
    order = trade.order(actor, number).order
    if order.buyer_id is None:
        raise NotFound
    title = gettext("订单 %(number)s") % {"number": number}
    return _said(actor, order.buyer_id, order.seller_id, order.subject, title, said.body)


@topic.reads("/notices", NoticePage, _("通知"))
def notices(
    request: HttpRequest, page: Paging, unread_only: Annotated[bool, Query()] = False
) -> object:
    return queries.notices(actor_of(request), page.cursor, unread_only=unread_only, size=page.size)


@topic.writes("POST", "/notices/read", MarkedOut, _("标记通知为已读"))
def mark_notices_read(request: HttpRequest, wanted: NoticeIdsIn) -> dict[str, int]:
    actor = actor_of(request)
    if wanted.ids is None:
        return {"marked": commands.mark_all_read(actor)}
    return {"marked": commands.mark_read(actor, wanted.ids)}


@topic.reads("/notices/preferences", PreferencePage, _("通知设置"))
def notice_preferences(request: HttpRequest) -> object:
    return listed(queries.preferences(actor_of(request)))


@topic.writes("PUT", "/notices/preferences/{kind}", None, _("设置一类通知"))
def set_preference(
    request: HttpRequest, kind: Annotated[str, Field(max_length=48)], wanted: PreferenceIn
) -> None:
    commands.set_preference(actor_of(request), kind, in_app=wanted.in_app, email=wanted.email)


def _said(
    actor: Actor, buyer_id: int, seller_id: int, subject: str, title: str, body: str
) -> dict[str, Any]:
    message = commands.say(actor, buyer_id, seller_id, subject, title, body)
    return {"thread_id": message.thread_id, "message_id": message.pk}
