"""What repayments to financiers have in common, whatever they repay: the money passes through the
buyer's own accounts and on to the financier, and a repayment that nobody pays ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F

from pifa.finance.commands.debts import pay_debt
from pifa.finance.commands.locking import lock_payable_on_arrival
from pifa.finance.commands.payables import close_payable
from pifa.finance.commands.schedule import waive_rest
from pifa.finance.events import SubjectsWanted
from pifa.finance.financiers.protocol import Taker
from pifa.finance.models import Payable
from pifa.kernel import deadlines
from pifa.kernel.events import notify_subscribers
from pifa.kernel.ids import number_of
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import Leg, TransferKind


def lock_together(subjects: Sequence[str], own: str) -> None:
    """Lock what a repayment is for and its own payable, in the one order: orders, then payables.

    The buyer's account with its financier comes after them, and is the caller's to lock.
    """
    notify_subscribers(SubjectsWanted(subjects=tuple(subjects)))
    rows = Payable.objects.filter(subject__in=[*subjects, own]).order_by("pk")
    list(rows.select_for_update(no_key=True))


def pass_on(
    payable: Payable,
    key: str,
    came: Money,
    left: Money,
    legs: Iterable[Leg],
    taker: Taker | None,
    deadline: str,
) -> None:
    """Money of a locked repayment is in escrow: all but what is left goes to the financier, beside
    the postings that say what is owed no more; the rest stays on the buyer's balance."""
    assert payable.payer_id is not None
    moved = postings.financier_gets(payable.subject, payable.payer_id, came, came - left)
    ledger.transfer(key, TransferKind.FINANCIER_REPAID, [*moved, *legs])
    Payable.objects.filter(pk=payable.pk).update(released_fen=F("released_fen") + came.fen)
    if taker is not None and came > left:
        taker.take(came - left, key, number_of(payable.subject))
    if left:
        pay_debt(payable.payer_id, key)
    if payable.state != Payable.State.OPEN:
        deadlines.clear(payable.subject, deadline)


def expire(subject: str) -> None:
    """Nobody paid (all of) what was begun: money that still comes goes back."""
    with transaction.atomic():
        payable = lock_payable_on_arrival(subject)
        if payable.state == Payable.State.OPEN:
            waive_rest(subject) if payable.settled_fen else close_payable(subject)
