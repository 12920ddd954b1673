"""The API as an object: addresses that answer problems only, and its description in OpenAPI 3.1.

The description is written once per language and kept. Errors, the idempotency key and the
token are described once in its components.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern
from django.utils.encoding import force_str
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.renderers import JSONRenderer

from pifa.api import problems
from pifa.api.auth import BearerToken
from pifa.api.docs import ReferencePage
from pifa.api.fields import Out
from pifa.api.once import HEADER, LONGEST_KEY
from pifa.api.reading import StrictParser
from pifa.kernel.errors import NotFound

BUSIEST = "orders"
"""The address that Django is to find without trying a hundred others."""


class PlainRenderer(JSONRenderer):
    """JSON in UTF-8 with Chinese as it is, a third of the bytes of its escapes."""

    json_dumps_params = {"ensure_ascii": False}


class MarketApi(NinjaAPI):
    """Version 1 of the market's REST API."""

    def __init__(self) -> None:
        super().__init__(
            title="Pifa REST API",
            version="1.0.0",
            urls_namespace="api-v1",
            auth=BearerToken(),
            parser=StrictParser(),
            renderer=PlainRenderer(),
            docs=ReferencePage(),
        )
        self._descriptions: dict[str, OpenAPISchema] = {}
        problems.install(self)

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description in the reader's language."""
        language = get_language() or ""
        if language not in self._descriptions:
            written = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
            self._descriptions[language] = _finished(written)
        return self._descriptions[language]

    def get_openapi_operation_id(self, operation: Any) -> str:
        """The endpoint's own name; a test holds that no two topics use one name."""
        return str(operation.view_func.__name__)

    def _get_urls(self) -> list[Any]:
        """The addresses, the busiest first and fixed ones before those with a part to fill."""
        patterns = [pattern for pattern in super()._get_urls() if isinstance(pattern, URLPattern)]
        for pattern in patterns:
            pattern.callback = _answering(pattern.callback)
        return sorted(patterns, key=_place)


def _place(pattern: URLPattern) -> tuple[bool, bool]:
    route = str(pattern.pattern)
    return route != BUSIEST, "<" in route


def unknown_address(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address of the API that leads nowhere."""
    return problems.answer(request, NotFound())


def _answering(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let an address answer problems where the framework would answer plain text."""

    @wraps(view, updated=("__dict__",) if hasattr(view, "__dict__") else ())
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "\x00" in request.path:
            return problems.answer(request, NotFound())
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            allowed = response.headers["Allow"]
            response = problems.answer(request, problems.MethodNotAllowed(allowed=allowed))
            response["Allow"] = allowed
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return wrapper


def _finished(written: OpenAPISchema) -> OpenAPISchema:
    """The framework's description with what it cannot know."""
    components = written["components"]
    components["parameters"] = {"IdempotencyKey": _key_parameter()}
    components["responses"] = {f"Problem{status}": _problem(status) for status in problems.TITLES}
    components["schemas"] |= _schemas_of(problems.Problem)
    components["securitySchemes"] = {"BearerToken": {"type": "http", "scheme": "bearer"}}
    for operations in written["paths"].values():
        for operation in operations.values():
            _finish(operation)
    written["info"]["description"] = _(
        "批发市场的 REST 接口。金额是以元为单位的十进制字符串，时间是 RFC 3339，省份用两位代码；"
        "出错时返回 application/problem+json，语言由 Accept-Language 决定（zh 或 en）。"
    )
    written["tags"] = [{"name": name} for name in _tags(written)]
    schemas = components["schemas"]
    components["schemas"] = {name: schemas[name] for name in schemas if not name.endswith("Query")}
    return written


def _tags(written: OpenAPISchema) -> dict[str, None]:
    return {
        force_str(tag): None
        for operations in written["paths"].values()
        for operation in operations.values()
        for tag in operation.get("tags", ())
    }


def _schemas_of(model: type[Out]) -> dict[str, Any]:
    written = model.model_json_schema(ref_template=REF_TEMPLATE, mode="serialization")
    return {**written.pop("$defs", {}), model.__name__: written}


def _finish(operation: dict[str, Any]) -> None:
    operation["summary"] = force_str(operation["summary"])
    description = force_str(operation.pop("description", "")).strip()
    if description:
        operation["description"] = description
    operation["tags"] = [force_str(tag) for tag in operation.get("tags", ())]
    for parameter in operation["parameters"]:
        _tidy(parameter.get("schema", {}))
    form = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data", {})
    for field in form.get("schema", {}).get("properties", {}).values():
        _tidy(field)
        if field.get("format") == "binary":
            field["minLength"] = 1
    if any("OptionalBearerToken" in need for need in operation.get("security", ())):
        operation["security"] = [{}, {"BearerToken": []}]


def _tidy(schema: dict[str, Any]) -> None:
    """What may be left out of an address or a form is not null: neither can say null."""
    choices = [choice for choice in schema.pop("anyOf", ()) if choice.get("type") != "null"]
    if len(choices) == 1:
        schema.update(choices[0])
    elif choices:
        schema["anyOf"] = choices
    schema.pop("title", None)


def _problem(status: int) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": force_str(problems.TITLES[status]),
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == 401:
        response["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return response


def _key_parameter() -> dict[str, Any]:
    return {
        "in": "header",
        "name": HEADER,
        "required": False,
        "description": _(
            "同一个键和同样的请求只执行一次，重复时返回第一次的答案；换了请求则是 422。"
        ),
        "schema": {
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST_KEY,
            "pattern": "^[!-~]+$",
        },
    }
