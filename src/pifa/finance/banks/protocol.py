"""What a partner bank does: tell of lines, and send money back to where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from django.utils.functional import Promise

from pifa.kernel.money import Money

LONGEST = {
    "line_no": 64,
    "account_no": 40,
    "payer_name": 120,
    "payer_account": 64,
    "payer_bank": 120,
    "remark": 200,
}
"""How long the texts of a line may be, by feed as by sheet."""


@dataclass(frozen=True, slots=True)
class LineNotice:
    """Money that came to the market's account, as the bank tells of it.

    `line_no` is the bank's own id, None where a statement sheet has none; `account_no` the
    number the payer wrote (a virtual account's, if it wrote it rightly).
    """

    line_no: str | None
    account_no: str
    payer_name: str
    payer_account: str
    payer_bank: str
    amount: Money
    value_day: date
    remark: str


@dataclass(frozen=True, slots=True)
class Payer:
    """An account at any bank that money came from."""

    name: str
    account: str
    bank: str


class PayoutOutcome(StrEnum):
    """What became of money that was sent to a company's account."""

    WAITING = "waiting"
    ARRIVED = "arrived"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class PayeeCheck:
    """An account that the bank found in a company's name.

    `ref` is what the bank knows it by from now on, `masked` what people may see of its number;
    `at_partner_bank`: it is an account at the partner bank itself.
    """

    ref: str
    masked: str
    at_partner_bank: bool


@dataclass(frozen=True, slots=True)
class PayoutNotice:
    """What a bank tells of a payout by its key; `reason` is why it came back."""

    key: str
    outcome: PayoutOutcome
    reason: str = ""


class PartnerBank(Protocol):
    """A bank as the market sees it. Each verb may be repeated with the same effect."""

    @property
    def code(self) -> str:
        """The stable name in the address its lines come to."""

    @property
    def name(self) -> str | Promise:
        """The bank's name, as a payer writes it on a transfer."""

    def verify(self, payload: Mapping[str, Any], signature: str) -> LineNotice:
        """Read a line; `BadSignature` or `MalformedNotice` if it is not to be believed."""

    def send_back(self, payer: Payer, amount: Money, key: str, reference: str) -> None:
        """Send money to the account it came from, once for a key; `reference` is the line."""

    def check_payee(self, holder: str, number: str, bank_name: str) -> PayeeCheck | None:
        """Whether an account at any bank is in exactly this name; None if not, or unknown."""

    def pay_out(self, ref: str, amount: Money, key: str) -> None:
        """Send money to an account that was checked, once for a key."""

    def payout(self, key: str) -> PayoutNotice:
        """What became of a payout so far; `NotFound` for a key the bank does not know."""

    def verify_payout(self, payload: Mapping[str, Any], signature: str) -> PayoutNotice:
        """Read what a bank tells of a payout; `BadSignature` or `MalformedNotice`."""
