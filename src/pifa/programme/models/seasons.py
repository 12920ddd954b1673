"""Seasons as they were published."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class SeasonRow(models.Model):
    """A season that is published: its file's whole text, so that every verdict can be told again.

    `month` is the month for which a template was read. Append-only: a trigger refuses changes.
    """

    code = models.CharField(_("代号"), max_length=40, unique=True)
    title = models.CharField(_("名称"), max_length=80)
    title_en = models.CharField(max_length=80)
    first_day = models.DateField(_("开始"))
    last_day = models.DateField(_("结束"))
    month = models.DateField(null=True)
    text = models.TextField(_("规则"))
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("发布时间"))
    published_by = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "programme_season"
        verbose_name = _("活动季")
        verbose_name_plural = _("活动季")
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")), name="season_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """The season's subject in the audit log and of its deadlines."""
        return f"season:{self.code}"
