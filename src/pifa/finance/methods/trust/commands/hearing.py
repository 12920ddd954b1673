"""What the bank tells of a debit or of its promise: it paid, or says why not; each counts once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from pifa.finance.commands.arriving import keep_promise
from pifa.finance.commands.locking import lock_payable_on_arrival
from pifa.finance.financiers import mandates as banks
from pifa.finance.financiers.hearing import hear
from pifa.finance.financiers.protocol import Word
from pifa.finance.methods.trust import events, standing, words
from pifa.finance.methods.trust.commands import debiting, lateness
from pifa.finance.methods.trust.models import TrustAccount, TrustCall, TrustItem
from pifa.finance.methods.trust.states import TRUST, trust_state
from pifa.finance.models import Payment
from pifa.finance.rules import Verdict
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM
from pifa.kernel.events import emit
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import TransferKind

State, Kind = TrustCall.State, TrustCall.Kind


def receive_debit_word(bank: str, payload: Mapping[str, Any], signature: str) -> Verdict:
    """Take a mandate bank's word, once; every notice is kept with its verdict."""
    return hear(banks.get(bank), payload, signature, partial(_take, bank))


def _take(bank: str, word: Word) -> Verdict:
    found = TrustCall.objects.filter(number=word.number, item__mandate__bank=bank)
    subject = found.values_list("item__payable__subject", flat=True).first()
    if subject is None:
        return Verdict.UNKNOWN_PAYMENT
    lock_payable_on_arrival(subject)
    rows = found.select_related("item__account", "item__payable", "item__mandate")
    standing.account_of(rows.get().item.account.buyer_id)
    call = rows.get()
    if call.state != State.ASKED:
        return Verdict.REPEATED
    if not word.paid:
        return _fail(call, word.reason)
    if word.amount.fen != call.amount_fen:
        return Verdict.WRONG_AMOUNT
    if call.item.claim_fen != call.amount_fen:
        return _send_back(call, word.receipt_no)
    return _book(call, word.receipt_no)


def _book(call: TrustCall, receipt_no: str) -> Verdict:
    """The claim is paid whole: every promise of the payable is kept, part by part."""
    row, covers = call.item, call.kind == Kind.COVER
    subject, buyer_id = row.payable.subject, row.account.buyer_id
    TRUST.check(trust_state(row), "cover" if covers else "debit")
    promised = Payment.objects.filter(
        payable=row.payable_id, method=standing.CODE, state=Payment.State.PROMISED
    )
    for payment in promised.order_by("stage__position"):
        keep_promise(payment.number, Money(payment.amount_fen), f"{receipt_no}/{payment.pk}")
    _end(call, State.PAID, receipt_no=receipt_no)
    deadlines.clear(debiting.debit_subject(subject), debiting.DEADLINE)
    amounts = {"amount_fen": call.amount_fen, "seller_id": row.seller_id, "buyer_id": buyer_id}
    if covers:
        lateness.watch(TrustItem.objects.select_related("payable").get(pk=row.pk))
        debt_fen = TrustAccount.objects.get(pk=row.account_id).debt_fen
        emit(events.TrustCovered(subject=subject, debt_fen=debt_fen, **amounts))
    else:
        day = clock.today().isoformat()
        emit(events.TrustDebited(account_id=row.account_id, subject=subject, day=day, **amounts))
    return Verdict.SETTLED


def _fail(call: TrustCall, reason: str) -> Verdict:
    row = call.item
    _end(call, State.FAILED, why=reason)
    if not row.claim_fen:
        # Refunded while it was asked: there is nothing left that waits.
        return Verdict.FAILED
    state = trust_state(row)
    if call.kind == Kind.COVER:
        # A bank that does not keep its promise is asked until it does.
        debiting.expect(row, clock.now() + debiting.PAUSE)
        return Verdict.FAILED
    next_on = debiting.try_again(row)
    TRUST.check(state, "call" if next_on is None else "fail")
    emit(
        events.TrustDebitFailed(
            account_id=row.account_id,
            subject=row.payable.subject,
            buyer_id=row.account.buyer_id,
            seller_id=row.seller_id,
            amount_fen=row.claim_fen,
            failed=row.failed,
            why=reason,
            day=clock.today().isoformat(),
            next_on=next_on.isoformat() if next_on else "",
        )
    )
    return Verdict.FAILED


def _send_back(call: TrustCall, receipt_no: str) -> Verdict:
    """The order was refunded meanwhile: what came goes back whole, and what is left is asked for."""
    row = call.item
    _end(call, State.RETURNED, receipt_no=receipt_no, why=words.CHANGED)
    amount, key = Money(call.amount_fen), f"financier-back:{call.number}"
    legs = postings.returned(f"debit:{call.number}", row.account.buyer_id, amount)
    ledger.transfer(key, TransferKind.RETURN, legs)
    bank = banks.get(row.mandate.bank)
    bank.take(amount, key, call.number)
    if call.kind == Kind.DEBIT:
        bank.give_to_buyer(row.mandate.ref, amount, f"{key}:account", call.number)
    if row.claim_fen:
        debiting.expect(row)
    return Verdict.RETURNED


def _end(call: TrustCall, state: str, *, why: str = "", receipt_no: str | None = None) -> None:
    TrustCall.objects.filter(pk=call.pk).update(
        state=state, why=why[:200], receipt_no=receipt_no, decided_at=clock.now()
    )
    subject = call.item.payable.subject
    audit.record(SYSTEM, f"trust.{call.kind}_{state}", subject, call=call.number, why=why)
