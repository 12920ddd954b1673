"""What this floor announces, and what it does on others' events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pifa.finance import checking
from pifa.kernel import deadlines
from pifa.kernel.events import Event, consumer, subscribe
from pifa.ledger.queries import register_subject_check
from pifa.messages import commands as messages

NOTICE_DEADLINE = "sandbox.notice"
"""A notice that the sandbox bank sends later; the deadline's subject is `sandbox:<id>`."""

DEPOSIT_SUBJECT = "deposit:"

COLLECTION_SUBJECT = "collection:"

TOGETHER_SUBJECT = "together:"
"""What is paid for an order and its premium at once; the payment of the order that it brings has
this subject as its receipt."""

COLLECTION_DEADLINE = "collection.expire"
"""Nobody paid what was begun by a collection code; the deadline's subject is the payable's."""


@dataclass(frozen=True, kw_only=True)
class MoneyArriving(Event):
    """Money came for a subject and its payable is about to be locked.

    Never in the outbox: subscribers lock their own row of the subject (the order) now, so that
    every command takes it before the payable (`docs/locking.md`).
    """

    name = "finance.money_arriving"
    subject: str


@dataclass(frozen=True, kw_only=True)
class PayerIsMember(Event):
    """Whoever paid for a subject paid for a guest before, and counts as a member from now on."""

    name = "finance.payer_is_member"
    subject: str
    company_id: int


@dataclass(frozen=True, kw_only=True)
class SubjectsWanted(Event):
    """The payables of many subjects are about to be locked; as `MoneyArriving`, for all at once.

    Never in the outbox: subscribers lock their own rows of the subjects, by id.
    """

    name = "finance.subjects_wanted"
    subjects: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PromiseEnded(Event):
    """So much of what a payer promised by a method is paid (`kept`), or waived. Never in the outbox.

    Told before the ledger is written, so that the method can lock what it keeps of the promise.
    `otherwise`: it is not kept, but paid by another method.
    """

    name = "finance.promise_ended"
    subject: str
    method: str
    amount_fen: int
    kept: bool
    otherwise: bool = False


@dataclass(frozen=True, kw_only=True)
class PromiseSplit(Event):
    """A promised payment was cut: a part of it is another payment (`rest`) now. Never in the outbox."""

    name = "finance.promise_split"
    method: str
    payment: str
    rest: str


@dataclass(frozen=True, kw_only=True)
class MoneyGoingBack(Event):
    """What of a subject was paid or promised by a method is about to go back or to be waived. Never
    in the outbox.

    Told before any of it is changed or the ledger's accounts are locked, for each method in the
    order of their codes, so that each locks what it keeps in one order (`docs/locking.md`).
    """

    name = "finance.money_going_back"
    subject: str
    method: str


@dataclass(frozen=True, kw_only=True)
class GoodsReceived(Event):
    """What was promised for a subject was received: promises fall due. Never in the outbox."""

    name = "finance.goods_received"
    subject: str


@dataclass(frozen=True, kw_only=True)
class StageSettled(Event):
    """Money settled a stage or a part of one; it is held in escrow. Never in the outbox.

    `purpose` is a `PayableStage.Purpose`; `was_promised`: the stage was covered before;
    `whole`: with it the payable is paid in full. `payer_company_id`: the company that the account
    it came from counts as, if the account is known.
    """

    name = "finance.stage_settled"
    subject: str
    purpose: str
    amount_fen: int
    was_promised: bool
    whole: bool
    payer_company_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class StagePromised(Event):
    """A payer's word covers a stage or a part of one; no money has come. Never in the outbox."""

    name = "finance.stage_promised"
    subject: str
    purpose: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class StageCovered(Event):
    """All of a purpose is paid or promised, for the first time. Never in the outbox.

    `last`: nothing of the payable is open any more. `method`: of what came last.
    """

    name = "finance.stage_covered"
    subject: str
    purpose: str
    last: bool
    method: str = ""


@dataclass(frozen=True, kw_only=True)
class PayableSettled(Event):
    """A payable is paid in full; its money is held in escrow."""

    name = "finance.payable_settled"
    subject: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class PaymentFailed(Event):
    """An attempt to pay came to nothing; the payable is open as before."""

    name = "finance.payment_failed"
    subject: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PaymentReturned(Event):
    """Money that nobody waited for was sent back by the way it came.

    `why` is a code of `rules.Unwanted`: paid_already, closed, amount_changed. A payer whom the
    market does not know (by a collection code) has no id.
    """

    name = "finance.payment_returned"
    subject: str
    amount_fen: int
    why: str
    payer_id: int | None
    title: str


@dataclass(frozen=True, kw_only=True)
class PayableRefunded(Event):
    """Money of a paid payable went back to its payer; `waived_fen` of what was promised need
    not be paid any more."""

    name = "finance.payable_refunded"
    subject: str
    amount_fen: int
    waived_fen: int = 0


@dataclass(frozen=True, kw_only=True)
class DepositDrawn(Event):
    """A refund took money from a seller's buyer-protection deposit."""

    name = "finance.deposit_drawn"
    company_id: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class PaidOutAtOnce(Event):
    """A payee got a payable's money the moment it was paid, less the fee."""

    name = "finance.paid_out_at_once"
    subject: str
    company_id: int
    amount_fen: int
    fee_fen: int


@dataclass(frozen=True, kw_only=True)
class DebtIncurred(Event):
    """A refund was laid out by the market; the payee owes it, now `debt_fen` in all."""

    name = "finance.debt_incurred"
    subject: str
    company_id: int
    amount_fen: int
    debt_fen: int


@dataclass(frozen=True, kw_only=True)
class DebtPaid(Event):
    """A company's income paid what it owed the market; `left_fen` is still owed."""

    name = "finance.debt_paid"
    company_id: int
    amount_fen: int
    left_fen: int


@dataclass(frozen=True, kw_only=True)
class Collected(Event):
    """Somebody paid a company by its collection code; the money is on its balance."""

    name = "finance.collected"
    company_id: int
    number: str
    amount_fen: int
    note: str


@dataclass(frozen=True, kw_only=True)
class ProtectionJoined(Event):
    """A seller's buyer-protection deposit is complete: buyers are protected."""

    name = "finance.protection_joined"
    company_id: int


@dataclass(frozen=True, kw_only=True)
class ProtectionLeft(Event):
    """A seller left buyer protection and has its deposit back."""

    name = "finance.protection_left"
    company_id: int


register_subject_check(checking.payables_agree)
register_subject_check(checking.debts_agree)
register_subject_check(checking.protection_agrees)


@subscribe(MoneyArriving)
def _lock_deposit(event: MoneyArriving) -> None:
    from pifa.finance.commands import protection

    if event.subject.startswith(DEPOSIT_SUBJECT):
        protection.lock_for(event.subject)


@subscribe(PayableSettled)
def _freeze_deposit(event: PayableSettled) -> None:
    from pifa.finance.commands import protection

    if event.subject.startswith(DEPOSIT_SUBJECT):
        protection.deposit_arrived(event.subject)


@subscribe(PayableSettled)
def _hand_over(event: PayableSettled) -> None:
    from pifa.finance.commands import collecting

    if event.subject.startswith(COLLECTION_SUBJECT):
        collecting.arrived(event.subject)


_KINDS = {
    DepositDrawn.name: "deposit_drawn",
    PaidOutAtOnce.name: "instant_paid",
    DebtIncurred.name: "debt_incurred",
    DebtPaid.name: "debt_paid",
    Collected.name: "collected",
}
"""Event → kind of the notice that its company gets."""

_LINKS = {Collected.name: "/buyer/collection/"}


@consumer("finance.notices", PaymentReturned.name, *_KINDS)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    if name == PaymentReturned.name:
        if payload["payer_id"] is not None:
            messages.notify(payload["payer_id"], "payment_returned", payload["subject"], payload)
        return
    company_id = payload["company_id"]
    subject = payload.get("subject", f"company:{company_id}")
    if name == Collected.name:
        payload = payload | {"noted": bool(payload["note"])}
    messages.notify(
        company_id, _KINDS[name], subject, payload, _LINKS.get(name, "/seller/balance/")
    )


@deadlines.handles(NOTICE_DEADLINE)
def _send_notice(subject: str) -> None:
    from pifa.finance.sandbox import bank

    bank.send(int(subject.removeprefix("sandbox:")))


@deadlines.handles(COLLECTION_DEADLINE)
def _expire_collection(subject: str) -> None:
    from pifa.finance.commands import collecting

    collecting.expire(subject)


@deadlines.handles("sandbox.word")
def _send_word(subject: str) -> None:
    from pifa.finance.sandbox import financing

    financing.send(int(subject.removeprefix("sandbox-word:")))
