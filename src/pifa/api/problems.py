"""Errors as RFC 9457 problem details, in the reader's language, with the figures.

A request that is not of the documented form is 400 with an entry per field; what the market
refuses is the domain error's own status (409, 422, …), its code, its words and its figures.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.responses import NinjaJSONEncoder

from pifa.api.fields import Out
from pifa.catalog.problems import Unacceptable
from pifa.kernel.errors import DomainError, NotFound

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
Words = str | Promise
_MALFORMED = (SuspiciousOperation, BadRequest, MultiPartParserError)

TITLES: Mapping[int, Words] = {
    400: _("请求的格式不对"),
    401: _("需要有效的令牌"),
    403: _("没有权限"),
    404: _("没有找到"),
    405: _("这个地址不支持该方法"),
    409: _("与当前状态冲突"),
    413: _("请求过大"),
    422: _("市场规则不接受"),
    429: _("尝试次数过多"),
    500: _("服务器出错"),
    503: _("外部渠道没有回答"),
}

FIELD_WORDS: Mapping[str, Words] = {
    "missing": _("必须填写。"),
    "extra_forbidden": _("没有这个字段，请检查拼写。"),
    "amount": _('须为以元为单位的字符串，最多两位小数，例如 "12300.00"。'),
    "unit_price": _('须为以元为单位的字符串，最多四位小数，例如 "0.0350"。'),
    "grams": _('须为以克为单位的字符串，最多三位小数，例如 "0.100"。'),
    "string_type": _("须为文字。"),
    "string_too_long": _("最多 {max_length} 个字。"),
    "string_too_short": _("至少 {min_length} 个字。"),
    "string_pattern_mismatch": _("格式不对，须符合 {pattern}。"),
    "int_type": _("须为整数。"),
    "int_parsing": _("须为整数。"),
    "int_parsing_size": _("数字过大。"),
    "int_from_float": _("须为整数。"),
    "bool_type": _("须为 true 或 false。"),
    "bool_parsing": _("须为 true 或 false。"),
    "greater_than_equal": _("不能小于 {ge}。"),
    "less_than_equal": _("不能大于 {le}。"),
    "greater_than": _("须大于 {gt}。"),
    "less_than": _("须小于 {lt}。"),
    "too_long": _("最多 {max_length} 项，现在是 {actual_length} 项。"),
    "too_short": _("至少 {min_length} 项，现在是 {actual_length} 项。"),
    "literal_error": _("只能是 {expected} 之一。"),
    "enum": _("只能是 {expected} 之一。"),
    "date_from_datetime_parsing": _("须为日期，例如 2026-03-02。"),
    "date_parsing": _("须为日期，例如 2026-03-02。"),
    "datetime_from_date_parsing": _("须为 RFC 3339 时间，例如 2026-03-02T09:00:00+08:00。"),
    "datetime_parsing": _("须为 RFC 3339 时间，例如 2026-03-02T09:00:00+08:00。"),
    "timezone_aware": _("时间须带时区，例如 2026-03-02T09:00:00+08:00。"),
    "list_type": _("须为数组。"),
    "tuple_type": _("须为数组。"),
    "dict_type": _("须为对象。"),
    "model_attributes_type": _("须为对象。"),
    "model_type": _("须为对象。"),
}
"""What is wrong with a field, by the parser's own name for it."""


class FieldProblem(Out):
    """What is wrong with one field: `lines[0].quantity`, a stable code, words, figures."""

    field: str
    code: str
    detail: str
    figures: dict[str, Any]


class Problem(Out):
    """RFC 9457. `code` is stable; `detail` is for people, in the language they asked for."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    figures: dict[str, Any]
    errors: list[FieldProblem]


class Malformed(DomainError):
    """The request is not of the documented form."""

    code = "request.malformed"
    status = 400
    message = _("请求与接口说明不符，请按 errors 中的提示修改。")


class NotJson(DomainError):
    """The body cannot be read as JSON."""

    code = "request.not_json"
    status = 400
    message = _("请求内容不是有效的 UTF-8 JSON。")


class BadText(DomainError):
    """A text with a NUL character or half of a surrogate pair: no database keeps it."""

    code = "request.bad_text"
    status = 422
    message = _("请求中含有无法保存的字符（空字符或不完整的代理对）。")


class NoToken(DomainError):
    """No token, or one that is not (or no longer) valid."""

    code = "token.invalid"
    status = 401
    message = _("请在 Authorization 请求头中提供有效的令牌：Bearer pifa_…")


class MethodNotAllowed(DomainError):
    """The address exists and the method does not."""

    code = "request.method"
    status = 405
    message = _("这个地址支持的方法是 {allowed}。")


class TooLarge(DomainError):
    """More bytes than one request may have."""

    code = "request.too_large"
    status = 413
    message = _("请求内容超过大小上限，请拆分后重试。")


class Broken(DomainError):
    """A fault of the server's; its log has the trace."""

    code = "server.error"
    status = 500
    message = _("服务器出错，请稍后重试；写操作请用同一个 Idempotency-Key。")


def install(api: NinjaAPI) -> None:
    """Let every error of an API leave it as a problem."""
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        DomainError: answer,
        ValidationError: _invalid,
        AuthenticationError: lambda request, _error: answer(request, NoToken()),
        HttpError: _http,
        Http404: lambda request, _error: answer(request, NotFound()),
        RequestDataTooBig: lambda request, _error: answer(request, TooLarge()),
        **dict.fromkeys(_MALFORMED, lambda request, _error: answer(request, Malformed())),
        Exception: _broken,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The answer to a refusal."""
    errors = list(_field_problems(error))
    figures = {} if isinstance(error, Unacceptable) else error.as_data()
    return respond(error.status, error.code, str(error), figures, errors)


def respond(
    status: int,
    code: str,
    detail: str,
    figures: Mapping[str, Any] | None = None,
    errors: Iterable[Mapping[str, Any]] = (),
) -> HttpResponse:
    """A problem as an HTTP response."""
    problem = {
        "type": f"{reverse('api-v1:openapi-view')}#{code}",
        "title": str(TITLES.get(status, TITLES[400])),
        "status": status,
        "detail": detail,
        "code": code,
        "figures": figures or {},
        "errors": list(errors),
    }
    content = json.dumps(problem, cls=NinjaJSONEncoder, ensure_ascii=False)
    response = HttpResponse(content, status=status, content_type=MEDIA_TYPE)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="pifa"'
    return response


def told(error: DomainError) -> dict[str, Any]:
    """A refusal inside an answer (a batch's row, a line of a preview)."""
    return {"code": error.code, "detail": str(error), "figures": error.as_data()}


def _field_problems(error: DomainError) -> Iterable[dict[str, Any]]:
    parts: Iterable[DomainError] = (error,)
    if isinstance(error, Unacceptable):
        parts = error.problems
    for part in parts:
        if part.field:
            yield {"field": part.field, **told(part)} | _sku(part)


def _sku(part: DomainError) -> dict[str, Any]:
    sku = getattr(part, "sku", None)
    return {"figures": part.as_data() | {"sku": sku}} if sku else {}


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer a request that is not of the documented form, field by field."""
    errors = [_field_problem(found) for found in error.errors]
    return respond(Malformed.status, Malformed.code, str(Malformed()), {}, errors)


def _field_problem(found: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(found["type"])
    figures = {
        name: value if isinstance(value, str | int | float | bool) else str(value)
        for name, value in found.get("ctx", {}).items()
        if name != "error"
    }
    words = FIELD_WORDS.get(kind)
    detail = str(words).format(**figures) if words else gettext("无效的值。")
    return {"field": _place(found["loc"]), "code": kind, "detail": detail, "figures": figures}


def _place(location: Iterable[str | int]) -> str:
    """`("body", "order", "lines", 0, "quantity")` → `lines[0].quantity`."""
    source, *path = location
    if source == "body" and path:
        path = path[1:]  # the endpoint's own name for its body is no part of the request
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text or str(source)


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    cause = error.__cause__
    if isinstance(cause, DomainError):
        return answer(request, cause)
    return answer(request, NotJson())


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return answer(request, Broken())
