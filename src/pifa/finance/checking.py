"""The proof that every payable's money equals its postings; a handful of statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from pifa.finance.models import Payable, PayableStage, Payment, PaymentRefund, ProtectionDeposit
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind, Discrepancy, TransferKind

_SUBJECT = OuterRef("subject")


def payables() -> Iterator[Discrepancy]:
    """Rows of payables, stages and payments that do not agree with the ledger or each other."""
    yield from _against_postings()
    yield from _against_schedule()
    yield from _payments()
    yield from _returned()
    for subject in ledger.subjects_without("", Payable.objects.values("subject")):
        yield Discrepancy("no_payable", subject, "escrow postings", Money(0), ledger.held(subject))


def deposits() -> Iterator[Discrepancy]:
    """Companies whose deposit is frozen though they are not in buyer protection."""
    away = ProtectionDeposit.objects.filter(left_at__isnull=False)
    owners = away.filter(
        company__accounts__kind=AccountKind.DEPOSIT.value, company__accounts__balance_fen__gt=0
    )
    for company_id, fen in owners.values_list("company", "company__accounts__balance_fen"):
        yield Discrepancy("deposit", f"company:{company_id}", "deposit", Money(0), Money(fen))


def _against_postings() -> Iterator[Discrepancy]:
    figures = {
        "settled_fen": ledger.posted(
            _SUBJECT, kind=TransferKind.PAYMENT, credit=AccountKind.ESCROW
        ),
        "refunded_fen": ledger.posted(_SUBJECT, kind=TransferKind.REFUND),
        "released_fen": ledger.posted(_SUBJECT, kind=TransferKind.RELEASE)
        + ledger.posted(_SUBJECT, kind=TransferKind.DEPOSIT, debit=AccountKind.ESCROW),
    }
    for name, posted in figures.items():
        rows = Payable.objects.annotate(posted=posted).exclude(posted=F(name)).order_by("pk")
        for subject, expected, found in rows.values_list("subject", "posted", name):
            yield _row("payable", subject, f"payable.{name}", expected, found)


def _against_schedule() -> Iterator[Discrepancy]:
    stages = PayableStage.objects.filter(payable=OuterRef("pk"))
    paid = Payment.objects.filter(payable=OuterRef("pk"), state=Payment.State.SUCCEEDED)
    figures = (
        ("amount_fen", "sum(stage.amount_fen)", _sum(stages, "payable", "amount_fen")),
        (
            "settled_fen",
            "sum(settled stage.amount_fen)",
            _sum(stages.filter(settled_at__isnull=False), "payable", "amount_fen"),
        ),
        ("settled_fen", "sum(payment.amount_fen)", _sum(paid, "payable", "amount_fen")),
        ("refunded_fen", "sum(payment.refunded_fen)", _sum(paid, "payable", "refunded_fen")),
    )
    for name, what, total in figures:
        rows = Payable.objects.annotate(total=total).exclude(total=F(name)).order_by("pk")
        for subject, expected, found in rows.values_list("subject", name, "total"):
            yield _row("schedule", subject, what, expected, found)


def _payments() -> Iterator[Discrepancy]:
    refunds = PaymentRefund.objects.filter(payment=OuterRef("pk"))
    rows = Payment.objects.annotate(sent=_sum(refunds, "payment", "amount_fen"))
    wrong = rows.exclude(sent=F("refunded_fen")).order_by("pk")
    for number, expected, found in wrong.values_list("number", "sent", "refunded_fen"):
        yield _row("payment", f"payment:{number}", "payment.refunded_fen", expected, found)


def _returned() -> Iterator[Discrepancy]:
    came_back = Payment.objects.filter(payable=OuterRef("pk"), state=Payment.State.RETURNED)
    total = _sum(came_back, "payable", "amount_fen")
    for way in (AccountKind.GATEWAY, AccountKind.BALANCE):
        posted = ledger.posted(_SUBJECT, kind=TransferKind.RETURN, debit=way)
        rows = Payable.objects.annotate(posted=posted, total=total).exclude(posted=F("total"))
        for subject, expected, found in rows.values_list("subject", "posted", "total"):
            yield _row("returned", subject, f"returned payments by {way}", expected, found)


def _sum(rows: QuerySet[Any], group: str, name: str) -> Coalesce:
    fen = rows.order_by().values(group).annotate(fen=Sum(name)).values("fen")
    return Coalesce(
        Subquery(fen, output_field=BigIntegerField()), Value(0), output_field=BigIntegerField()
    )


def _row(code: str, subject: str, what: str, expected: int, found: int) -> Discrepancy:
    return Discrepancy(code, subject, what, Money(expected), Money(found))
