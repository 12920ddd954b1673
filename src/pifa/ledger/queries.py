"""What the ledger tells: balances, holds, the money of a subject, statements, the proof."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Sum

from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.ledger import checking, policies, statements, words
from pifa.ledger.models import Account, Hold, Posting, Transfer
from pifa.ledger.rules import COMPANY_OWN, AccountKind, Discrepancy, natural
from pifa.ledger.statements import PAGE_SIZE, Period, StatementLine, StatementPage

__all__ = [
    "Discrepancy",
    "Entry",
    "StatementLine",
    "StatementPage",
    "balance",
    "balances",
    "check",
    "count_postings",
    "entries",
    "gateway_statement",
    "held",
    "is_written",
    "market_balances",
    "register_subject_check",
    "statement",
    "subject_money",
]

SubjectCheck = Callable[[], Iterable[Discrepancy]]

_subject_checks: list[SubjectCheck] = []


@dataclass(frozen=True, slots=True)
class Entry:
    """One posting of a subject, in words; company names stand beside their ids."""

    posting_id: int
    at: datetime
    kind: str
    words: str
    amount: Money
    debit: AccountKind
    debit_owner_id: int | None
    debit_owner: str
    credit: AccountKind
    credit_owner_id: int | None
    credit_owner: str
    subject: str


def balance(owner_id: int | None, kind: AccountKind) -> Money:
    """What is on an account now; nothing if it was never opened."""
    row = Account.objects.filter(owner=owner_id, kind=kind.value)
    found = row.values_list("pk", "guarded", "balance_fen").first()
    if found is None:
        return Money(0)
    account_id, guarded, balance_fen = found
    return Money(balance_fen) if guarded else statements.sum_of_postings(kind, account_id)


def balances(owner_id: int) -> dict[AccountKind, Money]:
    """A company's escrow, balance and deposit, in one statement."""
    rows = Account.objects.filter(owner=owner_id).values_list("kind", "balance_fen")
    found = {AccountKind(kind): Money(fen) for kind, fen in rows}
    return {kind: found.get(kind, Money(0)) for kind in COMPANY_OWN}


def owed(owner_id: int) -> dict[AccountKind, Money]:
    """What a company owes for refunds, to the market and to the insurer; one statement."""
    kinds = (AccountKind.CLAWBACK, AccountKind.RECOURSE)
    rows = Account.objects.filter(owner=owner_id, kind__in=kinds).values_list("kind", "balance_fen")
    found = {AccountKind(kind): Money(fen) for kind, fen in rows}
    return {kind: found.get(kind, Money(0)) for kind in kinds}


def market_balances() -> dict[AccountKind, Money]:
    """Every kind of account summed over its owners, from postings: the market's balance sheet."""
    totals = dict.fromkeys(AccountKind, 0)
    for side, sign in (("credit__kind", 1), ("debit__kind", -1)):
        for kind, fen in Posting.objects.values_list(side).annotate(Sum("amount_fen")):
            totals[AccountKind(kind)] += sign * int(fen)
    return {kind: natural(kind, fen) for kind, fen in totals.items()}


def count_postings() -> int:
    """How many postings there are."""
    return Posting.objects.count()


def held(subject: str) -> Money:
    """What is still held in escrow for a subject."""
    remaining = Hold.objects.filter(subject=subject).values_list("remaining_fen", flat=True)
    return Money(remaining.first() or 0)


def is_written(key: str) -> bool:
    """Whether a transfer with this key was written."""
    return Transfer.objects.filter(key=key).exists()


def moved(key: str) -> Money:
    """What the postings of a transfer add up to; nothing if it was not written."""
    rows = Posting.objects.filter(transfer__key=key)
    return Money(rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def subject_money(subject: str) -> dict[AccountKind, Money]:
    """What a subject's postings left on each kind of account, in the account's own sense.

    For an order paid and not yet released: ESCROW and GATEWAY have its amount, BALANCE none.
    """
    totals = dict.fromkeys(AccountKind, 0)
    rows = Posting.objects.filter(subject=subject)
    for debit, credit, fen in rows.values_list("debit__kind", "credit__kind", "amount_fen"):
        totals[AccountKind(debit)] -= fen
        totals[AccountKind(credit)] += fen
    return {kind: natural(kind, fen) for kind, fen in totals.items()}


def entries(subject: str) -> list[Entry]:
    """Every posting of a subject in plain words, oldest first."""
    rows = statements.with_accounts(Posting.objects.filter(subject=subject))
    return [_entry(row) for row in rows.order_by("id")]


def statement(
    actor: Actor,
    kind: AccountKind,
    since: date | None = None,
    until: date | None = None,
    cursor: str | None = None,
    *,
    owner_id: int | None = None,
    page_size: int = PAGE_SIZE,
) -> StatementPage:
    """An account's statement over market days (both included), newest first.

    Members read their own company's accounts; an operator names the company, or no company
    for the market's own. Five statements however long it is.
    """
    owner_id = actor.company_id if owner_id is None else owner_id
    policies.may_read_account(actor, owner_id)
    return statements.of_account(owner_id, kind, Period(since, until), cursor, page_size)


def gateway_statement(
    subjects: QuerySet[Any, Any],
    since: date | None = None,
    until: date | None = None,
    cursor: str | None = None,
    *,
    page_size: int = PAGE_SIZE,
) -> StatementPage:
    """What was paid in and sent back for subjects (a query of one column), newest first.

    It is the payer's statement: payments go out, refunds come in, and the balance is what the
    payer has paid net. The caller decides whose subjects they are and who may read them.
    """
    return statements.of_subjects(subjects, Period(since, until), cursor, page_size)


def register_subject_check(check: SubjectCheck) -> SubjectCheck:
    """Let a floor above add its proof that its subjects' money equals the postings."""
    if check not in _subject_checks:
        _subject_checks.append(check)
    return check


def check() -> list[Discrepancy]:
    """Prove the books; an empty list means that every proof holds.

    Every guarded balance equals its postings; no other account keeps one; the holds of an
    escrow account add up to its balance and each equals its subject's postings; no transfer is
    empty; and, by the registered checks, every subject's money equals its state.
    """
    found = checking.own_books()
    for subject_check in _subject_checks:
        found.extend(subject_check())
    return found


def _entry(row: Posting) -> Entry:
    debit, credit = AccountKind(row.debit.kind), AccountKind(row.credit.kind)
    return Entry(
        posting_id=row.pk,
        at=row.at,
        kind=row.transfer.kind,
        words=words.of_posting(row.transfer.kind, debit, credit),
        amount=Money(row.amount_fen),
        debit=debit,
        debit_owner_id=row.debit.owner_id,
        debit_owner=row.debit.owner.name if row.debit.owner else "",
        credit=credit,
        credit_owner_id=row.credit.owner_id,
        credit_owner=row.credit.owner.name if row.credit.owner else "",
        subject=row.subject,
    )
