"""Imports of past (declared) trade and the rows they could not take."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from pifa.parties.storage import PrivateStorage


class ImportBatch(models.Model):
    """One run of an import. Its rows are in the orders; what was refused is listed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("导入中")
        DONE = "done", _("已完成")
        STOPPED = "stopped", _("已中断，可重新导入")
        FAILED = "failed", _("无法读取")

    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="import_batches")
    file_name = models.CharField(max_length=200)
    file = models.FileField(upload_to="imports/", storage=PrivateStorage(), blank=True)
    rejected_file = models.FileField(upload_to="imports/", storage=PrivateStorage(), blank=True)
    sha256 = models.CharField(max_length=64)
    mapping = models.CharField(max_length=60)
    mapping_toml = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    orders_new = models.PositiveIntegerField(default=0)
    orders_known = models.PositiveIntegerField(default=0)
    lines_new = models.PositiveIntegerField(default=0)
    customers_new = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class ImportRejection(models.Model):
    """A row that was not taken (or taken with a warning), and what to do about it."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rejections")
    row = models.PositiveIntegerField()
    field = models.CharField(max_length=60)
    reason = models.CharField(max_length=300)
    remedy = models.CharField(max_length=300)
    is_warning = models.BooleanField(default=False)


class CancellationMatch(models.Model):
    """How much of an earlier purchase a declared cancellation line takes back."""

    cancellation = models.ForeignKey("trade.OrderLine", models.PROTECT, related_name="taken_back")
    purchase = models.ForeignKey("trade.OrderLine", models.PROTECT, related_name="taken_by")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cancellation", "purchase"], name="cancellation_match_once"
            )
        ]
