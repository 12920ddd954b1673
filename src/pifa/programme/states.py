"""The lives of a rehearsal, an enrolment, a membership and an appeal, as tables."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from pifa.kernel.states import SAME, StateTable, Transition

SELLER, OPERATOR, MARKET = "seller", "operator", "market"


class RehearsalState(TextChoices):
    """States of a rehearsal."""

    APPLIED = "applied", _("待审核")
    REFUSED = "refused", _("未通过审核")
    OPEN = "open", _("彩排中")
    PASSED = "passed", _("彩排通过")
    FAILED = "failed", _("彩排未通过")


class EnrolmentState(TextChoices):
    """States of an enrolment."""

    SUBMITTED = "submitted", _("待审核")
    SECOND = "second", _("待复审")
    APPROVED = "approved", _("已通过")
    REFUSED = "refused", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤回")
    VOID = "void", _("已失效")


OPEN_ENROLMENT = (EnrolmentState.SUBMITTED, EnrolmentState.SECOND, EnrolmentState.APPROVED)
"""An enrolment that stands: a company has one at a time in a season."""


class MembershipState(TextChoices):
    """States of a membership in one season."""

    WAITING = "waiting", _("待开始")
    IN_FORCE = "in_force", _("进行中")
    RENEWED = "renewed", _("已留存")
    ENDED = "ended", _("已结束")
    REMOVED = "removed", _("已去标")


class AppealState(TextChoices):
    """States of an appeal."""

    OPEN = "open", _("待处理")
    UPHELD = "upheld", _("申诉成立")
    DISMISSED = "dismissed", _("申诉不成立")


_R, _E, _M, _A = RehearsalState, EnrolmentState, MembershipState, AppealState

REHEARSAL = StateTable(
    name="rehearsal",
    states=dict(_R.choices),
    initial=_R.APPLIED.value,
    transitions=(
        Transition(
            "approve", _("通过"), (_R.APPLIED,), _R.OPEN, (OPERATOR,), "programme.rehearsal"
        ),
        Transition(
            "refuse", _("驳回"), (_R.APPLIED,), _R.REFUSED, (OPERATOR,), "programme.rehearsal"
        ),
        Transition(
            "pass", _("彩排达标"), (_R.OPEN, _R.FAILED), _R.PASSED, (MARKET,), "programme.rehearsal"
        ),
        Transition(
            "fail",
            _("彩排未达标"),
            (_R.OPEN, _R.PASSED),
            _R.FAILED,
            (MARKET,),
            "programme.rehearsal",
        ),
        Transition(
            "reopen", _("重新计算"), (_R.PASSED,), _R.OPEN, (MARKET,), "programme.rehearsal"
        ),
    ),
)
"""A rehearsal passes as soon as its conditions hold; a ruling on an order may take that back."""

ENROLMENT = StateTable(
    name="enrolment",
    states=dict(_E.choices),
    initial=_E.SUBMITTED.value,
    transitions=(
        Transition("second", _("提交复审"), (_E.SUBMITTED,), _E.SECOND, (OPERATOR,), ""),
        Transition(
            "approve",
            _("通过"),
            (_E.SUBMITTED, _E.SECOND),
            _E.APPROVED,
            (OPERATOR,),
            "programme.enrolment",
        ),
        Transition(
            "refuse",
            _("驳回"),
            (_E.SUBMITTED, _E.SECOND),
            _E.REFUSED,
            (OPERATOR, MARKET),
            "programme.enrolment",
        ),
        Transition("void", _("失效"), (_E.APPROVED,), _E.VOID, (MARKET,), "programme.enrolment"),
        Transition("revive", _("恢复"), (_E.VOID,), _E.APPROVED, (MARKET,), ""),
        Transition(
            "withdraw", _("撤回报名"), (_E.SUBMITTED, _E.SECOND), _E.WITHDRAWN, (SELLER,), ""
        ),
    ),
)
"""An enrolment. One for an exception needs the opinions of several reviewers."""

MEMBERSHIP = StateTable(
    name="membership",
    states=dict(_M.choices),
    initial=_M.WAITING.value,
    transitions=(
        Transition("begin", _("开始"), (_M.WAITING,), _M.IN_FORCE, (MARKET,), "programme.begun"),
        Transition("check", _("考核"), (_M.IN_FORCE,), SAME, (MARKET,), "programme.verdicts"),
        Transition(
            "renew",
            _("留存"),
            (_M.IN_FORCE, _M.ENDED, _M.REMOVED),
            _M.RENEWED,
            (MARKET,),
            "programme.verdicts",
        ),
        Transition(
            "end",
            _("结束"),
            (_M.IN_FORCE, _M.RENEWED, _M.REMOVED),
            _M.ENDED,
            (MARKET,),
            "programme.verdicts",
        ),
        Transition(
            "remove",
            _("去标"),
            (_M.WAITING, _M.IN_FORCE, _M.RENEWED, _M.ENDED),
            _M.REMOVED,
            (MARKET, OPERATOR),
            "programme.verdicts",
        ),
    ),
)
"""A membership. Its last checkpoint decides; recomputed verdicts and appeals may decide otherwise."""

APPEAL = StateTable(
    name="programme_appeal",
    states=dict(_A.choices),
    initial=_A.OPEN.value,
    transitions=(
        Transition("uphold", _("申诉成立"), (_A.OPEN,), _A.UPHELD, (OPERATOR,), "programme.appeal"),
        Transition(
            "dismiss", _("申诉不成立"), (_A.OPEN,), _A.DISMISSED, (OPERATOR,), "programme.appeal"
        ),
    ),
)
"""An appeal of a member against a verdict."""

TABLES = (REHEARSAL, ENROLMENT, MEMBERSHIP, APPEAL)
