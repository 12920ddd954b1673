"""What a pair has open, as the rules of matching want it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q

from pifa.finance.methods.corporate_transfer.method import CODE
from pifa.finance.methods.corporate_transfer.rules import OpenDue, Part
from pifa.finance.models import OPEN_STAGE, Payable, PayableStage, Payment
from pifa.kernel.ids import number_of

MOST = 500
"""So many open payables of a pair are looked at, the oldest."""


def open_dues(buyer_id: int, seller_id: int) -> list[OpenDue]:
    """What a buyer may pay a seller now, oldest first; three statements."""
    rows = Payable.objects.filter(payer=buyer_id, payee=seller_id, state=Payable.State.OPEN)
    return dues_of(rows.order_by("pk")[:MOST])


def dues_of(payables: Iterable[Payable]) -> list[OpenDue]:
    """Each payable with its open parts; those of which nothing can be paid now (all is paid, or
    it waits for an approval) are left out."""
    rows = [row for row in payables if not row.blocked]
    parts = _parts([row.pk for row in rows])
    return [OpenDue(row.pk, names_of(row), parts[row.pk]) for row in rows if row.pk in parts]


def names_of(payable: Payable) -> frozenset[str]:
    """The numbers by which a remark names a payable: its own, and its subject's."""
    return frozenset({payable.number, number_of(payable.subject)})


def known_numbers(buyer_id: int, seller_id: int, numbers: Iterable[str]) -> set[str]:
    """Which of the numbers name a payable of the pair, paid and closed ones too."""
    wanted = set(numbers)
    if not wanted:
        return set()
    named = Q(number__in=wanted)
    for number in wanted:
        named |= Q(subject__endswith=f":{number}")
    rows = Payable.objects.filter(named, payer=buyer_id, payee=seller_id)
    return {name for row in rows for name in names_of(row)} & wanted


def _parts(payable_ids: Sequence[int]) -> dict[int, tuple[Part, ...]]:
    """The open parts of the purpose that comes next; where a payer divided it, those that it
    began to pay by transfer."""
    stages = PayableStage.objects.filter(OPEN_STAGE, payable__in=payable_ids)
    found: dict[int, list[PayableStage]] = {}
    for stage in stages.order_by("payable", "position"):
        of_payable = found.setdefault(stage.payable_id, [])
        if not of_payable or of_payable[0].purpose == stage.purpose:
            of_payable.append(stage)
    begun = set(
        Payment.objects.filter(
            payable__in=payable_ids, method=CODE, state=Payment.State.STARTED
        ).values_list("stage", flat=True)
    )
    parts = {}
    for payable_id, rows in found.items():
        chosen = [row for row in rows if row.pk in begun] or rows
        parts[payable_id] = tuple(Part(row.position, row.amount_fen) for row in chosen)
    return parts
