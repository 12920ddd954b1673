"""The demo market as it is when its doors open: everybody's standing, live orders, one seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from pifa.benefits import queries as benefits
from pifa.catalog.models import GroupPrice, Offer
from pifa.catalog.queries.categories import forget_categories
from pifa.crm import commands as crm
from pifa.crm import queries as customer_files
from pifa.demo import setting
from pifa.demo.building import build
from pifa.demo.history.load import catch_up
from pifa.demo.world import World
from pifa.kernel import clock, deadlines
from pifa.kernel.models import Deadline, OutboxEvent
from pifa.ledger.queries import check
from pifa.messages.models import Delivery
from pifa.parties.models import Company, User, Verification
from pifa.posts import queries as posts
from pifa.programme import commands as programme
from pifa.programme import shelf
from pifa.programme.models import (
    Appeal,
    CheckpointRun,
    Enrolment,
    Freeze,
    Membership,
    Rehearsal,
)
from pifa.programme.queries import figures
from pifa.programme.queries.dashboard import dashboard
from pifa.relationships.models import CustomerGroup
from pifa.trade import commands
from pifa.trade.models import Dispute, Order, OrderInvitation, Quote
from pifa.trade.states import OrderStatus, RefundState
from tests.demo import rating
from tests.demo.rows import Rows, all_rows, differences, digest

SCALE = 0.1
DAY = setting.OPENING.date()
RUNNING, NEXT = "demo-2026-07", "demo-2026-08"


@dataclass(frozen=True)
class Twice:
    """A market that was built, taken back, and built again from the same seed."""

    world: World
    first: Rows
    second: Rows


@pytest.fixture(scope="module")
def twice(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Twice]:
    """Small markets, built for all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        with transaction.atomic():
            first = _build()[1]
            transaction.set_rollback(True)
        world, second = _build()
        yield Twice(world, first, second)
        transaction.set_rollback(True)


def _build() -> tuple[World, Rows]:
    forget_categories()
    catch_up(apps.get_models())  # sequences of PostgreSQL do not go back with a transaction
    world = build(scale=SCALE)
    return world, all_rows()


@pytest.fixture
def market(twice: Twice, db: None) -> World:
    """The market as it was built; what a test does to it is taken back."""
    return twice.world


def test_every_medal_of_every_system_is_held(market: World) -> None:
    held = {(shop.system, shop.medal) for shop in rating.shops(DAY).values()}
    systems = ("consumer_1", "consumer_2", "non_consumer")
    assert held == {(system, medal) for system in systems for medal in range(6)}


def test_every_tier_and_every_buyer_level_is_held(market: World) -> None:
    tiers = {shop.tier for shop in rating.shops(DAY).values()}
    assert tiers == {"none", "prospect", "active", "core", "ka"}
    levels = {buyer.level for buyer in rating.buyers(DAY).values()}
    assert levels == set(range(7))


def test_some_companies_just_miss_what_they_want(market: World) -> None:
    shops = list(rating.shops(DAY).values())
    near = [shop for shop in shops if shop.system == "non_consumer"]
    assert any(s.sales_fen == 199_900 * 100 and s.medal == 3 and s.buyers >= 4 for s in near)
    assert any(s.sales_fen == 200_000 * 100 and s.medal == 4 for s in near)
    consumers = [shop for shop in shops if shop.system != "non_consumer"]
    assert any(s.sales_fen > 100_000_00 and s.buyers == 29 and s.medal == 3 for s in consumers)
    assert any(s.buyers >= 20 and not s.member and s.medal == 2 for s in consumers)
    assert any(s.disputes == 2 and s.buyers >= 30 and s.medal == 2 for s in consumers)
    exempt = [s for s in consumers if s.disputes == 1 and s.dispute_rate > 0.0006]
    assert any(s.medal >= 3 for s in exempt)
    bought = list(rating.buyers(DAY).values())
    assert any(b.orders == 29 and b.spent_fen >= 10_000_00 and b.level == 4 for b in bought)
    assert any(b.orders >= 10 and b.spent_fen == 4_999_00 and b.level == 2 for b in bought)


def test_a_log_in_or_a_reply_too_long_ago_costs_a_tier(market: World) -> None:
    shops = rating.shops(DAY)
    late = shops[market.sellers[7].company_id]
    assert (late.medal, late.tier) == (3, "none")
    silent = shops[market.sellers[8].company_id]
    assert (silent.medal, silent.tier) == (3, "active")
    closed = shops[market.sellers[9].company_id]
    assert (closed.medal, closed.tier) == (2, "none")


@pytest.mark.parametrize("side", ["buyer", "seller"])
def test_the_named_companies_have_orders_in_every_state(market: World, side: str) -> None:
    login = setting.BUYER if side == "buyer" else setting.SELLER
    company = Company.objects.get(members__user__username=login)
    orders = Order.objects.filter(**{side: company})
    assert set(orders.values_list("status", flat=True)) == set(OrderStatus.values)
    waiting = orders.filter(status="in_refund").values_list("refund_cases__state", flat=True)
    ended = {RefundState.WITHDRAWN, RefundState.DISMISSED, RefundState.PAID}
    assert set(waiting) >= set(RefundState) - ended


def test_the_named_buyer_asks_for_bolts_where_bolts_are_sold(market: World) -> None:
    asked = Quote.objects.filter(
        request__buyer=market.buyers[0].company_id, request__lines__title__contains="螺栓"
    ).distinct()
    assert asked.count() > 1
    for quote in asked:
        offers = Offer.objects.filter(seller=quote.seller_id, state=Offer.State.ONLINE)
        assert offers.filter(category__slug="fasteners").exists()


def test_the_named_seller_knows_its_customers(market: World) -> None:
    seller, buyer = market.sellers[0], market.buyers[0]
    group = CustomerGroup.objects.get(seller=seller.company_id)
    assert group.members.filter(buyer=buyer.company_id).exists()
    assert GroupPrice.objects.filter(group=group).exists()
    assert len(posts.feed(buyer.owner).items) == 2
    states = OrderInvitation.objects.filter(seller=seller.company_id).values_list(
        "state", flat=True
    )
    assert Counter(states) == {"draft": 1, "open": 4, "done": 2, "recalled": 1}
    with clock.frozen(setting.OPENING):
        crm.bring_up_to_day(seller.owner)
        morning = customer_files.morning(seller.owner)
    assert morning.counts.followups == 3
    assert morning.top


def test_everybody_signs_in_with_the_password_that_is_printed(market: World) -> None:
    for username in (setting.BUYER, setting.SELLER, setting.OPERATOR, setting.ARBITER):
        assert User.objects.get(username=username).check_password(setting.PASSWORD)


def test_the_named_seller_is_in_the_middle_of_a_season(market: World) -> None:
    seller = market.sellers[0].owner
    with clock.frozen(setting.OPENING):
        seen = dashboard(seller, market.sellers[0].company_id, RUNNING)
    assert (seen.member_tag, seen.traffic_tag) == (True, True)
    assert [one.outcome for one in seen.verdicts] == ["kept"]
    assert seen.account_manager == User.objects.get(username=setting.OPERATOR).get_full_name()
    peak, month = seen.ahead
    assert (peak.checkpoint.code, month.checkpoint.code) == ("CHECK-PEAK", "CHECK-MONTH")
    assert month.will_pass is False
    assert month.at_this_pace_fen is not None
    assert month.at_this_pace_fen * 100 > month.asked_fen * 85, "a little behind"
    assert sum(seen.by_day.values()) == month.so_far_fen > 0
    markers = {one.marker.code: one for one in seen.markers}
    for code in ("build_up_a", "build_up_b"):
        assert 0 < markers[code].measured_fen < markers[code].asked_fen, code
    assert seen.rank is not None
    assert seen.rank.of >= 3


def test_a_season_has_every_kind_of_member(market: World) -> None:
    members = Membership.objects.filter(season__code=RUNNING)
    assert set(members.values_list("department", flat=True)) == {"consumer", "non_consumer"}
    assert members.filter(traffic_tag=False, member_tag=True).count() >= 2
    assert members.filter(account_manager=None).exists()
    run = CheckpointRun.objects.get(season__code=RUNNING, code="CHECK-15")
    assert (run.state, run.members) == ("done", members.count())
    assert 0 < run.passed < run.members
    frozen = Freeze.objects.get()
    assert frozen.until is not None
    assert frozen.until > DAY
    assert Membership.objects.get(company=frozen.company_id).state == "removed"
    for member in members:
        held = {grant.benefit for grant in benefits.held(member.company_id, DAY)}
        assert "account_manager" in held
        assert ("programme_boost" in held) == member.traffic_tag
    assert {"track_corporate"} <= {
        grant.benefit for grant in benefits.held(market.sellers[0].company_id, DAY)
    }


def test_reviewers_of_the_programme_have_work(market: World) -> None:
    appeal = Appeal.objects.get()
    assert (appeal.state, appeal.verdict.outcome) == ("open", "traffic_lost")
    rehearsals = Rehearsal.objects.filter(season__code=NEXT)
    assert Counter(rehearsals.values_list("state", flat=True)) == {
        "open": 1, "passed": 1, "applied": 1,
    }  # fmt: skip
    underway = rehearsals.get(state="open")
    season = shelf.season_of(underway.season)
    found = figures.rehearsal_progress(season, season.rounds[0], underway.company_id)
    assert Counter(answer.holds for answer in found.answers) == {True: 1, False: 2}
    waiting = Enrolment.objects.filter(season__code=NEXT)
    assert set(waiting.values_list("state", flat=True)) == {"submitted", "second"}
    exception = waiting.get(exception=True)
    assert exception.state == "second"
    assert exception.opinions.get().by.username == setting.REVIEWER
    assert exception.evidence.count() == 1
    operator = market.operator
    with clock.frozen(setting.OPENING):
        state = programme.decide(operator, exception.pk, approve=True, reason="同意")
    assert state == "approved"


def test_queues_hold_work_for_operators(market: World) -> None:
    assert Verification.objects.filter(state="submitted").count() >= 3
    assert Dispute.objects.filter(verdict="").count() >= 2
    states = Counter(Offer.objects.values_list("state", flat=True))
    assert states["online"] > 50


def test_nothing_of_the_past_waits_to_be_sent_or_done(market: World) -> None:
    assert not OutboxEvent.objects.filter(delivered_at=None).exists()
    assert not Delivery.objects.filter(state="waiting").exists()
    assert not Deadline.objects.filter(done_at=None, due_at__lte=setting.OPENING).exists()
    assert not OutboxEvent.objects.filter(happened_at__gt=setting.OPENING).exists()


def test_open_orders_live_on_by_deadlines_and_commands(market: World) -> None:
    sellers = {item.company_id: item.owner for item in market.sellers}
    buyers = {item.company_id: item.owner for item in market.buyers}
    order = Order.objects.filter(status="awaiting_shipment").order_by("id")[0]
    assert order.buyer_id is not None
    unpaid = set(Order.objects.filter(status="awaiting_payment").values_list("pk", flat=True))
    due = Deadline.objects.filter(kind="order.receive", done_at=None)
    taken = due.filter(due_at__lte=setting.OPENING + timedelta(days=2))
    late = {subject.removeprefix("order:") for subject in taken.values_list("subject", flat=True)}
    assert unpaid
    assert late
    with clock.frozen(setting.OPENING):
        commands.ship(sellers[order.seller_id], order.number, "云梭快运", "Y1")
        commands.confirm_receipt(buyers[order.buyer_id], order.number)
        commands.write_review(buyers[order.buyer_id], order.number, 5)
    deadlines.run_due(setting.OPENING + timedelta(days=3))
    assert Order.objects.get(pk=order.pk).status == "completed"
    assert not Deadline.objects.exclude(error="").exists()
    assert not Order.objects.filter(pk__in=unpaid).exclude(status="closed").exists()
    received = Order.objects.filter(number__in=late)
    assert not received.exclude(status="awaiting_review").exists()
    assert not check()


def test_the_same_seed_gives_the_same_market(twice: Twice, market: World) -> None:
    assert digest(twice.first) == digest(twice.second), differences(twice.first, twice.second)
