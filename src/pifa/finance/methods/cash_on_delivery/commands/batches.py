"""A carrier remits: a batch is booked once and reconciled line by line.

All of it in one transaction. Its bank amount is booked in SUSPENSE; from there each line that is
in order pays its seller, and what belongs to no line stays there until an operator decides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.carriers import registry as carriers
from pifa.finance.carriers.protocol import Batch
from pifa.finance.commands import attention
from pifa.finance.errors import BadSignature, MalformedNotice
from pifa.finance.events import SubjectsWanted
from pifa.finance.methods.cash_on_delivery import rules
from pifa.finance.methods.cash_on_delivery.commands import findings, keeping
from pifa.finance.methods.cash_on_delivery.models import (
    CashBatch,
    CashFinding,
    CashItem,
    CashLine,
)
from pifa.finance.methods.cash_on_delivery.rules import Judged, Judgement, Known, Line
from pifa.finance.models import Payable
from pifa.finance.rules import Verdict
from pifa.kernel import audit, clock
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.events import notify_subscribers
from pifa.kernel.ids import public_number
from pifa.kernel.money import ZERO, Money
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import AccountKind, Purse, TransferKind

_Kind = CashFinding.Kind
_State = CashItem.State
_REPORTED = (_State.COLLECTED, _State.REMITTED)


def receive_batch(carrier: str, payload: Mapping[str, Any], signature: str) -> Verdict:
    """Take a carrier's batch, once; its lines may be wrong in every way, and each is found.

    SETTLED: booked. REPEATED changes nothing. CONTRADICTS has a known number or bank receipt and
    says something else: nothing is posted, an operator has to look.
    """
    adapter = carriers.get(carrier)
    sender = f"carrier:{carrier}"
    try:
        batch = adapter.verify_batch(payload, signature)
    except BadSignature:
        return attention.keep_unbelieved(sender, payload, signature, Verdict.BAD_SIGNATURE)
    except MalformedNotice:
        return attention.keep_unbelieved(sender, payload, signature, Verdict.MALFORMED)
    try:
        with transaction.atomic():
            verdict = _known(carrier, batch)
            if verdict is None:
                _book(carrier, batch)
                verdict = Verdict.SETTLED
    except IntegrityError:
        # The same batch was booked at this moment.
        verdict = _known(carrier, batch)
        if verdict is None:
            raise
    if verdict is Verdict.CONTRADICTS:
        return attention.keep_unbelieved(sender, payload, signature, verdict)
    return verdict


def recheck_batch(actor: Actor, number: str) -> Money:
    """Judge once more the lines of a batch that were not in order, with the money that is left of
    it: what a carrier reported meanwhile is kept now. Returns how much. Operators only."""
    policies.works_for_the_market(actor)
    with transaction.atomic():
        found = CashBatch.objects.filter(number=number).first()
        if found is None:
            raise NotFound
        lines = [
            row for row in found.lines.order_by("position") if row.kept_fen < row.collected_fen
        ]
        items = _lock([row.reference for row in lines], found.carrier)
        batch = CashBatch.objects.select_for_update(no_key=True).get(pk=found.pk)
        wanted = [
            Line(
                row.reference,
                Money(row.collected_fen - row.kept_fen),
                Money(row.fee_fen - row.kept_fee_fen),
            )
            for row in lines
        ]
        reckoning = rules.reckon(Money(batch.left_fen), wanted, _known_items(items))
        for row, judged in zip(lines, reckoning.judged, strict=True):
            if judged.kept:
                _keep_more(batch, row, items[row.reference], judged)
        kept = Money(batch.left_fen) - reckoning.left
        CashBatch.objects.filter(pk=batch.pk).update(left_fen=reckoning.left.fen)
        audit.record(actor, "cash.recheck", batch.subject, kept_fen=kept.fen)
        return kept


def return_batch(actor: Actor, number: str, reason: str, left: Money) -> None:
    """Send what is left of a batch back to its carrier. Operators only.

    `left` is what the operator saw; `InvalidInput` if it is another by now, or without a reason.
    """
    policies.works_for_the_market(actor)
    reason = reason.strip()
    if not reason or len(reason) > 200:
        raise InvalidInput(field="reason", reason=_("请写明退回原因（200 字以内）。"))
    with transaction.atomic():
        batch = CashBatch.objects.select_for_update(no_key=True).filter(number=number).first()
        if batch is None:
            raise NotFound
        if not batch.left_fen or batch.left_fen != left.fen or batch.returned_fen:
            raise InvalidInput(field="left", reason=_("剩余金额已变化，请刷新后再试。"))
        key = f"cash_back:{batch.number}"
        ledger.transfer(key, TransferKind.BANK_OUT, postings.bank_out(batch.subject, left))
        carriers.get(batch.carrier).send_back(left, key, batch.number)
        batch.left_fen, batch.returned_fen = 0, left.fen
        batch.save(update_fields=["left_fen", "returned_fen"])
        audit.record(actor, "cash.return", batch.subject, amount_fen=left.fen, reason=reason)


def _known(carrier: str, batch: Batch) -> Verdict | None:
    """What a batch is that was told before; None for a new one."""
    rows = CashBatch.objects.filter(carrier=carrier, batch_no=batch.batch_no)
    digest = rows.values_list("digest", flat=True).first()
    if digest is not None:
        return Verdict.REPEATED if digest == _digest(batch) else Verdict.CONTRADICTS
    other = CashBatch.objects.filter(bank_receipt=batch.bank_receipt).exists()
    return Verdict.CONTRADICTS if other else None


def _digest(batch: Batch) -> str:
    said = [
        batch.bank_receipt,
        batch.amount.fen,
        batch.until.isoformat(),
        *([line.number, line.collected.fen, line.fee.fen] for line in batch.lines),
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _book(carrier: str, told: Batch) -> None:
    lines = [Line(line.number, line.collected, line.fee) for line in told.lines]
    batch = CashBatch.objects.create(
        number=public_number("Z"),
        carrier=carrier,
        batch_no=told.batch_no,
        digest=_digest(told),
        bank_receipt=told.bank_receipt,
        amount_fen=told.amount.fen,
        stated_fen=rules.stated(lines).fen,
        until=told.until,
        left_fen=told.amount.fen,
        at=clock.now(),
    )
    items = _lock([line.reference for line in lines], carrier)
    legs = postings.bank_in(batch.subject, told.amount)
    ledger.transfer(f"cash_in:{batch.number}", TransferKind.BANK_IN, legs)
    audit.record(SYSTEM, "cash.batch", batch.subject, amount_fen=told.amount.fen, lines=len(lines))
    reckoning = rules.reckon(told.amount, lines, _known_items(items))
    _compare(batch)
    for position, judged in enumerate(reckoning.judged):
        _write(batch, position, judged, items.get(judged.line.reference))
    CashBatch.objects.filter(pk=batch.pk).update(left_fen=reckoning.left.fen)
    _find_missing(batch, items)


def _lock(references: Iterable[str], carrier: str) -> dict[str, CashItem]:
    """The items of our numbers, locked with all that keeping them moves, in the one order."""
    rows = CashItem.objects.filter(number__in=set(references), carrier=carrier)
    found = list(rows.values_list("pk", "payable", "payable__subject", "payable__payee"))
    notify_subscribers(SubjectsWanted(subjects=tuple(subject for _i, _p, subject, _s in found)))
    payables = Payable.objects.filter(pk__in=[payable for _i, payable, _s, _p in found])
    list(payables.order_by("pk").select_for_update(no_key=True))
    items = CashItem.objects.filter(pk__in=[pk for pk, *_rest in found]).order_by("pk")
    locked = list(items.select_for_update(of=("self",), no_key=True).select_related("payable"))
    payees = sorted({payee for *_rest, payee in found})
    kinds = (AccountKind.ESCROW, AccountKind.BALANCE, AccountKind.PROMISED)
    ledger.lock_accounts([Purse(kind, payee) for payee in payees for kind in kinds])
    return {item.number: item for item in locked}


def _known_items(items: Mapping[str, CashItem]) -> dict[str, Known]:
    return {
        number: Known(Money(item.with_carrier_fen), item.state in _REPORTED)
        for number, item in items.items()
    }


def _write(batch: CashBatch, position: int, judged: Judged, item: CashItem | None) -> None:
    line = CashLine.objects.create(
        batch=batch,
        position=position,
        reference=judged.line.reference,
        collected_fen=judged.line.collected.fen,
        fee_fen=judged.line.fee.fen,
        item=item,
        judgement=judged.judgement.value,
        kept_fen=judged.kept.fen,
        kept_fee_fen=judged.fee.fen,
    )
    expected = Money(item.with_carrier_fen) if item is not None else ZERO
    if judged.kept and item is not None:
        keeping.keep(batch, item, judged, f"{batch.number}/{position}")
    if judged.judgement not in rules.IN_ORDER:
        findings.found(
            judged.judgement.value,
            batch.carrier,
            expected,
            judged.line.collected,
            item=item,
            batch=batch,
            line=line,
        )


def _keep_more(batch: CashBatch, line: CashLine, item: CashItem, judged: Judged) -> None:
    keeping.keep(batch, item, judged, f"{batch.number}/{line.position}+{line.kept_fen}")
    line.kept_fen += judged.kept.fen
    line.kept_fee_fen += judged.fee.fen
    whole = line.kept_fen == line.collected_fen
    line.judgement = Judgement.MATCHED.value if whole else judged.judgement.value
    line.save(update_fields=["kept_fen", "kept_fee_fen", "judgement"])


def _compare(batch: CashBatch) -> None:
    """The bank's amount beside what the lines come to."""
    came, stated = Money(batch.amount_fen), Money(batch.stated_fen)
    if came != stated:
        kind = _Kind.BANK_SHORT if came < stated else _Kind.BANK_OVER
        findings.found(kind, batch.carrier, stated, came, batch=batch)


def _find_missing(batch: CashBatch, items: Mapping[str, CashItem]) -> None:
    """What was collected up to the batch's day and is in none of its lines."""
    ends = clock.start_of_day(batch.until + rules.ONE)
    rows = CashItem.objects.filter(
        carrier=batch.carrier, state=_State.COLLECTED, reported_at__lt=ends
    ).exclude(number__in=list(items))
    told = CashFinding.objects.filter(
        kind=_Kind.MISSING, cleared_at=None, item__isnull=False
    ).values_list("item", flat=True)
    for item in rows.exclude(pk__in=told).select_related("payable").order_by("pk"):
        expected = Money(item.with_carrier_fen)
        findings.found(_Kind.MISSING, batch.carrier, expected, ZERO, item=item, batch=batch)
