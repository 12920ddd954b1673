"""What is collected at the door for a payable: promised, handed over, waived or paid otherwise.

The caller holds the order and its payable; the item is locked here, before the ledger's accounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from pifa.finance.carriers import registry as carriers
from pifa.finance.carriers.protocol import Parcel
from pifa.finance.methods.cash_on_delivery.models import CashItem
from pifa.finance.methods.cash_on_delivery.states import after
from pifa.finance.methods.protocol import Attempt
from pifa.finance.models import Payable
from pifa.kernel import clock, deadlines
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money

SILENT = "cash.silent"
"""The carrier has not said what became of a parcel; the deadline's subject is `cash:<number>`."""

_State = CashItem.State


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A parcel as its seller gave it away."""

    carrier: str
    tracking_no: str


def promise(attempt: Attempt) -> None:
    """An attempt's amount is to be collected at the door; parts of a payable are one parcel's."""
    fen = attempt.due.amount.fen
    rows = CashItem.objects.select_for_update(no_key=True)
    item = rows.filter(payable__number=attempt.due.payable_number).first()
    if item is None:
        CashItem.objects.create(
            number=public_number("D"),
            payable=Payable.objects.get(number=attempt.due.payable_number),
            promised_fen=fen,
            promised_at=clock.now(),
        )
        return
    item.state = after(item.state, "promise_more")
    item.promised_fen += fen
    item.save(update_fields=["state", "promised_fen"])


def hand_over(given: Mapping[str, HandedOver]) -> None:
    """Parcels (by their payable's subject) go out: the carrier is told what to collect for those
    that are paid at the door. As many statements for one as for many; the caller holds the orders.
    """
    rows = CashItem.objects.select_for_update(of=("self",), no_key=True).filter(
        payable__subject__in=list(given), state=_State.PROMISED
    )
    items = list(rows.select_related("payable__payee").order_by("pk"))
    if not items:
        return
    moment = clock.now()
    for item in items:
        parcel = given[item.payable.subject]
        item.state = after(item.state, "hand_over")
        item.carrier = carriers.DEFAULT
        item.carrier_name, item.tracking_no = parcel.carrier, parcel.tracking_no
        item.handed_at, item.asked_fen = moment, item.open_fen
    CashItem.objects.bulk_update(
        items, ["state", "carrier", "carrier_name", "tracking_no", "handed_at", "asked_fen"]
    )
    carriers.get(carriers.DEFAULT).take(
        [
            Parcel(item.number, item.tracking_no, item.payable.payee.name, Money(item.open_fen))
            for item in items
        ]
    )
    until = moment + timedelta(days=settings.MARKET["cash_report_days"])
    deadlines.set_new((SILENT, item.subject, until) for item in items)


def promise_ended(subject: str, amount_fen: int, *, otherwise: bool) -> None:
    """So much of what was to be collected is waived, or paid by another method: the carrier of a
    parcel that is on its way collects that much less."""
    item = CashItem.objects.select_for_update(no_key=True).get(payable__subject=subject)
    if otherwise:
        item.state = after(item.state, "pay_rest")
        item.otherwise_fen += amount_fen
    else:
        item.waived_fen += amount_fen
        ends = not item.open_fen and item.state in (_State.PROMISED, _State.ON_THE_WAY)
        was_on_the_way = item.state == _State.ON_THE_WAY
        item.state = after(item.state, "waive" if ends else "waive_part")
        if was_on_the_way:
            carriers.get(item.carrier).change(item.number, Money(item.open_fen))
    item.save(update_fields=["state", "otherwise_fen", "waived_fen"])
