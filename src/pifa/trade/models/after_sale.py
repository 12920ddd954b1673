"""Refunds, disputes and reviews."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pifa.trade.states import RefundState


class RefundCase(models.Model):
    """A buyer's request for money back on an order; at most one is open at a time.

    The market opens one for goods that were refused at the door.
    """

    State = RefundState

    class Kind(models.TextChoices):
        MONEY = "money", _("仅退款")
        RETURN = "return", _("退货退款")

    number = models.CharField(max_length=32, unique=True)
    order = models.ForeignKey("trade.Order", models.PROTECT, related_name="refund_cases")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=RefundState.choices, default=RefundState.ASKED)
    purpose = models.CharField(
        max_length=12, blank=True, help_text="the stage that is asked back; empty: any money"
    )
    at_the_door = models.BooleanField(
        default=False, help_text="nobody asked: the parcel was refused at the door"
    )
    asked_fen = models.BigIntegerField(_("申请金额"))
    granted_fen = models.BigIntegerField(_("退款金额"), default=0)
    reason = models.CharField(_("原因"), max_length=300)
    answer = models.CharField(_("卖家答复"), max_length=300, blank=True)
    return_tracking_no = models.CharField(_("退货运单号"), max_length=60, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=~Q(state__in=["withdrawn", "dismissed", "paid"]),
                name="refund_case_one_open",
            ),
            models.CheckConstraint(condition=Q(asked_fen__gt=0), name="refund_case_above_zero"),
            models.CheckConstraint(
                condition=Q(purpose__in=["", "deposit", "balance"]),
                name="refund_case_purpose_known",
            ),
        ]


class Dispute(models.Model):
    """A refund case brought before the market; an operator gives the verdict."""

    class Verdict(models.TextChoices):
        NONE = "", _("待裁决")
        BUYER = "buyer", _("支持买家")
        PARTLY = "partly", _("部分支持买家")
        SELLER = "seller", _("支持卖家")
        WITHDRAWN = "withdrawn", _("买家撤回")

    case = models.OneToOneField(RefundCase, models.PROTECT, related_name="dispute")
    statement = models.TextField(_("买家陈述"), max_length=2000)
    seller_statement = models.TextField(_("卖家陈述"), max_length=2000, blank=True)
    verdict = models.CharField(max_length=9, choices=Verdict.choices, blank=True)
    verdict_reason = models.TextField(_("裁决理由"), max_length=2000, blank=True)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("纠纷")
        verbose_name_plural = _("纠纷")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="") | Q(decided_at__isnull=False), name="verdict_has_a_date"
            )
        ]


class Review(models.Model):
    """What a buyer says of an order when it is done; the seller may answer once."""

    order = models.OneToOneField("trade.Order", models.PROTECT, related_name="review")
    stars = models.PositiveSmallIntegerField(_("评分"))
    body = models.TextField(_("评价"), max_length=1000, blank=True)
    answer = models.TextField(_("卖家回复"), max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stars__gte=1) & Q(stars__lte=5), name="review_one_to_five"
            )
        ]
