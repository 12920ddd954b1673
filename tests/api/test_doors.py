"""Through the server's own doors: what programs are spared, and the page that people read."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from werkzeug.test import Client

from pifa.api.v1 import api
from pifa.parties.models import Address
from pifa.site.wsgi import application
from tests.api.client import App
from tests.api.market import small_market
from tests.api.test_order_life import ADDRESS

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "api.md"


def test_the_reference_is_a_page_like_others() -> None:
    """Its frame has forms (language, theme), which need the cookie that guards them."""
    answer = Client(application).get("/api/v1/docs")
    assert answer.status_code == 200
    assert "csrftoken" in answer.headers.get("Set-Cookie", "")


def test_a_program_gets_no_cookies() -> None:
    answer = Client(application).get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_the_document_names_addresses_that_are_there() -> None:
    paths = "|".join(re.sub(r"{\w+}", r"[^/]+", path) for path in api.get_openapi_schema()["paths"])
    text = DOCUMENT.read_text("utf-8")
    found = set(re.findall(r"(?:\$M|`)(/api/v1/[\w{}/$-]*[\w}])", text))
    assert len(found) > 10
    for path in found - {"/api/v1/docs", "/api/v1/openapi", "/api/v1/operator"}:
        assert re.fullmatch(paths, path), path


@pytest.mark.django_db(transaction=True)
def test_two_requests_with_one_key_at_once_are_done_once() -> None:
    token = small_market().buyer_token
    barrier = threading.Barrier(2)
    answers: list[dict[str, object]] = []

    def call() -> None:
        from django.db import connection

        app = App(token)
        app.get("/me")
        barrier.wait()
        answers.append(app.post("/addresses", ADDRESS, key="k", expect=201))
        connection.close()

    before = Address.objects.count()
    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers[0] == answers[1]
    assert Address.objects.count() == before + 1
