"""What the bank tells of a bill: drawn or declined, honoured or dishonoured; each counts once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from pifa.finance.bills import registry as banks
from pifa.finance.bills.protocol import BillWord, Told
from pifa.finance.commands import attention
from pifa.finance.errors import BadSignature, MalformedNotice
from pifa.finance.methods.acceptance_bill import events, rules
from pifa.finance.methods.acceptance_bill.commands.answering import not_taken
from pifa.finance.methods.acceptance_bill.commands.loading import facts_of, lock_bill, move
from pifa.finance.methods.acceptance_bill.commands.maturing import dishonour, honour
from pifa.finance.methods.acceptance_bill.models import Bill
from pifa.finance.models import Payable
from pifa.finance.rules import Verdict
from pifa.kernel import audit
from pifa.kernel.actors import SYSTEM
from pifa.kernel.events import emit
from pifa.kernel.money import Money

_State = Bill.State
_GONE = (_State.EXPIRED, _State.WITHDRAWN)


def receive_bill(bank: str, payload: Mapping[str, Any], signature: str) -> Verdict:
    """Take a bank's word of a bill, once; every word is kept with its verdict.

    NOTED: the bill is drawn as it was asked for, and offered to the seller. SETTLED: honoured.
    FAILED: declined, or dishonoured. RETURNED: nobody waits for it any more, and it went back.
    REPEATED changes nothing. WRONG_AMOUNT, WRONG_BILL (other parties, days or acceptor, or a bill used
    before), CONTRADICTS (another end than was told) and UNKNOWN_PAYMENT change nothing and wait for
    an operator.
    """
    adapter = banks.get(bank)
    kept_as = f"bills:{bank}"[:24]
    try:
        word = adapter.verify(payload, signature)
    except BadSignature:
        return attention.keep_unbelieved(kept_as, payload, signature, Verdict.BAD_SIGNATURE)
    except MalformedNotice:
        return attention.keep_unbelieved(kept_as, payload, signature, Verdict.MALFORMED)
    with transaction.atomic():
        kept = attention.keep_notice(kept_as, word.notice_id, word.number, payload)
        if kept is None:
            return Verdict.REPEATED
        verdict = _take(bank, word)
        attention.judge(kept, verdict)
        return verdict


def _take(bank: str, word: BillWord) -> Verdict:
    if not Bill.objects.filter(number=word.number, bank=bank).exists():
        return Verdict.UNKNOWN_PAYMENT
    payable, bill = lock_bill(word.number)
    if word.told == Told.DRAWN:
        return _drawn(payable, bill, word)
    if word.told == Told.DECLINED:
        return _declined(payable, bill, word)
    if word.bill_no != bill.bill_no:
        return Verdict.CONTRADICTS
    if word.told == Told.HONOURED:
        return _honoured(payable, bill, word)
    return _dishonoured(payable, bill, word)


def _drawn(payable: Payable, bill: Bill, word: BillWord) -> Verdict:
    same_no = Bill.objects.filter(bank=bill.bank, bill_no=word.bill_no)
    used = same_no.exclude(pk=bill.pk).exists()
    asked = rules.Bill(
        bill.acceptor,
        bill.drawer_name,
        bill.payee_name,
        Money(bill.face_fen),
        bill.issued_on,
        bill.matures_on,
    )
    told = rules.Bill(
        word.acceptor, word.drawer, word.payee, word.amount, word.issued_on, word.matures_on
    )
    verdict = rules.judge_drawn(asked, told, used_before=used)
    if verdict is not Verdict.NOTED:
        return verdict
    if bill.bill_no is not None:
        return Verdict.REPEATED if bill.bill_no == word.bill_no else Verdict.CONTRADICTS
    if bill.state in _GONE:
        # The order was closed, or paid otherwise, while the bank drew it: it was told so already.
        bill.bill_no = word.bill_no
        bill.save(update_fields=["bill_no"])
        banks.get(bill.bank).give_back(bill.number)
        return Verdict.RETURNED
    if bill.state != _State.ASKED:
        return Verdict.CONTRADICTS
    move(bill, "draw", bill_no=word.bill_no)
    audit.record(SYSTEM, "bill.draw", payable.subject, number=bill.number, amount_fen=bill.face_fen)
    emit(events.BillOffered(**facts_of(bill, payable), answer_by=bill.answer_by.isoformat()))
    return Verdict.NOTED


def _declined(payable: Payable, bill: Bill, word: BillWord) -> Verdict:
    if bill.state == _State.ASKED:
        move(bill, "fail", reason=word.reason)
        audit.record(SYSTEM, "bill.fail", payable.subject, number=bill.number, reason=word.reason)
        not_taken(payable, bill, "failed")
        return Verdict.FAILED
    ended = bill.state in (*_GONE, _State.FAILED) and bill.bill_no is None
    return Verdict.REPEATED if ended else Verdict.CONTRADICTS


def _honoured(payable: Payable, bill: Bill, word: BillWord) -> Verdict:
    if bill.state == _State.HONOURED:
        same = (bill.receipt_no, bill.face_fen) == (word.receipt_no, word.amount.fen)
        return Verdict.REPEATED if same else Verdict.CONTRADICTS
    if bill.state != _State.PRESENTED:
        return Verdict.CONTRADICTS
    if Bill.objects.filter(bank=bill.bank, receipt_no=word.receipt_no).exists():
        return Verdict.CONTRADICTS
    if word.amount.fen != bill.face_fen:
        return Verdict.WRONG_AMOUNT
    honour(payable, bill, word.receipt_no)
    return Verdict.SETTLED


def _dishonoured(payable: Payable, bill: Bill, word: BillWord) -> Verdict:
    if bill.state in (_State.DISHONOURED, _State.CLEARED):
        return Verdict.REPEATED
    if bill.state != _State.PRESENTED:
        return Verdict.CONTRADICTS
    dishonour(payable, bill, word.reason)
    return Verdict.FAILED
