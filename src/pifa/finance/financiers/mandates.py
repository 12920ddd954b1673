"""Banks that debit companies under a mandate and stand by it, by the code on the mandate and in the
address their notices come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise

from pifa.finance.financiers.protocol import Word
from pifa.finance.financiers.sandbox import read_word
from pifa.finance.sandbox import mandates
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Debit:
    """What the bank is asked to pay under a mandate; `number` is ours and once for a request.

    `covers`: from its own money, because it promised; else from the buyer's account.
    """

    number: str
    mandate: str
    amount: Money
    covers: bool


class MandateBank(Protocol):
    """A bank as the market sees it. Each verb may be repeated with the same effect."""

    @property
    def code(self) -> str:
        """The stable name."""

    @property
    def name(self) -> str | Promise:
        """The bank's name."""

    def sign(self, account_number: str) -> str:
        """A company lets the bank debit its account; returns the bank's name for the mandate."""

    def verify(self, payload: Mapping[str, Any], signature: str) -> Word:
        """Read a notice; `BadSignature` or `MalformedNotice` if it is not to be believed."""

    def ask(self, debit: Debit) -> None:
        """Ask it to pay; it answers by a notice. Once for the number."""

    def take(self, amount: Money, key: str, reference: str) -> None:
        """Send it money of the market. Once for a key."""

    def give_to_buyer(self, mandate: str, amount: Money, key: str, reference: str) -> None:
        """It puts money that it was sent on the buyer's account. Once for a key."""


class SandboxMandateBank:
    """The embedded bank; what it answers is played on its page: `finance.sandbox.mandates`."""

    code = mandates.CODE
    name = mandates.NAME

    def sign(self, account_number: str) -> str:
        """A row beside the account."""
        return mandates.sign(account_number)

    def verify(self, payload: Mapping[str, Any], signature: str) -> Word:
        """As the sandbox's financier writes its words."""
        return read_word(payload, signature)

    def ask(self, debit: Debit) -> None:
        """It looks at the account and tells later, as it is played."""
        mandates.decide(debit.number, debit.mandate, debit.amount, covers=debit.covers)

    def take(self, amount: Money, key: str, reference: str) -> None:
        """From the market's account to its own."""
        mandates.take(amount, key, reference)

    def give_to_buyer(self, mandate: str, amount: Money, key: str, reference: str) -> None:
        """From its own account to the company's."""
        mandates.give_to_buyer(mandate, amount, key, reference)


BANKS: dict[str, MandateBank] = {}

DEFAULT = SandboxMandateBank.code


def register(bank: MandateBank) -> None:
    """Take notices of a bank from now on."""
    BANKS[bank.code] = bank


def get(code: str) -> MandateBank:
    """The bank of a code; `NotFound` for one the market does not work with."""
    try:
        return BANKS[code]
    except KeyError as error:
        raise NotFound from error


register(SandboxMandateBank())
