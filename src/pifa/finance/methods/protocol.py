"""What a payment method can be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from django.utils.functional import Promise

from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.ledger.rules import Legs, Purse

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be paid: one stage of a payable."""

    payable_number: str
    subject: str
    payer_id: int | None
    payee_id: int
    amount: Money
    title: str
    purpose: str = "full"
    """A `PayableStage.Purpose`."""
    region: str = ""
    """Where the goods go (`kernel.regions`); empty without goods."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to pay what is due; the number is ours and is shown to the provider.

    `channel`: how the payer wants to go there, where the method leaves a choice.
    """

    payment_number: str
    due: Due
    channel: str = ""


class Outcome(StrEnum):
    WAITING = "waiting"
    PAID = "paid"
    FAILED = "failed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Progress:
    """How an attempt stands at the provider; money that came has its receipt number, and the
    account it came from, as far as that is told."""

    outcome: Outcome
    amount: Money
    receipt_no: str
    payer: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """What became of an attempt at once: most wait for the payer at an address.

    `promised`: the payer's word is enough for now. `receipt_no`: the money is here already.
    """

    address: str = ""
    promised: bool = False
    receipt_no: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a method may be agreed on with an order that is about to be placed.

    `words` say on which terms, or why not (`refused`); `figures` are those of either.
    """

    words: Words
    refused: bool = False
    figures: Mapping[str, object] = field(default_factory=dict)


class PaymentMethod(Protocol):
    """One way of paying. Every verb may be repeated; none writes the market's own tables.

    The verbs run inside the command's transaction: a provider on this machine takes part in
    it; one that is reached over a network queues the call (`kernel.deadlines`) and makes it
    after the commit, with the key that it is given here.
    """

    @property
    def code(self) -> str:
        """The stable name kept on payments."""

    @property
    def label(self) -> Words:
        """The name a payer reads."""

    @property
    def for_finance_only(self) -> bool:
        """Whether it spends what the payer has with the market: its owner and finance role only."""

    @property
    def bank_entries(self) -> str:
        """What of its money the bank's book must have too: a SELECT of way (in or out), the name
        that both sides know, amount_fen, kind, and our number; empty if no bank is asked."""

    def purse(self, due: Due) -> Purse:
        """The account that this method's money goes back to with a refund; `settle` takes it
        from there too, unless the method books what comes somewhere else first."""

    def offered(self, due: Due, payer_id: int | None) -> Words | DomainError | None:
        """None if this payer (one whom the market does not know has no id) may pay this way,
        else why not: in words, or as a refusal with its figures."""

    def start(self, attempt: Attempt) -> Start:
        """Open the attempt at the provider."""

    def progress(self, attempt: Attempt) -> Progress:
        """Ask the provider how the attempt stands (when a notice did not come)."""

    def settle(self, attempt: Attempt) -> Legs:
        """The postings by which the money that came is booked for the payee."""

    def refund(self, attempt: Attempt, amount: Money, key: str, reason: str) -> None:
        """Send money back by the way it came; the same key again does nothing."""

    def close(self, attempt: Attempt) -> None:
        """Let nobody pay this attempt any more; one that is paid stays paid."""


class WordMethod(PaymentMethod, Protocol):
    """A method that takes the payer's word: what it covers is promised, and paid later."""

    def waive(self, due: Due) -> Legs:
        """The postings by which so much of the word need not be kept any more."""


class AgreedMethod(WordMethod, Protocol):
    """One whose word is given at once, so that it can be agreed on with the order itself."""

    def terms(self, dues: Sequence[Due]) -> Sequence[Terms | None]:
        """How each of several new orders of one payer could be paid this way; their payables do
        not exist yet. None where it is not worth a word. As many statements for one as for many."""

    def lock(self, payer_id: int, payee_ids: Sequence[int]) -> Sequence[Purse]:
        """Lock what the word takes from, before the orders are written (`docs/locking.md`);
        returns the accounts that the word moves, for the caller to lock after it."""
