"""The collection code: the company's own, what came by it, and paying by one."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pifa.api.auth import actor_of
from pifa.api.fields import Amount, In, Number, Out, PageOut, Paging, Yuan
from pifa.api.routing import Topic
from pifa.finance import commands, queries
from pifa.finance.policies import handles_money

topic = Topic()


class CollectionCodeOut(Out):
    """The code's address (null without one), under which name it is shown, and whether it takes
    money now."""

    address: str | None
    name: str
    granted: bool
    made_at: datetime | None


class CollectedOut(Out):
    """Money that came by the code; `refunded` is what of it went back to who paid."""

    number: str
    amount: Yuan
    refunded: Yuan
    note: str
    at: datetime


class CollectionRefundIn(In):
    """How much goes back, and why."""

    amount: Amount
    reason: str = ""


class CollectedPage(PageOut):
    items: list[CollectedOut]


@topic.reads("/collection-code", CollectionCodeOut, _("收钱码"), _("主账号和财务。"))
def collection_code(request: HttpRequest) -> dict[str, object]:
    found = queries.collection_code(handles_money(actor_of(request)))
    path = reverse("storefront:collect", args=[found.token]) if found.token else None
    return {
        "address": urljoin(settings.SITE_URL, path) if path else None,
        "name": found.name,
        "granted": found.granted,
        "made_at": found.made_at,
    }


@topic.writes(
    "POST",
    "/collection-code",
    CollectionCodeOut,
    _("生成或更换收钱码"),
    _("主账号和财务；旧码马上失效。"),
)
def renew_collection_code(request: HttpRequest) -> dict[str, object]:
    commands.renew_collection_code(actor_of(request))
    return collection_code(request)


@topic.writes("DELETE", "/collection-code", None, _("停用收钱码"), _("主账号和财务。"))
def close_collection_code(request: HttpRequest) -> None:
    commands.close_collection_code(actor_of(request))


@topic.reads("/collections", CollectedPage, _("收钱码收款记录"), _("主账号和财务；最近的在前。"))
def collected(request: HttpRequest, page: Paging) -> object:
    return queries.collected(actor_of(request), page.cursor, page.size)


@topic.writes(
    "POST",
    "/collections/{number}/refund",
    CollectedOut,
    _("退还收钱码收到的款"),
    _("主账号和财务；从余额退，可以分次退。"),
)
def refund_collection(request: HttpRequest, number: Number, wanted: CollectionRefundIn) -> object:
    actor = actor_of(request)
    commands.refund_collection(actor, number, wanted.amount, wanted.reason)
    return queries.collected_one(actor, number)
