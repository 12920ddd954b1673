"""What a bank does that keeps companies' accounts and lends to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from django.utils.functional import Promise

from pifa.kernel.money import Money


class Secret(StrEnum):
    """The two passwords of an account."""

    QUERY = "query"
    """Shows balance and statement (查询密码)."""
    PAYMENT = "payment"
    """Moves money (支付密码)."""


@dataclass(frozen=True, slots=True)
class Card:
    """An account at any bank, of which the holder says that it is its own."""

    number: str
    holder: str
    bank: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a password that was tried.

    `left`: how many more wrong ones lock it; `locked_until` while it is locked, `just_locked` if
    this try did it.
    """

    right: bool
    left: int
    locked_until: datetime | None = None
    just_locked: bool = False


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A movement on an account with the balance after it; `key` is the bank's number of it."""

    key: str
    at: datetime
    kind: str
    label: str
    other: str
    reference: str
    incoming: Money
    outgoing: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class Collected:
    """What of a loan is taken at once: from the account, and of the interest by a coupon."""

    penalty: Money
    interest: Money
    principal: Money
    coupon: Money

    @property
    def from_account(self) -> Money:
        return self.penalty + self.interest + self.principal


class AccountBank(Protocol):
    """A bank that keeps companies' accounts. Every movement is done once for its key."""

    @property
    def code(self) -> str:
        """The stable name kept with the account."""

    @property
    def name(self) -> str | Promise:
        """The bank's name, as a payer writes it on a transfer."""

    def open(self, holder: str, passwords: Mapping[Secret, str]) -> str:
        """Open an account; returns its number."""

    def try_password(self, number: str, which: Secret, password: str) -> Tried:
        """Try a password. Wrong ones count, so the caller must let this be committed."""

    def set_password(self, number: str, which: Secret, password: str) -> None:
        """Put another password in the place of the old; it is not locked any more."""

    def unlock(self, number: str, which: Secret) -> None:
        """Let a password be tried again if its lock is over."""

    def is_password(self, number: str, which: Secret, password: str) -> bool:
        """Whether this is the password, without counting: to refuse equal ones."""

    def bind(self, card: Card) -> str:
        """Keep a card; returns the bank's name for it."""

    def balance(self, number: str) -> Money:
        """What is on the account."""

    def hold(self, number: str) -> Money:
        """What is on the account, and nobody else takes from it until the transaction ends."""

    def lines(self, number: str, since: date, until: date) -> tuple[Money, list[AccountLine]]:
        """The balance before market day `since`, and the movements to `until` (both included),
        oldest first."""

    def take_in(self, number: str, card: str, amount: Money, key: str) -> None:
        """Money from a bound card."""

    def send_out(self, number: str, card: str, amount: Money, key: str) -> None:
        """Money to a bound card; `NotEnough`."""

    def pay(self, number: str, amount: Money, payment_number: str) -> str:
        """Pay the market; returns the receipt's number; `NotEnough`."""

    def refund(self, number: str, amount: Money, key: str, payment_number: str) -> None:
        """The market's money back to the account."""

    def lend(self, number: str, loan: str, amount: Money) -> None:
        """A loan's money to the account."""

    def collect(self, number: str, loan: str, parts: Collected, key: str) -> None:
        """Take what is due of a loan from the account; `NotEnough`."""
