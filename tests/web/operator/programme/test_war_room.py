"""The war room: who is behind first, live, filtered, exported; and one member's dashboard."""

from __future__ import annotations

import io
import itertools

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from pifa.integrity import commands as integrity
from pifa.kernel.errors import Forbidden
from pifa.kernel.models import AuditEntry
from pifa.parties.models import Company, User
from pifa.programme import commands
from pifa.programme.models import Membership, SeasonRow
from pifa.programme.queries import war_room as queries
from pifa.programme.queries.war_room import Narrow, WarRoom
from pifa.programme.rules.pace import Pace
from pifa.web.operator import roles
from tests.catalog import market as goods
from tests.programme.world import CODE, World
from tests.web.operator.staff import staff
from tests.web.seller.conftest import body, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]

ROOM = reverse("admin:war_room", args=[CODE])
YUAN = 100
_numbers = itertools.count(1)


def members(count: int, department: str = "non_consumer") -> list[Company]:
    """Members in force, put straight into their tables, with the targets of the floors."""
    made = [goods.seller(f"商家{next(_numbers)}号") for _place in range(count)]
    row = SeasonRow.objects.get()
    Membership.objects.bulk_create(
        Membership(
            company=one,
            season=row,
            department=department,
            month_fen=1_000_000 * YUAN,
            peak_fen=500_000 * YUAN,
            state="in_force",
            member_tag=True,
            traffic_tag=True,
            approved_at=one.created_at,
        )
        for one in made
    )
    return made


def room(narrow: Narrow | None = None, checkpoint: str = "") -> WarRoom:
    return queries.war_room(goods.operator(), CODE, narrow, checkpoint)


def test_who_is_behind_stands_first_and_the_sums_are_theirs(season: World) -> None:
    slow, steady, done = members(3)
    season.at(3, 7)
    season.sell(slow, 10_000)
    season.sell(steady, 100_000)
    season.sell(done, 250_000)
    season.at(3, 8)
    season.sell(done, 5_000)
    found = room()
    assert [line.company for line in found.lines] == [slow.name, steady.name, done.name]
    assert [line.pace for line in found.lines] == [Pace.BEHIND, Pace.ON_PACE, Pace.REACHED]
    whole = found.whole
    assert (whole.members, whole.behind) == (3, 1)
    assert whole.so_far_fen == 365_000 * YUAN
    assert whole.missing_fen == (190_000 + 100_000) * YUAN
    assert (whole.today_fen, whole.yesterday_fen) == (5_000 * YUAN, 360_000 * YUAN)
    shown = body(staff(roles.REVIEWER).get(ROOM))
    assert shown.index(slow.name) < shown.index(steady.name)
    assert "落后" in shown
    assert room(checkpoint="CHECK-MONTH").whole.asked_fen == 3_000_000 * YUAN


def test_todays_sales_stand_beside_the_same_day_of_last_month(season: World) -> None:
    (one,) = members(1)
    season.at(2, 9)
    season.sell(one, 700)
    season.at(3, 9)
    season.sell(one, 900)
    line = room().lines[0]
    assert (line.today_fen, line.before_fen, line.month_so_far_fen) == (90_000, 70_000, 90_000)


def test_on_the_peak_day_the_hours_and_marks_are_counted(season: World) -> None:
    """CHECK-MARKERS: 20 % by 12:00 is ¥100,000."""
    late, good = members(2)
    season.at(3, 28, 9)
    season.sell(good, 120_000)
    season.sell(late, 40_000)
    season.at(3, 28, 13)
    season.sell(late, 80_000)
    found = room()
    assert found.checkpoint is not None
    assert found.checkpoint.code == "CHECK-PEAK"
    peak = found.peak_day
    assert peak is not None
    assert peak.by_hour[9] == 160_000 * YUAN
    assert peak.by_hour[13] == 80_000 * YUAN
    assert len(peak.by_hour) == 14
    assert [(one.marker.until, one.over, one.reached) for one in peak.marks] == [
        (12, True, 1), (16, False, 0), (24, False, 0),
    ]  # fmt: skip
    seen = queries.same_as(goods.operator(), CODE)
    season.at(3, 28, 14)
    assert queries.same_as(goods.operator(), CODE) != seen
    assert "12:00" in body(staff(roles.MANAGER).get(ROOM))
    narrowed = room(Narrow(words=good.name)).peak_day
    assert narrowed is not None
    assert sum(narrowed.by_hour) == 120_000 * YUAN


def test_it_is_narrowed_by_department_manager_pace_tag_and_name(season: World) -> None:
    one, two = members(2)
    (other,) = members(1, "consumer")
    manager = User.objects.create(username="care", first_name="李晓燕", is_staff=True)
    ids = list(Membership.objects.filter(company=one).values_list("pk", flat=True))
    assert commands.assign_manager(goods.operator(), ids, manager.pk) == 1
    Membership.objects.filter(company=two).update(traffic_tag=False)
    season.at(3, 5)
    season.sell(two, 300_000)
    found = {
        "department": room(Narrow(department="consumer")),
        "manager": room(Narrow(manager=manager.pk)),
        "pace": room(Narrow(pace="reached")),
        "traffic": room(Narrow(traffic=False)),
        "words": room(Narrow(words=one.name)),
        "nobody": room(Narrow(manager=queries.NOBODY)),
    }
    names = {key: [line.company for line in value.lines] for key, value in found.items()}
    assert names == {
        "department": [other.name],
        "manager": [one.name],
        "pace": [two.name],
        "traffic": [two.name],
        "words": [one.name],
        "nobody": [other.name, two.name],
    }
    by_manager = {sums.name: sums.members for sums in room().by_manager}
    assert by_manager == {"李晓燕": 1, "": 2}
    shown = body(staff(roles.MANAGER).get(ROOM, {"manager": str(manager.pk)}))
    assert one.name in shown
    assert two.name not in shown


def test_who_left_is_shown_only_when_asked_for(season: World) -> None:
    gone, _stays = members(2)
    Membership.objects.filter(company=gone).update(
        state="removed", member_tag=False, traffic_tag=False
    )
    assert [line.company for line in room(Narrow(out=True)).lines] == [gone.name]
    assert gone.name not in [line.company for line in room().lines]


def test_the_page_waits_quietly_and_shows_a_payment_at_once(season: World) -> None:
    (one,) = members(1)
    season.at(3, 8)
    client = staff(roles.MANAGER)
    seen = queries.same_as(goods.operator(), CODE)
    asked = {"part": "1", "seen": seen}
    assert client.get(ROOM, asked).status_code == 204
    season.sell(one, 12_300)
    changed = client.get(ROOM, asked)
    assert changed.status_code == 200
    shown = body(changed)
    assert "<html" not in shown
    assert "¥1.23万" in shown
    now = queries.same_as(goods.operator(), CODE)
    assert client.get(ROOM, {"part": "1", "seen": now}).status_code == 204
    Membership.objects.update(traffic_tag=False)
    assert client.get(ROOM, {"part": "1", "seen": now}).status_code == 200


@pytest.mark.parametrize("day", [(3, 10), (3, 28)])
def test_more_members_cost_no_more_statements(
    season: World, day: tuple[int, int], django_assert_num_queries: object
) -> None:
    members(3)
    season.at(*day)
    operator = goods.operator()
    statements = 7 if day == (3, 28) else 6
    queries.war_room(operator, CODE)
    with django_assert_num_queries(statements - 1):  # type: ignore[operator]
        assert len(queries.war_room(operator, CODE).lines) == 3
    members(40)
    with django_assert_num_queries(statements):  # type: ignore[operator]
        assert len(queries.war_room(operator, CODE).lines) == 43
    with django_assert_num_queries(4):  # type: ignore[operator]
        queries.same_as(operator, CODE)


def test_what_came_today_is_never_kept_and_a_ruling_tells_at_once(season: World) -> None:
    (one,) = members(1)
    season.at(3, 7)
    number = season.sell(one, 100)
    season.at(3, 8)
    assert room().whole.so_far_fen == 100 * YUAN
    season.sell(one, 50)
    assert room().whole.so_far_fen == 150 * YUAN
    integrity.rule_brushing(season.operator, number, "空包")
    season.at(3, 8, 13)
    found = room(Narrow(out=True)).whole
    assert (found.so_far_fen, found.today_fen, found.yesterday_fen) == (50 * YUAN, 50 * YUAN, 0)


def test_the_sheet_has_everybody_and_no_formula(season: World) -> None:
    (one,) = members(1)
    Company.objects.filter(pk=one.pk).update(name="=HYPERLINK(1)")
    season.at(3, 8)
    season.sell(one, 50_000)
    client = staff(roles.MANAGER)
    sheet = reverse("admin:war_room_sheet", args=[CODE])
    answer = client.get(sheet, {"kind": "csv"})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=HYPERLINK(1)" in text
    assert "50000.00" in text
    book = client.get(sheet, {"kind": "xlsx"})
    cells = load_workbook(io.BytesIO(b"".join(book.streaming_content)))  # type: ignore[attr-defined]
    cell = cells.active["A2"]  # type: ignore[index]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
    assert AuditEntry.objects.filter(action="programme.export").count() == 2


def test_one_member_opens_with_its_dashboard(season: World) -> None:
    seller = season.member("看板厂")
    season.at(3, 10)
    season.sell(seller, 30_000)
    season.at(3, 16)
    page = reverse("admin:programme_member", args=[CODE, seller.pk])
    client = staff(roles.REVIEWER)
    assert page in body(client.get(ROOM))
    shown = body(client.get(page))
    assert "看板厂" in shown
    assert "去流量标" in shown
    assert "未达到会失去" in shown
    other = reverse("admin:programme_member", args=[CODE, goods.seller().pk])
    assert client.get(other).status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_empty_season_says_what_comes(season: World, language: str) -> None:
    client = staff(roles.REVIEWER)
    client.cookies["django_language"] = language
    shown = body(client.get(reverse("admin:war_room_newest"), follow=True))
    assert ("报名通过后会出现在这里" if language == "zh-hans" else "no members yet") in shown


def test_nobody_else_looks_in(season: World) -> None:
    (one,) = members(1)
    for address in (ROOM, reverse("admin:war_room_sheet", args=[CODE])):
        assert signed_in(goods.actor(one)).get(address).status_code == 302
        assert staff("").get(address).status_code == 403
        assert Client().get(address).status_code == 302
    with pytest.raises(Forbidden):
        queries.war_room(goods.actor(one), CODE)
    with pytest.raises(Forbidden):
        queries.same_as(goods.actor(one), CODE)
