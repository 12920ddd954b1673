"""The reviewer's desk: what waits, what a reviewer sees of it, and what a decision does."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from pifa.kernel.errors import Forbidden
from pifa.kernel.models import AuditEntry
from pifa.parties.models import Company
from pifa.programme import commands
from pifa.programme.models import Enrolment, Evidence, Membership, Opinion, Rehearsal
from pifa.programme.queries import review_queue as queue
from pifa.programme.queries.application import enrolment_file
from pifa.programme.queries.review_queue import Asked
from pifa.web.operator import roles
from tests.catalog import market as goods
from tests.programme.world import CODE, World
from tests.trade.invoice_files import pdf
from tests.web.operator.staff import staff
from tests.web.seller.conftest import body, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]

DESK = reverse("admin:programme_desk")
DECIDE = reverse("admin:programme_decide")


def place(enrolment: Enrolment) -> str:
    return reverse("admin:programme_enrolment", args=[enrolment.pk])


def enrolled(season: World, name: str) -> Enrolment:
    """A newcomer that passed its rehearsal and enrolled."""
    seller = season.seller(name)
    season.rehearse(seller, 2)
    season.at(2, 20)
    return season.enrol(seller)


def excepted(season: World, name: str = "线下大厂") -> Enrolment:
    """One without the medal that asks for an exception."""
    seller = season.seller(name)
    season.rehearse(seller, 2)
    season.at(2, 20)
    season.rate(seller, medal=2)
    return season.enrol(seller, exception="区域龙头，线下年销 1.2 亿")


def decide(client: Client, ids: list[int], **said: str) -> str:
    posted = {"pk": ids, "tab": "enrolments", "decision": "approve", "reason": "资质齐全", **said}
    return body(client.post(DECIDE, posted, follow=True))


def test_what_waits_stands_in_its_tab_and_is_narrowed(season: World) -> None:
    plain, special = enrolled(season, "平常厂"), excepted(season)
    reviewer = goods.operator()
    assert queue.waiting_counts(reviewer)["enrolments"] == 1
    assert queue.waiting_counts(reviewer)["exceptions"] == 1
    client = staff(roles.REVIEWER)
    shown = body(client.get(DESK))
    assert "平常厂" in shown
    assert place(plain) in shown
    assert "线下大厂" not in shown
    exceptions = body(client.get(DESK, {"tab": "exceptions"}))
    assert place(special) in exceptions
    assert "区域龙头" in exceptions
    assert "交易勋章 ≥ 3A" in exceptions
    assert "没有符合筛选条件的" in body(client.get(DESK, {"words": "别家"}))
    for asked, found in (
        (Asked(season=CODE, round="february", department="non_consumer"), 1),
        (Asked(round="january"), 0),
        (Asked(department="consumer"), 0),
        (Asked(entry="returning"), 0),
        (Asked(entry="newcomer", words="平常"), 1),
    ):
        assert len(queue.queue(reviewer, "enrolments", asked).items) == found


def test_rehearsals_wait_too_and_are_decided_in_batch(season: World) -> None:
    season.at(2, 10)
    waiting = [commands.sign_up(goods.actor(season.seller(f"彩排{n}厂")), CODE) for n in (1, 2)]
    client = staff(roles.REVIEWER)
    assert "彩排2厂" in body(client.get(DESK, {"tab": "rehearsals", "department": "non_consumer"}))
    assert "彩排2厂" not in body(client.get(DESK, {"tab": "rehearsals", "department": "consumer"}))
    ids = [one.pk for one in waiting]
    shown = decide(client, ids, tab="rehearsals", reason="")
    assert shown.count("彩排中") == 2
    assert set(Rehearsal.objects.values_list("state", flat=True)) == {"open"}
    again = decide(client, ids, tab="rehearsals", decision="refuse", reason="资料不全")
    assert again.count("没有处理") >= 2
    assert set(Rehearsal.objects.values_list("state", flat=True)) == {"open"}


def test_a_reviewer_sees_gates_and_references_by_the_figures_of_then_and_now(
    season: World,
) -> None:
    """ENTRY-MEDAL is a gate, ENTRY-REPEAT a reference; what is found out takes the declared place."""
    enrolment = enrolled(season, "比较厂")
    client = staff(roles.REVIEWER)
    season.rate(enrolment.company, medal=2)
    file = enrolment_file(goods.operator(), enrolment.pk)
    medal = next(one for one in file.compared if one.filed.asked.rule_id == "ENTRY-MEDAL")
    assert medal.now is not None
    assert (medal.filed.holds, medal.now.holds) == (True, False)
    shown = body(client.get(place(enrolment)))
    assert "还差 1 档" in shown
    assert shown.index("各项门槛") < shown.index("各项参考")
    noted = {
        "form": "evidence",
        "metric": "yearly_revenue",
        "yuan": "12000000",
        "words": "审计报告第 3 页",
    }
    refused = body(client.post(place(enrolment), {**noted, "yuan": ""}))
    assert "请填写核实到的年营业额" in refused
    assert not Evidence.objects.exists()
    shown = body(client.post(place(enrolment), noted, follow=True))
    assert "审计报告第 3 页" in shown
    assert "还差 ¥18,000,000.00" in shown
    assert Evidence.objects.get().value == 1_200_000_000


def test_what_the_seller_proves_stands_before_the_reviewer(season: World) -> None:
    enrolment = enrolled(season, "证明厂")
    seller = goods.actor(enrolment.company)
    made = commands.prove(
        seller, enrolment.pk, "revenue", "审计报告第 3 页", data=pdf(), name="审计报告.pdf"
    )
    client, file = staff(roles.REVIEWER), reverse("admin:programme_proof", args=[made.pk])
    shown = body(client.get(place(enrolment)))
    assert "审计报告第 3 页" in shown
    assert file in shown
    answer = client.get(file)
    assert answer.content == pdf()
    assert "attachment" in answer["Content-Disposition"]
    assert AuditEntry.objects.filter(action="programme.look", subject=f"proof:{made.pk}").exists()
    assert staff(roles.ARBITER).get(file).status_code == 403
    assert signed_in(seller).get(file).status_code == 302


def test_an_exception_needs_two_operators_and_keeps_their_reasons(season: World) -> None:
    """ENTRY-EXCEPTION: nobody gives both opinions."""
    enrolment = excepted(season)
    first, second = staff(roles.REVIEWER), staff(roles.MANAGER)
    said = {"form": "decide", "decision": "approve", "reason": "实地看过，线下规模属实"}
    assert "需要另一位小二复审" in body(first.post(place(enrolment), said, follow=True))
    enrolment.refresh_from_db()
    assert enrolment.state == "second"
    assert "您已经对这份报名发表过意见" in body(first.post(place(enrolment), said, follow=True))
    assert Opinion.objects.count() == 1
    assert "线下大厂" in body(second.get(DESK, {"tab": "second"}))
    shown = body(second.post(place(enrolment), {**said, "reason": "同意"}, follow=True))
    assert "实地看过，线下规模属实" in shown
    assert "staff-reviewer" in shown
    assert Membership.objects.get().company == enrolment.company
    assert Opinion.objects.count() == 2


def test_a_batch_tells_of_each_and_repeated_decides_nothing_twice(season: World) -> None:
    good, other = enrolled(season, "甲厂"), enrolled(season, "乙厂")
    spoiled = enrolled(season, "丙厂")
    Rehearsal.objects.filter(pk=spoiled.rehearsal_id or 0).update(state="failed")
    client = staff(roles.REVIEWER)
    ids = [good.pk, other.pk, spoiled.pk, good.pk]
    shown = decide(client, ids)
    assert "彩排目前没有通过" in shown
    assert shown.count("已通过") >= 2
    assert Membership.objects.count() == 2
    again = decide(client, ids)
    assert again.count("没有处理") >= 3
    assert (Membership.objects.count(), Opinion.objects.count()) == (2, 2)
    spoiled.refresh_from_db()
    assert spoiled.state == "submitted"


def test_a_batch_without_reason_or_boxes_decides_nothing(season: World) -> None:
    enrolment = enrolled(season, "甲厂")
    client = staff(roles.REVIEWER)
    decide(client, [enrolment.pk], reason="")
    assert "请先勾选" in decide(client, [])
    assert not Opinion.objects.exists()


def test_what_a_company_did_before_stands_beside_its_application(season: World) -> None:
    enrolment = enrolled(season, "老客厂")
    commands.decide(season.operator, enrolment.pk, approve=False, reason="资料过期")
    again = season.enrol(enrolment.company)
    shown = body(staff(roles.REVIEWER).get(place(again)))
    assert "资料过期" in shown
    assert "彩排通过" in shown


def test_the_desk_is_for_reviewers_alone(season: World) -> None:
    enrolment = enrolled(season, "甲厂")
    seller = signed_in(goods.actor(enrolment.company))
    for address in (DESK, place(enrolment)):
        assert seller.get(address).status_code == 302
        assert staff(roles.ARBITER).get(address).status_code == 403
    assert staff(roles.ARBITER).post(DECIDE, {"pk": [enrolment.pk]}).status_code == 403
    with pytest.raises(Forbidden):
        queue.queue(goods.actor(enrolment.company))
    with pytest.raises(Forbidden):
        enrolment_file(goods.actor(Company.objects.latest("pk")), enrolment.pk)


@pytest.mark.parametrize("few_or_many", [1, 12])
def test_the_desk_costs_no_more_statements_for_more_applications(
    season: World, few_or_many: int, django_assert_max_num_queries: object
) -> None:
    for number in range(few_or_many):
        enrolled(season, f"第{number}厂")
    reviewer = goods.operator()
    queue.queue(reviewer)
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        assert len(queue.queue(reviewer, size=50).items) == few_or_many
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        queue.waiting_counts(reviewer)
