"""Policies of return freight, and which sellers give one with each of their orders."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class FreightGift(models.Model):
    """Whether a seller insures the return freight of all its orders, at its own cost."""

    company = models.OneToOneField("parties.Company", models.PROTECT, related_name="freight_gift")
    on = models.BooleanField()
    changed_at = models.DateTimeField()


class FreightWish(models.Model):
    """A buyer wants the return freight of a subject insured, for the premium that it was shown with
    the order; `quoted_at` and the figures of the past are what it was made of."""

    covers = models.CharField(max_length=64, unique=True)
    buyer = models.ForeignKey("parties.Company", models.PROTECT, related_name="+")
    premium_fen = models.BigIntegerField()
    insured_fen = models.BigIntegerField()
    region = models.CharField(max_length=2)
    buyer_orders = models.PositiveIntegerField()
    buyer_returns = models.PositiveIntegerField()
    seller_orders = models.PositiveIntegerField()
    seller_returns = models.PositiveIntegerField()
    quoted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(premium_fen__gt=0) & Q(premium_fen__lt=F("insured_fen")),
                name="freight_wish_figures_sane",
            )
        ]


class FreightPolicy(models.Model):
    """The insured return freight of one subject (`order:<number>`), and how its premium was made.

    `payer` is who paid the premium and has it back if nothing is shipped. `paid_fen` is what a
    return was paid; `refund` names its case.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("保障中")
        CLAIMED = "claimed", _("已赔付")
        RETURNED = "returned", _("已退保费")
        EXPIRED = "expired", _("保障已结束")

    number = models.CharField(max_length=24, unique=True)
    covers = models.CharField(max_length=64, unique=True, help_text="the subject whose goods")
    buyer = models.ForeignKey("parties.Company", models.PROTECT, related_name="+")
    seller = models.ForeignKey("parties.Company", models.PROTECT, related_name="+")
    payer = models.ForeignKey("parties.Company", models.PROTECT, related_name="+")
    region = models.CharField(max_length=2)
    insured_fen = models.BigIntegerField()
    premium_fen = models.BigIntegerField()
    paid_fen = models.BigIntegerField(default=0)
    buyer_orders = models.PositiveIntegerField()
    buyer_returns = models.PositiveIntegerField()
    seller_orders = models.PositiveIntegerField()
    seller_returns = models.PositiveIntegerField()
    refund = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    quoted_at = models.DateTimeField(help_text="by the rules of this day")
    written_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(premium_fen__gt=0)
                & Q(premium_fen__lt=F("insured_fen"))
                & Q(paid_fen__gte=0)
                & Q(paid_fen__lte=F("insured_fen")),
                name="freight_policy_figures_sane",
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", paid_fen__gt=0) & ~Q(refund="")
                | ~Q(state="claimed") & Q(paid_fen=0, refund=""),
                name="freight_policy_claimed_once",
            ),
            models.CheckConstraint(
                condition=Q(state="active", ended_at__isnull=True)
                | ~Q(state="active") & Q(ended_at__isnull=False),
                name="freight_policy_ended_at",
            ),
            models.CheckConstraint(
                condition=Q(payer=F("buyer")) | Q(payer=F("seller")),
                name="freight_policy_paid_by_a_side",
            ),
            models.CheckConstraint(
                condition=Q(buyer_returns__lte=F("buyer_orders"))
                & Q(seller_returns__lte=F("seller_orders")),
                name="freight_policy_history_sane",
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "id"], name="freight_policy_of_buyer"),
            models.Index(fields=["seller", "id"], name="freight_policy_of_seller"),
        ]

    @property
    def subject(self) -> str:
        """What its postings are for."""
        return f"freight:{self.number}"
