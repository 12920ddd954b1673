"""The description: true to the code, in both languages, and a page that asks no other host."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from pifa.api.docs import problems
from pifa.api.fields import In, Out
from pifa.api.v1 import TOPICS, api

CHINESE = re.compile("[\u4e00-\u9fff]")


def description(language: str) -> dict[str, Any]:
    answer = Client().get("/api/v1/openapi.json", headers={"Accept-Language": language})
    written: dict[str, Any] = answer.json()
    return written


def operations(written: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path): operation
        for path, methods in written["paths"].items()
        for method, operation in methods.items()
    }


def test_it_is_openapi_3_1_in_the_readers_language() -> None:
    chinese, english = description("zh"), description("en")
    assert chinese["openapi"] == "3.1.0"
    place_orders = ("post", "/api/v1/orders")
    assert operations(chinese)[place_orders]["summary"] == "为一次结算下单"
    assert operations(english)[place_orders]["summary"] == "Place the orders of a checkout"
    for operation in operations(english).values():
        for words in (operation["summary"], operation.get("description", ""), *operation["tags"]):
            assert not CHINESE.search(words), words


def test_every_endpoint_declares_its_errors_as_problems() -> None:
    written = description("en")
    for place, operation in operations(written).items():
        statuses = set(operation["responses"])
        assert {"400", "401", "403", "404", "405", "422", "500"} <= statuses, place
        for status in statuses:
            if int(status) >= 400:
                assert operation["responses"][status] == {
                    "$ref": f"#/components/responses/Problem{status}"
                }
    problem = written["components"]["responses"]["Problem422"]["content"]
    assert list(problem) == ["application/problem+json"]


def test_every_write_takes_an_idempotency_key() -> None:
    key = {"$ref": "#/components/parameters/IdempotencyKey"}
    reads_by_post = {"quote", "preview_checkout", "preview_goods", "preview_lines", "preview_files"}
    for (method, path), operation in operations(description("en")).items():
        is_read = method == "get" or operation["operationId"] in reads_by_post
        assert (key in operation["parameters"]) is not is_read, path


def test_only_what_is_meant_to_be_open_is() -> None:
    found = operations(description("en"))
    unprotected = {
        operation["operationId"] for operation in found.values() if "security" not in operation
    }
    assert unprotected == {"sign_up", "sign_in", "staff_sign_in"}
    open_to_all = {
        operation["operationId"]
        for operation in found.values()
        if {} in operation.get("security", ())
    }
    assert open_to_all == {
        "regions",
        "categories",
        "browse",
        "offer",
        "quote",
        "offer_reviews",
        "shop",
        "shop_offers",
        "shop_reviews",
        "company",
        "seasons",
    }


def test_no_name_and_no_address_is_taken_twice() -> None:
    names = Counter(item["operationId"] for item in operations(description("en")).values())
    assert [name for name, count in names.items() if count > 1] == []
    paths = Counter(path for _name, topic in TOPICS for path in topic.path_operations)
    assert [path for path, count in paths.items() if count > 1] == []
    schemas = Counter(kind.__name__ for base in (In, Out) for kind in below(base))
    assert [name for name, count in schemas.items() if count > 1] == []


def below(kind: type) -> list[type]:
    found: list[type] = kind.__subclasses__()
    return found + [deeper for sub in found for deeper in below(sub)]


def test_every_reference_leads_somewhere() -> None:
    written = description("en")
    text = str(written)
    for section, name in set(re.findall(r"#/components/(\w+)/(\w+)", text)):
        assert name in written["components"][section], name


@pytest.mark.parametrize(("language", "heading"), [("zh", "错误代码"), ("en", "Error codes")])
def test_the_page_tells_every_endpoint_and_every_problem(language: str, heading: str) -> None:
    answer = Client().get("/api/v1/docs", headers={"Accept-Language": language})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert heading in page
    with translation.override(language):
        written = api.get_openapi_schema()
    for operation in operations(written).values():
        assert f'id="{operation["operationId"]}"' in page
    for problem in problems():
        assert f'id="{problem.code}"' in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert 'style="' not in page
    if language == "en":
        assert not CHINESE.search(
            re.sub(r"<footer.*</footer>|<header.*?</header>", "", page, flags=re.S)
        )


def test_the_addresses_of_the_description_need_no_database() -> None:
    """Without the `db` fixture any statement would be refused."""
    assert Client().get("/api/v1/openapi.json").status_code == 200
