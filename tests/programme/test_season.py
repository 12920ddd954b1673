"""Into a season: publishing, rehearsal, enrolment, review; every verb on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from pifa.kernel.errors import Forbidden, NotFound, WrongState
from pifa.kernel.models import Deadline
from pifa.kernel.money import Money
from pifa.programme import commands
from pifa.programme.errors import (
    BadSeason,
    BelowFloor,
    GatesShut,
    HasSaid,
    SeasonExists,
    SeasonTooLate,
    WayShut,
)
from pifa.programme.models import (
    Enrolment,
    Rehearsal,
)
from pifa.programme.queries.ways import way_in
from pifa.programme.rules.entry import Targets
from pifa.programme.states import MembershipState
from tests.catalog import market as goods
from tests.programme.conftest import MARCH
from tests.programme.world import CODE, MONTH, PEAK, World, membership, told

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]
"""Orders are put straight into their tables, paid; their money is none of the programme's."""


# -------------------------------------------------------------------------- publishing
def test_a_season_is_published_once_and_never_changed(world: World) -> None:
    row = world.publish()
    kinds = Deadline.objects.filter(done_at=None, kind__startswith="programme.")
    assert sorted(kinds.values_list("kind", flat=True)) == [
        "programme.begin", "programme.check", "programme.check", "programme.check",
        "programme.end", "programme.settle", "programme.settle", "programme.tracks",
    ]  # fmt: skip
    with pytest.raises(SeasonExists):
        world.publish()
    row.title = "别的"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row.save()
    with pytest.raises(Forbidden):
        commands.publish(goods.actor(world.seller()), MARCH.read_text())


def test_a_season_that_is_wrong_or_late_is_not_published(world: World) -> None:
    goods.category("没有部门的类目")
    with pytest.raises(BadSeason, match="不属于任何部门"):
        world.publish()
    text = MARCH.read_text().replace('"hardware-tools"', '"other"')
    with pytest.raises(BadSeason):
        commands.publish(world.operator, text)


def test_a_season_that_has_begun_is_not_published(world: World) -> None:
    world.at(3, 1)
    with pytest.raises(SeasonTooLate):
        world.publish()


# -------------------------------------------------------------------------- rehearsal
def test_a_rehearsal_passes_as_soon_as_its_conditions_hold(season: World) -> None:
    """REHEARSE-BUYERS, REHEARSE-LARGE, REHEARSE-BANK, counted live; the notice says what to do."""
    seller = season.seller()
    rehearsal = season.rehearse(seller, 1, enough=False)
    assert rehearsal.state == "open"
    season.sell(seller, 100, 2, channel="public")
    assert Rehearsal.objects.get().state == "open"
    season.sell(seller, 100, 2, channel="private")
    assert Rehearsal.objects.get().state == "passed"
    assert Rehearsal.objects.get().numbers == {"buyers": 3, "large_orders": 1, "bank_orders": 1}
    assert "请在当月报名" in told(seller, "programme_rehearsal")[-1]


def test_what_was_sold_before_the_approval_counts_within_the_days(season: World) -> None:
    """REHEARSE-WINDOW."""
    seller = season.seller()
    season.at(1, 2)
    rehearsal = commands.sign_up(goods.actor(seller), CODE)
    for buyer in range(3):
        season.sell(seller, 60_000, buyer, method="partner_bank")
    assert Rehearsal.objects.get().state == "applied"
    commands.decide_rehearsal(season.operator, rehearsal.pk, approve=True)
    assert Rehearsal.objects.get().state == "passed"


def test_who_does_not_pass_in_january_may_try_in_february(season: World) -> None:
    """CAL-AGAIN, CAL-SAME-ROUND."""
    seller = season.seller()
    season.rehearse(seller, 1, enough=False)
    season.at(1, 26)
    assert Rehearsal.objects.get().state == "failed"
    with pytest.raises(WayShut, match="还没有通过"):
        season.enrol(seller)
    season.rehearse(seller, 2)
    season.at(2, 15)
    assert season.enrol(seller).round == "february"


def test_a_january_rehearsal_does_not_count_in_february(season: World) -> None:
    """CAL-SAME-ROUND."""
    seller = season.seller()
    assert season.rehearse(seller, 1).state == "passed"
    season.at(2, 15)
    with pytest.raises(WayShut, match="隔月彩排无效"):
        season.enrol(seller)


def test_the_gate_of_a_rehearsal_is_the_medal(season: World) -> None:
    """REHEARSE-GATE, ENTRY-MEDAL."""
    seller = season.seller(medal=2)
    with pytest.raises(GatesShut, match="ENTRY-MEDAL"):
        commands.sign_up(goods.actor(seller), CODE)
    season.rate(seller, medal=3)
    assert commands.sign_up(goods.actor(seller), CODE).state == "applied"
    with pytest.raises(WayShut, match="已经报过名"):
        commands.sign_up(goods.actor(seller), CODE)


def test_the_way_in_explains_itself(season: World, django_assert_max_num_queries: object) -> None:
    """ENTRY-*: what holds, what is missing, until when; a bounded number of statements."""
    seller = season.seller(medal=2)
    with django_assert_max_num_queries(17):  # type: ignore[operator]
        found = way_in(goods.actor(seller), CODE)
    assert found.rehearsal.until == date(2018, 1, 24)
    assert found.enrolment.opens == date(2018, 1, 15)
    (medal,) = [one for one in found.rehearsal_asks if one.asked.rule_id == "ENTRY-MEDAL"]
    assert (medal.holds, medal.view.value, medal.view.missing) == (False, 2, 1)


# -------------------------------------------------------------------------- enrolment and review
def test_targets_below_their_floors_are_refused_with_what_is_missing(season: World) -> None:
    """ENTRY-TARGETS."""
    seller = season.seller()
    season.rehearse(seller, 1)
    season.at(1, 15)
    with pytest.raises(BelowFloor, match="还差") as refused:
        commands.enrol(goods.actor(seller), CODE, Targets(MONTH.fen - 1, PEAK.fen), Money.yuan("1"))
    assert refused.value.figures["missing"] == Money(1)
    assert not Enrolment.objects.exists()


def test_an_exception_has_a_reason_and_two_opinions(season: World) -> None:
    """ENTRY-EXCEPTION."""
    seller = season.seller()
    season.rehearse(seller, 1)
    season.at(1, 15)
    season.rate(seller, medal=2)
    with pytest.raises(GatesShut, match="ENTRY-MEDAL"):
        season.enrol(seller)
    enrolment = season.enrol(seller, "知名品牌，线下年营业额 2 亿元")
    assert (
        commands.decide(season.operator, enrolment.pk, approve=True, reason="实地看过") == "second"
    )
    with pytest.raises(HasSaid):
        commands.decide(season.operator, enrolment.pk, approve=True, reason="再说一次")
    assert commands.decide(season.second, enrolment.pk, approve=True, reason="同意") == "approved"
    assert membership(seller).state == MembershipState.WAITING
    with pytest.raises(WrongState):
        commands.decide(season.second, enrolment.pk, approve=False, reason="反悔")


def test_reviewers_note_what_they_found_and_decide_on_many_at_once(season: World) -> None:
    sellers = [season.seller(f"商家{n}") for n in range(3)]
    enrolments = []
    for seller in sellers:
        season.rehearse(seller, 1)
    season.at(1, 15)
    enrolments = [season.enrol(seller).pk for seller in sellers]
    commands.withdraw(goods.actor(sellers[2]), enrolments[2])
    commands.note_evidence(season.operator, enrolments[0], "yearly_revenue", 1, "审计报告")
    found = commands.decide_all(season.operator, enrolments, approve=False, reason="线下规模不足")
    assert [one.state for one in found] == ["refused", "refused", ""]
    assert isinstance(found[2].refused, WrongState)
    assert "线下规模不足" in told(sellers[0], "programme_enrolment")[-1]
    with pytest.raises(Forbidden):
        commands.decide_all(goods.actor(sellers[0]), enrolments, approve=True, reason="x")


def test_a_stranger_finds_no_enrolment_and_no_verdict(season: World) -> None:
    seller, other = season.seller(), season.seller()
    season.rehearse(seller, 1)
    season.at(1, 15)
    enrolment = season.enrol(seller)
    with pytest.raises(NotFound):
        commands.withdraw(goods.actor(other), enrolment.pk)
    with pytest.raises(NotFound):
        commands.appeal(goods.actor(other), 1, "不服")
