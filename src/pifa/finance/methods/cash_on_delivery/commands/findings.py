"""What is not as it should be about a carrier's money: found once, told, cleared."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.methods.cash_on_delivery.events import CashFound
from pifa.finance.methods.cash_on_delivery.models import (
    CashBatch,
    CashFinding,
    CashItem,
    CashLine,
)
from pifa.finance.methods.cash_on_delivery.words import PUT_RIGHT
from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.events import emit
from pifa.kernel.money import Money

LATE = "cash.late"
"""A carrier should have remitted by now; the deadline's subject is `cash:<number>`."""

_Kind = CashFinding.Kind


def found(
    kind: str,
    carrier: str,
    expected: Money,
    there: Money,
    *,
    item: CashItem | None = None,
    batch: CashBatch | None = None,
    line: CashLine | None = None,
) -> None:
    """Write a finding; its seller is told of one that is about an item."""
    CashFinding.objects.create(
        kind=kind,
        carrier=carrier,
        item=item,
        batch=batch,
        line=line,
        expected_fen=expected.fen,
        found_fen=there.fen,
        at=clock.now(),
    )
    if item is None:
        return
    payable = item.payable
    assert payable.payer_id is not None
    emit(
        CashFound(
            subject=payable.subject,
            number=item.number,
            seller_id=payable.payee_id,
            buyer_id=payable.payer_id,
            carrier=item.carrier_name,
            what=kind,
            expected_fen=expected.fen,
            found_fen=there.fen,
        )
    )


def put_right(item: CashItem) -> None:
    """All that was collected is remitted: what was missing of it is there."""
    missing = (_Kind.SHORT, _Kind.MISSING, _Kind.LATE, _Kind.UNCOVERED, _Kind.NOT_COLLECTED)
    rows = CashFinding.objects.filter(item=item, cleared_at=None, kind__in=missing)
    rows.update(cleared_at=clock.now(), clear_note=str(PUT_RIGHT))


def clear_finding(actor: Actor, finding_id: int, note: str) -> None:
    """An operator has dealt with a finding; the note says how. Operators only."""
    policies.works_for_the_market(actor)
    note = note.strip()
    if not note or len(note) > 200:
        raise InvalidInput(field="note", reason=_("请写明处理结果（200 字以内）。"))
    with transaction.atomic():
        rows = CashFinding.objects.filter(pk=finding_id, cleared_at=None)
        if not rows.update(cleared_at=clock.now(), clear_note=note):
            raise NotFound
        audit.record(actor, "cash.clear", f"cash_finding:{finding_id}", note=note)


def late(subject: str) -> None:
    """The day is over by which a carrier had to remit: what it still has is found, once."""
    with transaction.atomic():
        item = _locked(subject)
        if item.with_carrier_fen:
            found(_Kind.LATE, item.carrier, Money(item.with_carrier_fen), Money(0), item=item)


def silent(subject: str) -> None:
    """A parcel went out so long ago that the carrier should have told of its door."""
    with transaction.atomic():
        item = _locked(subject)
        if item.state == CashItem.State.ON_THE_WAY:
            found(_Kind.SILENT, item.carrier, Money(item.open_fen), Money(0), item=item)


def _locked(subject: str) -> CashItem:
    rows = CashItem.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("payable").get(number=subject.removeprefix("cash:"))
