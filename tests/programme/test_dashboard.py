"""A member's dashboard: pace, markers by the hour, what is coming, its rank, in few statements."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from pifa.finance.methods.trade_credit.models import CreditItem, CreditLine
from pifa.finance.models import Payable
from pifa.kernel import clock
from pifa.kernel.errors import NotFound
from pifa.metrics import queries as metrics
from pifa.parties.models import Company
from pifa.programme import commands
from pifa.programme.queries.dashboard import dashboard
from pifa.programme.rules.checkpoints import Outcome
from pifa.trade.models import Order, OrderInvitation
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.programme.world import CODE, World, membership, moment

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]

YUAN = 100


@pytest.fixture
def world(market_clock: MarketClock) -> World:
    made = World(market_clock)
    made.publish()
    return made


def test_it_says_where_the_pace_leads_before_it_happens(
    world: World, django_assert_max_num_queries: Any
) -> None:
    """CHECK-AHEAD: "at this pace 17 % on the 15th", what is missing and for how many days."""
    seller = world.member()
    world.at(2, 6)
    world.sell(seller, 5_000)
    world.at(3, 2)
    world.sell(seller, 57_000)
    world.at(3, 6, 10)
    world.sell(seller, 1_000)
    actor = goods.actor(seller)
    with django_assert_max_num_queries(12):
        found = dashboard(actor, seller.pk, CODE)
    assert [one.checkpoint.code for one in found.ahead] == ["CHECK-15", "CHECK-PEAK", "CHECK-MONTH"]
    first = found.ahead[0]
    assert (first.so_far_fen, first.missing_fen, first.days_left) == (
        58_000 * YUAN, 142_000 * YUAN, 10,
    )  # fmt: skip
    assert (first.at_this_pace_fen, first.will_pass) == (171_000 * YUAN, False)
    assert (found.today_fen, found.same_day_fen) == (1_000 * YUAN, 5_000 * YUAN)
    assert (found.member_tag, found.traffic_tag) == (True, True)


def test_verdicts_stay_with_their_numbers(world: World) -> None:
    seller = world.member()
    world.at(3, 5)
    world.sell(seller, 150_000)
    world.at(3, 16)
    found = dashboard(world.operator, seller.pk, CODE)
    (held,) = found.verdicts
    assert (held.checkpoint, held.outcome, held.missing_fen) == (
        "CHECK-15", Outcome.TRAFFIC_LOST, 50_000 * YUAN,
    )  # fmt: skip
    assert not found.traffic_tag


def test_the_peak_day_by_the_hour(world: World, django_assert_max_num_queries: Any) -> None:
    """CHECK-MARKERS: 12:00, 16:00 and 24:00; what comes at the hour itself belongs to the next."""
    seller = world.member()
    for hour, yuan in ((9, 100_000), (12, 150_000), (15, 50_000), (23, 200_000)):
        world.at(3, 28, hour)
        world.sell(seller, yuan)
    actor = goods.actor(seller)
    with django_assert_max_num_queries(12):
        found = dashboard(actor, seller.pk, CODE)
    views = {one.marker.code: one for one in found.markers}
    assert [views[f"peak_{hour}"].measured_fen // YUAN for hour in (12, 16, 24)] == [
        100_000, 300_000, 500_000,
    ]  # fmt: skip
    assert [views[f"peak_{hour}"].reached for hour in (12, 16, 24)] == [True, True, True]


def test_what_is_coming_on_the_peak_day(world: World) -> None:
    """CHECK-MARKERS: build-up A counts trade credit due on the 28th, B unpaid invitations."""
    seller = world.member()
    world.at(3, 20)
    _credit(world, seller, 260_000, due_on=date(2018, 3, 28))
    _credit(world, seller, 999, due_on=date(2018, 3, 29))
    _credit(world, seller, 40_000, settles=28)
    _credit(world, seller, 777, settles=15)
    _invitation(seller, 100_000, valid_days=10)
    _invitation(seller, 888, valid_days=2)
    number = world.sell(seller, 150_000)
    Order.objects.filter(number=number).update(status="awaiting_payment", paid_fen=0)
    views = {one.marker.code: one for one in dashboard(world.operator, seller.pk, CODE).markers}
    assert views["build_up_a"].measured_fen == 300_000 * YUAN
    assert views["build_up_b"].measured_fen == 250_000 * YUAN
    assert (views["build_up_a"].reached, views["build_up_b"].reached) == (True, True)


def test_a_member_knows_its_rank_and_nobody_elses(world: World) -> None:
    sellers = [world.member(f"商家{place}") for place in range(3)]
    world.at(3, 3)
    for place, seller in enumerate(sellers):
        world.sell(seller, 1_000 * (place + 1))
    ranks = [dashboard(world.operator, seller.pk, CODE).rank for seller in sellers]
    assert [(rank.place, rank.of) for rank in ranks if rank] == [(3, 3), (2, 3), (1, 3)]
    with pytest.raises(NotFound):
        dashboard(goods.actor(sellers[0]), sellers[1].pk, CODE)


def test_sums_are_those_of_the_projection_by_day_and_by_order(world: World) -> None:
    """One figure however it is asked for: in all, by day, by the hour, by order."""
    seller = world.member()
    world.at(3, 28, 9)
    numbers = [world.sell(seller, yuan) for yuan in (1, 20, 300)]
    day = date(2018, 3, 28)
    whole = metrics.sales_between(day, day, [seller.pk])
    assert whole == {seller.pk: 321 * YUAN}
    assert metrics.sales_by_day(seller.pk, day, day) == {day: 321 * YUAN}
    end = metrics.end_of_hour(day, 24)
    assert metrics.sales_until(seller.pk, day, [end, moment(3, 28, 9)]) == {
        end: 321 * YUAN,
        moment(3, 28, 9): 0,
    }
    orders = Order.objects.filter(number__in=numbers)
    subjects = [order.subject for order in orders]
    found = metrics.order_sums(seller.pk, day, day, subjects)  # type: ignore[arg-type]
    assert sum(one.fen for one in found) == 321 * YUAN


def test_managers_are_assigned(world: World) -> None:
    seller = world.member()
    manager = world.second.user_id
    assert commands.assign_manager(world.operator, [membership(seller).pk], manager) == 1
    assert dashboard(world.operator, seller.pk, CODE).account_manager.startswith("operator-")


def _credit(
    world: World, seller: Company, yuan: int, due_on: date | None = None, settles: int = 28
) -> None:
    buyer = goods.company()
    line = CreditLine.objects.create(
        seller=seller, buyer=buyer, limit_fen=10**9, used_fen=yuan * YUAN, terms="monthly",
        terms_number=settles, terms_since=date(2018, 1, 1), granted_at=clock.now(),
    )  # fmt: skip
    payable = Payable.objects.create(
        number=f"K{line.pk}", subject=f"order:K{line.pk}", payer=buyer, payee=seller,
        amount_fen=yuan * YUAN, created_at=clock.now(),
    )  # fmt: skip
    CreditItem.objects.create(
        line=line, payable=payable, promised_fen=yuan * YUAN, open_fen=yuan * YUAN,
        promised_at=clock.now(), received_at=clock.now() if due_on else None, due_on=due_on,
    )  # fmt: skip


def _invitation(seller: Company, yuan: int, valid_days: int) -> None:
    number = f"I{OrderInvitation.objects.count()}"
    OrderInvitation.objects.create(
        number=number, seller=seller, made_by_id=goods.actor(seller).member_id or 0, state="open",
        link_digest=number, goods_fen=yuan * YUAN, freight_fen=0, total_fen=yuan * YUAN, terms={},
        valid_until=clock.now() + timedelta(days=valid_days), made_at=clock.now(),
        sent_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip
