"""A season as its sellers live it: from rehearsal to renewal, every verb on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from pifa.benefits import queries as benefits
from pifa.benefits.labels import MEMBER_TAG, TRAFFIC_TAG
from pifa.integrity import commands as integrity
from pifa.kernel import clock, deadlines, events
from pifa.kernel.errors import Forbidden, NotFound, WrongState
from pifa.kernel.models import Deadline, OutboxEvent
from pifa.kernel.money import Money
from pifa.messages.models import Notice
from pifa.messages.wording import wording
from pifa.parties.models import Company
from pifa.programme import commands
from pifa.programme.commands import checkpoints
from pifa.programme.errors import (
    AppealedAlready,
    BadSeason,
    BelowFloor,
    GatesShut,
    HasSaid,
    NotAppealable,
    RehearsalMissing,
    SeasonExists,
    SeasonTooLate,
    StillWaiting,
    WayShut,
)
from pifa.programme.models import (
    Appeal,
    CheckpointRun,
    Enrolment,
    Freeze,
    Rehearsal,
    SeasonRow,
    Verdict,
)
from pifa.programme.queries.ways import way_in
from pifa.programme.rules.entry import Targets
from pifa.programme.states import MembershipState
from pifa.trade.events.facts import RefundPaid
from pifa.trade.models import Order
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.programme.conftest import MARCH
from tests.programme.world import CODE, MONTH, PEAK, World, hear, membership, verdict

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]
"""Orders are put straight into their tables, paid; their money is none of the programme's."""


@pytest.fixture
def world(market_clock: MarketClock) -> World:
    return World(market_clock)


@pytest.fixture
def season(world: World) -> World:
    world.publish()
    return world


def tags(seller: Company) -> tuple[bool, bool]:
    row = membership(seller)
    held = {grant.benefit for grant in benefits.held(seller.pk)}
    found = (MEMBER_TAG in held, TRAFFIC_TAG in held)
    assert found == (row.member_tag, row.traffic_tag)
    # Benefits go with their tag: a slot with traffic, the account manager with membership.
    assert ("account_manager" in held, "result_slot" in held) == found
    return found


def told(seller: Company, kind: str) -> list[str]:
    hear()
    rows = Notice.objects.filter(company=seller, kind=kind).order_by("pk")
    return [wording(row.kind, row.params).body for row in rows]


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


# -------------------------------------------------------------------------- in force
def test_a_steady_member_keeps_its_tags_and_renews(season: World) -> None:
    """CHECK-15, CHECK-PEAK, CHECK-MONTH passed; tags are carried until the end of April."""
    seller = season.member()
    season.at(2, 28)
    assert membership(seller).state == MembershipState.WAITING
    season.at(3, 1)
    assert tags(seller) == (True, True)
    season.sell(seller, 200_000)
    season.at(3, 16)
    assert verdict(seller, "CHECK-15").outcome == "kept"
    season.at(3, 28)
    season.sell(seller, 500_000)
    season.at(3, 29)
    assert verdict(seller, "CHECK-PEAK").outcome == "kept"
    season.sell(seller, 300_000)
    season.at(4, 1)
    assert verdict(seller, "CHECK-MONTH").outcome == "renewed"
    assert membership(seller).state == MembershipState.RENEWED
    season.at(4, 30, 23)
    assert tags(seller) == (True, True)
    season.at(5, 1)
    assert membership(seller).state == MembershipState.ENDED
    assert tags(seller) == (False, False)


def test_missing_a_checkpoint_takes_the_traffic_tag_and_the_next_restores_it(
    season: World,
) -> None:
    """CHECK-15 missed, CHECK-PEAK passed: the member tag stays all the time (CHECK-RESTORE)."""
    seller = season.member()
    season.at(3, 10)
    season.sell(seller, 199_999)
    season.at(3, 16)
    assert tags(seller) == (True, False)
    assert (verdict(seller, "CHECK-15").asked_fen, verdict(seller, "CHECK-15").measured_fen) == (
        20_000_000,
        19_999_900,
    )
    assert "¥199,999.00" in told(seller, "programme_verdict")[-1]
    season.at(3, 28, 23)
    season.sell(seller, 500_000)
    season.at(3, 29)
    assert tags(seller) == (True, True)


def test_missing_the_month_costs_both_tags_and_three_months(season: World) -> None:
    """CHECK-MONTH, CHECK-FREEZE in March 2018."""
    seller = season.member()
    season.at(3, 28)
    season.sell(seller, 999_999)
    season.at(4, 1)
    assert [verdict(seller, code).outcome for code in ("CHECK-15", "CHECK-PEAK", "CHECK-MONTH")] == [
        "traffic_lost", "kept", "frozen",
    ]  # fmt: skip
    assert tags(seller) == (False, False)
    freeze = Freeze.objects.get()
    assert (freeze.since, freeze.until) == (date(2018, 4, 1), date(2018, 7, 1))


def test_a_checkpoint_runs_exactly_once_and_dry_changes_nothing(season: World) -> None:
    """CHECK-ONCE."""
    seller = season.member()
    row = season_row()
    season.at(3, 16, 0)
    (judged,) = checkpoints.dry_run(row, "CHECK-15")
    assert (judged.judgement.outcome, Verdict.objects.count()) == ("traffic_lost", 0)
    season.at(3, 16, 2)
    first = verdict(seller, "CHECK-15")
    assert first.at == CheckpointRun.objects.get(code="CHECK-15").ran_at
    assert checkpoints.run(row, "CHECK-15").before
    assert Verdict.objects.count() == 1


def test_a_market_that_was_away_catches_up_in_order(season: World) -> None:
    """CHECK-CATCH-UP: each at its own hour, one after the other."""
    seller = season.member()
    season.at(3, 28)
    season.sell(seller, 1_000_000)
    season.hand.set(clock.start_of_day(date(2018, 4, 5)))
    deadlines.run_due()
    runs = CheckpointRun.objects.order_by("position")
    assert [(run.code, run.ran_at == run.due_at) for run in runs] == [
        ("CHECK-15", True), ("CHECK-PEAK", True), ("CHECK-MONTH", True),
    ]  # fmt: skip
    assert [verdict(seller, run.code).passed for run in runs] == [False, True, True]


def test_a_checkpoint_waits_while_facts_are_missing_and_says_so_once(
    season: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CHECK-WAITS: nothing is decided on half of the facts; those after it wait as well."""
    seller = season.member()
    season.at(3, 15)
    with monkeypatch.context() as broken:
        broken.setattr(events, "deliver", lambda *args, **kwargs: 0)
        season.sell(seller, 200_000)
        season.hand.set(clock.start_of_day(date(2018, 3, 29)))
        deadlines.run_due()
        season.hand.forward(hours=3)
        deadlines.run_due()
        runs = CheckpointRun.objects.order_by("position")
        assert [run.state for run in runs] == ["waiting"] * 3
        assert runs[0].reason["code"] == "metrics.facts_incomplete"
        with pytest.raises(StillWaiting):
            checkpoints.run(season_row(), "CHECK-PEAK")
        waits = OutboxEvent.objects.filter(name="programme.checkpoint_waits")
        assert [event.payload["checkpoint"] for event in waits] == ["CHECK-15", "CHECK-PEAK"]
    season.at(3, 29, 5)
    assert verdict(seller, "CHECK-15").outcome == "kept"
    assert verdict(seller, "CHECK-PEAK").outcome == "traffic_lost"


# -------------------------------------------------------------------------- brushing and appeals
def test_a_ruled_order_leaves_the_verdicts_it_touched(season: World) -> None:
    """FAIR-RECOMPUTED, FAIR-BRUSHING: recomputed, announced, barred; all of it taken back."""
    seller = season.member()
    season.at(3, 10)
    number = season.sell(seller, 200_000)
    season.at(3, 17)
    assert verdict(seller, "CHECK-15").passed
    integrity.rule_brushing(season.operator, number, "空包")
    hear()
    again = verdict(seller, "CHECK-15")
    assert (again.outcome, again.measured_fen, again.revision, again.cause) == (
        "traffic_lost", 0, 2, "revised",
    )  # fmt: skip
    assert tags(seller) == (False, False)
    assert membership(seller).state == MembershipState.REMOVED
    assert "参与资格已取消" in told(seller, "programme_barred")[-1]
    season.at(1, 1)
    with pytest.raises(WayShut, match="虚假交易"):
        commands.sign_up(goods.actor(seller), CODE)
    season.at(3, 18)
    integrity.take_back(season.operator, number, "误判")
    hear()
    assert verdict(seller, "CHECK-15").revision == 3
    assert tags(seller) == (True, True)
    assert not Freeze.objects.filter(lifted_at=None).exists()


def test_a_ruling_takes_a_passed_rehearsal_back(season: World) -> None:
    """REHEARSE-RULED, FAIR-BRUSHING: the enrolment that leans on it is refused; both come back."""
    seller = season.seller()
    season.rehearse(seller, 1)
    season.at(1, 15)
    season.enrol(seller)
    large = Order.objects.get(seller=seller, total_fen=5_000_000)
    integrity.rule_brushing(season.operator, large.number, "空包")
    hear()
    assert Rehearsal.objects.get().state == "open"
    assert (Enrolment.objects.get().state, Enrolment.objects.get().reason) == (
        "refused",
        "虚假交易裁定",
    )
    with pytest.raises(WayShut, match="虚假交易"):
        season.enrol(seller)
    integrity.take_back(season.operator, large.number, "误判")
    hear()
    assert Rehearsal.objects.get().state == "passed"
    assert season.enrol(seller).state == "submitted"


def test_a_refund_takes_a_passed_rehearsal_back_while_its_days_last(season: World) -> None:
    """REHEARSE-LARGE: an order is as large as what came for it less what went back."""
    seller = season.seller()
    season.rehearse(seller, 1)
    season.at(1, 15)
    enrolment = season.enrol(seller)
    large = Order.objects.get(seller=seller, total_fen=5_000_000)
    events.emit(
        RefundPaid(
            number=large.number, buyer_id=large.buyer_id or 0, seller_id=seller.pk, refund="R1",
            amount_fen=1, after_receipt=False,
        )
    )  # fmt: skip
    hear()
    assert Rehearsal.objects.get().state == "open"
    with pytest.raises(RehearsalMissing):
        commands.decide(season.operator, enrolment.pk, approve=True, reason="齐全")
    season.at(1, 26)
    assert Rehearsal.objects.get().state == "failed"


def test_a_member_appeals_and_an_upheld_appeal_passes(season: World) -> None:
    """FAIR-APPEAL: what an operator decided stands, whatever facts come later."""
    seller = season.member()
    season.at(4, 1)
    lost = verdict(seller, "CHECK-MONTH")
    made = commands.appeal(goods.actor(seller), lost.pk, "大促当天系统故障")
    with pytest.raises(AppealedAlready):
        commands.appeal(goods.actor(seller), lost.pk, "再说一次")
    with pytest.raises(Forbidden):
        commands.decide_appeal(goods.actor(seller), made.pk, uphold=True, answer="好")
    commands.decide_appeal(season.operator, made.pk, uphold=True, answer="情况属实")
    held = verdict(seller, "CHECK-MONTH")
    assert (held.outcome, held.cause, held.revision) == ("renewed", "appeal", 2)
    assert membership(seller).state == MembershipState.RENEWED
    assert tags(seller) == (True, True)
    assert not Freeze.objects.filter(lifted_at=None).exists()
    assert "情况属实" in told(seller, "programme_appeal")[-1]
    with pytest.raises(NotAppealable):
        commands.appeal(goods.actor(seller), held.pk, "还要")
    with pytest.raises(WrongState):
        commands.decide_appeal(season.operator, made.pk, uphold=False, answer="反悔")


# -------------------------------------------------------------------------- tracks
def test_a_track_is_granted_when_reached_and_withdrawn_when_lost(season: World) -> None:
    """TRACK-RESELLER: joined, and ¥0.2 m of reseller orders in thirty days."""
    seller = season.member()
    season.at(3, 5)
    season.sell(seller, 200_000, scene="reseller")
    season.sell(seller, 200_000, scene="stock")
    season.at(3, 6)
    assert benefits.grant_of(seller.pk, "track_reseller") is None
    commands.mark(season.operator, seller.pk, "reseller_joined", "入驻审核通过")
    season.at(3, 7)
    grant = benefits.grant_of(seller.pk, "track_reseller")
    assert grant is not None
    assert (grant.rule_id, grant.value["first"], grant.since) == (
        "TRACK-RESELLER", 5, date(2018, 3, 7),
    )  # fmt: skip
    commands.unmark(season.operator, seller.pk, "reseller_joined")
    season.at(3, 8)
    assert benefits.grant_of(seller.pk, "track_reseller") is None


# -------------------------------------------------------------------------- the database
def test_the_database_refuses_what_must_not_be(season: World) -> None:
    seller = season.member()
    season.at(3, 16)
    row, held = membership(seller), verdict(seller, "CHECK-15")
    row.member_tag, row.traffic_tag = False, True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    twice = Verdict(
        run=held.run, membership=held.membership, revision=2, measured_fen=0, target_fen=1,
        asked_fen=1, outcome="kept", had_traffic=True, at=clock.now(),
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        twice.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(
            verdict=held, words="", state="open", at=clock.now(),
            given_by_id=row.enrolment.applied_by_id if row.enrolment else 0,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Freeze.objects.create(
            company=seller, kind="missed", season=row.season, since=date(2018, 4, 1)
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.filter(company=seller).update(rehearsal=None)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row.enrolment.opinions.all().delete()  # type: ignore[union-attr]


def season_row() -> SeasonRow:
    return SeasonRow.objects.get(code=CODE)
