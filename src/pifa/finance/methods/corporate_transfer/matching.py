"""What was decided for a line is done: each payable in a transaction of its own.

So that whoever settles several orders with one line never holds one while it waits for the
next. A line that was interrupted is gone on with by its deadline; what it pays by then is
settled once, by its receipt number.
"""

from __future__ import annotations

from django.db import transaction

from pifa.finance.commands.arriving import book_arrival
from pifa.finance.methods.corporate_transfer.events import (
    MATCH_DEADLINE,
    TransferAssigned,
    TransferReceived,
)
from pifa.finance.methods.corporate_transfer.method import CODE
from pifa.finance.methods.corporate_transfer.models import BankLine, BankMatch
from pifa.finance.methods.corporate_transfer.rules import Why
from pifa.finance.methods.corporate_transfer.states import after
from pifa.finance.models import Payable, Payment
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM
from pifa.kernel.errors import DomainError, NotFound
from pifa.kernel.events import emit
from pifa.kernel.money import Money

State = BankLine.State


def carry_out(number: str) -> BankLine:
    """Do what is planned for a line, or the rest of it; nothing if that is done."""
    while True:
        with transaction.atomic():
            line = locked(number)
            if not line.plan:
                _finish(line)
                return line
            _do_next(line)


def locked(number: str) -> BankLine:
    """A line under its lock, which comes before any order's and payable's."""
    line = BankLine.objects.select_for_update(no_key=True, of=("self",)).select_related("account")
    found = line.filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def _do_next(line: BankLine) -> None:
    payable_id, position, fen, user_id = line.plan[0]
    try:
        with transaction.atomic():
            _pay(line, payable_id, position, Money(fen), user_id)
    except DomainError:
        # It was paid, closed or re-priced since: that is an operator's to look at.
        line.plan, line.why = [], Why.CHANGED.value
        line.save(update_fields=["plan", "why"])


def _pay(
    line: BankLine, payable_id: int, position: int, amount: Money, user_id: int | None
) -> None:
    payable = Payable.objects.get(pk=payable_id)
    receipt = f"{line.number}/{line.matches.count() + 1}"
    paid = book_arrival(payable.subject, CODE, amount, receipt, position, line.payer_account)
    BankMatch.objects.create(
        line=line,
        payable=payable,
        payment=Payment.objects.get(number=paid),
        amount_fen=amount.fen,
        at=clock.now(),
        user_id=user_id,
    )
    line.left_fen -= amount.fen
    line.plan = line.plan[1:]
    if not line.left_fen:
        verb = "match" if line.state == State.ARRIVED else "assign"
        was, line.state = line.state, after(line.state, verb)
        if was == State.ARRIVED:
            _announce(line)
    line.save(update_fields=["left_fen", "plan", "state"])
    audit.record(
        SYSTEM, "transfer.match", line.subject, paid=paid, amount_fen=amount.fen, user=user_id
    )
    if user_id is not None and payable.payer_id is not None:
        emit(
            TransferAssigned(
                number=line.number,
                buyer_id=payable.payer_id,
                amount_fen=amount.fen,
                left_fen=line.left_fen,
            )
        )


def _finish(line: BankLine) -> None:
    if line.state == State.ARRIVED:
        line.state = after(line.state, "doubt")
        line.save(update_fields=["state"])
        _announce(line)
    deadlines.clear(line.subject, MATCH_DEADLINE)


def _announce(line: BankLine) -> None:
    account = line.account
    emit(
        TransferReceived(
            number=line.number,
            buyer_id=account.buyer_id if account else None,
            seller_id=account.seller_id if account else None,
            amount_fen=line.amount_fen,
            matched_fen=line.amount_fen - line.left_fen,
            left_fen=line.left_fen,
            why=line.why,
        )
    )
