"""Buyer protection, instant payout, collection codes, what first orders were made good."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from pifa.finance.models.payables import Payable


class ProtectionDeposit(models.Model):
    """A seller's part in buyer protection: the deposit frozen for it."""

    company = models.OneToOneField(
        "parties.Company", models.PROTECT, related_name="buyer_protection"
    )
    required_fen = models.BigIntegerField()
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(required_fen__gt=0), name="deposit_above_zero")
        ]


class InstantSwitch(models.Model):
    """Whether a seller wants the money of its orders at once; the grant says whether it may."""

    company = models.OneToOneField("parties.Company", models.PROTECT, related_name="instant_switch")
    on = models.BooleanField()
    changed_at = models.DateTimeField()


class InstantPayout(models.Model):
    """A payable's money that its payee got at once, for a fee at the rate granted then.

    Open (`ended_at` empty) until the payable's trade is done: till then money may have to come
    back. `fee_returned_fen` is what of the fee went back with refunds.
    """

    payable = models.OneToOneField(Payable, models.PROTECT, related_name="instant_payout")
    amount_fen = models.BigIntegerField()
    fee_fen = models.BigIntegerField()
    fee_rate = models.CharField(max_length=12)
    fee_returned_fen = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0)
                & Q(fee_fen__gte=0)
                & Q(fee_fen__lte=F("amount_fen"))
                & Q(fee_returned_fen__gte=0)
                & Q(fee_returned_fen__lte=F("fee_fen")),
                name="instant_payout_amounts_sane",
            )
        ]


class CollectionCode(models.Model):
    """A company's own code by which anybody can pay it; a renewed one ends the one before."""

    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="collection_codes")
    token = models.CharField(max_length=43, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(ended_at=None), name="collection_code_one_alive"
            )
        ]


class Collection(models.Model):
    """What somebody set out to pay by a code; its payable says whether the money came.

    `origin` is a keyed digest of where the payer called from, to count tries by.
    """

    number = models.CharField(max_length=24, unique=True)
    code = models.ForeignKey(CollectionCode, models.PROTECT, related_name="collections")
    payable = models.OneToOneField(Payable, models.PROTECT, related_name="collection")
    note = models.CharField(max_length=60, blank=True)
    origin = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["code", "at"], name="collection_of_code"),
            models.Index(fields=["origin", "at"], name="collection_of_origin"),
        ]


class ProtectionYear(models.Model):
    """What the market made good of first orders in a market year; its row is the year's lock."""

    year = models.PositiveSmallIntegerField(unique=True)
    paid_fen = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(paid_fen__gte=0), name="protection_year_sane")
        ]
