"""Rulings on orders: a history that is only added to, and which of them is in force."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Ruling(models.Model):
    """An operator's word on an order: it is brushing, or that it is not after all.

    Never changed: what was said stays, and a ruling is taken back by another (once).
    """

    class Verdict(models.TextChoices):
        BRUSHING = "brushing", _("虚假交易")
        TAKEN_BACK = "taken_back", _("撤销裁定")

    order = models.ForeignKey("trade.Order", models.PROTECT, related_name="rulings")
    verdict = models.CharField(_("裁定"), max_length=10, choices=Verdict.choices)
    takes_back = models.OneToOneField("self", models.PROTECT, null=True, related_name="taken_back")
    reason = models.CharField(_("理由"), max_length=500)
    given_by = models.ForeignKey("parties.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("刷单裁定")
        verbose_name_plural = _("刷单裁定")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="brushing", takes_back__isnull=True)
                | Q(verdict="taken_back", takes_back__isnull=False),
                name="ruling_takes_back_another",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="ruling_has_a_reason"),
        ]
        indexes = [models.Index(fields=["order", "id"], name="ruling_history")]


class RulingInForce(models.Model):
    """The ruling that holds for an order now; one at most."""

    order = models.OneToOneField("trade.Order", models.PROTECT, related_name="ruling_in_force")
    ruling = models.OneToOneField(Ruling, models.PROTECT, related_name="in_force")


class RulingAnswer(models.Model):
    """What the seller says to a ruling, once."""

    ruling = models.OneToOneField(Ruling, models.PROTECT, related_name="answer")
    words = models.CharField(_("卖家申诉"), max_length=1000)
    given_by = models.ForeignKey("parties.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="ruling_answer_has_words")
        ]
