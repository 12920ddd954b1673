"""A buyer pays the financier: a repayment, laid out over its orders, the oldest first.

Its payable's subject is `secured:<number>`, from the buyer to itself: the money passes through its
own accounts on to the financier. Whoever is about to lock that payable locks before it what the
money will be laid out on (`docs/locking.md`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from pifa.finance.commands.locking import lock_payable
from pifa.finance.commands.payables import NewPayable, open_payables
from pifa.finance.financiers import registry as financiers
from pifa.finance.financiers import repayments
from pifa.finance.methods.secured import standing
from pifa.finance.methods.secured.commands import receivables
from pifa.finance.methods.secured.errors import NothingToRepay, SecuredRepaymentTooLarge
from pifa.finance.methods.secured.events import SecuredRepaid
from pifa.finance.methods.secured.models import (
    SecuredAccount,
    SecuredAllocation,
    SecuredReceivable,
    SecuredRepayment,
)
from pifa.finance.methods.secured.words import repayment_title
from pifa.finance.methods.trade_credit.rules import lay_out
from pifa.finance.models import Payable, Payment
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import Actor, Role
from pifa.kernel.events import emit
from pifa.kernel.ids import public_number
from pifa.kernel.money import ZERO, Money, total
from pifa.parties import policies as parties

SUBJECT = "secured:"

DEADLINE = "secured.repayment"
"""Nobody paid what was begun; the deadline's subject is the payable's."""


def repay_secured(
    actor: Actor, amount: Money | None = None, *, subjects: Sequence[str] = ()
) -> str:
    """Open a payable for what a buyer wants to repay; returns the payable's number.

    For chosen orders (by their subjects), else for all that was received; `amount` none: all that
    is owed of them. `NothingToRepay`, `SecuredRepaymentTooLarge` with the figures.
    """
    buyer_id = parties.require(actor, Role.PURCHASER, Role.FINANCE)
    with transaction.atomic():
        account = SecuredAccount.objects.filter(buyer=buyer_id).first()
        chosen = list(_chosen(account, subjects)) if account is not None else []
        owed = total(Money(row.owed_fen) for row in chosen)
        if account is None or not owed:
            raise NothingToRepay
        amount = owed if amount is None else amount
        if not ZERO < amount <= owed:
            raise SecuredRepaymentTooLarge(field="amount", amount=amount, owed=owed)
        number = public_number("F")
        subject = SUBJECT + number
        (payable_number,) = open_payables(
            [NewPayable(subject, buyer_id, buyer_id, amount.fen, repayment_title())]
        )
        repayment = SecuredRepayment.objects.create(
            number=number,
            account=account,
            payable=Payable.objects.get(number=payable_number),
            at=clock.now(),
        )
        repayment.receivables.set(chosen)
        hours = timedelta(hours=settings.MARKET["credit_repayment_hours"])
        deadlines.set_new([(DEADLINE, subject, clock.now() + hours)])
        audit.record(actor, "secured.repay", subject, amount_fen=amount.fen)
    return payable_number


def lock_for(subject: str) -> None:
    """Lock what a repayment's money will be laid out on, and its own payable, in the one order:
    orders, payables, the account."""
    repayment = SecuredRepayment.objects.get(number=subject.removeprefix(SUBJECT))
    subjects = list(_owed(repayment).values_list("payable__subject", flat=True))
    repayments.lock_together(subjects, subject)
    standing.account_of(repayment.account.buyer_id)


def arrived(subject: str, amount: Money) -> None:
    """Money of a repayment is in escrow: pass it on to the financier, in this transaction.

    The locks of `lock_for` are held. What is not owed any more stays on the buyer's balance.
    """
    payable = lock_payable(subject)
    assert payable.payer_id is not None
    repayment = SecuredRepayment.objects.get(payable=payable)
    nth = payable.payments.filter(state=Payment.State.SUCCEEDED).count()
    key = f"financier-repaid:{repayment.number}/{nth}"
    chosen = list(_owed(repayment).select_related("payable", "account"))
    shares, left = lay_out(amount, [Money(row.owed_fen) for row in chosen])
    paid = [(row, share) for row, share in zip(chosen, shares, strict=True) if share]
    legs = [receivables.repaid(row, share) for row, share in paid]
    SecuredAllocation.objects.bulk_create(
        SecuredAllocation(repayment=repayment, receivable=row, amount_fen=share.fen, at=clock.now())
        for row, share in paid
    )
    taker = financiers.get(paid[0][0].financier) if paid else None
    repayments.pass_on(payable, key, amount, left, legs, taker, DEADLINE)
    if left:
        SecuredRepayment.objects.filter(pk=repayment.pk).update(left_fen=F("left_fen") + left.fen)
    account = SecuredAccount.objects.get(pk=repayment.account_id)
    emit(
        SecuredRepaid(
            buyer_id=account.buyer_id,
            number=repayment.number,
            amount_fen=amount.fen,
            orders=len(paid),
            left_fen=left.fen,
            owed_fen=account.used_fen,
        )
    )


def oldest_first(rows: QuerySet[SecuredReceivable]) -> QuerySet[SecuredReceivable]:
    """Debts in the order in which they are repaid: what is due first, then what came first."""
    return rows.order_by(F("due_on").asc(nulls_last=True), "pk")


def _chosen(account: SecuredAccount, subjects: Sequence[str]) -> QuerySet[SecuredReceivable]:
    rows = oldest_first(account.receivables.filter(owed_fen__gt=0))
    if subjects:
        return rows.filter(payable__subject__in=list(subjects))
    return rows.filter(received_at__isnull=False)


def _owed(repayment: SecuredRepayment) -> QuerySet[SecuredReceivable]:
    return oldest_first(repayment.receivables.filter(owed_fen__gt=0))
