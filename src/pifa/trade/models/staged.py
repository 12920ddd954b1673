"""Orders that are paid in stages, and how far their production is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pifa.catalog.models import StagedTerms
from pifa.parties.storage import PrivateStorage


class StagedOrder(StagedTerms):
    """The plan by which an order is paid in stages, as it was when ordered, and where it stands.

    The amounts are finance's (the payable's stages). `produce_by` and `balance_by` follow from
    the moments and the plan; they move while a refund case holds the order.
    """

    order = models.OneToOneField("trade.Order", models.PROTECT, related_name="staged")
    deposit_at = models.DateTimeField(_("定金付清时间"), null=True)
    produce_by = models.DateTimeField(_("生产期限"), null=True)
    finished_at = models.DateTimeField(_("完成生产时间"), null=True)
    balance_by = models.DateTimeField(_("尾款期限"), null=True)
    balance_at = models.DateTimeField(_("尾款付清时间"), null=True)

    class Meta(StagedTerms.Meta):
        constraints = [
            *StagedTerms.Meta.constraints,
            models.CheckConstraint(
                condition=(Q(deposit_at__isnull=True) & Q(produce_by__isnull=True))
                | (Q(deposit_at__isnull=False) & Q(produce_by__isnull=False)),
                name="stagedorder_produce_by_from_deposit",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(deposit_at__isnull=False),
                name="stagedorder_deposit_before_finish",
            ),
            models.CheckConstraint(
                condition=Q(balance_at__isnull=True) | Q(deposit_at__isnull=False),
                name="stagedorder_deposit_before_balance",
            ),
        ]


class ProductionNote(models.Model):
    """One word of the seller on how far production is; never changed."""

    order = models.ForeignKey("trade.Order", models.PROTECT, related_name="production_notes")
    percent = models.PositiveSmallIntegerField(_("进度"))
    text = models.CharField(_("说明"), max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="production_percent_sane")
        ]


class ProductionPicture(models.Model):
    """A cleaned picture of a production note; a private file, sent to the order's two parties."""

    note = models.ForeignKey(ProductionNote, models.PROTECT, related_name="pictures")
    position = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(upload_to="production/", storage=PrivateStorage())
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "position"], name="production_picture_once")
        ]
