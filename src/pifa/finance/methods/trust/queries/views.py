"""Orders that are paid this way as they are read, whoever reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from pifa.finance.methods.trust import words
from pifa.finance.methods.trust.models import TrustCall, TrustItem
from pifa.finance.methods.trust.states import trust_state
from pifa.kernel.ids import number_of
from pifa.kernel.money import Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor

TABS = ("all", "open", "failed", "owing")
"""All, what is still to be debited, what of it has failed, and what is owed to the bank."""


@dataclass(frozen=True, slots=True)
class TrustCallView:
    """A time that the bank was asked: to debit or to pay itself, and what it answered."""

    number: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    amount: Money
    why: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class TrustView:
    """An order: `claim` is still to be debited, `debt` owed to the bank, which `covered` so much.

    `try_on` is when a debit that failed is tried again; `tail` the last digits of the account.
    """

    subject: str
    number: str
    title: str
    seller_id: int
    seller_name: str
    buyer_id: int
    buyer_name: str
    tail: str
    promised: Money
    claim: Money
    debited: Money
    covered: Money
    refunded: Money
    repaid: Money
    debt: Money
    promised_at: datetime
    received_at: datetime | None
    failed: int
    try_on: date | None
    covered_on: date | None
    state: str
    state_label: str
    calls: tuple[TrustCallView, ...]


def in_tab(tab: str) -> Q:
    """The items of a tab."""
    return {
        "open": Q(claim_fen__gt=0),
        "failed": Q(claim_fen__gt=0, failed__gt=0),
        "owing": Q(debt_fen__gt=0),
    }.get(tab, Q())


def page_of(rows: QuerySet[TrustItem], cursor: str | None, size: int | None) -> Page[TrustView]:
    """A page of items, latest first; two statements for any number."""
    if cursor:
        (before,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=before)
    size = page_size(size)
    found = list(_loaded(rows).order_by("-pk")[: size + 1])
    page = cut(found, size, lambda row: (row.pk,))
    return Page(_views(page.items), page.next_cursor)


def trust_item(subject: str) -> TrustView | None:
    """The item of a subject, if it is one; for who may see the subject."""
    found = _views(_loaded(TrustItem.objects.filter(payable__subject=subject)))
    return found[0] if found else None


def _loaded(rows: QuerySet[TrustItem]) -> QuerySet[TrustItem]:
    return rows.select_related("payable", "seller", "account__buyer", "mandate")


def _views(rows: Iterable[TrustItem]) -> list[TrustView]:
    found = list(rows)
    calls: dict[int, list[TrustCallView]] = {}
    if found:
        for call in TrustCall.objects.filter(item__in=found).order_by("pk"):
            calls.setdefault(call.item_id, []).append(_call(call))
    return [_view(row, tuple(calls.get(row.pk, ()))) for row in found]


def _call(row: TrustCall) -> TrustCallView:
    return TrustCallView(
        number=row.number,
        kind=row.kind,
        kind_label=str(row.get_kind_display()),
        state=row.state,
        state_label=str(row.get_state_display()),
        amount=Money(row.amount_fen),
        why=words.why(row.why) if row.why else "",
        asked_at=row.asked_at,
    )


def _view(row: TrustItem, calls: tuple[TrustCallView, ...]) -> TrustView:
    state = trust_state(row)
    return TrustView(
        subject=row.payable.subject,
        number=number_of(row.payable.subject),
        title=row.payable.title,
        seller_id=row.seller_id,
        seller_name=row.seller.name,
        buyer_id=row.account.buyer_id,
        buyer_name=row.account.buyer.name,
        tail=row.mandate.tail,
        promised=Money(row.promised_fen),
        claim=Money(row.claim_fen),
        debited=Money(row.debited_fen),
        covered=Money(row.covered_fen),
        refunded=Money(row.waived_fen + row.forgiven_fen + row.returned_fen),
        repaid=Money(row.repaid_fen),
        debt=Money(row.debt_fen),
        promised_at=row.promised_at,
        received_at=row.received_at,
        failed=row.failed,
        try_on=row.try_on,
        covered_on=row.covered_on,
        state=state.value,
        state_label=str(state.label),
        calls=calls,
    )
