"""What secured credit looks like in answers and requests."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from pifa.api.fields import Amount, In, Number, Out, PageOut, Yuan

Tab = Literal["all", "overdue", "requested", "succeeded", "failed", "due"]


class SecuredRatesOut(Out):
    """Shares of an order's amount: the service fee, and the fee for each day collected early."""

    service_rate: Decimal
    early_rate: Decimal
    term_days: int
    valid_days: int


class SecuredServiceOut(Out):
    """How a seller stands with the service; `counts` of its receivables by tab."""

    joined: bool
    valid_until: date | None
    renewable: bool
    receivables: Yuan
    fee_due: Yuan
    promised: Yuan
    counts: dict[Tab, int]
    rates: SecuredRatesOut | None


class EarlyQuoteOut(Out):
    """What collecting a receivable today would cost, and what would arrive."""

    amount: Yuan
    days: int
    early_fee: Yuan
    service_fee: Yuan
    arrives: Yuan


class SecuredOut(Out):
    """A secured order: `claim` is still to be paid to its seller, `owed` by its buyer.

    `arrived` is what the seller received, less `fees`. `days` overdue are the buyer's. `early` is
    there where the receivable may be collected before its day, `why` where the financier refused.
    """

    number: str
    title: str
    seller_id: int
    seller_name: str
    buyer_id: int
    buyer_name: str
    promised: Yuan
    claim: Yuan
    owed: Yuan
    refunded: Yuan
    repaid: Yuan
    arrived: Yuan
    fees: Yuan
    promised_at: datetime
    received_at: datetime | None
    due_on: date | None
    days: int
    state: Literal["promised", "waiting", "requested", "paid", "waived"]
    state_label: str
    debt: Literal["promised", "running", "overdue", "repaid", "forgiven"]
    debt_label: str
    early_state: Literal["", "requested", "succeeded", "failed"]
    early_label: str
    early: EarlyQuoteOut | None
    why: str


class SecuredPage(PageOut):
    items: list[SecuredOut]


class ReceivablesQuery(Schema):
    """Which tab; words look for an order's number and the buyer's name."""

    tab: Tab = "all"
    words: Annotated[str, Field(max_length=80)] = ""


class DebtsQuery(Schema):
    """Which: what is owed, what of it is late, or all."""

    which: Literal["open", "overdue", "all"] = "open"


class CollectIn(In):
    """Orders by their numbers whose money is asked for before its day."""

    orders: Annotated[list[Number], Field(min_length=1, max_length=100)]


class AskedOut(Out):
    """What became of one order: the number of its payout, or why it was not asked for."""

    number: str
    payout: str
    code: str
    message: str


class AskedPage(PageOut):
    items: list[AskedOut]


class LimitStepOut(Out):
    """Which step of a ladder gives which limit."""

    code: str
    name: str
    name_en: str
    limit: Yuan


class SecuredLimitOut(Out):
    """What a buyer may owe and owes; `due` for what was received, `overdue` freezes the limit."""

    limit: Yuan
    used: Yuan
    free: Yuan
    due: Yuan
    overdue: Yuan
    overdue_since: date | None
    next_due_on: date | None
    term_days: int
    steps: list[LimitStepOut]


class SecuredDueOut(Out):
    """What is to be repaid by the end of a day."""

    due_on: date
    days: int
    owed: Yuan
    orders: int


class SecuredDuePage(PageOut):
    items: list[SecuredDueOut]


class SecuredRepaymentIn(In):
    """Orders by their numbers, or (without) all that was received; an amount, or all of it."""

    amount: Amount | None = None
    orders: Annotated[list[Number], Field(max_length=500)] = []


class SecuredLaidOut(Out):
    """What of a repayment went for an order."""

    number: str
    amount: Yuan


class SecuredRepaymentOut(Out):
    """A repayment; its payable is paid like any other. `left` stayed on the buyer's balance."""

    number: str
    payable_number: str
    amount: Yuan
    settled: Yuan
    left: Yuan
    state: str
    state_label: str
    at: datetime
    laid_out: list[SecuredLaidOut]


class SecuredRepaymentPage(PageOut):
    items: list[SecuredRepaymentOut]
