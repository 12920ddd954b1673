"""Which subjects were paid by which method, for floors above that narrow their lists by it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from pifa.finance.methods import registry
from pifa.finance.models import Payment
from pifa.kernel.errors import InvalidInput

NOT_COVERING = (Payment.State.STARTED, Payment.State.FAILED)
"""Attempts that brought neither money nor a promise."""


def method_labels() -> list[tuple[str, str | Promise]]:
    """The methods of this market with their words, as they are offered."""
    return [(code, method.label) for code, method in registry.METHODS.items()]


def paid_by(method: str, subject: Any) -> QuerySet[Payment]:
    """Payments of a subject by a method that brought money or a promise, to be asked whether
    there is one. `subject`: an expression of the asking statement. `InvalidInput` for a method
    this market does not know."""
    if method not in registry.METHODS:
        raise InvalidInput(field="method", reason=" | ".join(registry.METHODS))
    found = Payment.objects.filter(payable__subject=subject, method=method)
    return found.exclude(state__in=NOT_COVERING)


def subjects_paid_by(
    payee_id: int, methods: Collection[str], begin: datetime, end: datetime
) -> set[str]:
    """The subjects for which money came to a payee by one of these methods, from one moment until
    before another. One statement."""
    found = Payment.objects.filter(
        payable__payee=payee_id,
        method__in=list(methods),
        state=Payment.State.SUCCEEDED,
        settled_at__gte=begin,
        settled_at__lt=end,
    )
    return set(found.values_list("payable__subject", flat=True))
