"""What is promised, debited and owed of an order, and when a debit is tried again. Pure.

`TRUST`: whatever happens to a debit, the seller gets what it was promised; so what the bank has to
pay (`claim`) and what the buyer owes the bank (`debt`) are two figures of one `Position`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from pifa.finance.methods.cash_on_delivery.rules import business_day_after
from pifa.kernel.money import ZERO, Money

_LAST_HOUR = 23


@dataclass(frozen=True, slots=True)
class Terms:
    """The most of one order and in all, and how often and when a failed debit is tried again."""

    per_order: Money
    in_all: Money
    retries: int
    hour: int

    def __post_init__(self) -> None:
        if not ZERO < self.per_order <= self.in_all:
            raise ValueError("an order may have more than nothing and not more than all")
        if not 0 <= self.retries <= 30 or not 0 <= self.hour <= _LAST_HOUR:
            raise ValueError("retries are 0 to 30 days, hours 0 to 23")


@dataclass(frozen=True, slots=True)
class Position:
    """Everything that ever happened to an order, as sums; what follows is worked out.

    `waived`: refunded before anybody paid. `debited` from the buyer, `covered` by the bank instead
    of it; either reached the seller. A refund of that lowers what is owed (`forgiven`) or goes back
    to the buyer's account (`returned`).
    """

    promised: Money = ZERO
    waived: Money = ZERO
    debited: Money = ZERO
    covered: Money = ZERO
    forgiven: Money = ZERO
    returned: Money = ZERO
    repaid: Money = ZERO

    @property
    def claim(self) -> Money:
        """What the seller has still to get, from the buyer's account or from the bank."""
        return self.promised - self.waived - self.debited - self.covered

    @property
    def debt(self) -> Money:
        """What the buyer owes the bank."""
        return self.covered - self.forgiven - self.repaid

    @property
    def used(self) -> Money:
        """What of the mandate it takes."""
        return self.claim + self.debt

    @property
    def kept(self) -> Money:
        """What the seller got and has not given back."""
        return self.debited + self.covered - self.forgiven - self.returned

    def promise(self, amount: Money) -> Position:
        """More is ordered this way."""
        return replace(self, promised=self.promised + amount)

    def waive(self, amount: Money) -> Position:
        """A refund of what nobody has paid; `ValueError` beyond the claim."""
        return replace(self._of_claim(amount), waived=self.waived + amount)

    def debit(self, amount: Money) -> Position:
        """The buyer's account paid; `ValueError` beyond the claim."""
        return replace(self._of_claim(amount), debited=self.debited + amount)

    def cover(self, amount: Money) -> Position:
        """The bank paid instead; `ValueError` beyond the claim."""
        return replace(self._of_claim(amount), covered=self.covered + amount)

    def give_back(self, amount: Money) -> Position:
        """A refund of what the seller got: of what is owed first; `ValueError` beyond it."""
        if amount > self.kept:
            raise ValueError(f"{amount} given back of {self.kept}")
        forgiven = min(amount, self.debt)
        return replace(
            self,
            forgiven=self.forgiven + forgiven,
            returned=self.returned + (amount - forgiven),
        )

    def repay(self, amount: Money) -> Position:
        """The buyer pays the bank; `ValueError` beyond what it owes."""
        if amount > self.debt:
            raise ValueError(f"{amount} repaid of {self.debt}")
        return replace(self, repaid=self.repaid + amount)

    def _of_claim(self, amount: Money) -> Position:
        if amount > self.claim:
            raise ValueError(f"{amount} of a claim of {self.claim}")
        return self


# ------------------------------------------------------------------------- what may be ordered
class Refusal(StrEnum):
    """Why an amount may not be promised."""

    OWING = "owing"
    ORDER = "order"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a buyer stands: what its mandate allows (of one order, in all), what is used, owed."""

    per_order: Money
    in_all: Money
    used: Money = ZERO
    debt: Money = ZERO

    @property
    def free(self) -> Money:
        """What may still be ordered; nothing while something is owed to the bank."""
        return ZERO if self.debt else max(ZERO, self.in_all - self.used)

    def refusal(self, amount: Money, of_order: Money = ZERO) -> Refusal | None:
        """Why so much more may not be promised, of an order with so much promised already."""
        if self.debt:
            return Refusal.OWING
        if of_order + amount > self.per_order:
            return Refusal.ORDER
        return Refusal.ALL if self.used + amount > self.in_all else None


# ------------------------------------------------------------------------- when it is tried again
def next_try(failed_on: date, failed: int, retries: int, closed: Collection[date]) -> date | None:
    """The day on which a debit is tried again that has failed so often; None if the bank is to
    keep its promise now."""
    return business_day_after(failed_on, 1, closed) if failed <= retries else None
