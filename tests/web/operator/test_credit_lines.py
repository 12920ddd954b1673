"""Lines of trade credit in the console: found by either side, with every step of the ladder."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pifa.finance.models import CreditLine
from pifa.kernel import clock, deadlines
from pifa.kernel.money import Money
from pifa.trade import commands
from pifa.web.operator import roles
from tests.trade.market import Trading, trading
from tests.trade.test_credit_orders import MARCH_16, grant
from tests.web.operator.staff import staff
from tests.web.seller.conftest import body

pytestmark = pytest.mark.django_db
LINES = "/console/credit/"


@pytest.fixture
def market() -> Trading:
    with clock.frozen(MARCH_16):
        return trading()


@pytest.fixture
def late(market: Trading) -> CreditLine:
    """An order on credit that was due on 26 March, and it is the 28th."""
    with clock.frozen(MARCH_16):
        line = grant(market, Money(10_000_00), "days", 10)
        order = market.place(100, ways={market.seller.pk: "trade_credit"})
        commands.ship(market.selling, order.number, "试验快递", "T1")
        commands.confirm_receipt(market.buying, order.number)
    deadlines.run_due(MARCH_16 + timedelta(days=12))
    line.refresh_from_db()
    assert line.overdue_since == date(2026, 3, 26)
    return line


def test_the_list_is_searched_and_filtered(market: Trading, late: CreditLine) -> None:
    client = staff(roles.MANAGER)
    with clock.frozen(MARCH_16 + timedelta(days=12)):
        for query in ("", "?state=overdue", f"?q={market.seller.login}", f"?q={market.buyer.name}"):
            page = body(client.get(LINES + query))
            for words in (market.seller.name, str(Money(late.used_fen)), "2026-03-26"):
                assert words in page, query
        for query in ("?state=frozen", "?q=没有这家"):
            assert "没有这样的账期额度" in body(client.get(LINES + query))
    assert staff(roles.REVIEWER).get(LINES).status_code == 403


def test_a_line_shows_its_ladder_and_history(market: Trading, late: CreditLine) -> None:
    client = staff(roles.MANAGER)
    with clock.frozen(MARCH_16 + timedelta(days=12)):
        page = " ".join(body(client.get(f"{LINES}{late.pk}/")).split())
    for words in ("已逾期 2 天", "到期前 3 天提醒双方", "逾期第 1 天，冻结额度，提醒双方",
                  "逾期自动冻结", "停止计逾期天数"):  # fmt: skip
        assert words in page
    # Until the 28th the second day is behind; the third is next.
    following = page.partition("下一步")[0].rpartition("<li>")[2]
    assert "2026-03-29" in following
    assert page.count("已到") == 2
    assert client.get(f"{LINES}{late.pk + 1}/").status_code == 404
