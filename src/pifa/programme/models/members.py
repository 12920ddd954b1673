"""Members of a season, companies that may not apply, what operators marked for the tracks."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pifa.programme.models.applying import Enrolment
from pifa.programme.models.seasons import SeasonRow
from pifa.programme.states import MembershipState


class Membership(models.Model):
    """A company in one season. The targets are those of its enrolment.

    The tags say what is held now; since when is in the register of benefits. Checkpoints move tags
    and states of all members at once, so that no index has them, and none is there twice.
    """

    company = models.ForeignKey(
        "parties.Company",
        models.PROTECT,
        related_name="programme_memberships",
        db_index=False,
    )
    season = models.ForeignKey(SeasonRow, models.PROTECT, related_name="memberships")
    enrolment = models.OneToOneField(
        Enrolment, models.PROTECT, null=True, related_name="membership"
    )
    department = models.CharField(_("部门"), max_length=20)
    month_fen = models.BigIntegerField(_("月目标"))
    peak_fen = models.BigIntegerField(_("大促当日目标"), default=0)
    account_manager = models.ForeignKey(
        "parties.User",
        models.PROTECT,
        null=True,
        related_name="programme_members",
        db_index=False,
    )
    state = models.CharField(_("状态"), max_length=8, choices=MembershipState.choices)
    member_tag = models.BooleanField(_("通天商家标"), default=False)
    traffic_tag = models.BooleanField(_("流量标"), default=False)
    approved_at = models.DateTimeField(_("通过时间"))
    removed_reason = models.CharField(_("去标原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("通天商家")
        verbose_name_plural = _("通天商家")
        constraints = [
            models.UniqueConstraint(fields=["company", "season"], name="membership_once_a_season"),
            models.CheckConstraint(
                condition=Q(month_fen__gt=0, peak_fen__gte=0), name="membership_targets_sane"
            ),
            models.CheckConstraint(
                condition=Q(traffic_tag=False) | Q(member_tag=True),
                name="membership_traffic_with_member_tag",
            ),
            models.CheckConstraint(
                condition=Q(member_tag=False) | Q(state__in=["in_force", "renewed"]),
                name="membership_tagged_in_force",
            ),
            models.CheckConstraint(
                condition=Q(member_tag=True) | ~Q(state__in=["in_force", "renewed"]),
                name="membership_in_force_tagged",
            ),
        ]
        indexes = [
            models.Index(fields=["account_manager", "season"], name="membership_by_manager"),
        ]

    @property
    def subject(self) -> str:
        return f"membership:{self.pk}"


class Freeze(models.Model):
    """A company that may not apply from a day on, until the day before another (none: until lifted).

    `missed` comes from a verdict, `brushing` from rulings; one of each kind at a time. `lifted_by` is
    the operator who lifted it by hand; one that follows rulings ends with them alone.
    """

    class Kind(models.TextChoices):
        MISSED = "missed", _("未达目标")
        BRUSHING = "brushing", _("虚假交易")

    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    season = models.ForeignKey(SeasonRow, models.PROTECT, related_name="freezes")
    since = models.DateField(_("自"))
    until = models.DateField(_("至"), null=True)
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(max_length=300, blank=True)
    lifted_by = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("冻结")
        verbose_name_plural = _("冻结")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind", "season"],
                condition=Q(lifted_at=None),
                name="freeze_once_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="missed", until__isnull=False, until__gt=F("since"))
                | Q(kind="brushing", until__isnull=True),
                name="freeze_ends_by_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lift_reason="")
                | (Q(lifted_at__isnull=False) & ~Q(lift_reason="")),
                name="freeze_lifted_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True) | Q(kind="missed", lifted_at__isnull=False),
                name="freeze_lifted_by_hand_if_missed",
            ),
        ]
        indexes = [models.Index(fields=["company", "lifted_at"], name="freeze_of_company")]


class Mark(models.Model):
    """What an operator noted of a company for the tracks (`vocabulary.MARKS`), until taken back."""

    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    reason = models.CharField(_("依据"), max_length=300)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("parties.User", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "code"], condition=Q(ended_at=None), name="mark_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="mark_says_why"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="mark_ended_with_a_reason",
            ),
        ]
