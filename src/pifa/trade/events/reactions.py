"""What trade does on finance's events: in the same transaction, so that money and order agree."""

from __future__ import annotations

from pifa.finance.events import MoneyArriving, PayableRefunded, PayableSettled
from pifa.kernel.events import subscribe
from pifa.trade.commands import payment
from pifa.trade.commands.loading import market_order


@subscribe(MoneyArriving)
def _on_arriving(event: MoneyArriving) -> None:
    # Every verb of an order locks the order before its payable; a payment must do the same.
    market_order(event.subject)


@subscribe(PayableSettled)
def _on_settled(event: PayableSettled) -> None:
    payment.settle(event.subject, event.amount_fen)


@subscribe(PayableRefunded)
def _on_refunded(event: PayableRefunded) -> None:
    payment.note_refunded(event.subject, event.amount_fen)
