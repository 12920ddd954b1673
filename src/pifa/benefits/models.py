"""Grants: each benefit that a company holds or held."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Grant(models.Model):
    """A company holds a benefit from a market day on, until the day before another.

    `source` says who granted it (`standing:medal`), `rule_id` by which rule, `reason` in
    figures and words (`zh`, `en`). `value` holds the benefit's own terms.
    """

    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="grants")
    benefit = models.CharField(_("权益"), max_length=40)
    source = models.CharField(_("来源"), max_length=40)
    rule_id = models.CharField(_("规则"), max_length=40, blank=True)
    reason = models.JSONField(_("原因"), default=dict)
    value = models.JSONField(_("内容"), default=dict)
    since = models.DateField(_("自"))
    until = models.DateField(_("至"), null=True)

    class Meta:
        verbose_name = _("权益")
        verbose_name_plural = _("权益")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "benefit", "source"],
                condition=Q(until=None),
                name="grant_open_once_a_source",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="grant_ends_after_it_began"
            ),
        ]
        indexes = [models.Index(fields=["benefit", "company"], name="grant_benefit")]
