"""Statements: postings seen from one side, with the balance after each, by pages.

Lines are ordered by the market's time, then by id; a page knows its balance by one sum up to
its newest line, so that the tenth page costs what the first does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Q, QuerySet, Sum, Value, When

from pifa.kernel import clock
from pifa.kernel.errors import InvalidInput
from pifa.kernel.money import Money
from pifa.ledger import words
from pifa.ledger.models import Account, Posting
from pifa.ledger.rules import DEBIT_NORMAL, AccountKind

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One posting seen from one side: what came in or went out, and the balance after it.

    `other` is the account on the far side, with its owner's name (none for the market).
    """

    posting_id: int
    at: datetime
    kind: str
    words: str
    subject: str
    incoming: Money
    outgoing: Money
    balance: Money
    other: AccountKind
    other_owner_id: int | None
    other_owner: str


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Lines, newest first; `opening` and `closing` are the balances around the whole period."""

    kind: AccountKind
    owner_id: int | None
    opening: Money
    closing: Money
    lines: list[StatementLine]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Period:
    """Market days, both included; an open end has no day."""

    since: date | None = None
    until: date | None = None

    def before(self) -> Q:
        """Postings before the period; none if it has no beginning."""
        return Q(at__lt=clock.start_of_day(self.since)) if self.since else Q(pk__in=[])

    def up_to_end(self) -> Q:
        """Postings up to the period's last moment."""
        if self.until is None:
            return Q()
        return Q(at__lt=clock.start_of_day(self.until + timedelta(days=1)))

    def within(self) -> Q:
        """Postings of the period."""
        started = Q(at__gte=clock.start_of_day(self.since)) if self.since else Q()
        return started & self.up_to_end()


@dataclass(frozen=True, slots=True)
class _Side:
    """From where postings are seen: which raise the balance, and whether raising is incoming."""

    kind: AccountKind
    owner_id: int | None
    raises: Q
    lowers: Q
    raising_comes_in: bool = True

    def balance(self, rows: Q) -> int:
        """The balance in fen that some postings leave."""
        sums = Posting.objects.filter(self.raises | self.lowers).filter(rows)
        found = sums.aggregate(
            up=Sum("amount_fen", filter=self.raises), down=Sum("amount_fen", filter=self.lowers)
        )
        return int(found["up"] or 0) - int(found["down"] or 0)


def of_account(
    owner_id: int | None, kind: AccountKind, period: Period, cursor: str | None, page_size: int
) -> StatementPage:
    """A page of one account's statement; an account never opened has an empty one."""
    account = Account.objects.filter(owner=owner_id, kind=kind.value)
    account_id = account.values_list("pk", flat=True).first()
    if account_id is None:
        return StatementPage(kind, owner_id, Money(0), Money(0), [], None)
    return _page(_account_side(owner_id, kind, account_id), period, cursor, page_size)


def of_subjects(
    subjects: QuerySet[Any, Any], period: Period, cursor: str | None, page_size: int
) -> StatementPage:
    """A page of what payers of subjects paid in and got back."""
    gateway = AccountKind.GATEWAY
    # What came by bank transfer was booked in suspense before anybody knew what it pays.
    came_from = [gateway.value, AccountKind.SUSPENSE.value]
    side = _Side(
        kind=gateway,
        owner_id=None,
        raises=Q(debit__kind__in=came_from, subject__in=subjects),
        lowers=Q(credit__kind=gateway.value, subject__in=subjects),
        raising_comes_in=False,
    )
    return _page(side, period, cursor, page_size)


def sum_of_postings(kind: AccountKind, account_id: int) -> Money:
    """The balance of an account by its postings."""
    return Money(_account_side(None, kind, account_id).balance(Q()))


def with_accounts(rows: QuerySet[Posting]) -> QuerySet[Posting]:
    """Postings with what it takes to tell them in words, in one statement."""
    return rows.select_related("transfer", "debit__owner", "credit__owner")


def _account_side(owner_id: int | None, kind: AccountKind, account_id: int) -> _Side:
    credits, debits = Q(credit=account_id), Q(debit=account_id)
    raises, lowers = (debits, credits) if kind in DEBIT_NORMAL else (credits, debits)
    return _Side(kind, owner_id, raises, lowers)


def _page(side: _Side, period: Period, cursor: str | None, page_size: int) -> StatementPage:
    rows = with_accounts(Posting.objects.filter(side.raises | side.lowers)).filter(
        period.within() & _older_than(cursor)
    )
    rows = rows.annotate(
        raised=Case(
            When(side.raises, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
    )
    found = list(rows.order_by("-at", "-id")[: page_size + 1])
    page = found[:page_size]
    return StatementPage(
        kind=side.kind,
        owner_id=side.owner_id,
        opening=Money(side.balance(period.before()) if period.since else 0),
        closing=Money(side.balance(period.up_to_end())),
        lines=_lines(side, page),
        next_cursor=f"{page[-1].at.isoformat()}_{page[-1].pk}" if len(found) > page_size else None,
    )


def _lines(side: _Side, page: list[Any]) -> list[StatementLine]:
    if not page:
        return []
    newest = page[0]
    balance = side.balance(Q(at__lt=newest.at) | Q(at=newest.at, pk__lte=newest.pk))
    lines = []
    for row in page:
        debit, credit = AccountKind(row.debit.kind), AccountKind(row.credit.kind)
        on_debit = row.raised == (side.kind in DEBIT_NORMAL)
        other = row.credit if on_debit else row.debit
        comes_in = row.raised == side.raising_comes_in
        lines.append(
            StatementLine(
                posting_id=row.pk,
                at=row.at,
                kind=row.transfer.kind,
                words=words.of_posting(row.transfer.kind, debit, credit),
                subject=row.subject,
                incoming=Money(row.amount_fen if comes_in else 0),
                outgoing=Money(0 if comes_in else row.amount_fen),
                balance=Money(balance),
                other=AccountKind(other.kind),
                other_owner_id=other.owner_id,
                other_owner=other.owner.name if other.owner else "",
            )
        )
        balance -= row.amount_fen if row.raised else -row.amount_fen
    return lines


def _older_than(cursor: str | None) -> Q:
    if not cursor:
        return Q()
    moment, _, posting_id = cursor.rpartition("_")
    try:
        at, pk = datetime.fromisoformat(moment), int(posting_id)
    except ValueError as error:
        raise InvalidInput(field="cursor", reason=words.bad_cursor()) from error
    if at.tzinfo is None:
        raise InvalidInput(field="cursor", reason=words.bad_cursor())
    return Q(at__lt=at) | Q(at=at, pk__lt=pk)
