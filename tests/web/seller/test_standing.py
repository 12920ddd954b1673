"""Medal and tier: how far the next step is, when this one falls, who sees it, what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from pifa.benefits import commands as benefits
from pifa.benefits.rules import Held, Terms
from pifa.kernel import clock
from pifa.metrics import commands as facts
from pifa.standing.models import Kind, RatingRun
from tests.build import standing
from tests.build.standing import ONE, just_under_4a, paid
from tests.catalog import market as goods
from tests.trade.market import Trading
from tests.web.seller.conftest import body, signed_in

PAGE = "/seller/standing/"


@pytest.fixture
def seller_3a(trading: Trading) -> Trading:
    """The seller at 3A, ¥46,200 from 4A."""
    just_under_4a(trading.seller)
    standing.held(trading.seller, Kind.MEDAL, (60, "MEDAL-2", 2), (20, "MEDAL-3", 3))
    standing.held(trading.seller, Kind.TIER, (20, "TIER-PROSPECT", 1))
    return trading


def test_the_page_says_how_far_it_is_and_when_it_falls(seller_3a: Trading, owner: Client) -> None:
    answer = owner.get(PAGE)
    page = body(answer)
    medal = answer.context["ladders"][0]
    assert (medal.held, medal.next, medal.since) == ("3A", "4A", clock.today() - 20 * ONE)
    sales, buyers, disputes = medal.needs
    assert (sales.value, sales.asked, sales.words) == (
        "¥153,800.00",
        "≥ ¥200,000.00",
        "还差 ¥46,200.00",
    )
    assert sales.share == 76
    assert (buyers.met, disputes.met) == (True, True)
    assert "免考核：近90天纠纷数 = 1" in page
    # Paid on 3 February, which the rating of 5 March still counts.
    assert "3月6日起由 3A 降为 2A：2月3日及以前的记录不再计入" in page
    assert "3月5日结束前做到即可保住：近30天累计销售金额再增加 ¥6,200.00" in page
    assert 'id="rule-MEDAL-4"' in page
    assert 'href="#rule-MEDAL-4"' in page


def test_what_the_programme_adds_to_the_boost_is_said_and_why(
    seller_3a: Trading, owner: Client
) -> None:
    """BENEFIT-1, beside the medal's."""
    seller = seller_3a.seller.pk
    why = {"zh": "2018 年 3 月通天计划", "en": "Key-account programme, March 2018"}
    wanted = {Held(seller, "programme_boost"): Terms({"boost": 5}, "BENEFIT-1", why)}
    benefits.sync("programme", clock.today(), wanted, [seller])
    page = body(owner.get(PAGE))
    for words in ("搜索较大程度加权", "排序前移 5 档", "2018 年 3 月通天计划"):
        assert words in page


def test_today_stands_beside_last_night(seller_3a: Trading, owner: Client) -> None:
    facts.record(paid(seller_3a.seller.pk, goods.company().pk, clock.today(), 50_000))
    answer = owner.get(PAGE)
    rows = {label: (night, by_now) for label, night, by_now, _moved in answer.context["today"]}
    assert rows["近30天累计销售金额"] == ("¥153,800.00", "¥203,800.00")
    assert "若保持现状，3月3日起升为 4A" in body(answer)


def test_history_is_drawn_with_its_figures(seller_3a: Trading, owner: Client) -> None:
    medal, _tier = owner.get(PAGE).context["histories"]
    assert len(medal.days) == 61
    assert [level for _day, level in medal.days] == [2] * 40 + [3] * 21
    assert medal.levels == ["无", "1A", "2A", "3A", "4A", "5A"]


def test_what_leaves_the_window_is_told_by_day(seller_3a: Trading, owner: Client) -> None:
    leaving = owner.get(PAGE).context["leaving"]
    today = clock.today()
    assert leaving == [
        (today - 5 * ONE, 43_800_00, today + 25 * ONE),
        (today - 27 * ONE, 110_000_00, today + 3 * ONE),
    ]


def test_benefits_held_missed_and_to_come(seller_3a: Trading, owner: Client) -> None:
    benefits.sync(
        "standing",
        clock.today() - 20 * ONE,
        {
            Held(seller_3a.seller.pk, "instant_payout"): Terms(
                {"fee_rate": "0.0012"}, "BENEFIT-INSTANT-PAYOUT", {"zh": "交易勋章 3A", "en": "3A"}
            )
        },
    )
    answer = owner.get(PAGE)
    page = body(answer)
    shown = answer.context["benefits"]
    assert [item.label for item in shown.held] == ["极速到账"]
    assert "每单手续费 0.12%" in page
    assert "交易勋章 3A" in page
    # Not a member: 3A could bring more, and so will 4A.
    assert "搜索加权" in [item.label for item in shown.missed]
    assert "还要：诚信通会员" in page
    assert "大额提现" in [item.label for item in shown.more]


def test_a_day_without_a_rating_is_said(trading: Trading, owner: Client) -> None:
    assert "今天的评定还没有做" in body(owner.get(PAGE))
    RatingRun.objects.create(
        day=clock.today(), state="rated", digest="d", book="b", rated_at=clock.now()
    )
    assert "今天的评定还没有做" not in body(owner.get(PAGE))


def test_members_of_any_role_see_their_own(
    seller_3a: Trading, clerk: Client, bookkeeper: Client, client: Client
) -> None:
    for who in (clerk, bookkeeper):
        assert "¥46,200.00" in body(who.get(PAGE))
    other = signed_in(goods.actor(goods.seller("别家")))
    page = body(other.get(PAGE))
    assert "¥153,800.00" not in page
    assert other.get(f"/seller/standing/{seller_3a.seller.pk}/").status_code == 404
    assert signed_in(seller_3a.buying).get(PAGE)["Location"] == "/seller/open/"
    assert client.get(PAGE)["Location"].startswith("/login/")


def test_the_page_costs_the_same_with_many_days(
    seller_3a: Trading, owner: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    owner.get(PAGE)
    for ago in range(1, 30):
        buyer = goods.company().pk
        facts.record(paid(seller_3a.seller.pk, buyer, clock.today() - timedelta(days=ago), 100))
    with django_assert_max_num_queries(30):
        owner.get(PAGE)


def test_the_card_on_the_front_page_costs_two_statements(seller_3a: Trading, owner: Client) -> None:
    owner.get("/seller/")
    with CaptureQueriesContext(connection) as captured:
        page = body(owner.get("/seller/"))
    assert "还差 ¥46,200.00" in page
    assert "3月6日起由 3A 降为 2A" in page
    tables = ("metrics_", "standing_")
    own = [row["sql"] for row in captured if any(name in row["sql"] for name in tables)]
    assert len(own) == 2, own
