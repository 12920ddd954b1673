"""The description as a page: every endpoint, field and error, read from the OpenAPI document.

It asks no other host and runs no script of its own. Its frame is the kit's, by template name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from pifa.kernel.errors import DomainError

Schema = Mapping[str, Any]
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of a schema or a parameter; `link` is the schema it leads to."""

    name: str
    kind: str
    required: bool
    words: str = ""
    link: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class EndpointView:
    """One endpoint as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    words: str
    needs_token: bool
    parameters: list[FieldRow]
    body_type: str
    body: list[FieldRow]
    body_link: str
    answers: list[tuple[str, str, str]]
    errors: list[str]


@dataclass(frozen=True, slots=True)
class ErrorView:
    """A kind of problem: its code, its status, its words with the figures' names."""

    code: str
    status: int
    words: str


class ReferencePage(DocsBase):
    """`/api/v1/docs`."""

    def __init__(self) -> None:
        self._written: dict[str, str] = {}

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """The page in the reader's language; its content is written once for each."""
        language = get_language() or ""
        if language not in self._written:
            self._written[language] = render_to_string(
                "api/endpoints.html", self._content(api, kwargs)
            )
        context = {"title": f"{api.title} {api.version}", "content": self._written[language]}
        return render(request, "api/reference.html", context)

    def _content(self, api: NinjaAPI, path_params: dict[str, Any]) -> dict[str, Any]:
        written = api.get_openapi_schema()
        return {
            "title": f"{api.title} {api.version}",
            "words": written["info"]["description"],
            "openapi_url": self.get_openapi_url(api, path_params),
            "topics": _topics(written),
            "schemas": {
                name: _fields(schema)
                for name, schema in sorted(written["components"]["schemas"].items())
            },
            "problems": sorted(problems(), key=lambda view: view.code),
        }


def problems() -> Iterator[ErrorView]:
    """Every refusal that the market's code knows, by code."""
    seen: set[str] = set()
    for kind in _kinds(DomainError):
        if kind.code not in seen:
            seen.add(kind.code)
            words = getattr(kind, "why", "") or kind.message
            yield ErrorView(kind.code, kind.status, str(words))


def _kinds(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for found in kind.__subclasses__():
        if "code" in vars(found) and found.__module__.startswith("pifa."):
            yield found
        yield from _kinds(found)


def _topics(written: Schema) -> dict[str, list[EndpointView]]:
    topics: dict[str, list[EndpointView]] = {}
    for path, operations in written["paths"].items():
        for method, operation in operations.items():
            for tag in operation["tags"]:
                topics.setdefault(tag, []).append(_endpoint(method, path, operation))
    return topics


def _endpoint(method: str, path: str, operation: Schema) -> EndpointView:
    content: Schema = operation.get("requestBody", {"content": {}})["content"]
    body_type = next(iter(content), "")
    body_schema: Schema = content[body_type]["schema"] if body_type else {}
    return EndpointView(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        words=operation.get("description", ""),
        needs_token="security" in operation and {} not in operation["security"],
        parameters=[_parameter(parameter) for parameter in operation["parameters"]],
        body_type="" if body_type == JSON else body_type,
        body=[] if "$ref" in body_schema else _fields(body_schema),
        body_link=_target(body_schema),
        answers=[
            (str(status), *_answer(response))
            for status, response in operation["responses"].items()
            if int(status) < 400
        ],
        errors=[str(status) for status in operation["responses"] if int(status) >= 400],
    )


def _parameter(parameter: Schema) -> FieldRow:
    if "$ref" in parameter:
        words = gettext("给出键，重复的请求只执行一次。")
        return FieldRow("Idempotency-Key", "string", False, words, place="header")
    schema = parameter["schema"]
    return FieldRow(
        parameter["name"],
        _kind(schema),
        parameter["required"],
        str(schema.get("description", "")),
        place=parameter["in"],
    )


def _answer(response: Schema) -> tuple[str, str]:
    content = response.get("content", {})
    if JSON not in content:
        return ", ".join(content), ""
    schema = content[JSON]["schema"]
    return _kind(schema), _target(schema)


def _fields(schema: Schema) -> list[FieldRow]:
    required = set(schema.get("required", ()))
    return [
        FieldRow(
            name,
            _kind(field),
            name in required,
            str(field.get("description", "")),
            _target(field),
        )
        for name, field in schema.get("properties", {}).items()
    ]


def _target(schema: Schema) -> str:
    """The name of the schema that a field leads to, through lists and choices."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    for inner in (schema.get("items"), *schema.get("anyOf", ())):
        if isinstance(inner, Mapping) and (found := _target(inner)):
            return found
    return ""


def _kind(schema: Schema) -> str:
    """A schema in one line: `integer 1…200`, `string (date-time)`, `array of OrderOut`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_kind(inner) for inner in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        inner = schema.get("items", {})
        return f"array of {_kind(inner)}" if inner else "array"
    text = str(schema.get("type", "any"))
    if "format" in schema:
        text += f" ({schema['format']})"
    if "minimum" in schema or "maximum" in schema:
        text += f" {schema.get('minimum', '')}…{schema.get('maximum', '')}"
    if "maxLength" in schema:
        text += f" ≤ {schema['maxLength']}"
    return text
