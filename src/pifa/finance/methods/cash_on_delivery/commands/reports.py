"""What a carrier says of a door: taken once, whatever it says, however often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from pifa.finance.carriers import registry as carriers
from pifa.finance.carriers.protocol import DoorReport
from pifa.finance.commands import attention
from pifa.finance.commands.locking import lock_payable_on_arrival
from pifa.finance.commands.promises import collect, lapse, part_of
from pifa.finance.errors import BadSignature, MalformedNotice
from pifa.finance.methods.cash_on_delivery import standing
from pifa.finance.methods.cash_on_delivery.commands import findings
from pifa.finance.methods.cash_on_delivery.events import CashRefused, CashReported
from pifa.finance.methods.cash_on_delivery.models import CashFinding, CashItem
from pifa.finance.methods.cash_on_delivery.states import after
from pifa.finance.models import Payable, Payment
from pifa.finance.rules import Verdict
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM
from pifa.kernel.events import emit
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import TransferKind

_State = CashItem.State
_AFTER_COLLECTED = (_State.COLLECTED, _State.REMITTED)


def receive_report(carrier: str, payload: Mapping[str, Any], signature: str) -> Verdict:
    """Take a carrier's word about a door, once; every word is kept with its verdict.

    NOTED: collected (wholly or less), or refused. REPEATED changes nothing. WRONG_AMOUNT (more than
    was asked), CONTRADICTS (what was told before, or a parcel that is not on its way) and
    UNKNOWN_PAYMENT change nothing and wait for an operator.
    """
    adapter = carriers.get(carrier)
    sender = f"carrier:{carrier}"
    try:
        report = adapter.verify_report(payload, signature)
    except BadSignature:
        return attention.keep_unbelieved(sender, payload, signature, Verdict.BAD_SIGNATURE)
    except MalformedNotice:
        return attention.keep_unbelieved(sender, payload, signature, Verdict.MALFORMED)
    with transaction.atomic():
        kept = attention.keep_notice(sender, report.notice_id, report.number, payload)
        if kept is None:
            return Verdict.REPEATED
        verdict = _take(carrier, report)
        attention.judge(kept, verdict)
        return verdict


def _take(carrier: str, report: DoorReport) -> Verdict:
    # A parcel that another carrier has is none of this one's.
    rows = CashItem.objects.filter(number=report.number, carrier__in=["", carrier])
    subject = rows.values_list("payable__subject", flat=True).first()
    if subject is None:
        return Verdict.UNKNOWN_PAYMENT
    payable = lock_payable_on_arrival(subject)
    item = CashItem.objects.select_for_update(no_key=True).get(payable=payable)
    verdict = _verdict(item, report)
    if verdict is Verdict.NOTED:
        _collect(payable, item, report) if report.collected else _refuse(payable, item, report)
    return verdict


def _verdict(item: CashItem, report: DoorReport) -> Verdict:
    if item.state == _State.ON_THE_WAY:
        too_much = report.collected and report.amount.fen > item.asked_fen
        return Verdict.WRONG_AMOUNT if too_much else Verdict.NOTED
    if item.state == _State.CANCELLED and item.handed_at is not None:
        # Nothing was to be collected any more; that it comes back is what was meant.
        return Verdict.WRONG_AMOUNT if report.collected else Verdict.REPEATED
    if report.collected:
        same = item.state in _AFTER_COLLECTED and item.collected_fen == report.amount.fen
    else:
        same = item.state == _State.REFUSED
    return Verdict.REPEATED if same else Verdict.CONTRADICTS


def _collect(payable: Payable, item: CashItem, report: DoorReport) -> None:
    assert payable.payer_id is not None
    open_ = Money(item.open_fen)
    # Something was waived while the parcel stood at the door: more was paid than was owed by then.
    amount = min(report.amount, open_)
    rest = open_ - amount
    _mark(payable, amount)
    legs = postings.at_the_door(payable.subject, payable.payer_id, amount)
    ledger.transfer(f"at_the_door:{item.number}", TransferKind.AT_THE_DOOR, legs)
    moment = clock.now()
    item.state = after(item.state, "collect_less" if rest else "collect")
    item.collected_fen = amount.fen
    item.reason, item.reported_at = report.reason, moment
    item.remit_by = standing.remit_by(clock.market_day(moment))
    item.save(update_fields=["state", "collected_fen", "reason", "reported_at", "remit_by"])
    deadlines.clear(item.subject)
    deadlines.set_deadline(
        findings.LATE, item.subject, clock.start_of_day(item.remit_by + standing.ONE_DAY)
    )
    audit.record(
        SYSTEM,
        "cash.collect",
        payable.subject,
        number=item.number,
        amount_fen=amount.fen,
        rest_fen=rest.fen,
    )
    emit(
        CashReported(
            subject=payable.subject,
            number=item.number,
            seller_id=payable.payee_id,
            buyer_id=payable.payer_id,
            carrier=item.carrier_name,
            amount_fen=amount.fen,
            rest_fen=rest.fen,
            remit_by=item.remit_by.isoformat(),
        )
    )
    if report.amount != open_:
        kind = CashFinding.Kind.LESS_AT_DOOR if rest else CashFinding.Kind.OVER_AT_DOOR
        item.payable = payable
        findings.found(kind, item.carrier, open_, report.amount, item=item)


def _mark(payable: Payable, amount: Money) -> None:
    """So much of what was promised is with the carrier, part by part; the rest is owed still."""
    rows = payable.payments.filter(method=standing.CODE, state=Payment.State.PROMISED)
    for payment in rows.select_related("stage").order_by("stage__position"):
        share = min(amount, Money(payment.amount_fen))
        if share:
            collect(payable, part_of(payable, payment, share))
            amount = amount - share
    for payment in rows.all():
        lapse(payable, payment)


def _refuse(payable: Payable, item: CashItem, report: DoorReport) -> None:
    assert payable.payer_id is not None
    item.state = after(item.state, "refuse")
    item.reason, item.reported_at = report.reason, clock.now()
    item.save(update_fields=["state", "reason", "reported_at"])
    deadlines.clear(item.subject)
    audit.record(
        SYSTEM,
        "cash.refuse",
        payable.subject,
        number=item.number,
        amount_fen=item.open_fen,
        reason=report.reason,
    )
    emit(
        CashRefused(
            subject=payable.subject,
            number=item.number,
            seller_id=payable.payee_id,
            buyer_id=payable.payer_id,
            carrier=item.carrier_name,
            amount_fen=item.open_fen,
            tracking_no=item.tracking_no,
            reason=report.reason,
        )
    )
