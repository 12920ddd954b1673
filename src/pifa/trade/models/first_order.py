"""Claims on first-order protection."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class LossKind(models.TextChoices):
    """What went wrong with a first order."""

    REFUSED = "refused", _("退款被卖家拒绝")
    DISPUTE = "dispute", _("纠纷未获全部支持")
    FREIGHT = "freight", _("退货运费")


class FirstOrderClaim(models.Model):
    """A buyer asks the market to make good what went wrong with its first order; once.

    `limit_fen` is what its benefit covered when it asked.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待平台审核")
        APPROVED = "approved", _("已赔付")
        REFUSED = "refused", _("未通过")

    number = models.CharField(max_length=32, unique=True)
    order = models.OneToOneField("trade.Order", models.PROTECT, related_name="first_order_claim")
    buyer = models.OneToOneField(
        "parties.Company", models.PROTECT, related_name="first_order_claim"
    )
    kind = models.CharField(max_length=7, choices=LossKind.choices)
    asked_fen = models.BigIntegerField(_("申请金额"))
    limit_fen = models.BigIntegerField()
    words = models.CharField(_("情况说明"), max_length=1000)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    paid_fen = models.BigIntegerField(_("赔付金额"), default=0)
    reason = models.CharField(_("审核意见"), max_length=500, blank=True)
    claimed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("首单赔付申请")
        verbose_name_plural = _("首单赔付申请")
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_fen__gt=0)
                & Q(asked_fen__lte=F("limit_fen"))
                & Q(paid_fen__gte=0)
                & Q(paid_fen__lte=F("asked_fen")),
                name="first_order_claim_within_limit",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", paid_fen=0, decided_at__isnull=True)
                | Q(state="approved", paid_fen__gt=0, decided_at__isnull=False)
                | (Q(state="refused", paid_fen=0, decided_at__isnull=False) & ~Q(reason="")),
                name="first_order_claim_decided_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state="waiting"), name="first_order_claim_waiting"
            )
        ]
