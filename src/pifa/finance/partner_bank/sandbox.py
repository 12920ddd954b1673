"""The adapter to the sandbox bank as the keeper of accounts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from pifa.finance.partner_bank.protocol import AccountLine, Card, Collected, Secret, Tried
from pifa.finance.sandbox import deposits
from pifa.finance.sandbox import passwords as secrets
from pifa.kernel.money import Money


class SandboxAccountBank:
    """The embedded bank: its accounts, passwords and loans are rows beside the market's."""

    code = "sandbox"
    name = _("沙箱银行")

    def open(self, holder: str, passwords: Mapping[Secret, str]) -> str:
        """A new account with both passwords."""
        number = deposits.open_account(holder)
        for which, password in passwords.items():
            secrets.put(number, which, password)
        return number

    def try_password(self, number: str, which: Secret, password: str) -> Tried:
        """Against the hash; counted."""
        return secrets.attempt(number, which, password)

    def set_password(self, number: str, which: Secret, password: str) -> None:
        """Hashed by Django's hashers."""
        secrets.put(number, which, password)

    def unlock(self, number: str, which: Secret) -> None:
        """Free, if the time is over."""
        secrets.unlock(number, which)

    def is_password(self, number: str, which: Secret, password: str) -> bool:
        """Against the hash; not counted."""
        return secrets.equals(number, which, password)

    def bind(self, card: Card) -> str:
        """The row of the account outside."""
        return deposits.bind(card)

    def balance(self, number: str) -> Money:
        """The sum of its entries."""
        return deposits.balance(number)

    def hold(self, number: str) -> Money:
        """The same, under the account's lock."""
        return deposits.hold(number)

    def lines(self, number: str, since: date, until: date) -> tuple[Money, list[AccountLine]]:
        """Its entries."""
        return deposits.lines(number, since, until)

    def take_in(self, number: str, card: str, amount: Money, key: str) -> None:
        """From the card's row."""
        deposits.take_in(number, card, amount, key)

    def send_out(self, number: str, card: str, amount: Money, key: str) -> None:
        """To the card's row."""
        deposits.send_out(number, card, amount, key)

    def pay(self, number: str, amount: Money, payment_number: str) -> str:
        """To the market's account; the receipt is the entry's key."""
        return deposits.pay(number, amount, payment_number)

    def refund(self, number: str, amount: Money, key: str, payment_number: str) -> None:
        """From the market's account."""
        deposits.refund(number, amount, key, payment_number)

    def lend(self, number: str, loan: str, amount: Money) -> None:
        """From the loan's own account, which is below zero by what is owed."""
        deposits.lend(number, loan, amount)

    def collect(self, number: str, loan: str, parts: Collected, key: str) -> None:
        """To the loan's account and the bank's income."""
        deposits.collect(number, loan, parts, key)
