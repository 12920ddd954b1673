"""Which promised orders may not be shipped, and why."""

from __future__ import annotations

from collections.abc import Iterable

from pifa.finance.methods.acceptance_bill import standing as bills
from pifa.finance.methods.trade_credit import standing as credit
from pifa.kernel.errors import DomainError


def shipment_refusals(subjects: Iterable[str]) -> dict[str, DomainError]:
    """Of orders (by their subject) that are promised and not paid: those that may not be shipped,
    with why: a line that is frozen, late or exceeded, a bill that was dishonoured. Three statements
    for any number."""
    asked = list(subjects)
    return credit.shipment_refusals(asked) | bills.shipment_refusals(asked)
