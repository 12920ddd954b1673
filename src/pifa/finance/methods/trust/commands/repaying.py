"""A buyer pays the bank what it paid for it: a repayment of one order.

Its payable's subject is `trust:<number>`, from the buyer to itself: the money passes through its own
accounts and on to the bank in the transaction in which it arrives.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from pifa.finance.commands.locking import lock_payable
from pifa.finance.commands.payables import NewPayable, open_payables
from pifa.finance.financiers import mandates as banks
from pifa.finance.financiers import repayments
from pifa.finance.methods.trust import standing
from pifa.finance.methods.trust.commands import items
from pifa.finance.methods.trust.errors import TrustNothingOwed, TrustRepaymentTooLarge
from pifa.finance.methods.trust.events import TrustRepaid
from pifa.finance.methods.trust.models import TrustAccount, TrustItem, TrustRepayment
from pifa.finance.methods.trust.words import repayment_title
from pifa.finance.models import Payable, Payment
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import Actor, Role
from pifa.kernel.events import emit
from pifa.kernel.ids import public_number
from pifa.kernel.money import ZERO, Money
from pifa.parties import policies as parties

SUBJECT = "trust:"

DEADLINE = "trust.repayment"
"""Nobody paid what was begun; the deadline's subject is the payable's."""


def repay_trust(actor: Actor, subject: str, amount: Money | None = None) -> str:
    """Open a payable for what a buyer wants to repay of an order, all of it if no amount is named;
    returns the payable's number. `TrustNothingOwed`, `TrustRepaymentTooLarge` with the figures."""
    buyer_id = parties.require(actor, Role.PURCHASER, Role.FINANCE)
    with transaction.atomic():
        row = TrustItem.objects.filter(payable__subject=subject, account__buyer=buyer_id).first()
        if row is None or not row.debt_fen:
            raise TrustNothingOwed
        debt = Money(row.debt_fen)
        amount = debt if amount is None else amount
        if not ZERO < amount <= debt:
            raise TrustRepaymentTooLarge(field="amount", amount=amount, debt=debt)
        number = public_number("F")
        own = SUBJECT + number
        (payable_number,) = open_payables(
            [NewPayable(own, buyer_id, buyer_id, amount.fen, repayment_title())]
        )
        TrustRepayment.objects.create(
            number=number,
            item=row,
            payable=Payable.objects.get(number=payable_number),
            at=clock.now(),
        )
        hours = timedelta(hours=settings.MARKET["credit_repayment_hours"])
        deadlines.set_new([(DEADLINE, own, clock.now() + hours)])
        audit.record(actor, "trust.repay", own, amount_fen=amount.fen, order=subject)
    return payable_number


def lock_for(subject: str) -> None:
    """Lock the order that a repayment is for and both payables, then the account."""
    found = TrustRepayment.objects.select_related("item__payable", "item__account")
    repayment = found.get(number=subject.removeprefix(SUBJECT))
    repayments.lock_together([repayment.item.payable.subject], subject)
    standing.account_of(repayment.item.account.buyer_id)


def arrived(subject: str, amount: Money) -> None:
    """Money of a repayment is in escrow: pass it on to the bank, in this transaction.

    The locks of `lock_for` are held. What is not owed any more stays on the buyer's balance.
    """
    payable = lock_payable(subject)
    repayment = TrustRepayment.objects.get(payable=payable)
    row = TrustItem.objects.select_related("payable", "account", "mandate").get(
        pk=repayment.item_id
    )
    nth = payable.payments.filter(state=Payment.State.SUCCEEDED).count()
    key = f"financier-repaid:{repayment.number}/{nth}"
    paid = min(amount, Money(row.debt_fen))
    left = amount - paid
    legs = [items.repaid(row, paid)] if paid else []
    repayments.pass_on(payable, key, amount, left, legs, banks.get(row.mandate.bank), DEADLINE)
    TrustRepayment.objects.filter(pk=repayment.pk).update(
        paid_fen=F("paid_fen") + paid.fen, left_fen=F("left_fen") + left.fen
    )
    emit(
        TrustRepaid(
            subject=row.payable.subject,
            buyer_id=row.account.buyer_id,
            number=repayment.number,
            amount_fen=amount.fen,
            left_fen=left.fen,
            debt_fen=TrustAccount.objects.get(pk=row.account_id).debt_fen,
        )
    )
