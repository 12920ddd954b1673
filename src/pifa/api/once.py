"""Idempotency keys: the same key with the same request gets the same answer, done once.

A write and its answer are kept in one transaction, so a request that failed, or was cut off, left
nothing behind and may be sent again with its key. Placing orders keeps its own key inside its
checkout (`pifa.trade.commands.checkout`), because it must not cost a statement more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter

from pifa.kernel import idempotency
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError

HEADER = "Idempotency-Key"
LONGEST_KEY = 128


class BadKey(DomainError):
    """A key that is empty, too long, or has other than visible ASCII characters."""

    code = "idempotency.key"
    status = 400
    message = _("请求头 Idempotency-Key 须为 1 到 {longest} 个可见的 ASCII 字符。")


class ShownOnce(DomainError):
    """The request was done, and its answer holds a secret of which nothing was kept."""

    code = "idempotency.shown_once"
    message = _("这个请求已经完成，其中的密文只在第一次返回，没有保存。请作废它并重新申请。")


def key_of(request: HttpRequest) -> str | None:
    """The request's idempotency key, if it has one; `BadKey`."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST_KEY or not all("!" <= letter <= "~" for letter in key):
        raise BadKey(field=HEADER, longest=LONGEST_KEY)
    return key


def done_once(
    request: HttpRequest, act: Callable[[], Any], status: int, answer: Any, *, secret: bool
) -> Any:
    """Act, or give the answer that the same request got before.

    `answer` is the schema of the result (None without one). What is `secret` is not kept: its
    repeat is told `ShownOnce`. Another request under the same key is an `IdempotencyConflict`.
    """
    key = key_of(request)
    if key is None:
        return act()
    shape = TypeAdapter(answer)
    with transaction.atomic():
        claimed = idempotency.claim(_scope(request), key, _fingerprint(request))
        if claimed.status is not None:
            if secret:
                raise ShownOnce
            return claimed.body
        result = act()
        if answer is not None:
            result = shape.validate_python(result, from_attributes=True)
        kept = None if secret or answer is None else shape.dump_python(result, mode="json")
        idempotency.answer(claimed, status, kept)
        return result


def _scope(request: HttpRequest) -> str:
    caller = getattr(request, "auth", None)
    if not isinstance(caller, Actor):
        return "api:public"
    if caller.is_operator:
        return f"api:operator:{caller.user_id}"
    return f"api:member:{caller.member_id}"


def _fingerprint(request: HttpRequest) -> str:
    """A digest of method, address and content; keyed, because a content may be a password."""
    if request.content_type == "multipart/form-data":
        content: Any = [
            sorted((name, values) for name, values in request.POST.lists()),
            sorted((name, _digest(file)) for name, file in request.FILES.items()),
        ]
    else:
        content = json.loads(request.body) if request.body else None
    print_ = idempotency.fingerprint(request.method, request.get_full_path(), content)
    return salted_hmac("pifa.api.once", print_, algorithm="sha256").hexdigest()


def _digest(file: Any) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
