"""What a payer is shown to pay at a gateway on another machine: a code to scan, or an address.

It is fetched when the payer's page asks for it, not within the command that begins the payment:
nobody who writes waits for a gateway. The page asks again while it waits, so a gateway that is
away for a while, and a notice that never came, are made up for by asking.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from pifa.finance import words
from pifa.finance.commands.arriving import subject_of
from pifa.finance.commands.locking import attempt, lock_payable
from pifa.finance.commands.paying import refresh_payment
from pifa.finance.errors import GatewayRefuses, GatewayUnavailable
from pifa.finance.gateways import registry
from pifa.finance.gateways.models import GatewayTrade
from pifa.finance.gateways.protocol import Channel, Order
from pifa.finance.methods import registry as methods
from pifa.finance.models import Payment
from pifa.kernel import clock
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money

ASK_EVERY = timedelta(seconds=10)
"""How often a page that waits asks the gateway how the trade stands."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """How a payer pays an attempt at a gateway, and how it stands.

    `qr_text` is to be drawn as a code and scanned, `address` to be followed; one of both while it
    waits and the gateway has answered. `problem` says why there is nothing to show yet, or that
    there will be nothing (`hopeless`).
    """

    payment_number: str
    payable_number: str
    subject: str
    method: str
    gateway: str
    app: str
    channel: str
    channels: tuple[tuple[str, str], ...]
    title: str
    amount: Money
    state: str
    outcome: str
    expires_at: datetime
    qr_text: str
    address: str
    problem: str
    hopeless: bool

    @property
    def waits(self) -> bool:
        """Whether the payer can still pay it."""
        return self.state == Payment.State.STARTED and not self.hopeless


def present(payment_number: str, caller: str = "") -> Presentation:
    """What to show for an attempt by a gateway on another machine; asks the gateway for it once.

    `caller` is where the payer calls from (an address of the network).

    `NotFound` for an attempt by anything else. Not within a transaction.
    """
    trade = GatewayTrade.objects.filter(payment_number=payment_number).first()
    if trade is None:
        raise NotFound
    problem, hopeless = "", False
    if _is_open(payment_number) and clock.now() < trade.expires_at:
        try:
            if not trade.shown:
                _fetch(trade, caller)
            else:
                _ask(trade)
        except GatewayUnavailable as error:
            problem = str(error)
        except GatewayRefuses as error:
            problem, hopeless = str(error), True
    return _view(trade, problem, hopeless)


def _is_open(payment_number: str) -> bool:
    begun = Payment.objects.filter(number=payment_number, state=Payment.State.STARTED)
    return begun.exists()


def _fetch(trade: GatewayTrade, caller: str) -> None:
    # Before the call, so that whoever closes the attempt meanwhile tells the gateway too.
    moment = clock.now()
    GatewayTrade.objects.filter(pk=trade.pk, asked_at=None).update(asked_at=moment)
    trade.shown = registry.provider(trade.gateway).present(
        Order(
            number=trade.payment_number,
            amount=Money(trade.amount_fen),
            title=trade.title,
            channel=Channel(trade.channel),
            opened_at=trade.begun_at,
            expires_at=trade.expires_at,
            caller=caller,
        )
    )
    GatewayTrade.objects.filter(pk=trade.pk).update(shown=trade.shown, queried_at=moment)
    if not _is_open(trade.payment_number):
        _close_late(trade.payment_number)


def _close_late(payment_number: str) -> None:
    """The attempt was given up while the gateway opened its trade: that is closed after all."""
    subject = subject_of(payment_number)
    assert subject is not None
    with transaction.atomic():
        payable = lock_payable(subject)
        payment = payable.payments.select_related("stage").get(number=payment_number)
        if payment.state == Payment.State.FAILED:
            methods.get(payment.method).close(attempt(payable, payment))


def _ask(trade: GatewayTrade) -> None:
    """Ask how the trade stands, unless another page of it just did."""
    moment = clock.now()
    due = Q(queried_at=None) | Q(queried_at__lte=moment - ASK_EVERY)
    if GatewayTrade.objects.filter(due, pk=trade.pk).update(queried_at=moment):
        refresh_payment(trade.payment_number)


def _view(trade: GatewayTrade, problem: str, hopeless: bool) -> Presentation:
    payment = Payment.objects.select_related("payable").get(number=trade.payment_number)
    open_ = payment.state == Payment.State.STARTED and clock.now() < trade.expires_at
    shown = trade.shown if open_ else ""
    scanned = trade.channel == Channel.QR
    return Presentation(
        payment_number=payment.number,
        payable_number=payment.payable.number,
        subject=payment.payable.subject,
        method=payment.method,
        gateway=str(methods.get(payment.method).label),
        app=str(registry.provider(trade.gateway).app),
        channel=trade.channel,
        channels=words.channels(methods.channels_of(payment.method)),
        title=trade.title,
        amount=Money(payment.amount_fen),
        state=payment.state,
        outcome=words.outcome(payment.outcome),
        expires_at=trade.expires_at,
        qr_text=shown if scanned else "",
        address="" if scanned else shown,
        problem=problem,
        hopeless=hopeless,
    )
