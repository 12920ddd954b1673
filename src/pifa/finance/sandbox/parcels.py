"""The sandbox carrier's book: parcels with what is to be collected, and its account at the bank.

Written on the market's request here; what happens at the doors is played in `carrier`.
"""

from __future__ import annotations

from collections.abc import Sequence

from pifa.finance.carriers.protocol import Parcel
from pifa.finance.methods.cash_on_delivery.models import SandboxParcel
from pifa.finance.sandbox import books
from pifa.finance.sandbox.models import SandboxAccount
from pifa.kernel import clock
from pifa.kernel.money import Money

ACCOUNT = books.Holder(
    "8800000000000006", "沙箱快运", books.BANK, SandboxAccount.Role.CARRIER.value
)
"""Where the carrier keeps what it collected."""

_State = SandboxParcel.State


def take(parcels: Sequence[Parcel]) -> None:
    """Parcels were handed over; one that is known already is left as it is."""
    moment = clock.now()
    SandboxParcel.objects.bulk_create(
        [
            SandboxParcel(
                number=parcel.number,
                tracking_no=parcel.tracking_no,
                shipper=parcel.shipper,
                amount_fen=parcel.amount.fen,
                at=moment,
            )
            for parcel in parcels
        ],
        ignore_conflicts=True,
    )


def change(number: str, amount: Money) -> None:
    """Another amount is to be collected of a parcel that is on its way, or nothing."""
    rows = SandboxParcel.objects.filter(number=number, state=_State.ON_THE_WAY)
    if amount:
        rows.update(amount_fen=amount.fen)
    else:
        rows.update(amount_fen=0, state=_State.CANCELLED)


def get_back(amount: Money, key: str, reference: str) -> None:
    """The market sends money of a batch back."""
    books.move(books.Kind.TRANSFER_BACK, key, books.MARKET, ACCOUNT, amount, reference)
