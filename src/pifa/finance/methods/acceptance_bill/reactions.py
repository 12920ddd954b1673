"""What acceptance bills do on finance's events and at their deadlines."""

from __future__ import annotations

from pifa.finance.events import PromiseEnded, PromiseSplit
from pifa.finance.methods.acceptance_bill import (
    checking,
    metric_facts,  # noqa: F401 - registers what is counted
    notices,  # noqa: F401 - registers who is told
)
from pifa.finance.methods.acceptance_bill.commands import answering, loading, maturing, promised
from pifa.finance.methods.acceptance_bill.standing import CODE
from pifa.finance.sandbox import bill_book
from pifa.kernel import deadlines
from pifa.kernel.events import subscribe
from pifa.ledger.queries import register_subject_check

register_subject_check(checking.bills_agree)


@subscribe(PromiseSplit)
def _split(event: PromiseSplit) -> None:
    if event.method == CODE:
        promised.split(event.payment, event.rest)


@subscribe(PromiseEnded)
def _less(event: PromiseEnded) -> None:
    # What is kept was paid by the bill itself.
    if event.method == CODE and not event.kept:
        promised.promise_ended(event.subject)


deadlines.handles(loading.ANSWER)(answering.expire)
deadlines.handles(loading.PRESENT)(maturing.present)


@deadlines.handles(bill_book.WORD_DEADLINE)
def _send_word(subject: str) -> None:
    bill_book.send(int(subject.removeprefix("bill-word:")))
