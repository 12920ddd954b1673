"""What companies were when they were rated, what they held from when on, and each night's run."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Profile(models.Model):
    """What a company is, from a market day on until its next row: rules ask for it.

    Kept so that a past day can be rated with what was so then.
    """

    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="+")
    since = models.DateField()
    is_seller = models.BooleanField(default=False)
    medal_system = models.CharField(max_length=20, blank=True)
    member_since = models.DateField(null=True)
    member_until = models.DateField(null=True)
    mobile_shop = models.BooleanField(default=False)
    tradable_offers = models.PositiveIntegerField(default=0)
    corporate_transfer = models.BooleanField(default=False)
    ka_certified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "since"], name="profile_once_a_day")
        ]


class Kind(models.TextChoices):
    """What is rated."""

    LEVEL = "level", _("采购等级")
    CREDIT = "credit", _("信用档")
    MEDAL = "medal", _("交易勋章")
    TIER = "tier", _("商家分层")


class Standing(models.Model):
    """What a company holds of one kind from a market day on, until its next row.

    `code` is the step's in the rulebook (`MEDAL-3`), empty for none; `rank` its place, 0 for none.
    """

    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="standings")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    code = models.CharField(max_length=40, blank=True)
    rank = models.SmallIntegerField()
    since = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind", "since"], name="standing_once_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(code="") | Q(rank=0), name="standing_none_has_no_rank"
            ),
        ]
        indexes = [models.Index(fields=["kind", "since"], name="standing_days")]


class RatingRun(models.Model):
    """The rating of one market day: when it was done, by which rules, with which result.

    `digest` is the canonical SHA-256 of every company's result and figures; `book` that of the
    rulebook's file. A day rated anew with another result has a higher `revision`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待数据")
        RATED = "rated", _("已评定")

    day = models.DateField(_("市场日"), unique=True)
    state = models.CharField(_("状态"), max_length=7, choices=State.choices)
    reason = models.JSONField(_("原因"), default=dict)
    book = models.CharField(max_length=64, blank=True)
    book_effective = models.DateField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    companies = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    rated_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("评定")
        verbose_name_plural = _("评定")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="rated")
                | (~Q(digest="") & ~Q(book="") & Q(rated_at__isnull=False)),
                name="rated_day_has_its_proof",
            )
        ]


class FallWarning(models.Model):
    """A company was told that it will fall on a day if nothing happens; told once."""

    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    code = models.CharField(max_length=40)
    told_on = models.DateField()
    falls_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind", "code"], name="fall_warning_once_a_step"
            )
        ]
