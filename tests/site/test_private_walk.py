"""Nothing of a seller's channel appears without its grant (`CHANNEL-*`): every route and every
endpoint is asked, by a stranger, by another seller's customer and by a revoked one.

A new route or endpoint is in the walk by itself; one with a part that the table of values does
not know fails by the name of the part, until the table says what stands there.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from pifa.api.v1 import api
from pifa.kernel.actors import Actor
from pifa.parties import commands as parties
from pifa.parties.models import Company, User
from tests.api.client import App
from tests.site.private_market import (
    GROUP,
    SEARCH,
    SECRETS,
    TO_CUSTOMERS,
    PrivateMarket,
    private_market,
)

PART = re.compile(r"<(?:\w+:)?(\w+)>")
API = "api/v1/"
ENDS_THE_WALK = {"logout/", "console/logout/"}
OUTSIDERS = ("stranger", "other", "revoked")


@pytest.fixture
def market(db: None) -> PrivateMarket:
    return private_market()


def values(market: PrivateMarket) -> dict[str, tuple[Any, ...]]:
    """What stands in the parts of addresses: the seller's secrets wherever they could be meant."""
    seller: Company = market.trading.seller
    nothing = (1,)
    return {
        "offer_id": (market.secret, market.shown),
        "post_id": (market.post,),
        "group_id": (market.group,),
        "seller_id": (seller.pk,),
        "company_id": (seller.pk,),
        "company": (seller.pk,),
        "login": (seller.login,),
        "slug": (seller.shop.slug,),
        "number": (market.order,),
        "payable_number": (market.payable,),
        "payment_number": (market.payment,),
        "relationship_id": tuple(seller.customers.order_by("pk").values_list("pk", flat=True)),
        "pk": (market.secret,),
        "object_id": (market.secret,),
        "content_type_id": nothing,
        "rest": ("nothing",),
        "path": ("nothing.webp",),
        "name": ("centre",),
        "token": ("nothing",),
        "trade_no": ("nothing",),
        "carrier": ("sandbox",),
        "bank": ("sandbox",),
        "financier": ("sandbox",),
        "gateway": ("sandbox",),
        "kind": ("medal", "post_published"),
        "code": (seller.login,),
        "old": ("nothing",),
        "new": ("nothing",),
        "account": ("balance",),
        "rfq": (market.order,),
        "quote": (market.order,),
        "line": (market.payment,),
        "batch": (market.payment,),
        "invitation": (market.order,),
        "claim": (market.payment,),
        "bill": (market.payment,),
        "language": ("zh",),
        "season": ("nothing",),
        "checkpoint": ("nothing",),
    } | dict.fromkeys(NUMBERED, nothing)


NUMBERED = (
    "picture_id",
    "address_id",
    "line_id",
    "profile_id",
    "thread_id",
    "notice_id",
    "paper_id",
    "account_id",
    "verification_id",
    "template_id",
    "batch_id",
    "merge_id",
    "file_id",
    "import_id",
    "penalty_id",
    "finding",
    "token_id",
    "member_id",
    "enrolment_id",
    "proof_id",
    "verdict_id",
    "appeal_id",
    "freeze_id",
    "position",
)
"""Parts that are ids of what has nothing to do with the channel."""

QUERY = {
    "q": SEARCH,
    "side": "buyer",
    "month": "2026-03-01",
    "amount": "1.00",
    "kind": "medal",
    "since": "2026-03-01",
    "until": "2026-03-02",
}
"""What required parameters of endpoints are asked with; `number` and `offer_ids` as in addresses."""


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_page_tells_an_outsider_a_secret(who: str, market: PrivateMarket) -> None:
    told = {
        f"{address}: {secret}"
        for address, answer in pages(signed_in(actor_of(market, who)), market)
        for secret in secrets_in(answer)
    }
    assert not told


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_endpoint_tells_an_outsider_a_secret(who: str, market: PrivateMarket) -> None:
    told = {
        f"{call}: {secret}"
        for call, answer in calls(app_of(actor_of(market, who)), market)
        for secret in secrets_in(answer)
    }
    assert not told


def test_the_walk_would_find_them(market: PrivateMarket) -> None:
    """Whom they are meant for meets each on this very walk, on pages and by endpoints."""
    buying, selling = market.trading.buying, market.trading.selling
    for walk in (pages(signed_in(buying), market), calls(app_of(buying), market)):
        assert met(set(TO_CUSTOMERS), walk)
    for walk in (pages(signed_in(selling), market), calls(app_of(selling), market)):
        assert met({GROUP}, walk)


def met(wanted: set[str], walk: Iterable[tuple[str, HttpResponse]]) -> bool:
    """Whether a walk meets all of these; it ends where it has."""
    for _where, answer in walk:
        wanted -= secrets_in(answer)
        if not wanted:
            return True
    return False


def test_a_part_that_the_table_does_not_know_fails_by_its_name(market: PrivateMarket) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"whatever/<int:unheard_of>/.*unheard_of"):
        list(filled("whatever/<int:unheard_of>/", values(market)))


def actor_of(market: PrivateMarket, who: str) -> Actor | None:
    return {"stranger": None, "other": market.other, "revoked": market.revoked}[who]


def signed_in(actor: Actor | None) -> Client:
    client = Client(raise_request_exception=False)
    if actor is not None:
        client.force_login(User.objects.get(memberships__company=actor.company_id))
    return client


def app_of(actor: Actor | None) -> App:
    return App(parties.issue_token(actor, "试验") if actor else None)


def pages(client: Client, market: PrivateMarket) -> Iterator[tuple[str, HttpResponse]]:
    """Every route but the API's: read, and written to with nothing where it only takes that."""
    known = values(market)
    for route in routes(get_resolver()):
        if route in ENDS_THE_WALK:
            continue
        for address in filled(route, known):
            with each_for_itself():
                answer: Any = client.get(f"/{address}", {"q": SEARCH})
                if answer.status_code == 405:
                    answer = client.post(f"/{address}")
            assert answer.status_code < 500, address
            yield f"/{address}", answer


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """The addresses of all views as they are declared."""
    for pattern in resolver.url_patterns:
        route = before + plain(str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            if not route.startswith(API):
                yield route
        else:
            yield from routes(pattern, route)


def plain(route: str) -> str:
    """A route that is written as a regular expression (the console's) as one of a value each."""
    route = re.sub(r"\(\?P<app_label>[^)]*\)", "catalog", route)
    route = re.sub(r"\(\?P<url>[^)]*\)", "nothing", route)
    return route.replace("^", "").replace("$", "")


def filled(route: str, known: dict[str, tuple[Any, ...]]) -> Iterator[str]:
    """A route with every value that its first unfilled part may have, and so on."""
    part = PART.search(route)
    if part is None:
        yield route
        return
    if part[1] not in known:
        pytest.fail(f"{route}: add to the values of this walk what stands for {part[1]}")
    for value in known[part[1]]:
        yield from filled(route[: part.start()] + str(value) + route[part.end() :], known)


def calls(app: App, market: PrivateMarket) -> Iterator[tuple[str, HttpResponse]]:
    """Every endpoint: asked with what it requires, and written to with nothing."""
    known = values(market)
    asked = QUERY | {"number": market.order, "offer_ids": market.secret}
    for path, operations in api.get_openapi_schema()["paths"].items():
        route = re.sub(r"{(\w+)}", r"<\1>", path.removeprefix(f"/{API}"))
        for method, operation in operations.items():
            query = dict(required(path, operation, asked))
            for address in filled(route, known):
                body: Any = None if method == "get" else {}
                with each_for_itself():
                    answer = app.respond(method.upper(), f"/{address}", body, **query)
                assert answer.status_code < 500, (method, address)
                yield f"{method} {address}", answer


def required(path: str, operation: Any, asked: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    for parameter in operation.get("parameters", ()):
        name = parameter.get("name", "")
        if parameter.get("in") != "query" or not (parameter.get("required") or name == "q"):
            continue
        if name not in asked:
            pytest.fail(f"{path}: add to the queries of this walk what stands for {name}")
        yield name, asked[name]


class each_for_itself:
    """Undo what a request did, so that none depends on those before it."""

    def __enter__(self) -> None:
        self._atomic = transaction.atomic()
        self._atomic.__enter__()

    def __exit__(self, *error: Any) -> None:
        transaction.set_rollback(True)
        self._atomic.__exit__(*error)


def secrets_in(answer: HttpResponse) -> set[str]:
    """The secrets in an answer: its words, where it leads, and what its sheet holds."""
    text = answer.headers.get("Location", "") + text_of(answer)
    return {secret for secret in SECRETS if secret in text}


def text_of(answer: Any) -> str:
    content: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as sheet:
            return "".join(sheet.read(name).decode("utf-8", "replace") for name in sheet.namelist())
    if content and "json" in answer.headers.get("Content-Type", ""):
        return json.dumps(json.loads(content), ensure_ascii=False)
    return content.decode("utf-8", "replace")
