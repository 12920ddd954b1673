"""What cash on delivery does on finance's events and at its deadlines."""

from __future__ import annotations

from pifa.finance.events import PromiseEnded
from pifa.finance.methods.cash_on_delivery import (
    checking,
    notices,  # noqa: F401 - registers who is told
)
from pifa.finance.methods.cash_on_delivery.commands import findings, items
from pifa.finance.methods.cash_on_delivery.standing import CODE
from pifa.kernel import deadlines
from pifa.kernel.events import subscribe
from pifa.ledger.queries import register_subject_check

WORD_DEADLINE = "sandbox.carrier"
"""A word that the sandbox carrier sends later; the deadline's subject is `carrier-word:<id>`."""

register_subject_check(checking.cash_agrees)


@subscribe(PromiseEnded)
def _collect_less(event: PromiseEnded) -> None:
    # What is kept is remitted: the batch writes that itself.
    if event.method == CODE and not event.kept:
        items.promise_ended(event.subject, event.amount_fen, otherwise=event.otherwise)


deadlines.handles(findings.LATE)(findings.late)
deadlines.handles(items.SILENT)(findings.silent)


@deadlines.handles(WORD_DEADLINE)
def _send_word(subject: str) -> None:
    from pifa.finance.sandbox import carrier

    carrier.send(int(subject.removeprefix("carrier-word:")))
