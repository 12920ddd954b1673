"""A gateway on another machine, as commands see it: what it is to be told goes out after the commit.

A command's transaction only writes down what is wanted (`GatewayTrade`, `GatewayCall`); a deadline
that is due at once makes the call (`calls`). What the payer scans is fetched when its page asks
for it (`finance/commands/presenting.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from pifa.finance.gateways import config
from pifa.finance.gateways.models import GatewayCall, GatewayTrade
from pifa.finance.gateways.protocol import (
    Answer,
    Channel,
    Notice,
    Provider,
    Signed,
    TradeRequest,
)
from pifa.finance.methods.protocol import Progress
from pifa.finance.rules import Verdict
from pifa.kernel import clock, deadlines
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money

EXPIRE_DEADLINE = "gateway.expire"
"""Nobody paid a trade in time; the deadline's subject is `payment:<number>`."""

CALL_DEADLINE = "gateway.call"
"""A gateway is to be told something; the deadline's subject is `gateway-call:<id>`."""

PAYMENT_SUBJECT = "payment:"
CALL_SUBJECT = "gateway-call:"


class QueuedGateway:
    """A provider over the network, in the form that commands use within their transaction."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    @property
    def code(self) -> str:
        """The provider's."""
        return self.provider.code

    @property
    def enabled(self) -> bool:
        """Whether its settings are there."""
        return config.is_on(self.code)

    @property
    def limit(self) -> Money:
        """The provider's."""
        return self.provider.limit

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The provider's."""
        return self.provider.channels

    def open(self, request: TradeRequest) -> str:
        """Write the trade down; its page is ours: `/pay/at/<payment_number>/`."""
        channel = request.channel or self.channels[0]
        if channel not in self.channels:
            raise InvalidInput(field="channel", reason=str(channel))
        moment = clock.now()
        expires_at = moment + timedelta(minutes=settings.MARKET["gateway_minutes"])
        _trade, made = GatewayTrade.objects.get_or_create(
            payment_number=request.payment_number,
            defaults={
                "gateway": self.code,
                "channel": channel,
                "amount_fen": request.amount.fen,
                "title": request.title[:120],
                "begun_at": moment,
                "expires_at": expires_at,
            },
        )
        if made:
            subject = PAYMENT_SUBJECT + request.payment_number
            deadlines.set_new([(EXPIRE_DEADLINE, subject, expires_at)])
        return f"/pay/at/{request.payment_number}/"

    def unpack(self, body: bytes, headers: Mapping[str, str]) -> Signed:
        """As the provider sends it; `NotFound` while it is not set up."""
        if not self.enabled:
            raise NotFound
        return self.provider.unpack(body, headers)

    def verify(self, payload: Mapping[str, Any], signature: str) -> Notice:
        """By the provider's key."""
        return self.provider.verify(payload, signature)

    def answer(self, verdict: Verdict) -> Answer:
        """In the provider's form."""
        return self.provider.answer(verdict)

    def query(self, payment_number: str) -> Progress:
        """Asked at once; not within a transaction."""
        return self.provider.query(payment_number)

    def refund(self, payment_number: str, amount: Money, key: str, reason: str) -> None:
        """Told after the commit, again and again until it is done."""
        self._queue(GatewayCall.Kind.REFUND, payment_number, key, amount, reason)

    def close(self, payment_number: str) -> None:
        """Told after the commit, unless the provider never heard of the trade."""
        trade = GatewayTrade.objects.filter(payment_number=payment_number).first()
        deadlines.clear(PAYMENT_SUBJECT + payment_number, EXPIRE_DEADLINE)
        if trade is not None and trade.asked_at is not None:
            self._queue(GatewayCall.Kind.CLOSE, payment_number, f"close:{payment_number}")

    def _queue(
        self,
        kind: GatewayCall.Kind,
        payment_number: str,
        key: str,
        amount: Money = Money(0),  # noqa: B008 - a frozen value
        reason: str = "",
    ) -> None:
        moment = clock.now()
        known = GatewayCall.objects.filter(key=key).first()
        if known is not None:
            if kind is GatewayCall.Kind.CLOSE:
                # It was told before the gateway knew the trade, perhaps: it is told again.
                GatewayCall.objects.filter(pk=known.pk).update(done_at=None)
                deadlines.set_deadline(CALL_DEADLINE, f"{CALL_SUBJECT}{known.pk}", moment)
            return
        try:
            # Of two at once the second waits on the unique key for the first.
            with transaction.atomic():
                call = GatewayCall.objects.create(
                    key=key,
                    number=public_number("R", moment),
                    kind=kind,
                    gateway=self.code,
                    payment_number=payment_number,
                    amount_fen=amount.fen,
                    reason=reason[:200],
                    at=moment,
                )
        except IntegrityError:
            return
        deadlines.set_new([(CALL_DEADLINE, f"{CALL_SUBJECT}{call.pk}", moment)])
