"""What finance tells: payables, payments, ways to pay, statements, what waits for operators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import F, Sum

from pifa.benefits import queries as benefits
from pifa.benefits.labels import INSTANT_PAYOUT
from pifa.finance import policies, rules, words
from pifa.finance.methods import registry
from pifa.finance.methods.protocol import Due
from pifa.finance.models import (
    GatewayNotice,
    InstantPayout,
    InstantSwitch,
    Payable,
    Payment,
    ProtectionDeposit,
)
from pifa.finance.sandbox.books import market_money
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.queries import StatementPage
from pifa.ledger.rules import AccountKind

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class PayableView:
    """A payable; amounts are exact, `left` is what is still to be paid while it is open."""

    number: str
    subject: str
    payer_id: int
    payee_id: int
    title: str
    amount: Money
    settled: Money
    refunded: Money
    released: Money
    state: str
    state_label: str
    created_at: datetime

    @property
    def is_open(self) -> bool:
        return self.state == Payable.State.OPEN

    @property
    def left(self) -> Money:
        return self.amount - self.settled if self.is_open else Money(0)

    @property
    def refundable(self) -> Money:
        return self.settled - self.refunded


@dataclass(frozen=True, slots=True)
class PaymentView:
    """One attempt to pay; `outcome` says in words why it failed or went back."""

    number: str
    subject: str
    payable_number: str
    method: str
    method_label: str
    amount: Money
    refunded: Money
    state: str
    state_label: str
    outcome: str
    started_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class MethodChoice:
    """A way to pay; one that is not offered says why not."""

    code: str
    label: str
    offered: bool
    why_not: str | None


@dataclass(frozen=True, slots=True)
class Protection:
    """A company's part in buyer protection; `missing` completes the deposit."""

    joined: bool
    required: Money
    deposit: Money
    joined_at: datetime | None

    @property
    def missing(self) -> Money:
        return max(self.required - self.deposit, Money(0))


@dataclass(frozen=True, slots=True)
class InstantView:
    """Whether a company may have its orders' money at once, wants it, and what it costs.

    `rate` is the fee as a share of an order, None without the grant. `early` is what it has of
    trades that are not done, `owed` what it owes the market for refunds.
    """

    granted: bool
    on: bool
    rate: Decimal | None
    changed_at: datetime | None
    early: Money
    owed: Money


@dataclass(frozen=True, slots=True)
class FlaggedNotice:
    """A notice that waits for an operator: genuine, and nothing was posted for it."""

    id: int
    gateway: str
    at: datetime
    verdict: str
    verdict_label: str
    payment_number: str
    subject: str | None
    payload: dict[str, str]
    repeats: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The bank's word against ours. `difference` is money at the bank that we did not book.

    It is paid money whose notice is on its way, was refused or is flagged; nothing else.
    """

    bank: Money
    ledger: Money

    @property
    def difference(self) -> Money:
        return self.bank - self.ledger


def payable(subject: str) -> PayableView | None:
    """The payable of a subject, if it has one (declared trade has none)."""
    row = Payable.objects.filter(subject=subject).first()
    return _payable_view(row) if row else None


def payable_by_number(actor: Actor, number: str) -> PayableView:
    """A payable for its payer, its payee or the market; `NotFound` for anybody else."""
    return _payable_view(_load(actor, number))


def methods_for(actor: Actor, payable_number: str) -> list[MethodChoice]:
    """Every way to pay what the payable asks for next, and why some are not offered."""
    row = _load(actor, payable_number)
    stage = row.stages.filter(settled_at=None).order_by("position").first()
    choices = []
    for method in registry.METHODS.values():
        if row.state != Payable.State.OPEN or stage is None:
            why_not: str | None = str(row.get_state_display())
        else:
            due = Due(
                payable_number=row.number,
                subject=row.subject,
                payer_id=row.payer_id,
                payee_id=row.payee_id,
                amount=Money(stage.amount_fen),
                title=row.title,
            )
            answer = method.offered(due, row.payer_id)
            why_not = None if answer is None else str(answer)
        choices.append(MethodChoice(method.code, str(method.label), why_not is None, why_not))
    return choices


def payments(subject: str) -> list[PaymentView]:
    """Every attempt to pay for a subject, oldest first."""
    rows = Payment.objects.filter(payable__subject=subject).select_related("payable")
    return [_payment_view(row) for row in rows.order_by("pk")]


def payment(number: str) -> PaymentView:
    """One attempt by its number; `NotFound` if there is none."""
    row = Payment.objects.filter(number=number).select_related("payable").first()
    if row is None:
        raise NotFound
    return _payment_view(row)


def protection(company_id: int) -> Protection:
    """A company's part in buyer protection."""
    row = ProtectionDeposit.objects.filter(company=company_id).first()
    joined = row is not None and row.joined_at is not None and row.left_at is None
    return Protection(
        joined=joined,
        required=Money(settings.MARKET["protection_deposit_fen"]),
        deposit=ledger.balance(company_id, AccountKind.DEPOSIT),
        joined_at=row.joined_at if row is not None and joined else None,
    )


def instant_payout(company_id: int) -> InstantView:
    """How a company stands to instant payout, and what it owes."""
    switch = InstantSwitch.objects.filter(company=company_id).first()
    grant = benefits.grant_of(company_id, INSTANT_PAYOUT)
    return InstantView(
        granted=grant is not None,
        on=switch is not None and switch.on,
        rate=rules.fee_rate(grant.value.get("fee_rate")) if grant is not None else None,
        changed_at=switch.changed_at if switch is not None else None,
        early=paid_out_early(company_id),
        owed=ledger.balance(company_id, AccountKind.CLAWBACK),
    )


def paid_out_early(company_id: int) -> Money:
    """What a company had at once of trades that are not done, less what went back."""
    open_ones = InstantPayout.objects.filter(payable__payee=company_id, ended_at=None)
    found = open_ones.aggregate(fen=Sum(F("amount_fen") - F("payable__refunded_fen")))
    return Money(found["fen"] or 0)


def purchases_statement(
    actor: Actor,
    since: date | None = None,
    until: date | None = None,
    cursor: str | None = None,
    *,
    company_id: int | None = None,
    page_size: int = PAGE_SIZE,
) -> StatementPage:
    """A buyer's statement: what it paid and what came back, newest first, by market days.

    `outgoing` are payments, `incoming` refunds, `balance` is what it has paid net. A member
    reads its own company's (owner or finance role), an operator names the company.
    """
    if actor.is_operator or actor.is_system:
        owner_id = company_id
    else:
        owner_id = policies.handles_money(actor)
        if company_id not in (None, owner_id):
            raise NotFound
    subjects = Payable.objects.filter(payer=owner_id).values("subject")
    return ledger.gateway_statement(subjects, since, until, cursor, page_size=page_size)


def flagged_notices(
    actor: Actor, cursor: int | None = None, page_size: int = PAGE_SIZE
) -> list[FlaggedNotice]:
    """Notices that wait for an operator, oldest first, after a given id. Operators only."""
    policies.works_for_the_market(actor)
    if cursor is not None and cursor < 0:
        raise InvalidInput(field="cursor", reason=str(cursor))
    rows = GatewayNotice.objects.filter(flagged=True, cleared_at=None, pk__gt=cursor or 0)
    found = list(rows.order_by("pk")[:page_size])
    numbers = {row.payment_number for row in found}
    subjects = dict(
        Payment.objects.filter(number__in=numbers).values_list("number", "payable__subject")
    )
    return [
        FlaggedNotice(
            id=row.pk,
            gateway=row.gateway,
            at=row.at,
            verdict=row.verdict,
            verdict_label=words.verdict(row.verdict),
            payment_number=row.payment_number,
            subject=subjects.get(row.payment_number),
            payload={str(name): str(value) for name, value in row.payload.items()},
            repeats=row.repeats,
        )
        for row in found
    ]


def reconciliation(actor: Actor) -> Reconciliation:
    """The bank's own books against the ledger. Operators only."""
    policies.works_for_the_market(actor)
    return Reconciliation(market_money(), ledger.balance(None, AccountKind.GATEWAY))


def _load(actor: Actor, number: str) -> Payable:
    row = Payable.objects.filter(number=number).first()
    if row is None:
        raise NotFound
    policies.may_see_payable(actor, row)
    return row


def _payable_view(row: Payable) -> PayableView:
    return PayableView(
        number=row.number,
        subject=row.subject,
        payer_id=row.payer_id,
        payee_id=row.payee_id,
        title=row.title,
        amount=Money(row.amount_fen),
        settled=Money(row.settled_fen),
        refunded=Money(row.refunded_fen),
        released=Money(row.released_fen),
        state=row.state,
        state_label=str(row.get_state_display()),
        created_at=row.created_at,
    )


def _payment_view(row: Payment) -> PaymentView:
    return PaymentView(
        number=row.number,
        subject=row.payable.subject,
        payable_number=row.payable.number,
        method=row.method,
        method_label=str(registry.get(row.method).label),
        amount=Money(row.amount_fen),
        refunded=Money(row.refunded_fen),
        state=row.state,
        state_label=str(row.get_state_display()),
        outcome=words.outcome(row.outcome),
        started_at=row.started_at,
        settled_at=row.settled_at,
    )
