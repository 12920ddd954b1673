"""What an insurer does for bonds and return freight. Each verb may be repeated with the same effect."""

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

    def write_policy(
        self, policy: str, holder: str, cover: Money, premium: Money, until: date | None, key: str
    ) -> None:
        """Write a policy and take its premium, once for a key; without `until` it runs as long as
        what it covers."""

    def return_premium(self, policy: str, premium: Money, key: str) -> None:
        """Give the premium of a policy back under which nothing was to be covered, once for a key;
        `BankRefuses` beyond the premium."""

    def pay_claim(self, policy: str, amount: Money, key: str) -> None:
        """Pay so much under a policy, once for a key; `BankRefuses` beyond its cover."""

    def take_recourse(self, holder: str, amount: Money, key: str) -> None:
        """Take what an insured paid back of claims, once for a key."""
