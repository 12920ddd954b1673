"""What is promised and owed: promise by promise, by statement, by day, by age."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum

from pifa.finance import policies
from pifa.finance.methods.trade_credit import rules, words
from pifa.finance.methods.trade_credit.commands.repaying import SUBJECT, oldest_first
from pifa.finance.methods.trade_credit.models import (
    CreditAllocation,
    CreditItem,
    CreditLine,
    CreditStatement,
    Repayment,
)
from pifa.finance.methods.trade_credit.queries.lines import READERS, due_now, line_for
from pifa.finance.methods.trade_credit.rules import Bucket
from pifa.finance.methods.trade_credit.states import state_of
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.ids import number_of
from pifa.kernel.money import ZERO, Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties import policies as parties


@dataclass(frozen=True, slots=True)
class CreditItemView:
    """What was promised of one order, and what became of it; `number` is the order's.

    `days` overdue are 0 while it is in time. `statement` is its statement's number, if there is.
    """

    subject: str
    number: str
    title: str
    promised: Money
    paid: Money
    waived: Money
    open: Money
    promised_at: datetime
    received_at: datetime | None
    due_on: date | None
    days: int
    bucket: str
    bucket_label: str
    statement: str
    state: str
    state_label: str


@dataclass(frozen=True, slots=True)
class CreditStatementView:
    """A closed period. `amount` was open when it closed; `paid` and `waived` since then."""

    number: str
    line_id: int
    seller_id: int
    seller_name: str
    buyer_id: int
    buyer_name: str
    period_start: date
    period_end: date
    last_day: date
    due_on: date
    days: int
    orders: int
    amount: Money
    open: Money
    closed_at: datetime

    @property
    def settled(self) -> Money:
        """What was paid or waived since it closed."""
        return self.amount - self.open


@dataclass(frozen=True, slots=True)
class CreditDue:
    """What is to be paid on a line by a day; `statement` is empty for terms in days."""

    line_id: int
    seller_id: int
    seller_name: str
    due_on: date
    days: int
    open: Money
    orders: int
    statement: str


@dataclass(frozen=True, slots=True)
class RepaymentView:
    """A repayment: what was begun, what of it came and went where.

    `left` stayed on the buyer's balance. `laid_out` names orders with amounts.
    """

    number: str
    payable_number: str
    line_id: int
    seller_name: str
    statement: str
    amount: Money
    settled: Money
    left: Money
    state: str
    state_label: str
    at: datetime
    laid_out: tuple[tuple[str, Money], ...] = ()


@dataclass(frozen=True, slots=True)
class AgeingRow:
    """What a buyer owes, by how late it is (`rules.Bucket`)."""

    line_id: int
    buyer_id: int
    buyer_name: str
    buyer_login: str
    limit: Money
    owed: Money
    buckets: dict[str, Money]

    @property
    def late(self) -> Money:
        """All that was not paid in time."""
        return self.owed - self.buckets[Bucket.NOT_DUE]


def credit_items(
    actor: Actor,
    line_id: int,
    *,
    which: str = "open",
    cursor: str | None = None,
    size: int | None = None,
) -> Page[CreditItemView]:
    """Promises on a line, latest first; `which` is open, due or all."""
    rows = CreditItem.objects.filter(line=line_for(actor, line_id))
    if which == "open":
        rows = rows.filter(open_fen__gt=0)
    elif which == "due":
        rows = due_now(rows, clock.today())
    if cursor:
        (before,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=before)
    size = page_size(size)
    found = list(_with_all(rows).order_by("-pk")[: size + 1])
    page = cut(found, size, lambda item: (item.pk,))
    return Page([_item(row) for row in page.items], page.next_cursor)


def credit_item(subject: str) -> CreditItemView | None:
    """What is promised of a subject on a line, if anything was; for who may see the subject."""
    row = _with_all(CreditItem.objects.filter(payable__subject=subject)).first()
    return _item(row) if row else None


def credit_due(actor: Actor, line_id: int | None = None) -> list[CreditDue]:
    """What the actor's company has to pay its sellers, the earliest day first."""
    buyer_id = parties.require(actor, *READERS)
    rows = due_now(CreditItem.objects.filter(line__buyer=buyer_id), clock.today())
    if line_id is not None:
        rows = rows.filter(line=line_id)
    sums = rows.values(
        "due_on", "line", "line__seller", "line__seller__name", "statement__number"
    ).annotate(fen=Sum("open_fen"), orders=Count("pk"))
    today = clock.today()
    return [
        CreditDue(
            line_id=row["line"],
            seller_id=row["line__seller"],
            seller_name=row["line__seller__name"],
            due_on=row["due_on"],
            days=rules.days_overdue(row["due_on"], today),
            open=Money(row["fen"]),
            orders=row["orders"],
            statement=row["statement__number"] or "",
        )
        for row in sums.order_by("due_on", "line", "statement__number")
        if row["due_on"] is not None
    ]


def credit_statements(
    actor: Actor, line_id: int, *, cursor: str | None = None, size: int | None = None
) -> Page[CreditStatementView]:
    """The closed periods of a line, latest first."""
    rows = CreditStatement.objects.filter(line=line_for(actor, line_id))
    if cursor:
        (before,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=before)
    size = page_size(size)
    found = list(_summed(rows).order_by("-pk")[: size + 1])
    page = cut(found, size, lambda row: (row.pk,))
    return Page([_statement(row) for row in page.items], page.next_cursor)


def credit_statement(actor: Actor, number: str) -> CreditStatementView:
    """One statement for either side; `NotFound` for a stranger's."""
    row = _summed(CreditStatement.objects.filter(number=number)).first()
    if row is None:
        raise NotFound
    line_for(actor, row.line_id)
    return _statement(row)


def statement_items(actor: Actor, number: str) -> list[CreditItemView]:
    """What is on a statement, in the order in which it was received."""
    credit_statement(actor, number)
    rows = oldest_first(CreditItem.objects.filter(statement__number=number))
    return [_item(row) for row in _with_all(rows)]


def repayments(
    actor: Actor, line_id: int, statement: str = "", limit: int = 50
) -> list[RepaymentView]:
    """The repayments of a line (for a statement) of which something came, latest first."""
    rows = Repayment.objects.filter(line=line_for(actor, line_id), payable__settled_fen__gt=0)
    if statement:
        paid = CreditAllocation.objects.filter(item__statement__number=statement)
        rows = rows.filter(pk__in=paid.values("repayment"))
    found = rows.select_related("payable", "line__seller", "statement").order_by("-pk")
    return [_repayment(row) for row in found[:limit]]


def repayment(actor: Actor, number: str) -> RepaymentView:
    """One repayment with what it was laid out on; `NotFound` for a stranger's."""
    rows = Repayment.objects.select_related("payable", "line__seller", "statement")
    row = rows.filter(number=number.removeprefix(SUBJECT)).first()
    if row is None:
        raise NotFound
    line_for(actor, row.line_id)
    laid = row.allocations.order_by("pk").values_list("item__payable__subject", "amount_fen")
    return _repayment(row, tuple((number_of(subject), Money(fen)) for subject, fen in laid))


def credit_ageing(actor: Actor, words_: str = "") -> list[AgeingRow]:
    """What each buyer owes the actor's company by age, who owes most first; one statement."""
    rows = CreditLine.objects.filter(seller=policies.handles_money(actor), used_fen__gt=0)
    if words_:
        rows = rows.filter(Q(buyer__name__icontains=words_) | Q(buyer__login__icontains=words_))
    sums = {
        bucket.value: Sum("items__open_fen", filter=_within(bucket), default=0) for bucket in Bucket
    }
    found = rows.select_related("buyer").annotate(**sums).order_by("-used_fen", "pk")
    return [
        AgeingRow(
            line_id=line.pk,
            buyer_id=line.buyer_id,
            buyer_name=line.buyer.name,
            buyer_login=line.buyer.login,
            limit=Money(line.limit_fen),
            owed=Money(line.used_fen),
            buckets={bucket.value: Money(getattr(line, bucket.value)) for bucket in Bucket},
        )
        for line in found
    ]


def ageing_total(rows: Iterable[AgeingRow]) -> dict[str, Money]:
    """The sums of the buckets over rows."""
    sums = dict.fromkeys((bucket.value for bucket in Bucket), ZERO)
    for row in rows:
        for bucket, amount in row.buckets.items():
            sums[bucket] = sums[bucket] + amount
    return sums


def open_items(actor: Actor, line_id: int | None = None) -> Iterator[tuple[str, CreditItemView]]:
    """Every open promise to the actor's company with its buyer's name, for a sheet."""
    rows = CreditItem.objects.filter(line__seller=policies.handles_money(actor), open_fen__gt=0)
    if line_id is not None:
        rows = rows.filter(line=line_id)
    rows = _with_all(rows).select_related("payable", "statement", "line__buyer")
    for row in rows.order_by("line__buyer__name", F("due_on").asc(nulls_last=True), "pk"):
        yield row.line.buyer.name, _item(row)


def _within(bucket: Bucket) -> Q:
    """The due days of a bucket, as `rules.bucket_of` has them."""
    today = clock.today()
    if bucket is Bucket.NOT_DUE:
        return Q(items__due_on=None) | Q(items__due_on__gte=today)
    for known, first, last in rules.BUCKETS:
        if known is bucket:
            days = (today - timedelta(days=last), today - timedelta(days=first))
            return Q(items__due_on__range=days)
    return Q(items__due_on__lt=today - timedelta(days=rules.BUCKETS[-1][2]))


def _with_all(rows: QuerySet[CreditItem]) -> QuerySet[CreditItem]:
    return rows.select_related("payable", "statement")


def _summed(rows: QuerySet[CreditStatement]) -> QuerySet[CreditStatement]:
    return rows.select_related("line__seller", "line__buyer").annotate(
        open_fen=Sum("items__open_fen", default=0), orders=Count("items")
    )


def _item(row: CreditItem) -> CreditItemView:
    today = clock.today()
    bucket, state = rules.bucket_of(row.due_on, today), state_of(row, today)
    late = row.open_fen and row.due_on is not None
    return CreditItemView(
        subject=row.payable.subject,
        number=number_of(row.payable.subject),
        title=row.payable.title,
        promised=Money(row.promised_fen),
        paid=Money(row.kept_fen),
        waived=Money(row.waived_fen),
        open=Money(row.open_fen),
        promised_at=row.promised_at,
        received_at=row.received_at,
        due_on=row.due_on,
        days=rules.days_overdue(row.due_on, today) if late and row.due_on else 0,
        bucket=bucket.value,
        bucket_label=str(words.BUCKETS[bucket]),
        statement=row.statement.number if row.statement else "",
        state=state.value,
        state_label=str(state.label),
    )


def _statement(row: CreditStatement) -> CreditStatementView:
    open_ = Money(row.open_fen)  # type: ignore[attr-defined]  # annotated by _summed
    return CreditStatementView(
        number=row.number,
        line_id=row.line_id,
        seller_id=row.line.seller_id,
        seller_name=row.line.seller.name,
        buyer_id=row.line.buyer_id,
        buyer_name=row.line.buyer.name,
        period_start=row.period_start,
        period_end=row.period_end,
        last_day=row.period_end - rules.ONE,
        due_on=row.due_on,
        days=rules.days_overdue(row.due_on, clock.today()) if open_ else 0,
        orders=row.orders,  # type: ignore[attr-defined]  # annotated by _summed
        amount=Money(row.amount_fen),
        open=open_,
        closed_at=row.closed_at,
    )


def _repayment(row: Repayment, laid_out: tuple[tuple[str, Money], ...] = ()) -> RepaymentView:
    return RepaymentView(
        number=row.number,
        payable_number=row.payable.number,
        line_id=row.line_id,
        seller_name=row.line.seller.name,
        statement=row.statement.number if row.statement else "",
        amount=Money(row.payable.amount_fen),
        settled=Money(row.payable.settled_fen),
        left=Money(row.left_fen),
        state=row.payable.state,
        state_label=str(row.payable.get_state_display()),
        at=row.at,
        laid_out=laid_out,
    )
