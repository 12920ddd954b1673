"""The sandbox insurer's own book."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class SandboxPolicy(models.Model):
    """A policy as the insurer keeps it, by the number that the market gave it."""

    number = models.CharField(max_length=24, unique=True)
    holder = models.CharField(max_length=120)
    cover_fen = models.BigIntegerField()
    premium_fen = models.BigIntegerField()
    claimed_fen = models.BigIntegerField(default=0)
    returned_fen = models.BigIntegerField(default=0, help_text="of the premium")
    until = models.DateField(null=True, help_text="empty: as long as what it covers")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(claimed_fen__gte=0) & Q(claimed_fen__lte=F("cover_fen")),
                name="sandbox_policy_within_cover",
            ),
            models.CheckConstraint(
                condition=Q(returned_fen=0)
                | Q(returned_fen__gt=0, returned_fen__lte=F("premium_fen"), claimed_fen=0),
                name="sandbox_policy_returned_or_claimed",
            ),
        ]
