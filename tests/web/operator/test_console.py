"""The console: who gets in, what waits, what a decision does, what the clock lets happen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from pifa.catalog.models import Offer
from pifa.kernel import clock, deadlines, events
from pifa.kernel.models import AuditEntry, Deadline, OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger.models import ACCOUNT_LABELS, AccountKind
from pifa.ledger.queries import balance
from pifa.ledger.rules import MARKET_OWNED
from pifa.parties.models import Company, PenaltyEntry, User, Verification
from pifa.site.worker import work_round
from pifa.trade import commands as trade
from pifa.trade.models import Dispute, OrderStatus
from pifa.web.operator import clock_page, roles
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading, trading
from tests.web.operator.staff import staff

pytestmark = pytest.mark.django_db


def disputed() -> tuple[Trading, Dispute]:
    """A paid and shipped order whose refund the seller refused."""
    market = trading()
    order = market.shipped(1000)
    case = trade.ask_refund(
        market.buying, order.number, kind="money", amount=Money(5000), reason="少了一箱"
    )
    trade.answer_refund(market.selling, case, accept=False, answer="已按数发出")
    trade.open_dispute(market.buying, case, statement="开箱视频为证")
    return market, Dispute.objects.get(case__number=case)


PAGES = (
    "index",
    "queue_verifications",
    "queue_offers",
    "queue_disputes",
    "market_clock",
    "market_ledger",
    "ratings",
    "rulebook",
    "parties_company_changelist",
    "catalog_shop_changelist",
    "catalog_offer_changelist",
    "catalog_prohibitedword_changelist",
    "trade_order_changelist",
    "finance_payment_changelist",
    "finance_gatewaynotice_changelist",
    "kernel_deadline_changelist",
    "kernel_auditentry_changelist",
    "kernel_outboxevent_changelist",
    "pifa_messages_delivery_changelist",
)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_with_something_on_it(page: str, language: str) -> None:
    disputed()
    client = staff()
    client.cookies["django_language"] = language
    assert client.get(reverse(f"admin:{page}")).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_companys_member_does_not_get_in(page: str) -> None:
    market = trading()
    client = Client()
    client.force_login(User.objects.get(pk=market.buying.user_id or 0))
    assert client.get(reverse(f"admin:{page}")).status_code == 302


def test_categories_are_named_in_the_language_of_the_reader() -> None:
    offer = goods.offer(goods.seller(), state=Offer.State.IN_REVIEW)
    client, name = staff(), offer.category
    for page in (reverse("admin:queue_offers"), reverse("admin:queue_offer", args=[offer.pk])):
        for language, words in (("zh-hans", name.name), ("en", name.name_en)):
            answer = client.get(page, headers={"accept-language": language})
            assert words in answer.content.decode()


def test_a_reviewer_may_not_judge_or_move_the_clock() -> None:
    client = staff(roles.REVIEWER)
    assert client.get(reverse("admin:queue_offers")).status_code == 200
    assert client.get(reverse("admin:queue_disputes")).status_code == 403
    assert client.get(reverse("admin:market_clock")).status_code == 403


def test_an_offer_is_rejected_only_with_a_reason() -> None:
    offer = goods.offer(goods.seller(), state="in_review")
    client = staff(roles.REVIEWER)
    page = reverse("admin:queue_offer", args=[offer.pk])

    refused = client.post(page, {"decision": "reject", "reason": ""})
    assert "请写明驳回的理由" in refused.content.decode()
    assert Offer.objects.get(pk=offer.pk).state == Offer.State.IN_REVIEW

    client.post(page, {"decision": "reject", "reason": "标题与图片不符"})
    offer.refresh_from_db()
    assert (offer.state, offer.state_reason) == (Offer.State.REJECTED, "标题与图片不符")


def test_an_offer_changed_since_it_was_opened_is_not_approved_unseen() -> None:
    offer = goods.offer(goods.seller(), state="in_review", visibility="private")
    client = staff(roles.REVIEWER)
    page = reverse("admin:queue_offer", args=[offer.pk])
    seen = (offer.changed_at - timedelta(minutes=5)).isoformat()

    client.post(page, {"decision": "approve", "reason": "", "seen": seen})
    assert Offer.objects.get(pk=offer.pk).state == Offer.State.IN_REVIEW
    opened = client.get(page).content.decode()
    (shown,) = re.findall(r'name="seen" value="([^"]+)"', opened)
    client.post(page, {"decision": "approve", "reason": "", "seen": shown})
    assert Offer.objects.get(pk=offer.pk).state == Offer.State.ONLINE


def test_prohibited_goods_are_taken_down_with_a_reason() -> None:
    offer = goods.offer(goods.seller())
    staff().post(reverse("admin:queue_offer", args=[offer.pk]), {"reason": "仿冒标识"})
    offer.refresh_from_db()
    assert (offer.state, offer.state_reason) == (Offer.State.TAKEN_DOWN, "仿冒标识")


def test_a_dispute_that_waits_too_long_is_marked_with_its_age(market_clock: MarketClock) -> None:
    market, old = disputed()
    client, page = staff(roles.ARBITER), reverse("admin:queue_disputes")
    market_clock.forward(days=7)
    assert "已逾期" not in client.get(page).content.decode()
    market_clock.forward(days=2)
    new = trade.ask_refund(
        market.buying, market.shipped(10).number, kind="money", amount=Money(100), reason="少了"
    )
    trade.answer_refund(market.selling, new, accept=False, answer="没少")
    trade.open_dispute(market.buying, new, statement="少了")
    shown = client.get(page).content.decode()
    assert "已逾期，等了 9 天" in shown
    assert shown.count("已逾期") == 1
    numbers = [dispute.case.order.number for dispute in (old, Dispute.objects.latest("pk"))]
    assert shown.index(numbers[0]) < shown.index(numbers[1])


def test_a_verdict_in_part_pays_that_part() -> None:
    market, dispute = disputed()
    page = reverse("admin:queue_dispute", args=[dispute.pk])
    client = staff(roles.ARBITER)
    shown = client.get(page).content.decode()
    assert "开箱视频为证" in shown
    assert dispute.case.order.number in shown

    client.post(page, {"verdict": "partly", "amount": "12.34", "reason": "各半"})
    dispute.refresh_from_db()
    order = market.order(dispute.case.order.number)
    assert dispute.verdict == "partly"
    assert (order.refunded_fen, order.status) == (1234, OrderStatus.AWAITING_RECEIPT)


def test_grade_and_points_of_a_company() -> None:
    company = goods.company()
    client = staff()
    page = reverse("admin:company_file", args=[company.pk])
    client.post(page, {"form": "grade", "grade": "AA"})
    client.post(page, {"form": "penalty", "points": "6", "reason": "延迟发货"})

    assert Company.objects.get(pk=company.pk).integrity_grade == "AA"
    entry = PenaltyEntry.objects.get(company=company)
    assert (entry.points, entry.reason) == (6, "延迟发货")
    assert "延迟发货" in client.get(page).content.decode()


@pytest.mark.own_clock
def test_moving_the_clock_lets_what_falls_due_happen() -> None:
    clock.set_market_clock(clock.now())
    begun = clock.now()
    market = trading()
    unpaid, shipped = market.place(), market.shipped(1000)
    client = staff(roles.MANAGER)
    for _step in range(2):
        client.post(reverse("admin:market_clock"), {"step": "week"})

    assert clock.now() - begun >= timedelta(days=14)
    assert market.order(unpaid.number).status == OrderStatus.CLOSED
    received = market.order(shipped.number)
    assert received.status == OrderStatus.AWAITING_REVIEW
    assert balance(market.seller.pk, AccountKind.BALANCE).fen == received.paid_fen
    assert AuditEntry.objects.filter(action="clock.advance").count() == 2


@pytest.mark.own_clock
def test_a_long_way_goes_on_in_the_background_and_says_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock.set_market_clock(clock.now())
    begun = clock.now()
    market = trading()
    unpaid = market.place()
    monkeypatch.setattr(clock_page, "WORK_SECONDS", 0.0)
    client = staff(roles.MANAGER)
    page = reverse("admin:market_clock")

    client.post(page, {"step": "month"})
    shown = client.get(page)
    assert shown.headers["Refresh"] == "2"
    assert "还有 2 件到期事项待处理" in shown.content.decode()
    assert market.order(unpaid.number).status == OrderStatus.AWAITING_PAYMENT

    while work_round():
        pass
    arrived = client.get(page)
    assert "Refresh" not in arrived.headers
    assert clock.now() == begun + timedelta(days=30)
    assert market.order(unpaid.number).status == OrderStatus.CLOSED


@pytest.mark.parametrize("page", ["login", "index", "market_clock", "parties_company_changelist"])
def test_the_console_runs_no_script_but_its_own_files(page: str) -> None:
    policy = staff().get(reverse(f"admin:{page}"), follow=False).headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["script-src"] == "'self' 'unsafe-eval'"
    assert rules["frame-ancestors"] == "'none'"
    market = Client().get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in market


def test_what_failed_too_often_is_found_and_tried_again() -> None:
    row = {"kind": "order.expire", "due_at": clock.now()}
    stuck = Deadline.objects.create(subject="order:1", attempts=events.MAX_ATTEMPTS, **row)
    fine = Deadline.objects.create(subject="order:2", **row)
    page = reverse("admin:kernel_deadline_changelist")
    choice = {"action": "try_again", "_selected_action": [stuck.pk, fine.pk]}

    reader = staff(roles.ARBITER)
    reader.post(page, choice)
    assert deadlines.stuck() == 1
    manager = staff(roles.MANAGER)
    listed = manager.get(page, {"failed": "stuck"}).content.decode()
    assert "order:1" in listed
    assert "order:2" not in listed
    assert "已安排重试 1 项" in manager.post(page, choice, follow=True).content.decode()
    assert deadlines.stuck() == 0
    assert AuditEntry.objects.filter(action="deadline.retry").count() == 1


def test_events_that_failed_too_often_are_tried_again() -> None:
    stuck = OutboxEvent.objects.create(
        name="t.none", payload={}, happened_at=clock.now(), attempts=events.MAX_ATTEMPTS
    )
    page = reverse("admin:kernel_outboxevent_changelist")
    staff(roles.MANAGER).post(page, {"action": "try_again", "_selected_action": [stuck.pk]})
    assert events.stuck() == 0
    assert events.deliver() == 1


def test_windows_show_no_phone_address_or_paper() -> None:
    market = trading()
    order = market.place()
    Company.objects.filter(pk=market.buyer.pk).update(phone="10012345678")
    client = staff()
    pages = (
        reverse("admin:parties_company_change", args=[market.buyer.pk]),
        reverse("admin:trade_order_change", args=[order.pk]),
    )
    for page in pages:
        shown = client.get(page)
        assert shown.status_code == 200
        text = shown.content.decode()
        for secret in filter(
            None, ("10012345678", order.mobile, order.phone, order.address, order.consignee)
        ):
            assert secret not in text


def test_a_licence_number_is_masked_once_it_was_reviewed() -> None:
    company = goods.company()
    case = Verification.objects.create(
        company=company,
        kind="personal",
        legal_name="王小明",
        licence_no="110101199003070011",
        submitted_at=clock.now(),
    )
    client = staff(roles.REVIEWER)
    page = reverse("admin:queue_verification", args=[case.pk])
    assert "110101199003070011" in client.get(page).content.decode()
    client.post(page, {"decision": "approve", "reason": ""})
    assert "110101199003070011" not in client.get(page).content.decode()


def test_balances_and_verdicts_are_for_those_whose_work_needs_them() -> None:
    company = goods.company()
    page = reverse("admin:company_file", args=[company.pk])
    assert "担保款" in staff(roles.MANAGER).get(page).content.decode()
    reviewer = staff(roles.REVIEWER)
    assert "担保款" not in reviewer.get(page).content.decode()
    assert reviewer.post(page, {"form": "grade", "grade": "AA"}).status_code == 403


def test_the_books_are_proven_on_demand() -> None:
    trading().received(1000)
    page = staff().get(reverse("admin:market_ledger"), {"check": "1"}).content.decode()
    assert "每个余额都等于它的流水" in page


@pytest.mark.parametrize("kind", sorted(MARKET_OWNED))
def test_every_account_of_the_market_is_shown(kind: AccountKind, db: None) -> None:
    shown = staff(roles.MANAGER).get("/console/ledger/", {"kind": kind.value}).content.decode()
    assert str(ACCOUNT_LABELS[kind]) in shown
    assert f"kind={kind.value}" in shown
