"""What trust payment looks like in answers and requests."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from pifa.api.fields import Amount, In, Number, Out, PageOut, Yuan

Tab = Literal["all", "open", "failed", "owing"]


class TrustMandateOut(Out):
    """A mandate that runs; `tail` are the last digits of the account."""

    number: str
    tail: str
    per_order: Yuan
    in_all: Yuan
    signed_at: datetime


class TrustLimitsOut(Out):
    """What a buyer may promise (of one order, in all) and what is used of it.

    `most_per_order` and `most_in_all` are the market's; the lower of it and the mandate's counts.
    `debt` is owed to the bank; while it is, nothing is free.
    """

    offered: bool
    mandate: TrustMandateOut | None
    has_account: bool
    most_per_order: Yuan
    most_in_all: Yuan
    retries: int
    per_order: Yuan
    in_all: Yuan
    used: Yuan
    free: Yuan
    debt: Yuan


class TrustSignIn(In):
    """What the payment password gave (`/partner-bank/authorisations`); limits, or the most there are."""

    authorisation: Annotated[str, Field(min_length=1, max_length=100)]
    per_order: Amount | None = None
    in_all: Amount | None = None


class TrustCallOut(Out):
    """A time that the bank was asked to debit, or to pay itself, and what it answered."""

    number: str
    kind: Literal["debit", "cover"]
    kind_label: str
    state: Literal["asked", "paid", "failed", "returned"]
    state_label: str
    amount: Yuan
    why: str
    asked_at: datetime


class TrustOut(Out):
    """An order: `claim` is still to be debited, `debt` owed to the bank, which `covered` so much."""

    number: str
    title: str
    seller_id: int
    seller_name: str
    buyer_id: int
    buyer_name: str
    tail: str
    promised: Yuan
    claim: Yuan
    debited: Yuan
    covered: Yuan
    refunded: Yuan
    repaid: Yuan
    debt: Yuan
    promised_at: datetime
    received_at: datetime | None
    failed: int
    try_on: date | None
    covered_on: date | None
    state: Literal[
        "promised", "debiting", "retrying", "called", "debited", "owing", "repaid", "waived"
    ]
    state_label: str
    calls: list[TrustCallOut]


class TrustPage(PageOut):
    items: list[TrustOut]


class TrustQuery(Schema):
    """Which: all, what is to be debited, what of it has failed, or what is owed to the bank."""

    tab: Tab = "all"


class TrustRepaymentIn(In):
    """An order by its number; an amount, or all that is owed of it."""

    order: Number
    amount: Amount | None = None


class TrustRepaymentOut(Out):
    """A repayment; its payable is paid like any other. `left` stayed on the buyer's balance."""

    number: str
    payable_number: str
    order: str
    amount: Yuan
    settled: Yuan
    left: Yuan
    state: str
    state_label: str
    at: datetime


class TrustRepaymentPage(PageOut):
    items: list[TrustRepaymentOut]
