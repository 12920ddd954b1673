"""The dashboard on pages: pace in words, live figures, the peak day, verdicts and appeals."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pifa.kernel.actors import Role
from pifa.messages.models import Notice
from pifa.parties.models import Company
from pifa.programme.models import Appeal
from tests.catalog import market as goods
from tests.programme.world import CODE, World, hear, verdict
from tests.web.seller.conftest import body, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]

BOARD = f"/seller/programme/?season={CODE}"
LIVE = re.compile(r'hx-get="([^"]*/live/[^"]*)"')


@pytest.fixture
def seller(season: World) -> Company:
    return season.member("看板商家")


@pytest.fixture
def client(seller: Company) -> Client:
    return signed_in(goods.actor(seller))


def test_what_is_coming_is_said_before_it_happens(
    season: World,
    seller: Company,
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """CHECK-AHEAD: at this pace 17 % on the 15th, ¥142,000 more needed, what missing it costs."""
    season.at(3, 2)
    season.sell(seller, 57_000)
    season.at(3, 6, 10)
    season.sell(seller, 1_000)
    with django_assert_max_num_queries(40):
        page = body(client.get(BOARD))
    assert "按目前的节奏到 3月15日 为 17%，要求 20%，还差 ¥142,000.00，还有 10 天。" in page
    assert "去除流量标，通天商家标和看板保留" in page
    assert "冻结 3 个月" in page
    assert "落后于匀速" in page
    assert re.search(r"1 <span[^>]*>/ 1</span>", page)
    assert "没有待付的邀请和到期的账期" in page
    assert "还没有到考核的时候" in page


def test_an_open_page_hears_of_a_payment(
    season: World,
    seller: Company,
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """Nothing (204) while nothing came, then both parts with the new figures."""
    season.at(3, 6)
    season.sell(seller, 12_000)
    (at,) = LIVE.findall(body(client.get(BOARD)))
    at = at.replace("&amp;", "&")
    with django_assert_max_num_queries(8):
        assert client.get(at).status_code == 204
    season.sell(seller, 88_000)
    with django_assert_max_num_queries(20):
        fresh = client.get(at)
    assert fresh.status_code == 200
    part = body(fresh)
    assert re.search(r'data-figure="today"[^>]*>\s*(<[^>]*>)?¥10万', part)
    assert 'id="board-charts" hx-swap-oob="true"' in part
    (next_at,) = LIVE.findall(part)
    assert client.get(next_at.replace("&amp;", "&")).status_code == 204


def test_the_peak_day_by_the_hour(season: World, seller: Company, client: Client) -> None:
    """CHECK-MARKERS: the bars with their table, 12:00, 16:00 and 24:00 each with its word."""
    for hour, yuan in ((9, 100_000), (13, 150_000)):
        season.at(3, 28, hour)
        season.sell(seller, yuan)
    season.at(3, 28, 17)
    page = body(client.get(BOARD))
    peak = page[page.index("peak-marks") : page.index("每小时成交")]
    assert re.search(r"peak-ok.*12:00.*已达到", peak, re.S)
    assert re.search(r"peak-bad.*16:00.*没有达到，差 ¥50,000.00", peak, re.S)
    assert re.search(r"24:00.*还差 ¥250,000.00", peak, re.S)
    assert re.search(r"<th scope=\"row\">13:00</th><td class=\"num\">¥150,000.00", page)
    assert page.count("chart-mark") == 2


def test_a_verdict_is_explained_and_appealed(
    season: World, seller: Company, client: Client
) -> None:
    season.at(3, 5)
    season.sell(seller, 150_000)
    season.at(3, 16)
    page = body(client.get(BOARD))
    assert "3月1日 – 3月15日 完成 ¥150,000.00，要求 ¥200,000.00，差 ¥50,000.00。" in page
    assert "完成目标的 15%，要求 20%" in page
    assert "流量标已去除" in page
    at = f"/seller/programme/verdicts/{verdict(seller, 'CHECK-15').pk}/appeal/?season={CODE}"
    empty = client.post(at, {"words": " "})
    assert empty.status_code == 422
    assert not Appeal.objects.exists()
    rival = signed_in(goods.actor(season.seller("对手")))
    assert rival.post(at, {"words": "别人的"}).status_code == 404
    finance = signed_in(goods.actor(seller, Role.FINANCE))
    assert finance.post(at, {"words": "无权"}).status_code == 403
    assert "对结果有异议" not in body(finance.get(BOARD))
    page = body(client.post(at, {"words": "有一笔对公转账漏了"}, follow=True))
    assert "申诉已提交" in page
    assert "有一笔对公转账漏了" in page
    assert "对结果有异议" not in page


def test_a_freeze_says_when_it_ends(season: World, seller: Company, client: Client) -> None:
    season.at(4, 1)
    hear()
    page = body(client.get(BOARD))
    assert "冻结期内不能报名，7月1日 起可以重新报名。" in page
    assert "无通天商家标" in page
    assert "下一步" not in page


def test_notices_lead_to_their_pages(season: World, seller: Company, client: Client) -> None:
    season.at(3, 16)
    hear()
    told = Notice.objects.filter(company=seller, kind__startswith="programme_")
    links = dict(told.values_list("kind", "link"))
    assert links.keys() == {"programme_rehearsal", "programme_enrolment", "programme_verdict"}
    assert links["programme_verdict"] == BOARD
    assert [client.get(link).status_code for link in links.values()] == [200, 200, 200]


def test_others_see_nothing_of_it(season: World, client: Client) -> None:
    rival = season.seller("对手")
    other = signed_in(goods.actor(rival))
    assert other.get("/seller/programme/").headers["Location"] == "/seller/programme/way/"
    assert other.get(BOARD).status_code == 404
    assert other.get(f"/seller/programme/live/?season={CODE}").status_code == 404
    member = season.member("名次在前的对手")
    season.at(3, 3)
    season.sell(member, 1_000)
    page = body(client.get(BOARD))
    assert re.search(r"2 <span[^>]*>/ 2</span>", page)
    assert "名次在前的对手" not in page


def test_benefits_and_tracks(
    season: World,
    seller: Company,
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    season.at(3, 16)
    hear()
    with django_assert_max_num_queries(40):
        page = body(client.get(f"/seller/programme/benefits/?season={CODE}"))
    slot = page[page.index("搜索结果页坑位") :][:900]
    assert "未持有" in slot
    assert "流量标已去除，下一个节点达标即恢复" in slot
    assert "等待资源位功能上线" in slot
    assert "3月1日 – 3月15日，已结束" in slot
    for rule in ("BENEFIT-1", "BENEFIT-10", "BENEFIT-INDUSTRY", "TRACK-RESELLER", "TRACK-FACTORY"):
        assert rule in page
    assert "权益 1–4" in page


def test_todays_page_has_its_line(season: World, seller: Company, client: Client) -> None:
    """`通天: 本月 37% · 节拍 41% ⚠`; who is no member has none."""
    season.at(3, 13, 17)
    season.sell(seller, 370_000)
    page = body(client.get("/seller/"))
    line = page[page.index("season-line") :][:600]
    assert "本月 37%" in line
    assert "节拍 40%" in line
    assert "落后" in line
    assert "season-line" not in body(signed_in(goods.actor(season.seller())).get("/seller/"))
