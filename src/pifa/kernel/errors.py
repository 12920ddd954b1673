"""Errors a person can act on: a code, words in the reader's language, the figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.kernel.money import Money, UnitPrice


class DomainError(Exception):
    """A refusal by a rule of the market.

    Subclasses set `code` (stable, dotted), `status` (HTTP) and `message`, a translatable
    template filled from the figures: `raise BelowMoq(moq=100, quantity=30)`.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    message: ClassVar[str | Promise] = _("操作未被接受。")

    def __init__(self, field: str | None = None, **figures: Any) -> None:
        self.field = field
        self.figures = figures
        super().__init__(self.code, figures)

    def __str__(self) -> str:
        return str(self.message).format(**self.figures)

    def as_data(self) -> dict[str, Any]:
        """Figures for machines: amounts and prices as decimal strings in yuan."""
        return plain(self.figures)


def plain(figures: Mapping[str, object]) -> dict[str, Any]:
    """Figures for machines: amounts and prices as decimal strings in yuan."""
    return {name: _plain(value) for name, value in figures.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Money | UnitPrice):
        return str(value.decimal)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return str(value)


class NotFound(DomainError):
    """The thing does not exist, or the reader may not know that it does."""

    code = "not_found"
    status = 404
    message = _("没有找到您要的内容，可能已被删除，或您无权查看。")


class Forbidden(DomainError):
    """The actor is known but lacks the role for it."""

    code = "forbidden"
    status = 403
    message = _("您的角色不能做这件事，请联系企业的主账号。")


class InvalidInput(DomainError):
    """A value that cannot be meant; `reason` says what is expected."""

    code = "invalid"
    status = 422
    message = _("{reason}")


class WrongState(DomainError):
    """The subject is in a state that does not allow the verb."""

    code = "wrong_state"
    message = _("当前状态是“{state}”，不能进行“{verb}”。请刷新页面查看最新状态。")


class IdempotencyConflict(DomainError):
    """The same idempotency key came with another request."""

    code = "idempotency_conflict"
    status = 422
    message = _("这个幂等键已用于另一个不同的请求，请换一个新的键。")
