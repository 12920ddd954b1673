"""Two seasons in a row: who stays enters the next directly, who does not loses what it was given."""

from __future__ import annotations

from datetime import date

import pytest

from pifa.benefits import queries as benefits
from pifa.benefits.labels import MEMBER_TAG, TRAFFIC_TAG
from pifa.integrity import commands as integrity
from pifa.kernel import clock
from pifa.parties.models import Company
from pifa.programme import commands, shelf
from pifa.programme.commands import members
from pifa.programme.errors import WayShut
from pifa.programme.models import Enrolment, Freeze, Membership, SeasonRow, Verdict
from pifa.programme.states import MembershipState
from pifa.trade.models import Order
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.programme.conftest import MONTHLY
from tests.programme.world import CODE, World, hear, membership

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]

JANUARY = "monthly-2018-01"


@pytest.fixture
def world(market_clock: MarketClock) -> World:
    """The ordinary season of January is in force, March's is published."""
    made = World(market_clock)
    market_clock.set(clock.start_of_day(date(2017, 11, 30)))
    commands.publish(made.operator, MONTHLY.read_text(), date(2018, 1, 1))
    made.publish()
    made.at(1, 1, 1)
    return made


def member_of_january(world: World, yuan: int) -> Company:
    """A member of January with a target of ¥1 m that sells so much and enrols for March as one that
    returns."""
    seller = world.seller()
    made = Membership.objects.create(
        company=seller,
        season=SeasonRow.objects.get(code=JANUARY),
        department="non_consumer",
        month_fen=100_000_000,
        state=MembershipState.WAITING,
        approved_at=clock.now(),
    )
    members.begin(made.season, shelf.season_of(made.season))
    world.sell(seller, yuan)
    return seller


def january(seller: Company) -> Membership:
    return Membership.objects.get(company=seller, season__code=JANUARY)


def tags(seller: Company) -> tuple[bool, bool]:
    held = {grant.benefit for grant in benefits.held(seller.pk)}
    return MEMBER_TAG in held, TRAFFIC_TAG in held


def returned(world: World, yuan: int) -> Company:
    seller = member_of_january(world, yuan)
    world.at(1, 20)
    enrolment = world.enrol(seller)
    assert (enrolment.entry, enrolment.rehearsal) == ("returning", None)
    commands.decide(world.operator, enrolment.pk, approve=True, reason="老通天")
    return seller


def test_a_member_that_stays_enters_march_without_a_rehearsal(world: World) -> None:
    """CAL-RETURNING, CHECK-MONTH: tags are carried over and go on with March."""
    seller = returned(world, 1_000_000)
    with pytest.raises(WayShut, match="不需要彩排"):
        commands.sign_up(goods.actor(seller), CODE)
    world.at(2, 1)
    assert january(seller).state == MembershipState.RENEWED
    assert tags(seller) == (True, True)
    world.at(2, 28, 23)
    assert tags(seller) == (True, True)
    world.at(3, 1, 12)
    assert (january(seller).state, membership(seller).state) == (
        MembershipState.ENDED,
        MembershipState.IN_FORCE,
    )
    assert tags(seller) == (True, True)


def test_between_80_and_100_percent_nobody_is_frozen_and_all_rehearse_again(world: World) -> None:
    """CHECK-FREEZE: no traffic tag, no renewal, no freeze; what was given for March is lost."""
    seller = returned(world, 800_000)
    world.at(2, 1)
    assert (january(seller).state, membership(seller).state) == (
        MembershipState.ENDED,
        MembershipState.REMOVED,
    )
    assert tags(seller) == (False, False)
    assert not Freeze.objects.exists()
    assert Enrolment.objects.get().state == "void"
    assert world.rehearse(seller, 2).state == "passed"
    world.at(2, 20)
    again = world.enrol(seller)
    assert again.entry == "newcomer"
    commands.decide(world.operator, again.pk, approve=True, reason="重新彩排通过")
    world.at(3, 1)
    assert membership(seller).enrolment_id == again.pk
    assert tags(seller) == (True, True)


def test_below_80_percent_it_is_frozen_for_three_months(world: World) -> None:
    """CHECK-FREEZE, CAL-FROZEN."""
    seller = member_of_january(world, 799_999)
    world.at(1, 20)
    world.enrol(seller)
    world.at(2, 1)
    assert Freeze.objects.get().until == date(2018, 5, 1)
    refused = Enrolment.objects.get()
    assert (refused.state, refused.reason) == ("refused", "上一季未留存")
    with pytest.raises(WayShut, match="2018-05-01"):
        commands.sign_up(goods.actor(seller), CODE)


def test_a_ruling_after_the_season_takes_the_next_one_too_and_gives_it_back(world: World) -> None:
    """FAIR-RECOMPUTED: January's verdict is given again; March follows it, both ways."""
    seller = returned(world, 1_000_000)
    world.sell(seller, 100)
    world.at(2, 2)
    large = Order.objects.get(seller=seller, total_fen=100_000_000)
    integrity.rule_brushing(world.operator, large.number, "空包")
    hear()
    held = Verdict.objects.get(
        membership=january(seller), run__code="CHECK-MONTH", superseded=False
    )
    assert (held.outcome, held.measured_fen, held.revision) == ("frozen", 10_000, 2)
    assert membership(seller).state == MembershipState.REMOVED
    assert tags(seller) == (False, False)
    assert Freeze.objects.filter(kind="missed", lifted_at=None).exists()
    integrity.take_back(world.operator, large.number, "误判")
    hear()
    assert january(seller).state == MembershipState.RENEWED
    assert membership(seller).state == MembershipState.WAITING
    assert Enrolment.objects.get().state == "approved"
    assert tags(seller) == (True, True)
    assert not Freeze.objects.filter(lifted_at=None).exists()


def test_a_december_member_that_lapsed_in_january_rehearses(world: World) -> None:
    """CAL-RETURNING: the month that counts is January."""
    seller = world.seller()
    december = SeasonRow.objects.create(
        code="december", title="12 月", title_en="December", first_day=date(2017, 12, 1),
        last_day=date(2017, 12, 31), text=MONTHLY.read_text(), month=date(2017, 12, 1),
        digest="x", published_at=clock.now(),
    )  # fmt: skip
    Membership.objects.create(
        company=seller, season=december, department="non_consumer", month_fen=1,
        state=MembershipState.ENDED, approved_at=clock.now(),
    )  # fmt: skip
    world.at(1, 20)
    with pytest.raises(WayShut, match="要先在当月报名并通过彩排"):
        world.enrol(seller)
    assert commands.sign_up(goods.actor(seller), CODE).round == "january"
