"""The console's pages of ratings and rules: what they say, who may do what, what it leaves."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pifa.kernel.models import AuditEntry
from pifa.metrics import commands as facts
from pifa.metrics.errors import FactsIncomplete
from pifa.metrics.facts import FactKind
from pifa.parties.models import Company
from pifa.standing import books, commands
from pifa.standing.commands.rating import note_waiting
from pifa.standing.models import Profile, RatingRun, Standing
from pifa.web.operator import roles
from tests.catalog import market as goods
from tests.metrics.world import ONE, TODAY, at, fact
from tests.plugins.clock import MarketClock
from tests.web.operator.staff import staff

pytestmark = pytest.mark.django_db

SHIPPED = Path(books.__file__).parent.parent / "rulebooks" / "standing" / "2018-01-01.toml"


@pytest.fixture(autouse=True)
def lake(tmp_path: Path, market_clock: MarketClock) -> Iterator[None]:
    """A lake of the test's own, at noon of `TODAY`."""
    market_clock.set(at(TODAY))
    with override_settings(LAKE=tmp_path / "lake"):
        yield


@pytest.fixture
def shops(market_clock: MarketClock) -> list[Company]:
    """Two shops: one sold for ¥12,000 to two buyers, the other for ¥1."""
    market_clock.set(at(TODAY - 10 * ONE))
    made = [goods.seller("滚珠轴承厂"), goods.seller("弹簧厂")]
    buyers = [goods.company(), goods.company()]
    market_clock.set(at(TODAY))
    sales = [
        (made[0], buyers[0], 700_000),
        (made[0], buyers[1], 500_000),
        (made[1], buyers[0], 100),
    ]
    for shop, buyer, fen in sales:
        key = f"paid:{shop.pk}:{buyer.pk}"
        both = {"seller_id": shop.pk, "buyer_id": buyer.pk, "subject": key}
        facts.record([fact(FactKind.PAID, TODAY - ONE, key, amount_fen=fen, count=1, **both)])
    return made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Rulebooks of the test's own: the shipped one."""
    place = tmp_path / "rulebooks" / "standing"
    place.mkdir(parents=True)
    shutil.copy(SHIPPED, place)
    monkeypatch.setattr(books, "_last_good", [])
    with override_settings(RULEBOOKS=place.parent):
        yield place


def page_of(name: str, *args: object, role: str | None = None, **query: str) -> str:
    answer = staff(role).get(reverse(f"admin:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def row_of(page: str, heading: str) -> list[str]:
    """The cells of the first row with this heading, tags taken off."""
    for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL):
        cells = [
            re.sub(r"<[^>]+>", "", cell).strip()
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        if cells and cells[0] == heading:
            return cells
    raise AssertionError(f"no row {heading}")


# ------------------------------------------------------------------------------ ratings
def test_the_figures_of_the_page_are_those_of_the_tables(shops: list[Company]) -> None:
    commands.rate(TODAY)
    page = page_of("ratings")
    for code, name in (("MEDAL-1", "1A"), ("MEDAL-2", "2A"), ("MEDAL-5", "5A")):
        held = Standing.objects.filter(kind="medal", code=code).count()
        assert row_of(page, name)[2] == str(held)
    assert [row_of(page, name)[2] for name in ("1A", "2A", "5A")] == ["1", "1", "0"]
    run = RatingRun.objects.get()
    night = row_of(page, f"{TODAY}")
    assert night[1:6] == ["已评定", "2018-01-01", "4", run.digest[:16], "1"]
    # Two buyers of L0 and L1 spent ¥12,001.00 in three orders.
    assert row_of(page, "L0–L1")[1:5] == ["2", "¥6,000.50", "—", "1.5"]


def test_a_step_leads_to_its_companies_and_they_to_their_explanation(shops: list[Company]) -> None:
    commands.rate(TODAY)
    assert reverse("admin:ratings_step", args=["medal", "MEDAL-2"]) in page_of("ratings")
    step = page_of("ratings_step", "medal", "MEDAL-2")
    assert "滚珠轴承厂" in step
    assert "弹簧厂" not in step
    assert reverse("admin:company_standing", args=[shops[0].pk]) in step
    assert "没有企业" in page_of("ratings_step", "medal", "none")
    assert staff().get("/console/ratings/weather/sunny/").status_code == 404


def test_the_companies_of_a_step_come_in_pages(
    shops: list[Company], market_clock: MarketClock
) -> None:
    for _ in range(60):
        goods.company()
    Company.objects.update(created_at=at(TODAY - ONE))
    commands.rate(TODAY)
    client, place = staff(), reverse("admin:ratings_step", args=["level", "LEVEL-0"])
    first = client.get(place).content.decode()
    (cursor,) = re.findall(r'href="\?cursor=([^"]+)"', first)
    second = client.get(place, {"cursor": cursor}).content.decode()
    links = [set(re.findall(r"company/(\d+)/standing", page)) for page in (first, second)]
    assert not links[0] & links[1]
    assert len(links[0] | links[1]) == Standing.objects.filter(code="LEVEL-0").count()


def test_a_company_is_explained_for_any_day(shops: list[Company]) -> None:
    commands.rate(TODAY)
    place = ("company_standing", shops[0].pk)
    page = page_of(*place)
    assert "升到 3A 的条件" in page
    assert "还差 ¥38,000.00" in page
    assert "这一天已评定" in page
    assert "还没有评定，以下按现有数据推算" in page_of(*place, day=f"{TODAY - ONE}")
    # Before the sale: no medal, so the lowest step comes next.
    assert "升到 1A 的条件" in page_of(*place, day=f"{TODAY - ONE}")
    assert "没有评定结果" in page_of(*place, day=f"{TODAY + 9 * ONE}")
    assert "输入一个有效的日期" in page_of(*place, day="soon")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_there_for_whoever_holds_nothing(language: str) -> None:
    buyer = goods.company()
    client = staff()
    client.cookies["django_language"] = language
    for place in (["ratings"], ["company_standing", buyer.pk], ["ratings_step", "tier", "none"]):
        assert client.get(reverse(f"admin:{place[0]}", args=place[1:])).status_code == 200


def test_pages_cost_the_same_for_few_and_for_many(
    shops: list[Company], market_clock: MarketClock
) -> None:
    client = staff()
    places = [
        reverse("admin:ratings"),
        reverse("admin:ratings_step", args=["level", "LEVEL-0"]),
        reverse("admin:company_standing", args=[shops[0].pk]),
        reverse("admin:rulebook"),
    ]

    def cost() -> list[int]:
        commands.rate(TODAY)
        found = []
        for place in places:
            with CaptureQueriesContext(connection) as caught:
                client.get(place)
            found.append(len(caught))
        return found

    few = cost()
    for number in range(12):
        buyer = goods.company()
        key = f"more:{number}"
        both = {"seller_id": shops[0].pk, "buyer_id": buyer.pk, "subject": key}
        facts.record([fact(FactKind.PAID, TODAY - 2 * ONE, key, amount_fen=9, count=1, **both)])
    Company.objects.update(created_at=at(TODAY - 3 * ONE))
    assert cost() == few
    assert max(few) < 40


# ------------------------------------------------------------------------------ doing
def test_a_manager_rates_a_day_and_others_do_not(shops: list[Company]) -> None:
    place = reverse("admin:ratings")
    for role in (roles.REVIEWER, roles.ARBITER):
        reader = staff(role)
        assert "立即评定" not in reader.get(place).content.decode()
        assert reader.post(place, {"day": f"{TODAY}"}).status_code == 403
    assert not RatingRun.objects.exists()

    manager = staff(roles.MANAGER)
    done = manager.post(place, {"day": f"{TODAY}"}, follow=True).content.decode()
    assert f"已评定 {TODAY}：4 家企业" in done
    assert RatingRun.objects.get().day == TODAY
    assert AuditEntry.objects.get(action="standing.rate").subject == f"day:{TODAY}"
    ahead = manager.post(place, {"day": f"{TODAY + ONE}"}).content.decode()
    assert "只能评定今天或以前的日子" in ahead


def test_a_key_account_is_certified_with_a_reason_and_uncertified_again(
    shops: list[Company],
) -> None:
    place = reverse("admin:company_standing", args=[shops[0].pk])
    choice = {"decision": "certify", "reason": "年销售过亿的线下工厂"}
    assert staff(roles.ARBITER).post(place, choice).status_code == 403
    manager = staff(roles.MANAGER)
    manager.post(place, {**choice, "reason": ""})
    assert not Profile.objects.filter(ka_certified=True).exists()

    assert "已由小二认证" in manager.post(place, choice, follow=True).content.decode()
    assert Profile.objects.get(company=shops[0], since=TODAY).ka_certified
    manager.post(place, {"decision": "revoke", "reason": "已停止合作"})
    assert not Profile.objects.get(company=shops[0], since=TODAY).ka_certified
    entries = AuditEntry.objects.filter(action="standing.certify_ka").order_by("id")
    assert [entry.detail["certified"] for entry in entries] == [True, False]
    assert entries[0].detail["reason"] == "年销售过亿的线下工厂"


# ------------------------------------------------------------------------------ alerts
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_waiting_day_is_told_with_reason_and_age(
    language: str, market_clock: MarketClock
) -> None:
    error = FactsIncomplete(day=f"{TODAY - ONE}", waiting=7, since="2026-03-19 23:00")
    note_waiting(TODAY, error)
    market_clock.forward(hours=3)
    client = staff()
    client.cookies["django_language"] = language
    words = {
        "zh-hans": ("的评定在等待", "3 小时", "7 个事件"),
        "en": ("is waiting", "3 hours", "7 "),
    }
    for name in ("index", "ratings"):
        page = client.get(reverse(f"admin:{name}")).content.decode().replace("\xa0", " ")
        assert all(word in page for word in words[language]), name


def test_broken_books_are_told_by_file_line_and_reason(folder: Path) -> None:
    assert "生效的规则" in page_of("rulebook")
    text = SHIPPED.read_text().replace("effective = 2018-01-01", "effective = 2026-03-01")
    (folder / "2026-03-01.toml").write_text(text.replace("base = 15", "base = 150"))
    client = staff(roles.REVIEWER)
    shown = client.get(reverse("admin:rulebook")).content.decode()
    assert re.search(r"standing/2026-03-01\.toml:\d+</span> “base”应在 0 到 100 之间", shown)
    assert "LEVEL-6" in shown
    assert "规则文件有 1 处问题" in client.get(reverse("admin:index")).content.decode()


def test_where_no_book_can_be_read_the_page_still_says_why(folder: Path) -> None:
    (folder / "2018-01-01.toml").write_text("name = ")
    shown = page_of("rulebook")
    assert "standing/2018-01-01.toml:1" in shown


# ------------------------------------------------------------------------------ rules
def test_the_book_is_readable_with_every_rule_and_its_source(folder: Path) -> None:
    shown = page_of("rulebook")
    book = books.book_on(TODAY)
    rules = [step.rule_id for ladder in book.ladders.values() for step in ladder.steps]
    rules += [rule.rule_id for rule in book.grants]
    assert all(f">{rule}<" in shown for rule in rules)
    for words in (
        "近30天采购金额 ≥ ¥100,000.00",
        "信用档 ≥ 极好",
        "近90天纠纷率 ≤ 0.08%（近90天纠纷数 = 1 时免考核）",
        "交易勋章 ≥ 5A（小二认证的线下大户 时免考核）",
        "费率 0.12%",
        "75–89",
        "decision: KA does not require CORE",
        book.digest,
    ):
        assert words in shown, words


def test_another_book_applies_from_its_day_on_and_what_changed_is_told(folder: Path) -> None:
    text = SHIPPED.read_text().replace("effective = 2018-01-01", "effective = 2026-04-01")
    text = text.replace('spend_30d", at_least = "5000.00"', 'spend_30d", at_least = "6000.00"')
    text = text.replace('fee_rate = "0.0012"', 'fee_rate = "0.0010"')
    (folder / "2026-04-01.toml").write_text(text)

    assert "¥6,000.00" not in page_of("rulebook")
    client = staff(roles.REVIEWER)
    later = client.get(reverse("admin:rulebook"), {"day": "2026-04-01"}).content.decode()
    assert "近30天采购金额 ≥ ¥6,000.00" in later
    assert "未生效" in later
    place = reverse("admin:rulebook_changes", args=["2018-01-01", "2026-04-01"])
    assert place in later
    changed = client.get(place).content.decode()
    assert "采购等级 › L3 中级采购商 › 近30天采购金额 › ≥" in changed
    assert "¥5,000.00" in changed
    assert "¥6,000.00" in changed
    assert "权益内容 › 费率" in changed
    assert ">0.12%<" in changed
    assert ">2026-04-01<" in changed
    assert client.get("/console/rulebook/first/last/").status_code == 404


def test_a_day_before_the_first_book_is_said_to_have_none(folder: Path) -> None:
    assert "2017-12-31 没有生效的规则" in page_of("rulebook", day="2017-12-31")


@pytest.mark.parametrize("name", ["ratings", "rulebook"])
def test_every_operator_may_look(name: str) -> None:
    for role in roles.ROLES:
        page_of(name, role=role)
    nobody = staff("")
    assert nobody.get(reverse(f"admin:{name}")).status_code == 403
