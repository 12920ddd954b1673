"""A buyer pays what it owes on a line: a repayment, laid out over the promises, oldest first.

Its payable's subject is `repayment:<number>`; it is paid like any other. Whoever is about to lock
that payable locks before it what the money will be laid out on (`docs/locking.md`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from pifa.finance.commands.arriving import keep_promise
from pifa.finance.commands.debts import pay_debt
from pifa.finance.commands.locking import lock_payable, lock_payable_on_arrival
from pifa.finance.commands.payables import NewPayable, close_payable, open_payables
from pifa.finance.commands.schedule import waive_rest
from pifa.finance.events import SubjectsWanted
from pifa.finance.methods.trade_credit import rules, standing
from pifa.finance.methods.trade_credit.errors import NothingOwed, RepaymentTooLarge
from pifa.finance.methods.trade_credit.events import CreditRepaid
from pifa.finance.methods.trade_credit.models import (
    CreditAllocation,
    CreditItem,
    CreditLine,
    CreditStatement,
    Repayment,
)
from pifa.finance.methods.trade_credit.words import repayment_title
from pifa.finance.models import Payable, Payment
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import NotFound
from pifa.kernel.events import emit, notify_subscribers
from pifa.kernel.ids import public_number
from pifa.kernel.money import ZERO, Money, total
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import TransferKind
from pifa.parties import policies as parties

SUBJECT = "repayment:"

DEADLINE = "credit.repayment"
"""Nobody paid what was begun; the deadline's subject is the payable's."""


def repay(
    actor: Actor,
    line_id: int,
    amount: Money | None = None,
    *,
    statement: str | None = None,
    subjects: Sequence[str] = (),
) -> str:
    """Open a payable for what a buyer wants to pay on its line; returns the payable's number.

    For a statement, for chosen promises (by their payables' subjects), else for all that is due;
    `amount` none: all that is open of them. `NothingOwed`, `RepaymentTooLarge` with the figures.
    """
    parties.require(actor, Role.PURCHASER, Role.FINANCE)
    with transaction.atomic():
        line = CreditLine.objects.filter(pk=line_id, buyer=actor.company_id).first()
        if line is None:
            raise NotFound
        of = line.statements.filter(number=statement).first() if statement else None
        if statement and of is None:
            raise NotFound
        chosen = list(_chosen(line, of, subjects))
        owed = total(Money(item.open_fen) for item in chosen)
        if not owed:
            raise NothingOwed
        amount = owed if amount is None else amount
        if not ZERO < amount <= owed:
            raise RepaymentTooLarge(field="amount", amount=amount, owed=owed)
        number = public_number("R")
        subject = SUBJECT + number
        title = repayment_title(line.seller.name, of.number if of else "")
        (payable_number,) = open_payables(
            [NewPayable(subject, line.buyer_id, line.seller_id, amount.fen, title)]
        )
        repayment = Repayment.objects.create(
            number=number,
            line=line,
            payable=Payable.objects.get(number=payable_number),
            statement=of,
            at=clock.now(),
        )
        repayment.items.set(chosen)
        hours = timedelta(hours=settings.MARKET["credit_repayment_hours"])
        deadlines.set_new([(DEADLINE, subject, clock.now() + hours)])
        audit.record(actor, "credit.repay", subject, line=line.pk, amount_fen=amount.fen)
    return payable_number


def lock_for(subject: str) -> None:
    """Lock what a repayment's money will be laid out on, and its own payable, in the one order:
    orders, payables, the line."""
    repayment = Repayment.objects.get(number=subject.removeprefix(SUBJECT))
    subjects = list(_open(repayment).values_list("payable__subject", flat=True))
    notify_subscribers(SubjectsWanted(subjects=tuple(subjects)))
    rows = Payable.objects.filter(subject__in=[*subjects, subject]).order_by("pk")
    list(rows.select_for_update(no_key=True))
    standing.lock_line(repayment.line_id)


def arrived(subject: str, amount: Money) -> None:
    """Money of a repayment is in escrow: pass it on and lay it out, in this transaction.

    The locks of `lock_for` are held. What is not owed any more stays on the payer's balance.
    """
    payable = lock_payable(subject)
    assert payable.payer_id is not None
    repayment = Repayment.objects.select_related("line").get(payable=payable)
    nth = payable.payments.filter(state=Payment.State.SUCCEEDED).count()
    key = f"allocation:{repayment.number}/{nth}"
    legs = postings.passed_on(subject, payable.payee_id, payable.payer_id, amount)
    ledger.transfer(key, TransferKind.ALLOCATION, legs)
    Payable.objects.filter(pk=payable.pk).update(released_fen=F("released_fen") + amount.fen)
    chosen = list(_open(repayment).select_related("payable"))
    shares, left = rules.lay_out(amount, [Money(item.open_fen) for item in chosen])
    paid = [(item, share) for item, share in zip(chosen, shares, strict=True) if share]
    for item, share in paid:
        _keep(item, share, f"{repayment.number}/{nth}")
        CreditAllocation.objects.create(
            repayment=repayment, item=item, amount_fen=share.fen, at=clock.now()
        )
    if left:
        Repayment.objects.filter(pk=repayment.pk).update(left_fen=F("left_fen") + left.fen)
        pay_debt(payable.payer_id, key)
    if payable.state != Payable.State.OPEN:
        deadlines.clear(subject, DEADLINE)
    line = repayment.line
    line.refresh_from_db(fields=["used_fen"])
    emit(
        CreditRepaid(
            line_id=line.pk,
            seller_id=line.seller_id,
            buyer_id=line.buyer_id,
            number=repayment.number,
            amount_fen=amount.fen,
            orders=len(paid),
            left_fen=left.fen,
            owed_fen=line.used_fen,
        )
    )


def expire(subject: str) -> None:
    """Nobody paid (all of) what was begun: money that still comes goes back."""
    with transaction.atomic():
        payable = lock_payable_on_arrival(subject)
        if payable.state == Payable.State.OPEN:
            waive_rest(subject) if payable.settled_fen else close_payable(subject)


def _chosen(
    line: CreditLine, of: CreditStatement | None, subjects: Sequence[str]
) -> QuerySet[CreditItem]:
    rows = oldest_first(CreditItem.objects.filter(line=line, open_fen__gt=0))
    if subjects:
        rows = rows.filter(payable__subject__in=list(subjects))
    elif of is None:
        rows = rows.filter(received_at__isnull=False)
    return rows if of is None else rows.filter(statement=of)


def _open(repayment: Repayment) -> QuerySet[CreditItem]:
    return oldest_first(repayment.items.filter(open_fen__gt=0))


def oldest_first(rows: QuerySet[CreditItem]) -> QuerySet[CreditItem]:
    """Promises in the order in which they are paid: what is due first, then what came first."""
    return rows.order_by(
        F("due_on").asc(nulls_last=True), F("received_at").asc(nulls_last=True), "pk"
    )


def _keep(item: CreditItem, share: Money, receipt: str) -> None:
    """Pay so much of an item; with parts it is promised by several payments, one after another."""
    rows = Payment.objects.filter(
        payable=item.payable_id, method=standing.CODE, state=Payment.State.PROMISED
    )
    for payment in rows.order_by("stage__position"):
        part = min(share, Money(payment.amount_fen))
        if not part:
            return
        keep_promise(payment.number, part, f"{receipt}/{payment.pk}")
        share = share - part
