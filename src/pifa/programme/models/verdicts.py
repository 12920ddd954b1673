"""Checkpoints that ran, what each member got, and what members say against it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pifa.programme.models.members import Membership
from pifa.programme.models.seasons import SeasonRow
from pifa.programme.rules.checkpoints import Outcome
from pifa.programme.states import AppealState


class CheckpointRun(models.Model):
    """A checkpoint of a season: it runs once. While facts are incomplete it waits, and says so."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待数据")
        DONE = "done", _("已考核")

    season = models.ForeignKey(SeasonRow, models.PROTECT, related_name="runs")
    code = models.CharField(_("节点"), max_length=20)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(_("状态"), max_length=7, choices=State.choices)
    reason = models.JSONField(_("原因"), default=dict)
    due_at = models.DateTimeField(_("应考核时间"))
    ran_at = models.DateTimeField(_("考核时间"), null=True)
    members = models.PositiveIntegerField(default=0)
    passed = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("节点考核")
        verbose_name_plural = _("节点考核")
        constraints = [
            models.UniqueConstraint(fields=["season", "code"], name="checkpoint_runs_once"),
            models.UniqueConstraint(fields=["season", "position"], name="checkpoint_in_order"),
            models.CheckConstraint(
                condition=Q(state="waiting", ran_at__isnull=True)
                | Q(state="done", ran_at__isnull=False),
                name="checkpoint_done_has_its_moment",
            ),
        ]


class Verdict(models.Model):
    """What a member got at a checkpoint, with its numbers; the highest revision holds.

    `asked_fen` is what would have passed. `cause` says why a later revision was given.
    """

    class Cause(models.TextChoices):
        RUN = "run", _("到期考核")
        REVISED = "revised", _("数据更正后重算")
        APPEAL = "appeal", _("申诉成立")

    run = models.ForeignKey(CheckpointRun, models.PROTECT, related_name="verdicts", db_index=False)
    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="verdicts", db_index=False
    )
    revision = models.PositiveSmallIntegerField(default=1)
    superseded = models.BooleanField(default=False)
    cause = models.CharField(max_length=7, choices=Cause.choices, default=Cause.RUN)
    measured_fen = models.BigIntegerField(_("完成"))
    target_fen = models.BigIntegerField(_("目标"))
    asked_fen = models.BigIntegerField(_("要求"))
    outcome = models.CharField(
        _("结果"), max_length=12, choices=[(one.value, one.value) for one in Outcome]
    )
    had_traffic = models.BooleanField(help_text="whether it held the traffic tag before")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("考核结果")
        verbose_name_plural = _("考核结果")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "membership"],
                condition=Q(superseded=False),
                name="verdict_one_holds",
            ),
            models.UniqueConstraint(
                fields=["membership", "run", "revision"], name="verdict_revisions"
            ),
            models.CheckConstraint(
                condition=Q(target_fen__gt=0, asked_fen__gt=0, revision__gt=0),
                name="verdict_amounts_sane",
            ),
        ]

    @property
    def passed(self) -> bool:
        """Whether the checkpoint was passed."""
        return self.outcome in (Outcome.KEPT, Outcome.RENEWED)


class Appeal(models.Model):
    """What a member says against a verdict, once; an operator decides."""

    verdict = models.OneToOneField(Verdict, models.PROTECT, related_name="appeal")
    words = models.CharField(_("申诉"), max_length=1000)
    state = models.CharField(_("状态"), max_length=9, choices=AppealState.choices)
    answer = models.CharField(_("答复"), max_length=500, blank=True)
    at = models.DateTimeField(_("提交时间"))
    given_by = models.ForeignKey("parties.Member", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("考核申诉")
        verbose_name_plural = _("考核申诉")
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="programme_appeal_has_words"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (Q(state__in=["upheld", "dismissed"], decided_at__isnull=False) & ~Q(answer="")),
                name="programme_appeal_decided_with_an_answer",
            ),
        ]
        indexes = [models.Index(fields=["state", "at"], name="programme_appeal_queue")]
