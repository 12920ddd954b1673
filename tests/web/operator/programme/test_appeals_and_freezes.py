"""Appeals, freezes and marks: who comes first, what a decision does, what the database refuses."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from pifa.integrity import commands as integrity
from pifa.integrity import queries as rulings
from pifa.kernel import clock
from pifa.kernel.errors import Forbidden, NotFound
from pifa.parties.models import Company
from pifa.programme import commands
from pifa.programme.errors import FollowsRulings, NotFrozen
from pifa.programme.models import Appeal, Freeze, Mark
from pifa.programme.queries import holding_back
from pifa.programme.queries import verdicts as queries
from pifa.web.operator import roles
from tests.catalog import market as goods
from tests.programme.world import CODE, World, tags, told, verdict
from tests.web.operator.staff import staff
from tests.web.seller.conftest import body, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]

APPEALS, FREEZES = reverse("admin:programme_appeals"), reverse("admin:programme_freezes")
MARKS = reverse("admin:programme_marks")


def appealed(seller: Company, code: str = "CHECK-15", words: str = "少算了一笔") -> Appeal:
    return commands.appeal(goods.actor(seller), verdict(seller, code).pk, words)


def frozen(season: World, name: str = "冻结厂") -> tuple[Company, Freeze]:
    """A member that missed the month by far."""
    seller = season.member(name)
    season.at(4, 1)
    return seller, Freeze.objects.get(company=seller)


# -------------------------------------------------------------------------- appeals
def test_who_holds_the_member_tag_comes_first(season: World) -> None:
    """FAIR-APPEAL."""
    gone = season.member("已去标厂")
    held = season.member("在册厂")
    season.at(3, 16)
    appealed(gone)
    appealed(held)
    gone.programme_memberships.update(state="removed", member_tag=False, traffic_tag=False)
    operator = goods.operator()
    assert [one.company for one in queries.appeals(operator).items] == ["在册厂", "已去标厂"]
    first = queries.appeals(operator, size=1)
    assert first.next_cursor
    rest = queries.appeals(operator, cursor=first.next_cursor, size=1)
    assert ([one.company for one in rest.items], rest.next_cursor) == (["已去标厂"], None)
    shown = body(staff(roles.ARBITER).get(APPEALS))
    assert shown.index("在册厂") < shown.index("已去标厂")


def test_an_appeal_is_decided_beside_the_verdicts_and_their_numbers(season: World) -> None:
    seller = season.member("申诉厂")
    season.at(3, 10)
    season.sell(seller, 150_000)
    season.at(3, 16)
    made = appealed(seller)
    client, page = staff(roles.ARBITER), reverse("admin:programme_appeal", args=[made.pk])
    shown = body(client.get(page))
    assert "¥50,000.00" in shown
    assert 'role="alert"' in body(client.post(page, {"decision": "uphold", "answer": ""}))
    said = {"decision": "uphold", "answer": "到账延迟，计入 15 日"}
    shown = body(client.post(page, said, follow=True))
    assert "到账延迟，计入 15 日" in shown
    assert "申诉成立" in shown
    assert "已被替换" in shown
    assert tags(seller) == (True, True)
    assert [one.revision for one in queries.verdicts_of(goods.operator(), seller.pk, CODE)] == [
        1,
        2,
    ]
    again = body(client.post(page, {**said, "decision": "dismiss"}, follow=True))
    assert "到账延迟，计入 15 日" in again
    made.refresh_from_db()
    assert made.state == "upheld"
    assert "申诉厂" in body(client.get(APPEALS, {"tab": "decided"}))


def test_a_reviewer_reads_appeals_and_decides_none(season: World) -> None:
    seller = season.member("申诉厂")
    season.at(3, 16)
    page = reverse("admin:programme_appeal", args=[appealed(seller).pk])
    client = staff(roles.REVIEWER)
    assert "处理申诉" not in body(client.get(page))
    assert client.post(page, {"decision": "uphold", "answer": "好"}).status_code == 403
    assert Appeal.objects.get().state == "open"
    assert signed_in(goods.actor(seller)).get(APPEALS).status_code == 302
    with pytest.raises(Forbidden):
        queries.appeals(goods.actor(seller))


def test_answered_rulings_of_members_come_first_too(season: World) -> None:
    """FAIR-APPEAL: in the queue of rulings as well."""
    member, stranger = season.member("在册厂"), season.seller("路人厂")
    season.at(3, 5)
    ruled = [(one, season.sell(one, 100)) for one in (member, stranger)]
    for seller, number in ruled:
        integrity.rule_brushing(season.operator, number, "空包")
        integrity.answer_ruling(goods.actor(seller), number, "有签收")
    # A ruling costs the right to take part, and with it the tag: the register knows who had it.
    found = rulings.rulings(season.operator, "answered")
    assert [one.seller_name for one in found.items] == ["在册厂", "路人厂"]
    first = rulings.rulings(season.operator, "answered", size=1)
    rest = rulings.rulings(season.operator, "answered", cursor=first.next_cursor, size=1)
    assert [one.seller_name for one in (*first.items, *rest.items)] == ["在册厂", "路人厂"]
    assert rest.next_cursor is None


# -------------------------------------------------------------------------- freezes
def test_a_freeze_is_lifted_in_two_steps_with_a_reason_that_is_kept(season: World) -> None:
    """CHECK-FREEZE."""
    seller, freeze = frozen(season)
    client, page = staff(roles.MANAGER), reverse("admin:programme_freeze", args=[freeze.pk])
    assert "冻结厂" in body(client.get(FREEZES))
    assert 'role="alert"' in body(client.post(page, {"reason": "", "confirmed": "yes"}))
    asked = body(client.post(page, {"reason": "银行到账延迟所致"}))
    assert "确认解除" in asked
    freeze.refresh_from_db()
    assert freeze.lifted_at is None
    done = {"reason": "银行到账延迟所致", "confirmed": "yes"}
    assert "已解除" in body(client.post(page, done, follow=True))
    freeze.refresh_from_db()
    assert freeze.lifted_by is not None
    assert (freeze.lifted_by.username, freeze.lift_reason) == ("staff-manager", "银行到账延迟所致")
    (words,) = told(seller, "programme_freeze_lifted")
    assert "银行到账延迟所致" in words
    assert "冻结厂" not in body(client.get(FREEZES))
    assert "银行到账延迟所致" in body(client.get(FREEZES, {"tab": "over"}))
    with pytest.raises(NotFrozen):
        commands.lift_freeze(goods.operator(), freeze.pk, "再来一次")


def test_a_freeze_that_rulings_cost_ends_with_them_alone(season: World) -> None:
    seller = season.member("刷单厂")
    season.at(3, 5)
    number = season.sell(seller, 100)
    integrity.rule_brushing(season.operator, number, "空包")
    season.at(3, 6)
    freeze = Freeze.objects.get(company=seller)
    with pytest.raises(FollowsRulings):
        commands.lift_freeze(goods.operator(), freeze.pk, "求情")
    page = reverse("admin:programme_freeze", args=[freeze.pk])
    shown = body(staff(roles.MANAGER).get(page))
    assert "请先撤销裁定" in shown
    assert number in shown
    integrity.take_back(season.operator, number, "误判")
    season.at(3, 7)
    freeze.refresh_from_db()
    assert freeze.lifted_at is not None
    assert freeze.lifted_by is None


def test_the_database_knows_who_may_be_let_off_by_hand(season: World) -> None:
    seller, freeze = frozen(season)
    user = goods.operator().user_id
    with pytest.raises(IntegrityError), transaction.atomic():
        Freeze.objects.filter(pk=freeze.pk).update(lifted_by=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Freeze.objects.create(
            company=seller,
            kind="brushing",
            season=freeze.season,
            since=clock.today(),
            lifted_at=clock.now(),
            lift_reason="求情",
            lifted_by_id=user,
        )


def test_only_a_manager_lifts(season: World) -> None:
    seller, freeze = frozen(season)
    page = reverse("admin:programme_freeze", args=[freeze.pk])
    posted = {"reason": "随手", "confirmed": "yes"}
    assert staff(roles.REVIEWER).post(page, posted).status_code == 403
    assert signed_in(goods.actor(seller)).get(page).status_code == 302
    with pytest.raises(Forbidden):
        commands.lift_freeze(goods.actor(seller), freeze.pk, "自己来")
    with pytest.raises(NotFound):
        commands.lift_freeze(goods.operator(), freeze.pk + 1, "没有的")
    freeze.refresh_from_db()
    assert freeze.lifted_at is None


# -------------------------------------------------------------------------- marks
def test_a_mark_is_set_and_taken_back_with_reasons(season: World) -> None:
    seller, client = season.seller("品牌厂"), staff(roles.REVIEWER)
    said = {"login": seller.login, "code": "selected_brand_station", "reason": "6 月入选名单"}
    assert "没有会员名为" in body(client.post(MARKS, {**said, "login": "nobody-here"}))
    assert "6 月入选名单" in body(client.post(MARKS, said, follow=True))
    asked = body(client.get(MARKS, {"end": f"{seller.pk}:selected_brand_station"}))
    assert 'name="code" value="selected_brand_station"' in asked
    back = {"company": seller.pk, "code": "selected_brand_station"}
    client.post(MARKS, back)
    assert Mark.objects.get().ended_at is None
    client.post(MARKS, {**back, "reason": "退出"})
    mark = Mark.objects.get()
    assert mark.ended_by is not None
    assert (mark.end_reason, mark.ended_by.username) == ("退出", "staff-reviewer")
    assert "退出" in body(client.get(MARKS, {"tab": "ended"}))
    assert not holding_back.marks(goods.operator()).items
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.update(end_reason="")


def test_marks_are_for_sellers_and_by_reviewers(season: World) -> None:
    buyer = season.buyers[0]
    said = {"login": buyer.login, "code": "inspected", "reason": "报告"}
    assert "不是卖家" in body(staff(roles.REVIEWER).post(MARKS, said))
    assert staff(roles.ARBITER).post(MARKS, said).status_code == 403
    assert not Mark.objects.exists()
    with pytest.raises(Forbidden):
        holding_back.marks(goods.actor(buyer))
