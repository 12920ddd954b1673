"""Facts, the projection of pairs by day, orders ruled out or recounted, days of the lake.

Facts name companies by number and hold no foreign keys: they are copied to the lake as they are
and are never joined with the tables of their origin.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from pifa.metrics.facts import CREDIT, DISPUTES, MOVES, SIGNS, TRADE, FactKind

_OF_TWO = [str(kind) for kind in (*TRADE, *DISPUTES, *CREDIT, *MOVES)]
_OF_ONE = [str(kind) for kind in SIGNS]


class Fact(models.Model):
    """A fact as `facts.Fact` says. Append-only: a trigger refuses changes and deletions."""

    key = models.CharField(max_length=96, unique=True)
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    day = models.DateField()
    seller_id = models.BigIntegerField(null=True)
    buyer_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=64)
    ref = models.CharField(max_length=64, blank=True)
    amount_fen = models.BigIntegerField(default=0)
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in FactKind]), name="fact_kind_known"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="fact_amount_sane"),
            models.CheckConstraint(
                condition=~Q(kind__in=_OF_TWO) | Q(seller_id__isnull=False, buyer_id__isnull=False),
                name="fact_of_two",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=_OF_ONE) | Q(seller_id__isnull=False), name="fact_of_one"
            ),
        ]
        indexes = [
            models.Index(fields=["seller_id", "kind", "day"], name="fact_seller"),
            models.Index(fields=["buyer_id", "kind", "day"], name="fact_buyer"),
            models.Index(fields=["day"], name="fact_day"),
            models.Index(fields=["subject"], name="fact_subject"),
        ]


class PairDay(models.Model):
    """What a buyer and a seller did on a market day; orders ruled out are not in it, those that
    were recounted are with whom they count for.

    `refunds` and `completed` are counts. All may be zero, where an order was ruled out.
    """

    seller_id = models.BigIntegerField()
    buyer_id = models.BigIntegerField()
    day = models.DateField()
    orders = models.IntegerField(default=0)
    paid_fen = models.BigIntegerField(default=0)
    refunded_fen = models.BigIntegerField(default=0)
    refunds = models.IntegerField(default=0)
    completed = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller_id", "buyer_id", "day"], name="pair_day_once"),
            models.CheckConstraint(
                condition=Q(
                    orders__gte=0,
                    paid_fen__gte=0,
                    refunded_fen__gte=0,
                    refunds__gte=0,
                    completed__gte=0,
                ),
                name="pair_day_sane",
            ),
        ]
        indexes = [
            models.Index(fields=["seller_id", "day"], name="pair_day_seller"),
            models.Index(fields=["buyer_id", "day"], name="pair_day_buyer"),
            models.Index(fields=["day"], name="pair_day_day"),
        ]


class Excluded(models.Model):
    """An order that is ruled out at present."""

    subject = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()


class CountedFor(models.Model):
    """An order that counts for another buyer than its facts name: the one that paid as a guest."""

    subject = models.CharField(max_length=64, unique=True)
    buyer_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["buyer_id"], name="counted_for_buyer")]


class LakeDay(models.Model):
    """A market day of the lake: its file, and when it was proven equal to the projections.

    `stale`: a fact of that day came late; the day is written anew before it is measured again.
    """

    class State(models.TextChoices):
        CLOSED = "closed"
        STALE = "stale"

    day = models.DateField(unique=True)
    state = models.CharField(max_length=6, choices=State.choices)
    rows = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField(help_text="of the file, in bytes")
    sha256 = models.CharField(max_length=64)
    proven_at = models.DateTimeField()
