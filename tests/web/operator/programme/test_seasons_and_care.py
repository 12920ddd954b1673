"""Seasons in the console: watched, published, run dry; and who cares for whom."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pifa.kernel.errors import Forbidden, NotFound
from pifa.metrics.errors import FactsIncomplete
from pifa.parties.models import Company, User
from pifa.programme import commands
from pifa.programme.commands import checkpoints
from pifa.programme.models import CheckpointRun, Membership, SeasonRow, Verdict
from pifa.programme.queries import caring, season_board
from pifa.web.operator import roles
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.programme.conftest import MARCH
from tests.programme.world import CODE, World, membership
from tests.web.operator.staff import staff
from tests.web.seller.conftest import body, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]

SEASONS, PUBLISH = reverse("admin:seasons"), reverse("admin:season_publish")
MINE, ASSIGN = reverse("admin:programme_mine"), reverse("admin:programme_assign")


# -------------------------------------------------------------------------- publishing
def test_a_broken_file_is_refused_with_every_mistake_and_its_line(
    market_clock: MarketClock,
) -> None:
    World(market_clock)
    text = MARCH.read_text().replace('pass_rate = "0.20"', 'pass_rat = "0.20"')
    text = text.replace("renews = true", 'renews = "yes"')
    wrong = [n for n, words in enumerate(text.splitlines(), 1) if "pass_rat =" in words]
    wrong += [n for n, words in enumerate(text.splitlines(), 1) if 'renews = "yes"' in words]
    client = staff(roles.MANAGER)
    shown = body(client.post(PUBLISH, {"text": text, "confirmed": "whatever"}))
    assert len(wrong) == 2
    assert all(f":{line}<" in shown for line in wrong)
    assert "有 3 处问题" in shown
    assert "renews = &quot;yes&quot;" in shown
    assert "没有发布，也没有保存任何内容" in shown
    assert "确认发布" not in shown
    assert not SeasonRow.objects.exists()
    assert not CheckpointRun.objects.exists()


def test_a_sound_file_is_shown_first_and_published_when_confirmed(
    market_clock: MarketClock,
) -> None:
    World(market_clock)
    client = staff(roles.MANAGER)
    file = SimpleUploadedFile("march.toml", MARCH.read_bytes())
    shown = body(client.post(PUBLISH, {"file": file}))
    assert "尚未发布" in shown
    assert "2018-03-16 01:00" in shown or "03-16 01:00" in shown
    assert "ENTRY-MEDAL" in shown
    assert not SeasonRow.objects.exists()
    digest = shown.split('name="confirmed" value="')[1].split('"')[0]
    answer = client.post(PUBLISH, {"text": MARCH.read_text(), "confirmed": digest}, follow=True)
    assert "活动季已发布" in body(answer)
    row = SeasonRow.objects.get()
    assert (row.code, row.text) == (CODE, MARCH.read_text())
    assert row.published_by is not None
    again = body(client.post(PUBLISH, {"text": MARCH.read_text(), "confirmed": digest}))
    assert "已经发布" in again
    assert SeasonRow.objects.count() == 1


def test_what_was_changed_after_the_preview_is_shown_again(market_clock: MarketClock) -> None:
    World(market_clock)
    text = MARCH.read_text()
    posted = {"text": text + "\n# another line\n", "confirmed": "of-the-first-text"}
    assert "尚未发布" in body(staff(roles.MANAGER).post(PUBLISH, posted))
    assert not SeasonRow.objects.exists()


def test_a_template_is_read_for_a_month(market_clock: MarketClock) -> None:
    World(market_clock)
    client = staff(roles.MANAGER)
    assert "请指明月份" in body(client.post(PUBLISH, {"template": "monthly"}))
    assert "请按 2018-05 这样填写月份" in body(
        client.post(PUBLISH, {"template": "monthly", "month": "May"})
    )
    shown = body(client.post(PUBLISH, {"template": "monthly", "month": "2018-05"}))
    assert "2018-05-01" in shown
    digest = shown.split('name="confirmed" value="')[1].split('"')[0]
    posted = {"template": "monthly", "month": "2018-05", "confirmed": digest}
    client.post(PUBLISH, posted)
    assert SeasonRow.objects.get().month == date(2018, 5, 1)


@pytest.mark.parametrize(
    "posted",
    [{}, {"file": SimpleUploadedFile("x.toml", b"\xff\xfe\x00")}, {"text": "code = ["}],
)
def test_what_is_no_season_is_told(market_clock: MarketClock, posted: dict[str, object]) -> None:
    World(market_clock)
    assert 'role="alert"' in body(staff(roles.MANAGER).post(PUBLISH, posted))
    assert not SeasonRow.objects.exists()


def test_only_a_manager_publishes(season: World) -> None:
    assert staff(roles.REVIEWER).get(PUBLISH).status_code == 403
    seller = goods.seller()
    for address in (SEASONS, PUBLISH):
        assert signed_in(goods.actor(seller)).get(address).status_code == 302
    with pytest.raises(Forbidden):
        season_board.boards(goods.actor(seller))


# -------------------------------------------------------------------------- watching
def test_checkpoints_tell_when_they_ran_and_what_they_came_to(season: World) -> None:
    season.member("未达厂")
    season.at(3, 16)
    shown = body(staff(roles.REVIEWER).get(SEASONS))
    assert "已考核" in shown
    assert "去流量标" in shown
    page = reverse("admin:season", args=[CODE])
    assert page in shown
    assert "2018-03-28" in body(staff(roles.REVIEWER).get(page))
    (board,) = season_board.boards(goods.operator())
    (first, *_rest) = board.runs
    assert (first.members, first.passed, dict(first.outcomes)) == (1, 0, {"traffic_lost": 1})


def test_a_checkpoint_that_waits_says_why(season: World) -> None:
    error = FactsIncomplete(day=date(2018, 3, 15), waiting=1, since="2018-03-15 20:00")
    CheckpointRun.objects.filter(code="CHECK-15").update(reason={"code": "x", "words": str(error)})
    shown = body(staff(roles.REVIEWER).get(reverse("admin:season", args=[CODE])))
    assert "CHECK-15 在等待" in shown
    assert "还有 1 个事件未处理" in shown
    assert "CHECK-15 在等待" in body(staff(roles.REVIEWER).get(reverse("admin:index")))


def test_a_dry_run_says_what_would_be_and_changes_nothing(season: World) -> None:
    """CHECK-DRY: the page is what the run comes to."""
    good, bad = season.member("达标厂"), season.member("未达厂")
    season.at(3, 10)
    season.sell(good, 200_000)
    season.sell(bad, 199_999)
    page = reverse("admin:season_dry_run", args=[CODE, "CHECK-15"])
    client = staff(roles.REVIEWER)
    shown = body(client.get(page))
    assert shown.index("未达厂") < shown.index("达标厂")
    assert "¥1.00" in shown
    assert "未达厂" not in body(client.get(page, {"outcome": "kept"}))
    assert not Verdict.objects.exists()
    would = {
        one.company_id: one.judgement
        for one in season_board.dry(goods.operator(), CODE, "CHECK-15").lines
    }
    judged = checkpoints.dry_run(SeasonRow.objects.get(), "CHECK-15")
    assert would == {one.company_id: one.judgement for one in judged}
    sheet = client.get(reverse("admin:season_dry_sheet", args=[CODE, "CHECK-15"]), {"kind": "csv"})
    assert "199999.00" in b"".join(sheet.streaming_content).decode()  # type: ignore[attr-defined]
    missing = reverse("admin:season_dry_run", args=[CODE, "CHECK-99"])
    assert client.get(missing).status_code == 404
    with pytest.raises(NotFound):
        season_board.dry(goods.operator(), "nothing", "CHECK-15")


# -------------------------------------------------------------------------- account managers
def test_members_are_given_to_a_manager_in_batch_and_stand_on_its_desk(season: World) -> None:
    good, bad = season.member("跟得上厂"), season.member("落后厂")
    manager = User.objects.create(username="care", first_name="李晓燕", is_staff=True)
    client = staff(roles.MANAGER)
    assert "落后厂" in body(client.get(ASSIGN))
    posted = {"pk": [membership(one).pk for one in (good, bad)], "user": manager.pk}
    assert "已分配 2 家商家" in body(client.post(ASSIGN, posted, follow=True))
    assert "落后厂" not in body(client.get(ASSIGN))
    Company.objects.filter(pk=bad.pk).update(phone="13800001111")
    season.at(3, 10)
    season.sell(good, 150_000)
    shown = body(client.get(MINE, {"manager": str(manager.pk)}))
    assert shown.index("落后厂") < shown.index("跟得上厂")
    assert "13800001111" in shown
    assert "低于目标的 100% 还会冻结 3 个月" in shown
    assert "没有分配给这位客户经理" in body(client.get(MINE))
    client.post(ASSIGN, {"pk": [membership(bad).pk], "user": "0"})
    assert membership(bad).account_manager is None
    assert "请勾选商家" in body(client.post(ASSIGN, {"user": manager.pk}, follow=True))


def test_the_desk_of_a_manager_costs_as_many_statements_for_many(
    season: World, django_assert_max_num_queries: object
) -> None:
    operator = goods.operator()
    ids = [membership(season.member(f"第{n}厂")).pk for n in range(4)]
    commands.assign_manager(operator, ids, operator.user_id)
    season.at(3, 10)
    with django_assert_max_num_queries(11):  # type: ignore[operator]
        found = caring.members_of(operator, CODE)
    assert len(found.members) == 4
    assert [one.checkpoint.code for one in found.members[0].ahead] == [
        "CHECK-15", "CHECK-PEAK", "CHECK-MONTH",
    ]  # fmt: skip


def test_only_a_manager_assigns_and_only_to_staff(season: World) -> None:
    member = season.member()
    posted = {"pk": [membership(member).pk], "user": goods.actor(member).user_id}
    assert staff(roles.REVIEWER).post(ASSIGN, posted).status_code == 403
    assert "在职的小二" in body(staff(roles.MANAGER).post(ASSIGN, posted, follow=True))
    assert Membership.objects.get().account_manager is None
    assert signed_in(goods.actor(member)).get(MINE).status_code == 302
    with pytest.raises(Forbidden):
        caring.members_of(goods.actor(member), CODE)
