"""What trust payment does on finance's events and at its deadlines."""

from __future__ import annotations

from pifa.finance.events import (
    GoodsReceived,
    MoneyArriving,
    MoneyGoingBack,
    PromiseEnded,
    StageSettled,
)
from pifa.finance.financiers import repayments
from pifa.finance.methods.trust import (
    checking,
    metric_facts,  # noqa: F401 - registers what is counted
    notices,  # noqa: F401 - registers who is told
)
from pifa.finance.methods.trust.commands import debiting, items, lateness, repaying
from pifa.finance.methods.trust.standing import CODE
from pifa.kernel import deadlines
from pifa.kernel.events import subscribe
from pifa.kernel.money import Money
from pifa.ledger.queries import register_subject_check

register_subject_check(checking.trust_agrees)


@subscribe(MoneyArriving)
def _lock(event: MoneyArriving) -> None:
    if event.subject.startswith(repaying.SUBJECT):
        repaying.lock_for(event.subject)


@subscribe(MoneyGoingBack)
def _lock_for_refund(event: MoneyGoingBack) -> None:
    if event.method == CODE:
        items.locked(event.subject)


@subscribe(StageSettled)
def _pass_on(event: StageSettled) -> None:
    if event.subject.startswith(repaying.SUBJECT):
        repaying.arrived(event.subject, Money(event.amount_fen))


@subscribe(GoodsReceived)
def _received(event: GoodsReceived) -> None:
    items.note_received(event.subject)


@subscribe(PromiseEnded)
def _ended(event: PromiseEnded) -> None:
    if event.method == CODE:
        items.promise_ended(event.subject, Money(event.amount_fen), kept=event.kept)


deadlines.handles(debiting.DEADLINE)(debiting.ask)
deadlines.handles(lateness.DEADLINE)(lateness.step)
deadlines.handles(repaying.DEADLINE)(repayments.expire)
