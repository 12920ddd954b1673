"""The member centre: level, credit and what brought its points; a card of it on the first page."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from pifa.kernel import clock
from pifa.metrics import commands as facts
from pifa.standing.models import Kind
from tests.build import buying, standing
from tests.build.buying import Market
from tests.build.standing import ONE, level_2, paid
from tests.catalog import market as goods

PAGE = "/buyer/standing/"


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def member(market: Market) -> Market:
    """The buyer at level 2: six orders, ¥1,800, 15 points to begin with and 18 for orders."""
    company = buying.company_of(market.buyer)
    level_2(company)
    standing.held(company, Kind.LEVEL, (9, "LEVEL-1", 1), (2, "LEVEL-2", 2))
    standing.held(company, Kind.CREDIT, (9, "1", 1), (2, "2", 2))
    return market


def test_the_next_level_is_told_with_orders_money_and_credit(member: Market, buyer: Client) -> None:
    answer = buyer.get(PAGE)
    (level,) = answer.context["ladders"]
    assert (level.held, level.next) == ("L2 初级采购商", "L3 中级采购商")
    assert level.since == clock.today() - 2 * ONE
    needs = {row.label: (row.value, row.asked, row.words) for row in level.needs}
    assert needs == {
        "近30天采购次数": ("6", "≥ 10", "还差 4"),
        "近30天采购金额": ("¥1,800.00", "≥ ¥5,000.00", "还差 ¥3,200.00"),
        "信用档": ("一般", "≥ 较好", "还差 1 档"),
    }
    assert "降为 L0 新手买家" in text(answer)


def test_the_credit_score_is_told_by_its_parts(member: Market, buyer: Client) -> None:
    answer = buyer.get(PAGE)
    credit = answer.context["credit"]
    assert (credit.points, credit.band, credit.next, credit.missing) == (33, "一般", "较好", 12)
    points = {label: points for label, _value, points, _rule in credit.parts}
    assert points["近90天完成订单数"] == 18
    assert credit.base + sum(points.values()) == credit.points
    assert "每 1 扣 5 分，最多 40 分" in text(answer)


def test_history_shows_level_and_credit(member: Market, buyer: Client) -> None:
    level, credit = buyer.get(PAGE).context["histories"]
    assert [rank for _day, rank in level.days] == [1] * 7 + [2] * 3
    assert level.levels[2] == "L2"
    assert credit.levels[2] == "一般"


def test_the_first_page_has_a_card_of_it(member: Market, buyer: Client) -> None:
    buyer.get("/buyer/")
    with CaptureQueriesContext(connection) as captured:
        page = text(buyer.get("/buyer/"))
    assert "L2 初级采购商" in page
    assert "还差 ¥3,200.00" in page
    tables = ("metrics_", "standing_")
    own = [row["sql"] for row in captured if any(name in row["sql"] for name in tables)]
    assert len(own) == 2, own


def test_anothers_purchases_are_not_here(member: Market) -> None:
    other = Client()
    user = buying.user_of(buying.company("旁人"))
    other.force_login(user, "django.contrib.auth.backends.ModelBackend")
    page = text(other.get(PAGE))
    assert "¥1,800.00" not in page
    assert "L0 新手买家" in page


def test_the_page_costs_the_same_with_many_days(
    member: Market, buyer: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    buyer.get(PAGE)
    for ago in range(1, 30):
        seller = goods.company().pk
        facts.record(paid(seller, member.buyer.company_id or 0, clock.today() - ago * ONE, 10))
    with django_assert_max_num_queries(32):
        buyer.get(PAGE)
