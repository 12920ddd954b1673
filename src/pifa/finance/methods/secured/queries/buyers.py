"""What a buyer may owe and owes: its limit and why, its debts by day, its repayments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Sum

from pifa.benefits.labels import SECURED_CREDIT
from pifa.finance.methods.secured import standing
from pifa.finance.methods.secured.book import rates
from pifa.finance.methods.secured.commands.repaying import SUBJECT
from pifa.finance.methods.secured.models import (
    SecuredAccount,
    SecuredReceivable,
    SecuredRepayment,
)
from pifa.finance.methods.secured.queries.views import SecuredView, page_of
from pifa.finance.methods.trade_credit.queries.lines import READERS
from pifa.finance.methods.trade_credit.rules import days_overdue
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.ids import number_of
from pifa.kernel.money import ZERO, Money
from pifa.kernel.paging import Page
from pifa.parties import policies as parties
from pifa.standing import books


@dataclass(frozen=True, slots=True)
class LimitStep:
    """What a step of a ladder gives, from the rulebook of today: who holds `code` may owe `limit`."""

    code: str
    name: str
    name_en: str
    limit: Money


@dataclass(frozen=True, slots=True)
class SecuredLimitView:
    """A buyer's limit and what is left of it.

    `due` is owed for what was received; `overdue` what of it is late so long that the limit is
    frozen, since `overdue_since`. `steps` say which level gives what.
    """

    limit: Money
    used: Money
    free: Money
    due: Money
    overdue: Money
    overdue_since: date | None
    next_due_on: date | None
    term_days: int
    steps: tuple[LimitStep, ...]


@dataclass(frozen=True, slots=True)
class SecuredDue:
    """What is to be repaid by the end of a day; `days` late, 0 while it is in time."""

    due_on: date
    days: int
    owed: Money
    orders: int


@dataclass(frozen=True, slots=True)
class SecuredRepaymentView:
    """A repayment: what was begun, what of it came and for which orders it went (`laid_out`)."""

    number: str
    payable_number: str
    amount: Money
    settled: Money
    left: Money
    state: str
    state_label: str
    at: datetime
    laid_out: tuple[tuple[str, Money], ...] = ()


def secured_limit(actor: Actor) -> SecuredLimitView:
    """The limit of the actor's company, with its explanation."""
    buyer_id = parties.require(actor, *READERS)
    account = SecuredAccount.objects.filter(buyer=buyer_id).first()
    limit = standing.limit_of(buyer_id)
    now = standing.standing_of(account, limit)
    late = standing.overdue_of(account.pk) if account else None
    due = secured_due(actor)
    terms = rates()
    return SecuredLimitView(
        limit=now.limit,
        used=now.used,
        free=now.free,
        due=Money(sum(one.owed.fen for one in due)),
        overdue=late[0] if late else ZERO,
        overdue_since=late[1] if late else None,
        next_due_on=due[0].due_on if due else None,
        term_days=terms.term_days if terms else 0,
        steps=limit_steps(),
    )


def limit_steps() -> tuple[LimitStep, ...]:
    """Which step gives which limit, by today's rulebook, the lowest first."""
    book = books.book_on(clock.today())
    found = []
    for rule in book.grants:
        if rule.code != SECURED_CREDIT:
            continue
        for ladder_code in rule.ladders:
            for step in book.ladders[ladder_code].steps:
                if rule.low <= step.rank <= rule.high:
                    limit = standing.limit_in(rule.value)
                    found.append(LimitStep(step.code, step.name, step.name_en, limit))
    return tuple(found)


def secured_due(actor: Actor) -> list[SecuredDue]:
    """What the actor's company has to repay by which day, the earliest first."""
    buyer_id = parties.require(actor, *READERS)
    rows = SecuredReceivable.objects.filter(
        account__buyer=buyer_id, owed_fen__gt=0, due_on__isnull=False
    )
    today = clock.today()
    sums = rows.values("due_on").annotate(fen=Sum("owed_fen"), orders=Count("pk"))
    return [
        SecuredDue(due_on, days_overdue(due_on, today), Money(fen), orders)
        for due_on, fen, orders in sums.order_by("due_on").values_list("due_on", "fen", "orders")
        if due_on is not None
    ]


def secured_debts(
    actor: Actor, *, which: str = "open", cursor: str | None = None, size: int | None = None
) -> Page[SecuredView]:
    """The secured orders of the actor's company as a buyer, latest first; `which` is open,
    overdue or all."""
    rows = SecuredReceivable.objects.filter(account__buyer=parties.require(actor, *READERS))
    if which != "all":
        rows = rows.filter(owed_fen__gt=0)
    if which == "overdue":
        rows = rows.filter(due_on__lt=clock.today())
    return page_of(rows, cursor, size)


def secured_repayments(actor: Actor, limit: int = 50) -> list[SecuredRepaymentView]:
    """The repayments of the actor's company of which something came, latest first."""
    rows = SecuredRepayment.objects.filter(
        account__buyer=parties.require(actor, *READERS), payable__settled_fen__gt=0
    )
    return [_repayment(row) for row in rows.select_related("payable").order_by("-pk")[:limit]]


def secured_repayment(actor: Actor, number: str) -> SecuredRepaymentView:
    """One repayment with what it was laid out on; `NotFound` for a stranger's."""
    rows = SecuredRepayment.objects.filter(account__buyer=parties.require(actor, *READERS))
    row = rows.select_related("payable").filter(number=number.removeprefix(SUBJECT)).first()
    if row is None:
        raise NotFound
    laid = row.allocations.order_by("pk").values_list("receivable__payable__subject", "amount_fen")
    return _repayment(row, tuple((number_of(subject), Money(fen)) for subject, fen in laid))


def _repayment(
    row: SecuredRepayment, laid_out: tuple[tuple[str, Money], ...] = ()
) -> SecuredRepaymentView:
    return SecuredRepaymentView(
        number=row.number,
        payable_number=row.payable.number,
        amount=Money(row.payable.amount_fen),
        settled=Money(row.payable.settled_fen),
        left=Money(row.left_fen),
        state=row.payable.state,
        state_label=str(row.payable.get_state_display()),
        at=row.at,
        laid_out=laid_out,
    )
