"""Batches of the order desk: each order succeeds or says why not; the others go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from pifa.kernel.errors import DomainError
from pifa.trade import rules
from pifa.trade.errors import TooManyOrders


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one order of a batch; without an error it was done."""

    number: str
    error: DomainError | None = None

    @property
    def done(self) -> bool:
        """Whether the order was changed."""
        return self.error is None


def check_batch(count: int) -> None:
    """`TooManyOrders` beyond what one batch takes."""
    if count > rules.MAX_BATCH:
        raise TooManyOrders(count=count, limit=rules.MAX_BATCH)


def each(numbers: Sequence[str], act: Callable[[str], None]) -> list[Outcome]:
    """Act on every order in a transaction of its own, each number once."""
    check_batch(len(numbers))
    found = []
    for number in dict.fromkeys(numbers):
        try:
            with transaction.atomic():
                act(number)
        except DomainError as error:
            found.append(Outcome(number, error))
        else:
            found.append(Outcome(number))
    return found
