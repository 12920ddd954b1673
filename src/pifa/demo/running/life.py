"""The life of the season up to the opening day: members enter, checkpoints run, reviewers have work.

It comes after the rating, for who takes part is told by standing. What happened before the last weeks is
written as rows (rehearsals that were passed, enrolments that were approved); the rest goes by commands at
their moments, and what falls due on the way runs by itself, in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db import transaction

from pifa.demo import setting
from pifa.demo.plan.market import MarketPlan
from pifa.demo.plan.programme import MEMBERS, Part, month_target
from pifa.demo.running.calendar import BEFORE, NEXT, RUNNING, SOLD
from pifa.demo.running.text import text
from pifa.demo.world import World
from pifa.kernel import clock, deadlines, events
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.messages.models import Delivery
from pifa.metrics import queries as metrics
from pifa.parties.policies import member_id
from pifa.programme import commands, due, shelf
from pifa.programme.commands import members
from pifa.programme.errors import GatesShut
from pifa.programme.models import Enrolment, Membership, Rehearsal, SeasonRow, Verdict
from pifa.programme.queries import figures
from pifa.programme.rules.entry import Targets, entry_answers
from pifa.programme.rules.season import Season, Span, Stage
from pifa.rulebook.rules import Figure

_PEAK_SHARE = 15
"""A peak day's target in percent of the month's."""

_REVENUE = Money.yuan("48000000")
_PASSED = {"buyers": 4, "large_orders": 1, "bank_orders": 2}
"""What a rehearsal of long ago came to."""

_ENTERED = {
    "tier": 3, "member_months": 12, "buyer_protection": True, "grade_accepted": True,
    "grave_ip": False,
}  # fmt: skip
"""What a member had beside its trade and its medal when it enrolled."""

_MARKS = ("selected_corporate", "selected_brand_station")
_ENROLLING = 3
"""How many members of the season that runs have enrolled for the next already."""


def write_life(plan: MarketPlan, world: World) -> None:
    """Let everything happen up to the opening; the market is rated, and no money moves."""
    life = _Life(plan, world)
    with transaction.atomic():
        for at, act in sorted(life.acts(), key=lambda one: one[0]):
            deadlines.run_due(at)
            with clock.frozen(at):
                act()
                _hear()
        deadlines.run_due(setting.OPENING)
        _hear()
        waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
        waiting.update(state=Delivery.State.SENT, attempts=1)


class _Life:
    def __init__(self, plan: MarketPlan, world: World) -> None:
        self._world = world
        self._plan = plan
        self._parts = {one.index: one.part for one in plan.sellers if one.part is not None}
        self._staff = (world.operator, world.reviewer)
        self._exception = 0

    def acts(self) -> Iterator[tuple[datetime, Callable[[], object]]]:
        """All acts with their moments, in no order."""
        yield _at(4, 10), lambda: self._publish(BEFORE)
        yield _at(5, 8), self._enter_before
        yield _at(5, 12), lambda: self._publish(RUNNING)
        yield _at(6, 8), self._enter_running
        yield _at(6, 11), self._care
        yield _at(6, 12), lambda: self._publish(NEXT)
        yield _at(6, 15), self._mark
        yield _at(6, 22), lambda: self._sign_up(Part.REHEARSES, Part.EXCEPTION)
        yield _at(6, 26), self._appeal
        yield _at(6, 27, 8), self._enrol_for_next
        yield SOLD + timedelta(hours=6), self._open_rehearsals
        yield _at(6, 28), self._ask_for_exception
        yield _at(6, 29), self._say_of_exception
        yield _at(6, 29, 16), lambda: self._sign_up(Part.WAITS)

    # ------------------------------------------------------------------------- who is who
    def _of(self, *parts: Part) -> list[int]:
        return [index for index, part in self._parts.items() if part in parts]

    def _owner(self, index: int) -> Actor:
        return self._world.sellers[index].owner

    def _id(self, index: int) -> int:
        return self._world.sellers[index].company_id

    # ------------------------------------------------------------------------- seasons, members
    def _publish(self, month: date) -> None:
        row = commands.publish(self._world.operator, text(), month)
        # Nobody has marks before; the tracks are measured on the opening day as on any other.
        deadlines.set_deadline(due.TRACKS, row.subject, setting.moment(setting.OPENING.date(), 2))

    def _enter_before(self) -> None:
        """The season before: who is steady now, the named seller, and one who was to miss it."""
        row = _row(BEFORE)
        span = shelf.season_of(row).span
        places = [0, *self._of(Part.STEADY, Part.FROZEN)]
        ids = [self._id(one) for one in places]
        sales = metrics.sales_between(span.first, span.last, ids)
        traded = metrics.figures(ids, clock.today())
        for index in places:
            sold = sales.get(self._id(index), 0) // 100
            wanted = sold * 3 if self._parts[index] is Part.FROZEN else sold * 9 // 10
            self._enter(row, index, wanted // 1_000 * 1_000, traded[self._id(index)])

    def _enter_running(self) -> None:
        """The season that runs: each with the target that its part is meant for."""
        row = _row(RUNNING)
        places = self._of(*MEMBERS)
        traded = metrics.figures([self._id(one) for one in places], clock.today())
        for index in places:
            sales = self._plan.sellers[index].target.sales
            target = month_target(self._parts[index], sales)
            self._enter(row, index, target, traded[self._id(index)])

    def _enter(
        self, row: SeasonRow, index: int, month_yuan: int, traded: Mapping[str, Figure]
    ) -> None:
        """A member by an enrolment that was approved, after a rehearsal that was passed, unless it
        is a member already."""
        season, owner = shelf.season_of(row), self._owner(index)
        department = figures.department_of(season, self._id(index))
        assert department is not None
        returns = Membership.objects.filter(company=self._id(index), member_tag=True).exists()
        known = {**_ENTERED, **traded, "yearly_revenue": _REVENUE.fen}
        known |= {"medal": self._plan.sellers[index].target.medal}
        asked = entry_answers(season, Stage.ENROLMENT, known, department.code)
        month_fen = max(month_yuan * 100, department.month_floor_fen)
        peak_fen = max(month_fen * _PEAK_SHARE // 100, department.peak_floor_fen)
        enrolment = Enrolment.objects.create(
            company_id=self._id(index),
            season=row,
            round=season.rounds[0].code,
            entry="returning" if returns else "newcomer",
            rehearsal=None if returns else self._passed(row, season, index),
            department=department.code,
            month_fen=month_fen,
            peak_fen=peak_fen if season.peak else 0,
            declared_fen=_REVENUE.fen,
            figures=figures.kept(known, [one.asked.condition.metric for one in asked]),
            state="approved",
            applied_at=clock.now(),
            applied_by_id=member_id(owner),
            decided_at=clock.now(),
        )
        members.admit(enrolment)

    def _passed(self, row: SeasonRow, season: Season, index: int) -> Rehearsal:
        span: Span = season.rounds[0].rehearsal
        applied, passed = setting.moment(span.first, 11), setting.moment(span.last, 14)
        return Rehearsal.objects.create(
            company_id=self._id(index),
            season=row,
            round=season.rounds[0].code,
            state="passed",
            numbers=_PASSED,
            applied_at=applied,
            applied_by_id=member_id(self._owner(index)),
            decided_at=applied,
            decided_by_id=self._world.reviewer.user_id,
            passed_at=passed,
            settled_at=passed,
        )

    def _care(self) -> None:
        """Every second member is the operator's, the named seller's among them, the others the
        reviewer's; the last has nobody yet."""
        rows = Membership.objects.filter(season=_row(RUNNING)).order_by("company")
        ids = list(rows.values_list("pk", flat=True))[:-1]
        for place, actor in enumerate(self._staff):
            commands.assign_manager(self._world.operator, ids[place::2], actor.user_id)

    def _mark(self) -> None:
        """Two members are selected for tracks that no figure tells."""
        for index, code in zip([0, *self._of(Part.STEADY)], _MARKS, strict=False):
            commands.mark(self._world.operator, self._id(index), code, "行业小二推荐，资质已核。")

    # ------------------------------------------------------------------------- the next season
    def _sign_up(self, *parts: Part) -> None:
        for index in self._of(*parts):
            commands.sign_up(self._owner(index), _row(NEXT).code)

    def _open_rehearsals(self) -> None:
        for row in Rehearsal.objects.filter(season=_row(NEXT)).order_by("pk"):
            commands.decide_rehearsal(self._world.reviewer, row.pk, approve=True)

    def _appeal(self) -> None:
        words = "端午假期物流停运三天，订单顺延到月底，请复核前 15 天的考核。"
        for index in self._of(Part.APPEALS):
            verdict = Verdict.objects.get(
                membership__company=self._id(index), run__season=_row(RUNNING)
            )
            commands.appeal(self._owner(index), verdict.pk, words)

    def _enrol_for_next(self) -> None:
        """Some members enrol for the next season; who has lost its tier since is told so."""
        filed = 0
        for index in self._of(Part.STEADY):
            if filed == _ENROLLING:
                break
            held = Membership.objects.get(company=self._id(index), season=_row(RUNNING))
            with suppress(GatesShut):
                commands.enrol(
                    self._owner(index), _row(NEXT).code, Targets(held.month_fen, 0), _REVENUE
                )
                filed += 1

    def _ask_for_exception(self) -> None:
        for index in self._of(Part.EXCEPTION):
            sales = self._plan.sellers[index].target.sales
            filed = commands.enrol(
                self._owner(index),
                _row(NEXT).code,
                Targets(month_target(Part.STEADY, sales) * 100, 0),
                Money.yuan("320000000"),
                "行业知名品牌，线下年营业额 3.2 亿元；企业诚信等级正在重评。",
            )
            self._exception = filed.pk

    def _say_of_exception(self) -> None:
        """One reviewer has looked at the company and is for it; the season asks for two."""
        reviewer, revenue = self._world.reviewer, Money.yuan("318000000")
        commands.note_evidence(
            reviewer, self._exception, "yearly_revenue", revenue.fen, "2025 年度审计报告第 12 页。"
        )
        commands.decide(
            reviewer, self._exception, approve=True, reason="看过工厂与审计报告，同意特批。"
        )


def _row(month: date) -> SeasonRow:
    return shelf.row_of(f"demo-{month:%Y-%m}")


def _at(month: int, day: int, hour: int = 10) -> datetime:
    return setting.moment(date(setting.OPENING.year, month, day), hour)


def _hear() -> None:
    while events.deliver():
        pass
