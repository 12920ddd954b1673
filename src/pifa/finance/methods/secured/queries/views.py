"""Receivables as they are read, whoever reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from pifa.finance.methods.secured import words
from pifa.finance.methods.secured.book import rates
from pifa.finance.methods.secured.commands.collecting import EarlyQuote, quote
from pifa.finance.methods.secured.models import SecuredPayout, SecuredReceivable
from pifa.finance.methods.secured.states import ClaimState, claim_state, debt_state
from pifa.finance.methods.trade_credit.rules import days_overdue
from pifa.kernel import clock
from pifa.kernel.ids import number_of
from pifa.kernel.money import Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor

TABS = ("all", "overdue", "requested", "succeeded", "failed", "due")
"""The tabs of a seller's page: all, its buyer is overdue, early collection asked for, paid, not
paid, and what waits for its due day."""


@dataclass(frozen=True, slots=True)
class SecuredView:
    """A secured order: `claim` is still to be paid to the seller, `owed` by the buyer.

    `arrived` is what the seller received, less `fees`; `days` overdue are the buyer's. `early` is
    what collecting it today would cost, where that may be asked for; `why` why it was not paid early.
    """

    subject: str
    number: str
    title: str
    seller_id: int
    seller_name: str
    buyer_id: int
    buyer_name: str
    promised: Money
    claim: Money
    owed: Money
    refunded: Money
    repaid: Money
    arrived: Money
    fees: Money
    promised_at: datetime
    received_at: datetime | None
    due_on: date | None
    days: int
    state: str
    state_label: str
    debt: str
    debt_label: str
    early_state: str
    early_label: str
    early: EarlyQuote | None
    why: str


def in_tab(tab: str) -> Q:
    """The receivables of a tab."""
    early = SecuredReceivable.Early
    return {
        "overdue": Q(owed_fen__gt=0, due_on__lt=clock.today()),
        "requested": Q(early=early.REQUESTED),
        "succeeded": Q(early=early.SUCCEEDED),
        "failed": Q(early=early.FAILED),
        "due": Q(claim_fen__gt=0, received_at__isnull=False) & ~Q(early=early.REQUESTED),
    }.get(tab, Q())


def page_of(
    rows: QuerySet[SecuredReceivable], cursor: str | None, size: int | None
) -> Page[SecuredView]:
    """A page of receivables, latest first; three statements for any number."""
    if cursor:
        (before,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=before)
    size = page_size(size)
    found = list(loaded(rows).order_by("-pk")[: size + 1])
    page = cut(found, size, lambda row: (row.pk,))
    return Page(views(page.items), page.next_cursor)


def loaded(rows: QuerySet[SecuredReceivable]) -> QuerySet[SecuredReceivable]:
    """Rows with what their views need."""
    return rows.select_related("payable", "seller", "account__buyer")


def views(rows: Iterable[SecuredReceivable]) -> list[SecuredView]:
    """Receivables as they stand now."""
    found = list(rows)
    payouts: dict[int, list[SecuredPayout]] = {}
    for payout in SecuredPayout.objects.filter(receivable__in=found).order_by("pk"):
        payouts.setdefault(payout.receivable_id, []).append(payout)
    terms = rates()
    early_rate = terms.early_rate if terms else None
    return [_view(row, payouts.get(row.pk, []), early_rate) for row in found]


def secured_item(subject: str) -> SecuredView | None:
    """The secured order of a subject, if it is one; for who may see the subject."""
    found = views(loaded(SecuredReceivable.objects.filter(payable__subject=subject)))
    return found[0] if found else None


def _view(
    row: SecuredReceivable, payouts: list[SecuredPayout], early_rate: Decimal | None
) -> SecuredView:
    today = clock.today()
    state, debt = claim_state(row), debt_state(row, today)
    paid = [one for one in payouts if one.state == SecuredPayout.State.PAID]
    fees = sum(one.early_fee_fen + one.service_fee_fen for one in paid)
    early = [one for one in payouts if one.kind == SecuredPayout.Kind.EARLY]
    asked = any(one.state == SecuredPayout.State.REQUESTED for one in payouts)
    may = state == ClaimState.WAITING and row.due_on and row.due_on > today and not asked
    return SecuredView(
        subject=row.payable.subject,
        number=number_of(row.payable.subject),
        title=row.payable.title,
        seller_id=row.seller_id,
        seller_name=row.seller.name,
        buyer_id=row.account.buyer_id,
        buyer_name=row.account.buyer.name,
        promised=Money(row.promised_fen),
        claim=Money(row.claim_fen),
        owed=Money(row.owed_fen),
        refunded=Money(row.waived_fen + row.clawed_fen),
        repaid=Money(row.repaid_fen),
        arrived=Money(row.paid_fen - fees),
        fees=Money(fees),
        promised_at=row.promised_at,
        received_at=row.received_at,
        due_on=row.due_on,
        days=days_overdue(row.due_on, today) if row.owed_fen and row.due_on else 0,
        state=state.value,
        state_label=str(state.label),
        debt=debt.value,
        debt_label=str(debt.label),
        early_state=row.early,
        early_label=str(row.get_early_display()) if row.early else "",
        early=quote(row, early_rate) if may and early_rate is not None else None,
        why=words.why(early[-1].why) if early and early[-1].why else "",
    )
