"""Terms of performance bonds."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class BondPolicy(models.Model):
    """One term of a seller's bond: cover, premium, what the insurer paid under it.

    It covers the market days `since` … `until`, the last not included. A renewed one is followed by
    the next.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("保障中")
        RENEWED = "renewed", _("已续保")
        REFROZEN = "refrozen", _("已改回保证金")
        LEFT = "left", _("已退出买家保障")
        LAPSED = "lapsed", _("到期未续，已退出买家保障")

    number = models.CharField(max_length=24, unique=True)
    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="bonds")
    cover_fen = models.BigIntegerField()
    premium_fen = models.BigIntegerField()
    claimed_fen = models.BigIntegerField(default=0)
    since = models.DateField()
    until = models.DateField()
    renews = models.BooleanField(default=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    taken_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(state="active"), name="bond_one_active"
            ),
            models.CheckConstraint(
                condition=Q(cover_fen__gt=0)
                & Q(premium_fen__gt=0)
                & Q(claimed_fen__gte=0)
                & Q(claimed_fen__lte=F("cover_fen"))
                & Q(until__gt=F("since")),
                name="bond_figures_sane",
            ),
            models.CheckConstraint(
                condition=Q(state="active", ended_at__isnull=True)
                | ~Q(state="active") & Q(ended_at__isnull=False),
                name="bond_ended_at",
            ),
        ]

    @property
    def subject(self) -> str:
        """What its postings and deadlines are for."""
        return f"bond:{self.number}"
