"""What the financier tells of a payout: it paid, or it refuses; every notice counts once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from pifa.finance.commands.arriving import keep_promise
from pifa.finance.commands.locking import lock_payable_on_arrival
from pifa.finance.financiers import registry as financiers
from pifa.finance.financiers.hearing import hear
from pifa.finance.financiers.protocol import Word
from pifa.finance.methods.secured import standing, words
from pifa.finance.methods.secured.commands import collecting
from pifa.finance.methods.secured.events import SecuredPaid, SecuredRefused
from pifa.finance.methods.secured.models import SecuredPayout, SecuredReceivable
from pifa.finance.methods.secured.states import CLAIM, claim_state
from pifa.finance.models import Payment
from pifa.finance.rules import Verdict
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM
from pifa.kernel.events import emit
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import TransferKind

State, Early = SecuredPayout.State, SecuredReceivable.Early


def receive_claim_word(financier: str, payload: Mapping[str, Any], signature: str) -> Verdict:
    """Take a financier's word, once; every notice is kept with its verdict.

    What is not signed or makes no sense is refused; a wrong amount or an unknown number posts
    nothing and waits for an operator; money for a claim that has changed goes back at once.
    """
    return hear(financiers.get(financier), payload, signature, partial(_take, financier))


def _take(financier: str, word: Word) -> Verdict:
    found = SecuredPayout.objects.filter(number=word.number, receivable__financier=financier)
    subject = found.values_list("receivable__payable__subject", flat=True).first()
    if subject is None:
        return Verdict.UNKNOWN_PAYMENT
    lock_payable_on_arrival(subject)
    payout = found.select_related("receivable__account", "receivable__payable").get()
    standing.account_of(payout.receivable.account.buyer_id)
    payout.receivable.refresh_from_db()
    if payout.state != State.REQUESTED:
        return Verdict.REPEATED
    if not word.paid:
        return _refuse(payout, word.reason)
    if word.amount.fen != payout.amount_fen:
        return Verdict.WRONG_AMOUNT
    if payout.receivable.claim_fen != payout.amount_fen:
        return _send_back(payout, word.receipt_no)
    return _book(payout, word.receipt_no)


def _book(payout: SecuredPayout, receipt_no: str) -> Verdict:
    """The claim is paid whole: every promise of the payable is kept, part by part."""
    row, early = payout.receivable, payout.kind == SecuredPayout.Kind.EARLY
    subject = row.payable.subject
    CLAIM.check(claim_state(row), "pay")
    promised = Payment.objects.filter(
        payable=row.payable_id, method=standing.CODE, state=Payment.State.PROMISED
    )
    for payment in promised.order_by("stage__position"):
        keep_promise(payment.number, Money(payment.amount_fen), f"{receipt_no}/{payment.pk}")
    SecuredPayout.objects.filter(pk=payout.pk).update(
        state=State.PAID, receipt_no=receipt_no, decided_at=clock.now()
    )
    if early:
        SecuredReceivable.objects.filter(pk=row.pk).update(early=Early.SUCCEEDED)
    if payout.early_fee_fen:
        fee = Money(payout.early_fee_fen)
        key = f"financier-fee:{payout.number}"
        financiers.get(row.financier).take(fee, key, payout.number)
    deadlines.clear(collecting.claim_subject(subject), collecting.DEADLINE)
    audit.record(SYSTEM, "secured.pay", subject, payout=payout.number)
    emit(
        SecuredPaid(
            subject=subject,
            seller_id=row.seller_id,
            payout=payout.number,
            amount_fen=payout.amount_fen,
            fee_fen=payout.early_fee_fen + payout.service_fee_fen,
            early=early,
        )
    )
    return Verdict.SETTLED


def _refuse(payout: SecuredPayout, reason: str) -> Verdict:
    row = payout.receivable
    if payout.kind == SecuredPayout.Kind.EARLY:
        # Refunded while it was asked, there is nothing left that waits.
        if row.claim_fen:
            CLAIM.check(claim_state(row), "refuse")
        _end(payout, State.FAILED, reason)
        _tell_refused(payout, reason)
    else:
        _end(payout, State.FAILED, reason)
    _ask_again(row)
    return Verdict.FAILED


def _send_back(payout: SecuredPayout, receipt_no: str) -> Verdict:
    """The order was refunded meanwhile: money for another claim goes back; what is left of the
    claim is asked for on its day."""
    row = payout.receivable
    SecuredPayout.objects.filter(pk=payout.pk).update(receipt_no=receipt_no)
    _end(payout, State.RETURNED, words.CHANGED)
    amount, key = Money(payout.amount_fen), f"financier-back:{payout.number}"
    legs = postings.returned(f"payout:{payout.number}", row.seller_id, amount)
    ledger.transfer(key, TransferKind.RETURN, legs)
    financiers.get(row.financier).take(amount, key, payout.number)
    if payout.kind == SecuredPayout.Kind.EARLY:
        _tell_refused(payout, words.CHANGED)
    _ask_again(row)
    return Verdict.RETURNED


def _end(payout: SecuredPayout, state: str, why: str) -> None:
    SecuredPayout.objects.filter(pk=payout.pk).update(
        state=state, why=why[:200], decided_at=clock.now()
    )
    if payout.kind == SecuredPayout.Kind.EARLY:
        SecuredReceivable.objects.filter(pk=payout.receivable_id).update(early=Early.FAILED)
    audit.record(
        SYSTEM, "secured.refuse", payout.receivable.payable.subject, payout=payout.number, why=why
    )


def _tell_refused(payout: SecuredPayout, why: str) -> None:
    row = payout.receivable
    assert row.due_on is not None
    emit(
        SecuredRefused(
            subject=row.payable.subject,
            seller_id=row.seller_id,
            payout=payout.number,
            amount_fen=payout.amount_fen,
            why=why,
            due_on=row.due_on.isoformat(),
        )
    )


def _ask_again(row: SecuredReceivable) -> None:
    """What is still claimed is paid on its due day; where that is here, it is asked for once more
    in a while, so that no financier is asked in a circle."""
    assert row.due_on is not None
    if row.claim_fen and row.due_on <= clock.today():
        collecting.expect_again(row)
