"""The sandbox bank as a gateway: trades that payers pay. Written on the market's request, and
on the page's."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from pifa.finance.errors import BankRefuses
from pifa.finance.methods.protocol import Outcome, Progress
from pifa.finance.models import SandboxTrade
from pifa.finance.sandbox import books
from pifa.kernel import clock
from pifa.kernel.money import Money

_State = SandboxTrade.State
_OUTCOMES = {
    _State.OPEN: Outcome.WAITING,
    _State.PAID: Outcome.PAID,
    _State.FAILED: Outcome.FAILED,
    _State.CLOSED: Outcome.CLOSED,
}


def open_trade(payment_number: str, amount: Money, title: str) -> str:
    """Open a trade for a payment, once; returns its number."""
    trade, _made = SandboxTrade.objects.get_or_create(
        payment_number=payment_number,
        defaults={
            "trade_no": f"SB{uuid4().hex[:24]}",
            "amount_fen": amount.fen,
            "title": title[:120],
            "opened_at": clock.now(),
        },
    )
    return trade.trade_no


def close_trade(payment_number: str) -> None:
    """Take no payment for a trade any more, unless it is paid."""
    rows = SandboxTrade.objects.filter(
        payment_number=payment_number, state__in=[_State.OPEN, _State.FAILED]
    )
    rows.update(state=_State.CLOSED)


def progress(payment_number: str) -> Progress:
    """How a payment's trade stands; one the bank never saw counts as closed."""
    trade = SandboxTrade.objects.filter(payment_number=payment_number).first()
    if trade is None:
        return Progress(Outcome.CLOSED, Money(0), "")
    outcome = _OUTCOMES[_State(trade.state)]
    receipt = receipt_no(trade.trade_no, 1) if outcome is Outcome.PAID else ""
    return Progress(outcome, Money(trade.amount_fen), receipt, trade.payer)


def receipt_no(trade_no: str, time: int) -> str:
    """The bank's number of the money that came for a trade the first, second … time."""
    return f"{trade_no}-{time}"


def receive(trade: SandboxTrade, times: int = 1, payer: str = "") -> None:
    """A payer (its account) pays a trade, or pays it twice; the caller has locked it."""
    trade.state = _State.PAID
    trade.paid_fen = trade.amount_fen * times
    trade.payer = payer
    trade.save(update_fields=["state", "paid_fen", "payer"])
    for time in range(1, times + 1):
        key = receipt_no(trade.trade_no, time)
        amount = Money(trade.amount_fen)
        books.move(
            books.Kind.PAYMENT, key, books.PAYERS, books.MARKET, amount, trade.payment_number
        )


def refund(payment_number: str, amount: Money, key: str) -> None:
    """Send money of a trade back, once for a key; `BankRefuses` beyond what was paid."""
    with transaction.atomic():
        trade = SandboxTrade.objects.select_for_update().get(payment_number=payment_number)
        if books.is_written(key):
            return
        if trade.refunded_fen + amount.fen > trade.paid_fen:
            left = Money(trade.paid_fen - trade.refunded_fen)
            raise BankRefuses(reason=_("可退 {left}").format(left=left))
        books.move(books.Kind.REFUND, key, books.MARKET, books.PAYERS, amount, payment_number)
        SandboxTrade.objects.filter(pk=trade.pk).update(refunded_fen=F("refunded_fen") + amount.fen)
