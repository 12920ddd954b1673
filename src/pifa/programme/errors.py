"""What the programme refuses, in words a person can act on and with the figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError
from pifa.programme.rules.calendar import Shut, Way
from pifa.rulebook.errors import BookProblem


class BadSeason(DomainError):
    """A season's file does not hold: nothing of it takes effect; `problems` lists everything."""

    code = "programme.bad_season"
    status = 422
    message = _("活动季文件有 {count} 处问题，未发布：\n{problems}")

    def __init__(self, problems: Sequence[BookProblem]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(str(problem) for problem in self.problems)
        super().__init__(count=len(self.problems), problems=lines)


class SeasonExists(DomainError):
    """A season of this code is published already; figures: code."""

    code = "programme.season_exists"
    message = _("活动季 {code} 已经发布。已发布的规则不再更改；请换一个代号。")


class SeasonTooLate(DomainError):
    """A phase of the season is over before it is published; figures: code, first, today."""

    code = "programme.season_too_late"
    message = _("活动季 {code} 的第一个报名期 {first} 已经开始（今天是 {today}），来不及发布。")


class WayShut(DomainError):
    """The way into the season is shut on this day; figures: why, day, and what is known of it."""

    code = "programme.way_shut"
    message = _("现在不能报名。")

    _WORDS = {
        Shut.TOO_EARLY: _("报名还没有开始，{day} 开放。"),
        Shut.TOO_LATE: _("本季报名已经截止。"),
        Shut.FROZEN: _("上次未完成目标，{day} 起才能重新报名。"),
        Shut.BARRED: _("因虚假交易被取消参与资格；裁定撤销后可以报名。"),
        Shut.MEMBER: _("本季已经报过名。"),
        Shut.RETURNING: _("老通天商家不需要彩排，请直接报名。"),
        Shut.SIGNED_UP: _("这一轮彩排已经报过名。"),
        Shut.NO_REHEARSAL: _("新通天商家要先在当月报名并通过彩排。"),
        Shut.NOT_PASSED: _("当月彩排还没有通过，通过后即可报名。"),
        Shut.OTHER_ROUND: _("通过的是另一个月的彩排，隔月彩排无效；请在当月重新彩排。"),
    }

    def __init__(self, way: Way, day: str = "") -> None:
        assert way.shut is not None
        self.way = way
        super().__init__(why=way.shut.value, day=day)

    def __str__(self) -> str:
        return str(self._WORDS[Shut(self.figures["why"])]).format(day=self.figures["day"])


class GatesShut(DomainError):
    """Conditions of entry do not hold; figures: rules, by their ids."""

    code = "programme.gates_shut"
    message = _("还不符合报名条件：{rules}。可以补齐后再报，或申请特批。")


class BelowFloor(DomainError):
    """A target is below the department's floor; figures: target, floor, missing."""

    code = "programme.below_floor"
    message = _("{target}不得低于 {floor}，还差 {missing}。")


class NoDepartment(DomainError):
    """The shop's main category is in no department of the season, or there is no shop."""

    code = "programme.no_department"
    message = _("店铺的主营类目不在本季的任何部门，暂不能报名；请联系小二。")


class HasSaid(DomainError):
    """The reviewer has given an opinion of this enrolment already."""

    code = "programme.has_said"
    message = _("您已经对这份报名发表过意见，需要另一位小二复审。")


class RehearsalMissing(DomainError):
    """The rehearsal behind the enrolment is not passed (any more)."""

    code = "programme.rehearsal_missing"
    message = _("这份报名的彩排目前没有通过，不能批准。")


class StillWaiting(DomainError):
    """An earlier checkpoint waits; figures: code, earlier."""

    code = "programme.still_waiting"
    message = _("{code} 要等前面的 {earlier} 考核完成。")


class NotFrozen(DomainError):
    """The freeze is lifted already, or its days are over."""

    code = "programme.not_frozen"
    message = _("这家企业的冻结已经解除或到期，不需要再解除。")


class FollowsRulings(DomainError):
    """A freeze that rulings cost ends when they are taken back, not by hand."""

    code = "programme.follows_rulings"
    message = _("因虚假交易裁定的冻结随裁定解除：请先撤销裁定。")


class AppealedAlready(DomainError):
    """A verdict is appealed once."""

    code = "programme.appealed_already"
    message = _("您已经对这次考核提出过申诉。")


class NotAppealable(DomainError):
    """The verdict was passed, or was replaced by a newer one."""

    code = "programme.not_appealable"
    message = _("这次考核已通过或已有新的结果，不需要申诉。")


class TooManyProofs(DomainError):
    """An enrolment has as many proofs as it may have; figures: most."""

    code = "programme.too_many_proofs"
    message = _("一份报名最多提交 {most} 项证明。")


def figures_of(error: DomainError) -> dict[str, Any]:
    """An error as it is kept beside what waits for it."""
    return {"code": error.code, "words": str(error)}
