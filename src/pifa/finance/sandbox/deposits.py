"""Companies' accounts at the sandbox bank, and its loans: all in the bank's one book.

What is on an account is the sum of its entries. Who takes from one locks its row first and then
looks at the sum; who puts money on it only writes an entry and waits for nobody.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from pifa.finance.partner_bank.errors import NotEnough, NotOwnCard
from pifa.finance.partner_bank.protocol import AccountLine, Card, Collected
from pifa.finance.partner_bank.rules import normal
from pifa.finance.sandbox import books
from pifa.finance.sandbox.books import BANK, MARKET, Holder, Kind
from pifa.finance.sandbox.models import SandboxAccount, SandboxEntry
from pifa.kernel import clock
from pifa.kernel.money import Money

_Role = SandboxAccount.Role
_PREFIX = "6210"
_DIGITS = 12

INCOME = Holder("8800000000000007", "利息收入", BANK, _Role.BANK.value)
COUPONS = Holder("8800000000000004", "利息红包", BANK, _Role.BANK.value)


def open_account(holder: str) -> str:
    """A new account in a company's name; returns its number."""
    number = f"{_PREFIX}{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
    SandboxAccount.objects.create(
        number=number, holder=holder, bank=BANK, role=_Role.CUSTOMER.value
    )
    return number


def is_kept(number: str) -> bool:
    """Whether a number is that of a company's account here."""
    rows = SandboxAccount.objects.filter(number=number, role=_Role.CUSTOMER)
    return number.startswith(_PREFIX) and rows.exists()


def is_own(number: str) -> bool:
    """Whether a number is that of any account in this bank's keeping; nobody pays from it unasked."""
    return SandboxAccount.objects.filter(number=number).exclude(role=_Role.OUTSIDE).exists()


def bind(card: Card) -> str:
    """Keep an account outside as a card; `NotOwnCard` for one that is somebody else's."""
    row, _made = SandboxAccount.objects.get_or_create(
        number=card.number,
        defaults={"holder": card.holder, "bank": card.bank, "role": _Role.OUTSIDE.value},
    )
    if row.role != _Role.OUTSIDE or normal(row.holder) != normal(card.holder):
        raise NotOwnCard("number", name=card.holder)
    return str(row.pk)


def balance(number: str) -> Money:
    """What is on an account."""
    return books.balance(number)


def hold(number: str) -> Money:
    """What is on an account, under its lock."""
    _lock(number)
    return balance(number)


def require(number: str, amount: Money) -> None:
    """So much is on an account, which is locked now; `NotEnough`."""
    _lock(number)
    _require(number, amount)


def take_in(number: str, card: str, amount: Money, key: str) -> None:
    """Money from a bound card."""
    books.move(Kind.CARD_IN, key, _outside(card), _own(number), amount)


def arrive(number: str, payer: Holder, amount: Money, key: str, remark: str) -> None:
    """A transfer from any bank to an account's number."""
    books.move(Kind.ACCOUNT_IN, key, payer, _own(number), amount, remark[:64])


def send_out(number: str, card: str, amount: Money, key: str) -> None:
    """Money to a bound card; `NotEnough`."""
    _debit(Kind.ACCOUNT_OUT, key, number, _outside(card), amount)


def pay(number: str, amount: Money, payment_number: str) -> str:
    """Pay the market for a payment; the receipt's number. `NotEnough`."""
    key = f"QP-{payment_number}"
    _debit(Kind.QUICK_PAYMENT, key, number, MARKET, amount, payment_number)
    return key


def debit(number: str, receipt_no: str, amount: Money, reference: str) -> None:
    """Pay the market under a mandate, once for a receipt; `NotEnough`."""
    _debit(Kind.MANDATE_DEBIT, receipt_no, number, MARKET, amount, reference)


def refund(number: str, amount: Money, key: str, payment_number: str) -> None:
    """The market sends money of a payment back."""
    books.move(Kind.QUICK_REFUND, key, MARKET, _own(number), amount, payment_number)


def lend(number: str, loan: str, amount: Money) -> None:
    """The money of a loan, once: its account is then below zero by what is owed."""
    books.move(Kind.LOAN_OUT, f"loan:{loan}", _loan(loan), _own(number), amount, loan)


def collect(number: str, loan: str, parts: Collected, key: str) -> None:
    """Take what a loan costs from the account, once for a key; `NotEnough` for any of it."""
    with transaction.atomic():
        _lock(number)
        if any(books.is_written(f"{key}:{name}") for name in ("interest", "principal", "coupon")):
            return
        _require(number, parts.from_account)
        for name, kind, payer, payee, amount in (
            ("penalty", Kind.LOAN_PENALTY, _own(number), INCOME, parts.penalty),
            ("interest", Kind.LOAN_INTEREST, _own(number), INCOME, parts.interest),
            ("coupon", Kind.LOAN_COUPON, COUPONS, INCOME, parts.coupon),
            ("principal", Kind.LOAN_BACK, _own(number), _loan(loan), parts.principal),
        ):
            if amount:
                books.move(kind, f"{key}:{name}", payer, payee, amount, loan)


def lines(number: str, since: date, until: date) -> tuple[Money, list[AccountLine]]:
    """The balance before a market day, and every movement until another (included)."""
    begins = clock.start_of_day(since)
    ends = clock.start_of_day(until + timedelta(days=1))
    before = _sum(number, "credit", begins) - _sum(number, "debit", begins)
    rows = SandboxEntry.objects.filter(
        Q(debit__number=number) | Q(credit__number=number), at__gte=begins, at__lt=ends
    ).select_related("debit", "credit")
    return Money(before), list(_told(number, before, rows.order_by("at", "pk")))


def _told(number: str, fen: int, rows: QuerySet[SandboxEntry]) -> Iterator[AccountLine]:
    for row in rows:
        came = row.credit.number == number
        fen += row.amount_fen if came else -row.amount_fen
        amount, nothing = Money(row.amount_fen), Money(0)
        yield AccountLine(
            key=row.key,
            at=row.at,
            kind=row.kind,
            label=str(row.get_kind_display()),
            other=row.debit.holder if came else row.credit.holder,
            reference=row.reference,
            incoming=amount if came else nothing,
            outgoing=nothing if came else amount,
            balance=Money(fen),
        )


def _sum(number: str, side: str, before: datetime) -> int:
    rows = SandboxEntry.objects.filter(at__lt=before, **{f"{side}__number": number})
    return int(rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def _debit(
    kind: str, key: str, number: str, payee: Holder, amount: Money, reference: str = ""
) -> None:
    with transaction.atomic():
        _lock(number)
        if books.is_written(key):
            return
        _require(number, amount)
        books.move(kind, key, _own(number), payee, amount, reference)


def _lock(number: str) -> None:
    SandboxAccount.objects.select_for_update(no_key=True).get(number=number, role=_Role.CUSTOMER)


def _require(number: str, amount: Money) -> None:
    there = balance(number)
    if there < amount:
        raise NotEnough(balance=there, needed=amount, missing=amount - there)


def _own(number: str) -> Holder:
    row = SandboxAccount.objects.get(number=number, role=_Role.CUSTOMER)
    return Holder(row.number, row.holder, row.bank, row.role)


def _outside(card: str) -> Holder:
    row = SandboxAccount.objects.get(pk=int(card))
    return Holder(row.number, row.holder, row.bank, row.role)


def _loan(loan: str) -> Holder:
    return Holder(f"loan:{loan}", f"贷款 {loan}", BANK, _Role.LOAN.value)
