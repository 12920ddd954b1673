"""Notices: given once, read in the reader's language, where each member wants them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden
from pifa.kernel.events import deliver
from pifa.kernel.models import OutboxEvent
from pifa.kernel.paging import BadCursor
from pifa.messages import commands, errors, queries
from pifa.messages.commands import NewNotice
from pifa.messages.models import Delivery, Notice
from pifa.parties import commands as parties
from tests.parties.people import company, hire, id_of, member_of, operator

pytestmark = pytest.mark.django_db

ORDER = {"number": "2603020001", "paid_fen": 1_230_000}


@pytest.fixture
def seller() -> Actor:
    return company("晨星五金", seller=True, email="owner@example.com")


def paid(actor: Actor, **changes: Any) -> int:
    return commands.notify(
        id_of(actor), "paid", "order:2603020001", ORDER | changes, "/seller/orders/2603020001/"
    )


def ways(notice_id: int) -> list[tuple[int, str, str]]:
    rows = Delivery.objects.filter(notice_id=notice_id).order_by("member_id", "way")
    return list(rows.values_list("member_id", "way", "state"))


class TestGiving:
    def test_it_is_read_in_the_readers_language(self, seller: Actor) -> None:
        paid(seller)

        (notice,) = queries.notices(seller).items
        assert notice.title == "订单 2603020001 已付款"
        assert "¥12,300.00" in notice.body
        assert (notice.link, notice.is_read) == ("/seller/orders/2603020001/", False)
        with translation.override("en"):
            (notice,) = queries.notices(seller).items
        assert notice.title == "Order 2603020001 has been paid"
        assert "¥12,300.00" in notice.body

    def test_it_goes_to_every_active_member_by_default_preferences(self, seller: Actor) -> None:
        clerk = hire(seller, Role.CLERK)  # has no email address
        left = hire(seller, Role.CLERK, email="left@example.com")
        parties.deactivate_member(seller, left.member_id or 0)

        assert ways(paid(seller)) == [
            (seller.member_id, "app", "sent"),
            (seller.member_id, "email", "waiting"),
            (clerk.member_id, "app", "sent"),
        ]

    def test_a_member_chooses_where(self, seller: Actor) -> None:
        clerk = hire(seller, Role.CLERK, email="clerk@example.com")
        commands.set_preference(seller, "paid", in_app=False, email=False)
        commands.set_preference(clerk, "paid", in_app=True, email=True)
        commands.set_preference(clerk, "paid", in_app=False, email=True)

        assert ways(paid(seller)) == [(clerk.member_id, "email", "waiting")]
        # A kind unwanted in the app stays out of that member's list and count only.
        other = hire(seller, Role.FINANCE)
        assert queries.notices(clerk).items == []
        assert len(queries.notices(other).items) == 1
        assert queries.unread_count(id_of(seller)) == 1
        assert queries.unread_count(id_of(seller), clerk.member_id) == 0
        assert queries.unread_count(id_of(seller), other.member_id) == 1

    def test_many_cost_as_many_statements_as_one(self, seller: Actor) -> None:
        others = [company(email=f"c{number}@example.com") for number in range(5)]

        def give(count: int) -> int:
            batch = [
                NewNotice(
                    company_id=id_of(others[number % 5]),
                    kind="paid",
                    subject=f"order:{number}",
                    params=ORDER,
                )
                for number in range(count)
            ]
            with CaptureQueriesContext(connection) as statements:
                ids = commands.notify_all(batch)
            assert [Notice.objects.get(pk=pk).subject for pk in ids[:3]] == [
                item.subject for item in batch[:3]
            ]
            return len(statements)

        assert give(1) == give(300) <= 6
        assert Delivery.objects.count() == 602

    def test_what_cannot_be_said_is_refused(self, seller: Actor) -> None:
        with pytest.raises(errors.NoSuchKind):
            commands.notify(id_of(seller), "birthday", "order:1", {})
        with pytest.raises(ValueError, match="paid_fen"):
            commands.notify(id_of(seller), "paid", "order:1", {"number": "1"})
        for link in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "x"):
            with pytest.raises(ValueError, match="path"):
                commands.notify(id_of(seller), "paid", "order:1", ORDER, link)
        assert not Notice.objects.exists()

    def test_figures_that_look_like_placeholders_stay_as_they_are(self, seller: Actor) -> None:
        commands.notify(
            id_of(seller),
            "offer_taken_down",
            "offer:1",
            {"title": "螺丝{0}{reason.__class__}", "reason": "{title}%s"},
        )

        assert (
            queries.notices(seller)
            .items[0]
            .body.startswith("“螺丝{0}{reason.__class__}”已被平台下架：{title}%s")
        )

    def test_a_kind_of_a_later_release_still_shows(self, seller: Actor) -> None:
        paid(seller)
        Notice.objects.update(kind="gone")

        assert queries.notices(seller).items[0].title == "gone"


class TestReading:
    def test_read_notices_are_not_counted(self, seller: Actor) -> None:
        first, _ = paid(seller), paid(seller)

        assert commands.mark_read(seller, [first]) == 1
        assert commands.mark_read(seller, [first]) == 0
        assert queries.unread_count(id_of(seller)) == 1
        assert [item.id for item in queries.notices(seller, unread_only=True).items] != [first]
        assert commands.mark_all_read(seller) == 1
        assert queries.unread_count(id_of(seller)) == 0

    def test_a_members_own_notice_is_read_by_nobody_else(self, seller: Actor) -> None:
        clerk = hire(seller, Role.CLERK, email="clerk@example.com")
        own = NewNotice(
            company_id=id_of(seller),
            member_id=clerk.member_id,
            kind="paid",
            subject="order:1",
            params=ORDER,
        )
        (given,) = commands.notify_all([own])

        assert {row[0] for row in ways(given)} == {clerk.member_id}
        assert [item.id for item in queries.notices(clerk).items] == [given]
        assert queries.notices(seller).items == []
        assert queries.unread_count(id_of(seller), seller.member_id) == 0
        assert commands.mark_read(seller, [given]) == commands.mark_all_read(seller) == 0
        assert commands.mark_read(clerk, [given]) == 1

    def test_another_companys_notice_is_out_of_reach(self, seller: Actor) -> None:
        given = paid(seller)
        stranger = company()

        assert commands.mark_read(stranger, [given, 10**12]) == 0
        assert queries.notices(stranger).items == []
        assert queries.unread_count(id_of(seller)) == 1

    def test_pages_go_on_by_cursor_at_two_statements_each(
        self, seller: Actor, django_assert_num_queries: Any
    ) -> None:
        given = [paid(seller, number=str(number)) for number in range(5)]

        with django_assert_num_queries(2):
            first = queries.notices(seller, size=3)
        paid(seller, number="new")  # comes in between and shifts nothing
        second = queries.notices(seller, first.next_cursor, size=3)

        assert [item.id for item in first.items + second.items] == given[::-1]
        assert second.next_cursor is None
        for cursor in ("x", "é", "W10", "WyJhIl0", "W10=" * 9, "\x00"):
            with pytest.raises(BadCursor):
                queries.notices(seller, cursor)

    def test_preferences_show_what_holds(
        self, seller: Actor, django_assert_num_queries: Any
    ) -> None:
        commands.set_preference(seller, "paid", in_app=True, email=False)

        with django_assert_num_queries(2):
            shown = {item.kind: item for item in queries.preferences(seller)}
        assert (shown["paid"].in_app, shown["paid"].email) == (True, False)
        assert (shown["refund_asked"].in_app, shown["refund_asked"].email) == (True, True)
        assert shown["paid"].label == "订单已付款"
        assert "refund_asked" not in {item.kind for item in queries.preferences(company())}
        with pytest.raises(errors.NoSuchKind):
            commands.set_preference(seller, "birthday", in_app=True, email=True)

    def test_an_operator_is_no_member(self) -> None:
        for query in (queries.notices, queries.threads, queries.preferences):
            with pytest.raises(Forbidden):
                query(operator())

    def test_the_delivery_log_is_for_operators_and_masked(self, seller: Actor) -> None:
        paid(seller)

        shown = queries.deliveries(operator(), state="waiting").items
        assert [(item.company, item.to) for item in shown] == [("晨星五金", "o***@example.com")]
        assert queries.deliveries(operator(), company_id=10**9).items == []
        with pytest.raises(Forbidden):
            queries.deliveries(seller)


class TestStanding:
    def test_a_company_hears_of_penalties(self, seller: Actor) -> None:
        parties.give_penalty(operator(), id_of(seller), 6, "发布违禁货品")

        deliver()

        (notice,) = queries.notices(seller).items
        assert (notice.title, notice.kind) == ("店铺被扣 6 分", "penalty_given")
        assert "发布违禁货品" in notice.body

    def test_a_company_hears_of_its_verification(self, seller: Actor) -> None:
        member = member_of(seller)
        for approve, reason in [(False, "照片不清晰"), (True, "")]:
            waiting = parties.submit_verification(
                seller, "personal", member.name, "11010519491231002X", None
            )
            parties.review_verification(operator(), waiting.pk, approve, reason)
        deliver()

        assert [item.body for item in queries.notices(seller).items] == [
            "您的企业已通过认证。",
            "您的认证申请被驳回：照片不清晰。更正后可以重新提交。",
        ]
        assert not OutboxEvent.objects.filter(attempts__gt=0).exists()
