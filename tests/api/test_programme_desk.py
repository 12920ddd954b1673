"""The operators' endpoints of the programme: what they answer, to whom, and that they bite once."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group

from pifa.api.auth import new_staff_token
from pifa.parties import commands as parties
from pifa.parties.models import User
from pifa.programme import commands
from pifa.programme.models import Appeal, Freeze, Mark, Opinion, SeasonRow
from pifa.web.operator import roles
from tests.api.client import App
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.programme.conftest import MARCH
from tests.programme.world import CODE, World, membership, verdict

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]

DESK = "/operator/programme"


@pytest.fixture
def season(market_clock: MarketClock) -> World:
    world = World(market_clock)
    world.publish()
    return world


def operator(role: str | None = None) -> App:
    """An app of one of the market's staff, with all rights or those of a role."""
    user = User.objects.create(
        username=f"api-{role}-{User.objects.count()}", is_staff=True, is_superuser=role is None
    )
    if role:
        roles.ensure_roles()
        user.groups.add(Group.objects.get(name=role))
    token, _until = new_staff_token(user)
    return App(token)


def test_a_season_is_checked_and_published(market_clock: MarketClock) -> None:
    World(market_clock)
    app, text = operator(roles.MANAGER), MARCH.read_text()
    broken = text.replace('pass_rate = "0.20"', 'pass_rat = "0.20"')
    found = app.post(f"{DESK}/seasons/check", {"text": broken})
    assert not found["sound"]
    assert len(found["mistakes"]) == 2
    app.call("POST", f"{DESK}/seasons", {"text": broken}, expect=422)
    assert not SeasonRow.objects.exists()
    assert app.post(f"{DESK}/seasons/check", {"text": text})["code"] == CODE
    assert not SeasonRow.objects.exists()
    made = app.post(f"{DESK}/seasons", {"text": text}, key="once")
    assert [one["code"] for one in made["checkpoints"]] == ["CHECK-15", "CHECK-PEAK", "CHECK-MONTH"]
    assert app.post(f"{DESK}/seasons", {"text": text}, key="once") == made
    (row,) = app.get(f"{DESK}/seasons")["items"]
    assert row == app.get(f"{DESK}/seasons/{CODE}")


def test_applications_are_read_and_decided(season: World) -> None:
    season.at(2, 10)
    rehearsing = commands.sign_up(goods.actor(season.seller("彩排厂")), CODE)
    seller = season.seller("报名厂")
    season.rehearse(seller, 2)
    season.at(2, 20)
    enrolment = season.enrol(seller)
    app = operator(roles.REVIEWER)
    (one,) = app.get(f"{DESK}/applications", tab="rehearsals")["items"]
    assert (one["company"], one["month_target"]) == ("彩排厂", None)
    many = {"ids": [rehearsing.pk], "approve": True}
    assert app.post(f"{DESK}/rehearsals/decisions", many)["items"][0]["state"] == "open"
    (one,) = app.get(f"{DESK}/applications", q="报名")["items"]
    assert (one["month_target"], one["declared_revenue"]) == ("1000000.00", "30000000.00")
    place = f"{DESK}/enrolments/{enrolment.pk}"
    noted = {"metric": "yearly_revenue", "revenue": "28000000.00", "words": "审计报告"}
    file = app.post(f"{place}/evidence", noted)
    revenue = next(row for row in file["conditions"] if row["rule"] == "ENTRY-REVENUE")
    assert not revenue["holds"]
    app.call("POST", f"{place}/evidence", {**noted, "revenue": None}, expect=422)
    many = {"ids": [enrolment.pk], "approve": True, "reason": "资质齐全"}
    (done,) = app.post(f"{DESK}/enrolments/decisions", many)["items"]
    assert (done["state"], done["refused"]) == ("approved", "")
    (again,) = app.post(f"{DESK}/enrolments/decisions", many)["items"]
    assert again["state"] == ""
    assert again["refused"]
    assert Opinion.objects.count() == 1
    app.call("POST", f"{place}/decision", {"approve": True, "reason": "再来"}, expect=409)


def test_the_war_room_says_who_is_behind(season: World) -> None:
    good, bad = season.member("跟得上厂"), season.member("落后厂")
    season.at(3, 5)
    season.sell(good, 150_000)
    season.at(3, 10)
    app = operator(roles.MANAGER)
    found = app.get(f"{DESK}/seasons/{CODE}/members")
    assert [one["company"] for one in found["members"]] == ["落后厂", "跟得上厂"]
    assert found["together"]["behind"] == 1
    assert found["together"]["missing"] == "250000.00"
    user = User.objects.get(pk=season.operator.user_id or 0)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    given = {"membership_ids": [membership(bad).pk], "user_id": user.pk}
    assert app.call("PUT", f"{DESK}/managers", given) == {"members": 1}
    mine = app.get(f"{DESK}/seasons/{CODE}/members", manager=user.pk)
    assert [one["company"] for one in mine["members"]] == ["落后厂"]
    dry = app.get(f"{DESK}/seasons/{CODE}/checkpoints/CHECK-15/dry-run")
    assert [one["outcome"] for one in dry["members"]] == ["traffic_lost", "traffic_lost"]
    app.call("GET", f"{DESK}/seasons/{CODE}/members", checkpoint="nothing", expect=404)


def test_appeals_freezes_and_marks(season: World) -> None:
    seller = season.member("申诉厂")
    season.at(3, 16)
    commands.appeal(goods.actor(seller), verdict(seller, "CHECK-15").pk, "少算一笔")
    app = operator()
    (one,) = app.get(f"{DESK}/appeals")["items"]
    assert (one["company"], one["against"]["missing"]) == ("申诉厂", "200000.00")
    place = f"{DESK}/appeals/{one['id']}"
    done = app.post(f"{place}/decision", {"uphold": True, "answer": "属实"})
    assert [row["cause"] for row in done["verdicts"]] == ["run", "appeal"]
    assert app.get(place)["state"] == "upheld"
    season.at(4, 1)
    app = operator()
    (freeze,) = app.get(f"{DESK}/freezes")["items"]
    lifted = app.post(f"{DESK}/freezes/{freeze['id']}/lift", {"reason": "银行延迟"})
    assert (lifted["in_force"], lifted["lift_reason"]) == (False, "银行延迟")
    app.call("POST", f"{DESK}/freezes/{freeze['id']}/lift", {"reason": "再来"}, expect=409)
    marks = f"{DESK}/companies/{seller.pk}/marks"
    app.post(marks, {"code": "inspected", "reason": "SGS 报告"})
    assert app.get(marks)["items"][0]["code"] == "inspected"
    app.post(f"{marks}/inspected/end", {"reason": "报告过期"})
    assert app.get(marks)["items"] == []
    assert app.get(marks, ended=True)["items"][0]["end_reason"] == "报告过期"


_BORDER: dict[str, tuple[str, str, dict[str, Any] | None]] = {
    "publish": ("POST", "/seasons", {"text": "code = 1"}),
    "decide": ("POST", "/enrolments/decisions", {"ids": [1], "approve": True, "reason": "好"}),
    "assign": ("PUT", "/managers", {"membership_ids": [1]}),
    "answer": ("POST", "/appeals/1/decision", {"uphold": True, "answer": "好"}),
    "lift": ("POST", "/freezes/1/lift", {"reason": "好"}),
    "mark": ("POST", "/companies/1/marks", {"code": "inspected", "reason": "好"}),
    "members": ("GET", f"/seasons/{CODE}/members", None),
}
_OUTSIDE = {
    roles.REVIEWER: {"publish", "assign", "answer", "lift"},
    roles.ARBITER: {"publish", "decide", "assign", "lift", "mark"},
}


@pytest.mark.parametrize("role", _OUTSIDE)
def test_a_role_reaches_its_own_endpoints_alone(season: World, role: str) -> None:
    app = operator(role)
    for name, (method, path, sent) in _BORDER.items():
        status = app.respond(method, DESK + path, sent).status_code
        assert (status == 403) == (name in _OUTSIDE[role]), (name, status)


def test_a_seller_reaches_none_of_it(season: World) -> None:
    app = App(parties.issue_token(goods.actor(season.seller("卖家")), "程序"))
    for method, path, sent in _BORDER.values():
        assert app.respond(method, DESK + path, sent).status_code == 403
    for kept in (Appeal, Freeze, Mark, Opinion):
        assert not kept._default_manager.exists()
