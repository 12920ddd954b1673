"""What a seller reads of its season: rehearsal with reasons, benefits, next steps, in few statements."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from pifa.benefits.models import Grant
from pifa.integrity import commands as integrity
from pifa.kernel import clock
from pifa.kernel.errors import NotFound
from pifa.parties.models import Company
from pifa.programme import commands
from pifa.programme.queries.at_a_glance import at_a_glance
from pifa.programme.queries.benefit_board import Lacking, benefit_board
from pifa.programme.queries.dashboard import dashboard, pulse
from pifa.programme.queries.next_steps import Unpaid, next_steps
from pifa.programme.queries.rehearsal_board import Why, rehearsal_board
from pifa.programme.queries.seasons import own_seasons, seasons, to_enter, to_follow
from pifa.trade.models import Order, OrderInvitation
from tests.catalog import market as goods
from tests.programme.world import CODE, World, hear, verdict

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]

YUAN = 100


def test_a_rehearsal_says_which_orders_count_and_why_others_do_not(
    season: World, django_assert_max_num_queries: Any
) -> None:
    """REHEARSE-*: live from the day after approval; a refund, a ruling, the public market."""
    seller = season.seller()
    actor = goods.actor(seller)
    season.at(2, 10)
    rehearsal = commands.sign_up(actor, CODE)
    assert rehearsal_board(actor, CODE).opens is None
    commands.decide_rehearsal(season.operator, rehearsal.pk, approve=True)
    board = rehearsal_board(actor, CODE)
    assert (board.opens, board.is_open, board.orders) == (date(2018, 2, 11), False, ())
    season.at(2, 11)
    large = season.sell(seller, 60_000, 0, method="transfer")
    public = season.sell(seller, 900, 1, channel="public")
    ruled = season.sell(seller, 700, 1, channel="private")
    integrity.rule_brushing(season.operator, ruled, "空包")
    hear()
    for _more in range(10):
        season.sell(seller, 10, 2)
    with django_assert_max_num_queries(11):
        board = rehearsal_board(actor, CODE)
    found = {row.number: row for row in board.orders}
    assert (found[large].why, found[large].large, found[large].by_bank) == (None, True, True)
    assert found[public].why is Why.CHANNEL
    assert found[ruled].why is Why.RULED
    assert [answer.holds for answer in board.answers] == [False, True, True]
    assert board.days_left == 15
    season.sell(seller, 5, 1)
    board = rehearsal_board(actor, CODE)
    assert board.state == "passed"
    with pytest.raises(NotFound):
        rehearsal_board(goods.actor(season.seller()), CODE)


def test_benefits_come_with_their_tags_and_say_why_they_are_gone(season: World) -> None:
    """BENEFIT-*: held since, until, and why not; of another company nothing."""
    seller = season.member()
    actor = goods.actor(seller)
    waiting = benefit_board(actor, CODE)
    assert {line.lacking for line in waiting.lines} == {Lacking.WAITING}
    season.at(3, 1)
    hear()
    board = benefit_board(actor, CODE)
    assert board.held == len(board.lines) == 16
    assert {line.since for line in board.lines} == {date(2018, 3, 1)}
    season.at(3, 16)
    hear()
    board = benefit_board(actor, CODE)
    gone = {line.rule.code: line for line in board.lines if line.lacking}
    assert gone["result_slot"].lacking is Lacking.NO_TRAFFIC
    assert gone["result_slot"].until == date(2018, 3, 16)
    assert "account_manager" not in gone
    assert [held for _tag, held, _since, _until in board.tags] == [True, False]
    other = benefit_board(goods.actor(season.seller()), CODE)
    assert (other.member, {line.lacking for line in other.lines}) == (False, {Lacking.NO_MEMBER})


def test_what_goes_on_from_the_season_before_is_held(season: World) -> None:
    """BENEFIT-*: a grant that goes on keeps its first day and its reason."""
    seller = season.member()
    season.at(3, 1)
    hear()
    ours = Grant.objects.filter(company=seller, source="programme")
    ours.update(since=date(2018, 2, 1), reason={"season": "the-one-before"})
    season.at(3, 2)
    board = benefit_board(goods.actor(seller), CODE)
    assert board.held == 16
    assert {line.since for line in board.lines} == {date(2018, 2, 1)}
    ours.update(until=date(2018, 3, 1))
    assert benefit_board(goods.actor(seller), CODE).held == 0


def test_tracks_tell_each_condition_and_step(season: World) -> None:
    """TRACK-*: nine, own figures, what is missing, steps with what they ask."""
    seller = season.member()
    commands.mark(season.operator, seller.pk, "reseller_joined", "已入驻")
    season.at(3, 5)
    season.sell(seller, 250_000, scene="reseller")
    season.at(3, 6)
    hear()
    board = benefit_board(goods.actor(seller), CODE)
    lines = {line.view.track.code: line for line in board.tracks}
    assert len(lines) == 9
    assert lines["track_reseller"].view.holds
    assert lines["track_reseller"].since == date(2018, 3, 6)
    factory = lines["track_factory"]
    assert (factory.view.holds, [one.step.first for one in factory.steps]) == (False, [2, 4, 6])
    assert factory.view.answers[1].view.missing == 500_000 * YUAN + 1


def test_what_to_do_next_names_the_largest_first(
    season: World, django_assert_max_num_queries: Any
) -> None:
    seller = season.member()
    season.at(3, 2)
    for yuan in (100, 900, 300, 500, 200, 400):
        _invite(season, seller, yuan)
    unpaid = season.sell(seller, 700)
    Order.objects.filter(number=unpaid).update(status="awaiting_payment", paid_fen=0)
    actor = goods.actor(seller)
    with django_assert_max_num_queries(8):
        steps = next_steps(actor)
    assert [row.fen // YUAN for row in steps.unpaid] == [900, 700, 500, 400, 300]
    assert (steps.unpaid[1].what, steps.unpaid[1].number) == (Unpaid.ORDER, unpaid)
    assert (steps.unpaid_count, steps.unpaid_fen) == (7, 3_100 * YUAN)
    assert next_steps(goods.actor(season.seller())).unpaid == ()


def test_the_dashboard_by_hour_and_against_last_month(season: World) -> None:
    """Today against what had come by this hour of the same day of last month."""
    seller = season.member()
    season.at(2, 27, 10)
    season.sell(seller, 3_000)
    season.at(2, 28, 9)
    season.sell(seller, 1_000)
    season.at(2, 28, 20)
    season.sell(seller, 5_000)
    for hour, yuan in ((0, 50_000), (9, 10_000)):
        season.at(3, 28, hour)
        season.sell(seller, yuan)
    season.at(3, 28, 11)
    found = dashboard(goods.actor(seller), seller.pk, CODE)
    assert [fen // YUAN for fen in found.by_hour] == [50_000, *[0] * 8, 10_000, 0, 0]
    assert (found.same_hour_fen, found.same_day_fen) == (1_000 * YUAN, 6_000 * YUAN)
    assert found.today_fen == 60_000 * YUAN
    assert found.behind


def test_a_pulse_beats_with_every_payment(season: World, django_assert_num_queries: Any) -> None:
    seller = season.member()
    season.at(3, 2)
    actor = goods.actor(seller)
    with django_assert_num_queries(2):
        before = pulse(actor, CODE)
    season.sell(seller, 1)
    assert pulse(actor, CODE) != before
    with pytest.raises(NotFound):
        pulse(goods.actor(season.seller()), CODE)


def test_a_verdict_carries_its_appeal(season: World) -> None:
    seller = season.member()
    actor = goods.actor(seller)
    season.at(3, 16)
    (held,) = dashboard(actor, seller.pk, CODE).verdicts
    assert (held.appealable, held.passed, held.appeal) == (True, False, None)
    made = commands.appeal(actor, verdict(seller, "CHECK-15").pk, "有一笔大单漏了")
    commands.decide_appeal(season.operator, made.pk, uphold=False, answer="核对无误")
    (held,) = dashboard(actor, seller.pk, CODE).verdicts
    assert held.appeal is not None
    assert (held.appeal.state, held.appeal.answer) == ("dismissed", "核对无误")
    assert not held.appealable


def test_which_season_a_page_speaks_of(season: World, django_assert_num_queries: Any) -> None:
    seller = season.member()
    with django_assert_num_queries(1):
        found = seasons(date(2018, 2, 20))
    assert to_enter(found, date(2018, 2, 20)).code == CODE
    assert to_enter(found, date(2018, 3, 20)).code == CODE
    assert seasons(date(2018, 7, 1)) == ()
    own = own_seasons(goods.actor(seller))
    assert [one.code for one in own] == [CODE]
    for day in (date(2018, 2, 20), date(2018, 3, 5), date(2018, 4, 20)):
        chosen = to_follow(own, day)
        assert chosen is not None
        assert chosen.code == CODE
    assert to_follow((), date(2018, 3, 5)) is None


def test_at_a_glance_in_two_statements(season: World, django_assert_num_queries: Any) -> None:
    seller = season.member()
    assert at_a_glance(seller.pk) is None
    season.at(3, 16, 12)
    season.sell(seller, 400_000)
    with django_assert_num_queries(2):
        found = at_a_glance(seller.pk)
    assert found is not None
    assert (found.season, int(found.share * 100), int(found.pace * 100)) == (CODE, 40, 50)
    assert found.behind


def _invite(season: World, seller: Company, yuan: int) -> None:
    number = f"I{OrderInvitation.objects.count()}"
    now = clock.now()
    OrderInvitation.objects.create(
        number=number, seller=seller, made_by_id=goods.actor(seller).member_id or 0, state="open",
        link_digest=number, goods_fen=yuan * YUAN, freight_fen=0, total_fen=yuan * YUAN, terms={},
        valid_until=now + timedelta(days=3), made_at=now, sent_at=now, changed_at=now,
    )  # fmt: skip
