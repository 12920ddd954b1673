"""What an insurer does for performance bonds. Each verb may be repeated with the same effect."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from django.utils.functional import Promise

from pifa.kernel.money import Money


class Insurer(Protocol):
    """An insurer as the market sees it; money moves by the market's bank account."""

    @property
    def name(self) -> str | Promise:
        """What the insurer is called."""

    def write_bond(
        self, policy: str, holder: str, cover: Money, premium: Money, until: date, key: str
    ) -> None:
        """Write a policy and take its premium, once for a key."""

    def pay_claim(self, policy: str, amount: Money, key: str) -> None:
        """Pay so much under a policy, once for a key; `BankRefuses` beyond its cover."""

    def take_recourse(self, holder: str, amount: Money, key: str) -> None:
        """Take what an insured paid back of claims, once for a key."""
