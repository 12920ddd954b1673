"""What is kept of gateways on other machines: trades that were opened there, and calls to make."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class GatewayTrade(models.Model):
    """A trade at a gateway for a payment of ours.

    `asked_at`: the gateway may know it from then on. `shown` is what the payer scans or follows,
    empty until the gateway answered. `queried_at`: when it was last asked how the trade stands.
    """

    payment_number = models.CharField(max_length=24, unique=True)
    gateway = models.CharField(max_length=24)
    channel = models.CharField(max_length=8)
    amount_fen = models.BigIntegerField()
    title = models.CharField(max_length=120)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    queried_at = models.DateTimeField(null=True)
    shown = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="gateway_trade_above_zero"),
            models.CheckConstraint(
                condition=Q(shown="") | Q(asked_at__isnull=False), name="gateway_trade_asked_first"
            ),
        ]


class GatewayCall(models.Model):
    """A refund or a closing that a gateway is told after the commit, once for a key.

    `number` is what the gateway knows a refund by: it is the same in every repeat.
    """

    class Kind(models.TextChoices):
        REFUND = "refund", _("退款")
        CLOSE = "close", _("关闭交易")

    key = models.CharField(max_length=140, unique=True)
    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    gateway = models.CharField(max_length=24)
    payment_number = models.CharField(max_length=24)
    amount_fen = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="refund", amount_fen__gt=0) | Q(kind="close", amount_fen=0),
                name="gateway_call_amount_of_refunds",
            ),
        ]
        indexes = [
            models.Index(
                fields=["gateway"], condition=Q(done_at=None), name="gateway_call_waiting"
            ),
        ]
