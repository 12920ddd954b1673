"""The sandbox bank as a financier: it decides by a fixed rule, pays from its own account, and tells.

The rule: a claim on its due day is always paid, at once. Early, it takes `ANSWER_AFTER` to
answer, and refuses what is above `MOST_EARLY` and claims on buyers who are late with something.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.db import transaction

from pifa.finance.financiers.protocol import Claim
from pifa.finance.sandbox import books, keys
from pifa.finance.sandbox.models import SandboxWord
from pifa.kernel import clock, deadlines
from pifa.kernel.money import Money

WORD_DEADLINE = "sandbox.word"
"""A notice that the financier sends; the deadline's subject is `sandbox-word:<id>`."""

ANSWER_AFTER = timedelta(minutes=10)
MOST_EARLY = Money(50_000_00)

TOO_LARGE = "too_large"
BUYER_LATE = "buyer_late"
"""Why it refuses; `methods.secured.words` has them in the reader's language."""


def decide(claim: Claim) -> None:
    """Decide a claim, write the book if it is paid, and send the notice by a deadline; once."""
    if SandboxWord.objects.filter(number=claim.number).exists():
        return
    reason = _refusal(claim)
    receipt_no = "" if reason else f"FP{uuid4().hex[:20].upper()}"
    wait = ANSWER_AFTER if claim.early else timedelta(0)
    payload = {
        "notice_id": uuid4().hex,
        "number": claim.number,
        "outcome": "refused" if reason else "paid",
        "amount_fen": str(claim.amount.fen),
        "receipt_no": receipt_no,
        "reason": reason,
    }
    word = SandboxWord.objects.create(
        number=claim.number,
        payload=payload,
        signature=keys.sign(payload),
        send_at=clock.now() + wait,
    )
    if receipt_no:
        books.move(
            books.Kind.FINANCIER_OUT,
            receipt_no,
            books.FINANCIER,
            books.MARKET,
            claim.amount,
            claim.number,
        )
    deadlines.set_deadline(WORD_DEADLINE, f"sandbox-word:{word.pk}", word.send_at)


def send(word_id: int) -> str:
    """Send a notice to the market and write down its answer; sent already is fine to repeat."""
    from pifa.finance.commands import receive_word

    word = SandboxWord.objects.get(pk=word_id)
    verdict = receive_word(word.financier, word.payload, word.signature)
    with transaction.atomic():
        SandboxWord.objects.filter(pk=word_id).update(sent_at=clock.now(), answer=verdict.value)
        deadlines.clear(f"sandbox-word:{word_id}", WORD_DEADLINE)
    return verdict.value


def _refusal(claim: Claim) -> str:
    if not claim.early:
        return ""
    if claim.amount > MOST_EARLY:
        return TOO_LARGE
    return BUYER_LATE if claim.overdue_days else ""
