"""A season in force: checkpoints, tags, rulings, appeals, tracks, and what the database refuses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from pifa.benefits import commands as benefits_of
from pifa.benefits import queries as benefits
from pifa.benefits.labels import SEARCH_BOOST
from pifa.benefits.rules import Held, Terms
from pifa.catalog.models import Offer
from pifa.integrity import commands as integrity
from pifa.kernel import clock, deadlines, events
from pifa.kernel.errors import Forbidden, WrongState
from pifa.kernel.models import OutboxEvent
from pifa.programme import commands, due
from pifa.programme.commands import checkpoints
from pifa.programme.errors import (
    AppealedAlready,
    NotAppealable,
    RehearsalMissing,
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
from pifa.programme.states import MembershipState
from pifa.trade.events.facts import RefundPaid
from pifa.trade.models import Order
from tests.catalog import market as goods
from tests.programme.world import CODE, World, hear, membership, tags, told, verdict

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]
"""Orders are put straight into their tables, paid; their money is none of the programme's."""


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


def test_the_boost_in_search_goes_with_the_traffic_tag(season: World) -> None:
    """BENEFIT-1: on top of what the medal gives, and withdrawn with the tag. TRACK-CORPORATE's too."""
    seller = season.member()
    offer = goods.offer(seller)

    def boost() -> int:
        hear()
        return Offer.objects.get(pk=offer.pk).boost

    assert boost() == 0
    season.at(3, 1)
    assert boost() == 5
    benefits_of.sync(
        "standing:medal", clock.today(), {Held(seller.pk, SEARCH_BOOST): Terms({"boost": 3})}
    )
    assert boost() == 8
    commands.mark(season.operator, seller.pk, "selected_corporate", "入选名单")
    season.at(3, 2)
    assert boost() == 10
    season.at(3, 16)
    assert tags(seller) == (True, False)
    assert boost() == 5


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
        broken.setattr(due, "AGAIN_AFTER", timedelta(hours=2))  # two weeks of asking again
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
    season.at(3, 29, 8)
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
    commands.unmark(season.operator, seller.pk, "reseller_joined", "已退出淘货源")
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
