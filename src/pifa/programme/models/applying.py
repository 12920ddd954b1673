"""Rehearsals, enrolments, what reviewers said of them and what they looked at."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pifa.parties.storage import PrivateStorage
from pifa.programme.models.seasons import SeasonRow
from pifa.programme.rules.calendar import Entry
from pifa.programme.states import EnrolmentState, RehearsalState

_DECIDED_REHEARSAL = ["open", "passed", "failed", "refused"]


class Rehearsal(models.Model):
    """A company's rehearsal in one round of a season.

    `figures` are those of the gates when it signed up, `numbers` what was counted when it was last
    passed or failed.
    """

    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="rehearsals")
    season = models.ForeignKey(SeasonRow, models.PROTECT, related_name="rehearsals")
    round = models.CharField(_("轮次"), max_length=20)
    state = models.CharField(_("状态"), max_length=8, choices=RehearsalState.choices)
    figures = models.JSONField(default=dict)
    numbers = models.JSONField(default=dict)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    applied_at = models.DateTimeField(_("报名时间"))
    applied_by = models.ForeignKey("parties.Member", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+")
    passed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True, help_text="its days are over")

    class Meta:
        verbose_name = _("彩排")
        verbose_name_plural = _("彩排")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "season", "round"], name="rehearsal_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(state="applied", decided_at__isnull=True)
                | Q(state__in=_DECIDED_REHEARSAL, decided_at__isnull=False),
                name="rehearsal_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="rehearsal_says_why_not"
            ),
            models.CheckConstraint(
                condition=~Q(state="passed") | Q(passed_at__isnull=False),
                name="rehearsal_passed_has_its_moment",
            ),
        ]
        indexes = [models.Index(fields=["season", "state"], name="rehearsal_queue")]

    @property
    def subject(self) -> str:
        return f"rehearsal:{self.pk}"


class Enrolment(models.Model):
    """A company's enrolment for a season, with the targets it commits to.

    `exception` asks for a way past shut gates, for the reason given. `figures` are those of entry
    when it was filed; `declared_fen` is the yearly revenue as the seller says.
    """

    company = models.ForeignKey("parties.Company", models.PROTECT, related_name="enrolments")
    season = models.ForeignKey(SeasonRow, models.PROTECT, related_name="enrolments")
    round = models.CharField(_("轮次"), max_length=20)
    entry = models.CharField(
        _("入口"), max_length=9, choices=[(entry.value, entry.value) for entry in Entry]
    )
    rehearsal = models.ForeignKey(Rehearsal, models.PROTECT, null=True, related_name="enrolments")
    department = models.CharField(_("部门"), max_length=20)
    month_fen = models.BigIntegerField(_("月目标"))
    peak_fen = models.BigIntegerField(_("大促当日目标"), default=0)
    declared_fen = models.BigIntegerField(_("公司年营业额"))
    exception = models.BooleanField(_("特批"), default=False)
    exception_reason = models.CharField(_("特批理由"), max_length=500, blank=True)
    figures = models.JSONField(default=dict)
    state = models.CharField(_("状态"), max_length=9, choices=EnrolmentState.choices)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    applied_at = models.DateTimeField(_("报名时间"))
    applied_by = models.ForeignKey("parties.Member", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("招商报名")
        verbose_name_plural = _("招商报名")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "season"],
                condition=Q(state__in=["submitted", "second", "approved"]),
                name="enrolment_one_open",
            ),
            models.CheckConstraint(
                condition=Q(month_fen__gt=0, peak_fen__gte=0, declared_fen__gte=0),
                name="enrolment_amounts_sane",
            ),
            models.CheckConstraint(
                condition=Q(exception=True) & ~Q(exception_reason="")
                | Q(exception=False, exception_reason=""),
                name="enrolment_exception_says_why",
            ),
            models.CheckConstraint(
                condition=Q(entry="returning", rehearsal__isnull=True)
                | Q(entry="newcomer", rehearsal__isnull=False),
                name="enrolment_newcomer_rehearsed",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="enrolment_says_why_not"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["submitted", "second"], decided_at__isnull=True)
                | Q(
                    state__in=["approved", "refused", "withdrawn", "void"],
                    decided_at__isnull=False,
                ),
                name="enrolment_decided",
            ),
        ]
        indexes = [models.Index(fields=["season", "state", "exception"], name="enrolment_queue")]

    @property
    def subject(self) -> str:
        return f"enrolment:{self.pk}"


class Opinion(models.Model):
    """What a reviewer says of an enrolment, with the reason; one a reviewer. Append-only."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="opinions")
    approves = models.BooleanField(_("同意"))
    reason = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey("parties.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "by"], name="opinion_once_a_reviewer"),
            models.CheckConstraint(condition=~Q(reason=""), name="opinion_says_why"),
        ]


class Evidence(models.Model):
    """What was looked at for an enrolment, and which figure it bears out. Append-only.

    `metric` is a word of entry (`yearly_revenue`, `grave_ip`); `value` what was found of it.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="evidence")
    metric = models.CharField(_("指标"), max_length=40)
    value = models.BigIntegerField(_("核实结果"))
    words = models.CharField(_("依据"), max_length=500)
    by = models.ForeignKey("parties.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(words="") & ~Q(metric=""), name="evidence_says_what"
            )
        ]
        indexes = [models.Index(fields=["enrolment", "metric", "id"], name="evidence_latest")]


class Proof(models.Model):
    """What an applicant brings forward for its enrolment: words, a figure in fen, a file.

    A reviewer weighs it and notes what was found as `Evidence`. The file is private: a PDF, OFD or
    picture that was looked through before it was kept; `name` is what the seller called it.
    Append-only.
    """

    class Kind(models.TextChoices):
        REVENUE = "revenue", _("公司年营业额")
        OFFLINE = "offline", _("线下交易规模")
        BRAND = "brand", _("品牌与授权")
        OTHER = "other", _("其他说明")

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="proofs")
    kind = models.CharField(_("证明内容"), max_length=8, choices=Kind.choices)
    fen = models.BigIntegerField(_("金额"), null=True)
    words = models.CharField(_("说明"), max_length=500)
    file = models.FileField(
        upload_to="proofs/%Y%m/", storage=PrivateStorage(), blank=True, max_length=200
    )
    format = models.CharField(max_length=4, blank=True)
    name = models.CharField(_("文件名"), max_length=120, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(_("时间"))
    given_by = models.ForeignKey("parties.Member", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("报名证明")
        verbose_name_plural = _("报名证明")
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="proof_has_words"),
            models.CheckConstraint(
                condition=Q(fen__isnull=True) | Q(fen__gt=0), name="proof_amount_sane"
            ),
            models.CheckConstraint(
                condition=Q(format="", digest="", size=0, name="")
                | (
                    Q(format__in=["pdf", "ofd", "png", "jpeg"], size__gt=0)
                    & ~Q(digest="")
                    & ~Q(name="")
                ),
                name="proof_file_whole_or_none",
            ),
        ]
        indexes = [models.Index(fields=["enrolment", "id"], name="proof_of_enrolment")]
