"""Payables, payments, ways to pay, and the buyer's statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Min, Sum
from django.utils.translation import gettext as _

from pifa.finance import policies, rules, words
from pifa.finance.methods import registry
from pifa.finance.methods.protocol import Due, PaymentMethod
from pifa.finance.models import LAPSED_STAGE, OPEN_STAGE, Payable, PayableStage, Payment
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import NotFound
from pifa.kernel.money import ZERO, Money
from pifa.ledger import queries as ledger
from pifa.ledger.queries import StatementPage

PAGE_SIZE = 50

_COVERS = (Payment.State.SUCCEEDED, Payment.State.PROMISED, Payment.State.COLLECTED)


@dataclass(frozen=True, slots=True)
class PayableView:
    """A payable; amounts are exact, `left` is what is still to be paid while it is open.

    `blocked` says why nothing may be paid for now, if so.
    """

    number: str
    subject: str
    payer_id: int | None
    payee_id: int
    title: str
    amount: Money
    settled: Money
    refunded: Money
    released: Money
    waived: Money
    blocked: str
    state: str
    state_label: str
    created_at: datetime

    @property
    def is_open(self) -> bool:
        return self.state == Payable.State.OPEN

    @property
    def left(self) -> Money:
        return self.amount - self.waived - self.settled if self.is_open else Money(0)

    @property
    def refundable(self) -> Money:
        return self.settled - self.refunded


@dataclass(frozen=True, slots=True)
class StageView:
    """One amount of a schedule: paid, promised, payable now, later, or waived (of nothing).

    `position` names it to `start_payment`; `payable_now` while it may be paid. `lapsed`: what was
    promised was not kept as agreed, and may be paid by another method.
    """

    position: int
    purpose: str
    purpose_label: str
    amount: Money
    due_at: datetime | None
    settled_at: datetime | None
    promised_at: datetime | None
    payable_now: bool
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class PurposeMoney:
    """What was paid and promised for a purpose of a schedule, and what of it went back."""

    purpose: str
    label: str
    paid: Money
    refunded: Money
    promised: Money

    @property
    def left(self) -> Money:
        """What can still go back, or need not be paid any more."""
        return self.paid - self.refunded + self.promised


@dataclass(frozen=True, slots=True)
class PaymentView:
    """One attempt to pay a stage (`stage_position`); `outcome` says in words why it failed or
    went back. `unanswered`: its provider never said what became of it, and may be asked."""

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
    stage_position: int
    unanswered: bool


@dataclass(frozen=True, slots=True)
class MethodChoice:
    """A way to pay; one that is not offered says why not.

    `channels` are the codes and names of the ways to go there, where the payer has a choice; `words`
    are the terms on which one's word is taken.
    """

    code: str
    label: str
    offered: bool
    why_not: str | None
    channels: tuple[tuple[str, str], ...] = ()
    words: str = ""


def payable(subject: str) -> PayableView | None:
    """The payable of a subject, if it has one (declared trade has none)."""
    row = Payable.objects.filter(subject=subject).first()
    return _payable_view(row) if row else None


def stages(subject: str) -> list[StageView]:
    """The schedule of a subject's payable in its order; one statement."""
    rows = list(
        PayableStage.objects.filter(payable__subject=subject)
        .select_related("payable")
        .order_by("position")
    )
    waiting = [
        row for row in rows if row.settled_at is None and row.promised_at is None and row.amount_fen
    ]
    now = {
        row.pk
        for row in waiting
        if row.purpose == waiting[0].purpose and row.payable.state == Payable.State.OPEN
    }
    return [
        StageView(
            position=row.position,
            purpose=row.purpose,
            purpose_label=str(row.get_purpose_display()),
            amount=Money(row.amount_fen),
            due_at=row.due_at,
            settled_at=row.settled_at,
            promised_at=row.promised_at,
            payable_now=row.pk in now,
            lapsed=bool(row.lapsed_at and row.promised_at and not row.settled_at),
        )
        for row in rows
    ]


def money_by_purpose(subject: str) -> dict[str, PurposeMoney]:
    """The money of a subject's payable by purpose, in the order of the schedule; one statement."""
    rows = (
        Payment.objects.filter(
            payable__subject=subject,
            state__in=[*_COVERS],
        )
        .values_list("stage__purpose", "state")
        .annotate(Sum("amount_fen"), Sum("refunded_fen"), first=Min("stage__position"))
        .order_by("first", "state")
    )
    found: dict[str, PurposeMoney] = {}
    for purpose, state, amount, refunded, _position in rows:
        label = str(PayableStage.Purpose(purpose).label)
        known = found.get(purpose, PurposeMoney(purpose, label, ZERO, ZERO, ZERO))
        if state != Payment.State.SUCCEEDED:
            found[purpose] = replace(known, promised=known.promised + Money(amount))
        else:
            found[purpose] = replace(known, paid=Money(amount), refunded=Money(refunded))
    return found


def promised_method(subject: str) -> str:
    """The code of the method by which most of a subject is promised; empty without a promise."""
    rows = Payment.objects.filter(
        payable__subject=subject, state__in=[Payment.State.PROMISED, Payment.State.COLLECTED]
    )
    return rows.order_by("-amount_fen").values_list("method", flat=True).first() or ""


def payable_by_number(actor: Actor, number: str) -> PayableView:
    """A payable for its payer, its payee or the market; `NotFound` for anybody else."""
    return _payable_view(_load(actor, number))


def methods_for(actor: Actor, payable_number: str, part: int | None = None) -> list[MethodChoice]:
    """Every way to pay what the payable asks for next, and why some are not offered.

    `part` names an open part by its position, else it is the first.
    """
    row = _load(actor, payable_number)
    open_ = row.stages.filter(OPEN_STAGE)
    if part is not None:
        open_ = row.stages.filter(OPEN_STAGE | LAPSED_STAGE, position=part)
    stage = open_.order_by("position").first()
    if stage is None and part is None:
        stage = row.stages.filter(LAPSED_STAGE).order_by("position").first()
    due = _due_of(row, stage) if stage else None
    choices = []
    for method in registry.in_use():
        agreed = ""
        if row.state != Payable.State.OPEN or stage is None or due is None:
            why_not: str | None = str(row.get_state_display())
        elif row.blocked:
            why_not = _(row.blocked)
        elif stage.lapsed_at is not None and method.code in registry.WORDS:
            why_not = str(words.NOT_PROMISED_AGAIN)
        else:
            why_not = _why_not(actor, method, due, row.ways)
            agreed = _terms_of(method.code, due) if why_not is None else ""
        choices.append(
            MethodChoice(
                method.code,
                str(method.label),
                why_not is None,
                why_not,
                words.channels(registry.channels_of(method.code)),
                agreed,
            )
        )
    return choices


def repaying_methods(actor: Actor, payable_number: str) -> list[MethodChoice]:
    """As `methods_for`, of a repayment: what was promised once is paid with money; none once it is
    paid."""
    if not payable_by_number(actor, payable_number).is_open:
        return []
    found = methods_for(actor, payable_number)
    return [method for method in found if method.code not in registry.WORDS]


def _due_of(row: Payable, stage: PayableStage) -> Due:
    return Due(
        payable_number=row.number,
        subject=row.subject,
        payer_id=row.payer_id,
        payee_id=row.payee_id,
        amount=Money(stage.amount_fen),
        title=row.title,
        purpose=stage.purpose,
        region=row.region,
    )


def _terms_of(code: str, due: Due) -> str:
    """On which terms a method takes the payer's word; empty for those that take money."""
    terms = registry.AGREED[code].terms([due])[0] if code in registry.AGREED else None
    return str(terms.words) if terms else ""


def channels_of(method: str) -> tuple[str, ...]:
    """The channels that a payer may choose from with a method, the usual one first."""
    return tuple(channel.value for channel in registry.channels_of(method))


def online_methods() -> list[tuple[str, str]]:
    """Codes and names of the methods by which anybody may pay, known to the market or not."""
    return [(method.code, str(method.label)) for method in registry.online()]


def _why_not(actor: Actor, method: PaymentMethod, due: Due, agreed: Sequence[str]) -> str | None:
    if not rules.is_agreed(method.code, agreed):
        return words.not_agreed()
    if method.for_finance_only and not actor.has_role(Role.FINANCE):
        return _("需要企业所有者或财务角色。")
    answer = method.offered(due, due.payer_id)
    return None if answer is None else str(answer)


def payments(subject: str) -> list[PaymentView]:
    """Every attempt to pay for a subject, oldest first."""
    rows = Payment.objects.filter(payable__subject=subject).select_related("payable", "stage")
    return [_payment_view(row) for row in rows.order_by("pk")]


def payment(number: str) -> PaymentView:
    """One attempt by its number; `NotFound` if there is none."""
    row = Payment.objects.filter(number=number).select_related("payable", "stage").first()
    if row is None:
        raise NotFound
    return _payment_view(row)


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
        waived=Money(row.waived_fen),
        blocked=_(row.blocked) if row.blocked else "",
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
        stage_position=row.stage.position,
        unanswered=row.state == Payment.State.STARTED
        or (row.state == Payment.State.FAILED and row.outcome in words.GIVEN_UP),
    )
