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
    until = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(claimed_fen__gte=0) & Q(claimed_fen__lte=F("cover_fen")),
                name="sandbox_policy_within_cover",
            )
        ]
