"""How an endpoint is declared: what it answers, every error it may answer, and its key.

`Topic.reads` and `Topic.writes` are ninja's routes with the market's habits added, so that an
endpoint in `v1/` says only what is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import signature
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.functional import Promise
from ninja import Router, Status
from ninja.constants import NOT_SET
from ninja.operation import Operation
from ninja.params.models import QueryModel

from pifa.api.auth import OptionalBearerToken
from pifa.api.once import done_once, key_of
from pifa.api.reading import only_known

View = TypeVar("View", bound=Callable[..., Any])
Words = str | Promise

OPEN = OptionalBearerToken()
"""For endpoints that anybody may call; a token shows more."""

READ_ERRORS = (400, 401, 403, 404, 405, 422, 500)
WRITE_ERRORS = (400, 401, 403, 404, 405, 409, 413, 422, 500)
KEY_PARAMETER = {"$ref": "#/components/parameters/IdempotencyKey"}


class Topic(Router):
    """The endpoints of one topic."""

    def reads(
        self,
        path: str,
        answer: Any,
        summary: Words,
        description: Words = "",
        *,
        auth: Any = NOT_SET,
        method: str = "GET",
        content: dict[str, Any] | None = None,
    ) -> Callable[[View], View]:
        """An endpoint that changes nothing. `content` declares files it answers with."""
        extra = {"responses": {200: {"content": content}}} if content else {}
        return self._declared(
            method, path, {200: answer}, READ_ERRORS, summary, description, auth, extra
        )

    def writes(
        self,
        method: str,
        path: str,
        answer: Any,
        summary: Words,
        description: Words = "",
        *,
        status: int | None = None,
        errors: Iterable[int] = (),
        auth: Any = NOT_SET,
        keyed: bool = True,
        secret: bool = False,
    ) -> Callable[[View], View]:
        """An endpoint that does something, once per idempotency key.

        Without an answer it is 204. `keyed=False`: its command keeps the key itself.
        `secret`: the answer is shown once and not kept for repeats.
        """
        done = status or (200 if answer is not None else 204)

        def decorate(view: View) -> View:
            @wraps(view)
            def once(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
                def act() -> Any:
                    return view(request, *args, **kwargs)

                if keyed:
                    result = done_once(request, act, done, answer, secret=secret)
                else:
                    key_of(request)
                    result = act()
                return Status(done, result)

            declared = self._declared(
                method,
                path,
                {done: answer},
                {*WRITE_ERRORS, *errors},
                summary,
                description,
                auth,
                {"parameters": [KEY_PARAMETER]},
            )
            declared(once)
            return view

        return decorate

    def _declared(
        self,
        method: str,
        path: str,
        answers: dict[int, Any],
        errors: Iterable[int],
        summary: Words,
        description: Words,
        auth: Any,
        extra: dict[str, Any],
    ) -> Callable[[View], View]:
        # Named here and written out once (`openapi`): a hundred endpoints by ten errors would
        # otherwise be a thousand models, made at every start.
        named = {status: {"$ref": f"#/components/responses/Problem{status}"} for status in errors}
        extra["responses"] = extra.get("responses", {}) | dict(sorted(named.items()))
        register = self.api_operation(
            [method],
            path,
            response=answers,
            summary=summary,  # type: ignore[arg-type]  # translated when the description is read
            description=description or " ",  # type: ignore[arg-type]
            auth=auth,
            openapi_extra=extra,
        )

        def decorate(view: View) -> View:
            register(_strict(view))
            return view

        return decorate


def _strict(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view that refuses parameters of the address which its endpoint does not have."""
    known: set[str] = set()

    def learn(operation: Operation) -> None:
        for model in operation.models:
            if issubclass(model, QueryModel):
                known.update(model.__ninja_flatten_map__)

    @wraps(view)
    def strict(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        only_known(request, known)
        return view(request, *args, **kwargs)

    # The framework resolves annotations where a function was written; `strict` is not there.
    strict.__signature__ = signature(view, eval_str=True)  # type: ignore[attr-defined]
    strict._ninja_contribute_to_operation = [learn]  # type: ignore[attr-defined]
    return strict
