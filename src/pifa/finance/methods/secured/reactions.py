"""What secured credit does on finance's events and at its deadlines."""

from __future__ import annotations

from pifa.finance.events import (
    GoodsReceived,
    MoneyArriving,
    MoneyGoingBack,
    PromiseEnded,
    StageSettled,
)
from pifa.finance.financiers import repayments
from pifa.finance.methods.secured import (
    checking,
    metric_facts,  # noqa: F401 - registers what is counted
    notices,  # noqa: F401 - registers who is told
)
from pifa.finance.methods.secured.commands import collecting, lateness, receivables, repaying
from pifa.finance.methods.secured.standing import CODE
from pifa.kernel import deadlines
from pifa.kernel.events import subscribe
from pifa.kernel.money import Money
from pifa.ledger.queries import register_subject_check

register_subject_check(checking.secured_agrees)


@subscribe(MoneyArriving)
def _lock(event: MoneyArriving) -> None:
    if event.subject.startswith(repaying.SUBJECT):
        repaying.lock_for(event.subject)


@subscribe(MoneyGoingBack)
def _lock_for_refund(event: MoneyGoingBack) -> None:
    if event.method == CODE:
        receivables.lock_for_refund(event.subject)


@subscribe(StageSettled)
def _pass_on(event: StageSettled) -> None:
    if event.subject.startswith(repaying.SUBJECT):
        repaying.arrived(event.subject, Money(event.amount_fen))


@subscribe(GoodsReceived)
def _received(event: GoodsReceived) -> None:
    receivables.note_received(event.subject)


@subscribe(PromiseEnded)
def _ended(event: PromiseEnded) -> None:
    if event.method == CODE:
        receivables.promise_ended(event.subject, Money(event.amount_fen), kept=event.kept)


deadlines.handles(collecting.DEADLINE)(collecting.pay_when_due)
deadlines.handles(lateness.DEADLINE)(lateness.step)
deadlines.handles(repaying.DEADLINE)(repayments.expire)
