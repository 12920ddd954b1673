"""The sales page equals `pifa report sales`; the front page says what waits."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pifa.cli.report import group
from pifa.kernel import clock
from pifa.kernel.actors import Role
from pifa.kernel.models import AuditEntry
from pifa.kernel.money import Money
from pifa.trade import commands
from pifa.web.seller.reports import against
from tests.catalog import market as goods
from tests.finance.conftest import open_payee
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading
from tests.web.seller.conftest import body, signed_in, streamed, worksheet


def test_the_page_shows_the_figures_of_the_command(trading: Trading, owner: Client) -> None:
    trading.paid(100)
    trading.paid(2000)
    order = trading.shipped(100)
    case = commands.ask_refund(trading.buying, order.number, "money", Money(1234), "少发")
    commands.answer_refund(trading.selling, case, True)
    day = clock.today()
    answer = owner.get(f"/seller/report/?since={day}&until={day}&declared=on")
    report = answer.context["report"]
    page = body(answer)
    for figure in (report.sales, report.cancelled):
        assert str(figure) in page
    told = CliRunner().invoke(
        group,
        ["sales", "--seller", trading.seller.login, "--from", str(day), "--to", str(day),
         "--include-declared", "--json"],
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    assert str(report.sales.decimal) in told.output
    assert (report.orders, report.buyers, report.repeat_buyers) == (3, 1, 1)
    assert report.cancelled == Money(-1234)


def test_a_span_that_ends_before_it_begins_is_told(owner: Client) -> None:
    answer = owner.get("/seller/report/?since=2026-03-02&until=2026-03-01")
    assert answer.status_code == 422
    assert "结束日期不能早于开始日期" in body(answer)
    assert "2026-03-01" in body(answer)
    assert owner.get("/seller/report/?since=rubbish").status_code == 422


def test_long_spans_have_fewer_bars(owner: Client) -> None:
    month = owner.get("/seller/report/?since=2026-02-01&until=2026-02-28").context["bars"]
    year = owner.get("/seller/report/?since=2025-03-02&until=2026-03-01").context["bars"]
    assert len(month) == 28
    assert 12 <= len(year) <= 53


def test_today_says_what_waits_and_what_is_late(
    trading: Trading, clerk: Client, market_clock: MarketClock
) -> None:
    assert "今天没有要赶的事" in body(clerk.get("/seller/"))
    trading.paid(100)
    market_clock.forward(hours=40)
    trading.paid(100)
    page = body(clerk.get("/seller/"))
    assert "1 单今天" in page
    market_clock.forward(hours=9)
    page = body(clerk.get("/seller/"))
    assert "1 单已过发货时限" in page


def test_today_is_the_same_cost_on_a_busy_day(
    trading: Trading,
    owner: Client,
    market_clock: MarketClock,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(6):
        trading.paid(100)
    market_clock.forward(days=3)
    with django_assert_max_num_queries(42):
        assert "6 单已过发货时限" in body(owner.get("/seller/"))


def test_money_is_for_those_who_handle_it(trading: Trading, owner: Client, clerk: Client) -> None:
    trading.received(1000)
    assert "可提现余额" in body(owner.get("/seller/"))
    assert "可提现余额" not in body(clerk.get("/seller/"))


def test_withdrawing_twice_by_one_form_withdraws_once(trading: Trading, bookkeeper: Client) -> None:
    trading.received(1000)
    account = str(open_payee(trading.seller.pk))
    form = {"amount": "100", "key": "abc", "account": account}
    assert "已提现 ¥100.00" in body(bookkeeper.post("/seller/withdrawals/", form, follow=True))
    bookkeeper.post("/seller/withdrawals/", form, follow=True)
    assert bookkeeper.get("/seller/balance/").context["available"] == Money(31000 - 10000)
    for amount in ("9999999", "0", "-5", "x"):
        typed = {"amount": amount, "key": amount, "account": account}
        answer = bookkeeper.post("/seller/withdrawals/", typed)
        assert answer.status_code == 422
        assert f'value="{amount}"' in body(answer)


def test_the_report_of_a_stranger_is_its_own(trading: Trading, owner: Client) -> None:
    trading.paid(100)
    yesterday = clock.today() - timedelta(days=1)
    answer = owner.get(f"/seller/report/?since={yesterday}&until={yesterday}")
    assert answer.context["report"].orders == 0


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("page", ["report", "orders", "statement"])
def test_days_at_the_ends_of_the_calendar_are_told(owner: Client, page: str, day: str) -> None:
    answer = owner.get(f"/seller/{page}/?since={day}&until={day}")
    assert answer.status_code == (200 if page == "orders" else 422)
    assert "2000-01-01 到 2999-12-31" in body(answer)


def test_a_report_stands_beside_the_window_before(
    trading: Trading, owner: Client, market_clock: MarketClock
) -> None:
    trading.paid(100)
    market_clock.forward(days=1)
    trading.paid(200)
    trading.paid(100)
    day = clock.today()
    answer = owner.get(f"/seller/report/?since={day}&until={day}&grain=day")
    page = body(answer)
    assert answer.context["report"].sales == Money(10500)
    assert "上期 ¥35.00 (+200.0%)" in page
    assert [(label, str(money)) for label, money in answer.context["bars"]] == [
        (f"{day:%m-%d}", "¥105.00")
    ]
    assert owner.get("/seller/report/?grain=fortnight").status_code == 422


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (-70140, -10000, "上期 -¥100.00 (+601.4%)"),
        (-2500, -10000, "上期 -¥100.00 (-75.0%)"),
        (0, -10000, "上期 -¥100.00 (-100.0%)"),
        (-2500, 10000, "上期 ¥100.00"),
        (5000, 10000, "上期 ¥100.00 (-50.0%)"),
        (5000, 0, "上期 ¥0.00"),
    ],
)
def test_more_given_back_is_a_rise(now: int, before: int, words: str) -> None:
    assert against(Money(now), Money(before)) == words


def test_who_buys_again_is_named_with_the_rate(
    trading: Trading, owner: Client, market_clock: MarketClock
) -> None:
    assert "勾选“含历史导入的订单”" in body(owner.get("/seller/report/repeat/"))
    trading.paid(100)
    assert "还没有买过两单的买家" in body(owner.get("/seller/report/repeat/"))
    market_clock.forward(days=4)
    trading.paid(100)
    page = body(owner.get("/seller/report/repeat/"))
    assert "100.0%" in page
    assert "1 / 1" in page
    assert trading.buyer.name in page
    assert "4 天" in page
    assert 'class="chart-bar chart-bar-part"' in page


@pytest.mark.parametrize("report", ["", "repeat/"])
def test_the_sheets_hold_the_pages_figures_and_are_kept_in_the_log(
    trading: Trading, owner: Client, market_clock: MarketClock, report: str
) -> None:
    for _ in range(2):
        trading.paid(100)
        market_clock.forward(days=4)
    query = "?grain=month"
    page = owner.get(f"/seller/report/{report}{query}")
    assert f'action="/seller/report/{report}sheet/{query}"' in body(page)
    excel = owner.post(f"/seller/report/{report}sheet/{query}", {"kind": "xlsx"})
    sheet = [[cell.value for cell in row] for row in worksheet(streamed(excel)).iter_rows()]
    text = streamed(owner.post(f"/seller/report/{report}sheet/{query}", {"kind": "csv"})).decode()
    assert text.count("\n") == len(sheet)
    if report:
        assert sheet[1][4:9] == [1, 1, 1, 0, 2]
        assert [trading.buyer.name, 2, 70, 4] in [[r[1], r[8], r[9], r[11]] for r in sheet]
        assert f"常客,{trading.buyer.name},,,,,,,2,70.00," in text
    else:
        whole = next(row for row in sheet if row[0] == "合计")
        assert whole[3:7] == [70, 2, 35, 1]
        assert ",70.00,2,35.00,1,0,0.00" in text
    action = "report.export_repeat" if report else "report.export_sales"
    kinds = [entry.detail["kind"] for entry in AuditEntry.objects.filter(action=action)]
    assert sorted(kinds) == ["csv", "xlsx"]


def test_a_sheet_is_for_those_who_may_take_it_out(trading: Trading) -> None:
    packer = signed_in(goods.actor(trading.seller, Role.PURCHASER))
    page = body(packer.get("/seller/report/repeat/"))
    assert "/sheet/" not in page
    assert packer.post("/seller/report/repeat/sheet/", {"kind": "csv"}).status_code == 403
    assert packer.get("/seller/report/sheet/").status_code in (403, 405)
    assert not AuditEntry.objects.filter(action__startswith="report.").exists()


@pytest.mark.parametrize("page", ["report/", "report/repeat/"])
def test_reports_speak_english(trading: Trading, owner: Client, page: str) -> None:
    for _ in range(2):
        trading.paid(100)
    text = body(owner.get(f"/seller/{page}", headers={"Accept-Language": "en"}))
    main = text.split("<main", 1)[1].split("</main>", 1)[0].replace(trading.buyer.name, "")
    assert not re.findall(r"[\u4e00-\u9fff]+", main)
