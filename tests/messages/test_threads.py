"""Threads: two companies about one offer or order, nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, NotFound
from pifa.kernel.events import deliver
from pifa.kernel.models import OutboxEvent
from pifa.kernel.paging import BadCursor, write_cursor
from pifa.messages import commands, errors, queries
from pifa.messages.models import Message, Thread
from pifa.parties.errors import TextLength
from tests.parties.people import company, hire, id_of, operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> Actor:
    return company("晨星五金", seller=True)


@pytest.fixture
def buyer() -> Actor:
    return company("远山商行")


def say(
    actor: Actor, buyer: Actor, seller: Actor, body: str = "在吗？", subject: str = "offer:7"
) -> Message:
    return commands.say(actor, id_of(buyer), id_of(seller), subject, "304不锈钢螺栓", body)


def replies() -> list[bool]:
    rows = OutboxEvent.objects.filter(name="message.sent").order_by("id")
    return [row.payload["is_seller_reply"] for row in rows]


def test_a_conversation(seller: Actor, buyer: Actor) -> None:
    clerk = hire(seller, Role.CLERK)
    first = say(buyer, buyer, seller, "M8 有货吗？\n要 2 万只")
    say(clerk, buyer, seller, "有的")

    assert Thread.objects.count() == 1
    shown = queries.thread(buyer, first.thread_id)
    assert shown.summary.other_name == "晨星五金"
    assert shown.summary.title == "304不锈钢螺栓"
    assert [(item.body, item.is_own, item.company) for item in shown.messages] == [
        ("M8 有货吗？\n要 2 万只", True, "远山商行"),
        ("有的", False, "晨星五金"),
    ]
    # Who of a company wrote is its own affair.
    assert [item.person for item in shown.messages] == ["周晨", ""]
    assert [item.person for item in queries.thread(seller, first.thread_id).messages] == [
        "",
        "李工",
    ]


def test_a_sellers_answer_is_the_reply_signal(seller: Actor, buyer: Actor) -> None:
    say(seller, buyer, seller, "您好，新品到货", subject="order:18")
    say(buyer, buyer, seller, subject="order:18")
    say(buyer, buyer, seller, subject="order:18")
    say(seller, buyer, seller, subject="order:18")
    say(seller, buyer, seller, subject="order:18")

    assert replies() == [False, False, False, True, False]
    announced = OutboxEvent.objects.filter(name="message.sent").earliest("id")
    assert (announced.payload["from_company"], announced.payload["to_company"]) == (
        id_of(seller),
        id_of(buyer),
    )


def test_each_subject_and_each_pair_has_its_own_thread(seller: Actor, buyer: Actor) -> None:
    other = company()
    said = [
        say(buyer, buyer, seller),
        say(buyer, buyer, seller, subject="order:7"),
        say(other, other, seller),
        say(buyer, buyer, seller),
    ]

    assert len({message.thread_id for message in said}) == 3
    assert said[0].thread_id == said[3].thread_id


def test_unread_messages_are_counted_until_read(seller: Actor, buyer: Actor) -> None:
    thread_id = say(buyer, buyer, seller).thread_id
    say(buyer, buyer, seller)
    assert queries.unread_messages(id_of(seller), "seller") == 2
    assert queries.unread_messages(id_of(buyer), "buyer") == 0
    assert queries.threads(seller).items[0].unread == 2

    commands.mark_thread_read(seller, thread_id)

    assert queries.unread_messages(id_of(seller), "seller") == 0
    say(seller, buyer, seller)
    assert queries.unread_messages(id_of(buyer), "buyer") == 1


def test_nobody_else_knows_of_it(seller: Actor, buyer: Actor) -> None:
    thread_id = say(buyer, buyer, seller).thread_id
    stranger = company(seller=True)

    with pytest.raises(NotFound):
        queries.thread(stranger, thread_id)
    with pytest.raises(NotFound):
        commands.mark_thread_read(stranger, thread_id)
    with pytest.raises(NotFound):
        say(stranger, buyer, seller)
    with pytest.raises(NotFound):
        queries.thread_about(stranger, id_of(buyer), id_of(seller), "offer:7")
    with pytest.raises(NotFound):
        queries.thread(buyer, 10**12)
    with pytest.raises(Forbidden):
        say(operator(), buyer, seller)
    assert queries.threads(stranger).items == []


def test_what_cannot_be_said(seller: Actor, buyer: Actor) -> None:
    for body in ("", " \n\t", "\u200b", "长" * 2001):
        with pytest.raises(TextLength) as refused:
            say(buyer, buyer, seller, body)
        assert refused.value.field == "body"
    for subject in ("shop:1", "offer:", "order:" + "9" * 60, "offer:1 or 1=1"):
        with pytest.raises(errors.BadSubject):
            say(buyer, buyer, seller, subject=subject)
    with pytest.raises(errors.NotToOneself):
        say(buyer, buyer, buyer)
    with pytest.raises(NotFound):
        commands.say(buyer, id_of(buyer), 10**12, "offer:7", "标题", "在吗")
    assert not Thread.objects.exists()


def test_text_is_kept_plain(seller: Actor, buyer: Actor) -> None:
    said = say(buyer, buyer, seller, "<b>好</b>\x00\u202e  \r\n\r\n\r\n\r\n完")

    assert said.body == "<b>好</b>\n\n完"
    commands.say(buyer, id_of(buyer), id_of(seller), "offer:8", "长" * 300, "好")
    assert len(Thread.objects.get(subject="offer:8").title) == 200


def test_the_other_company_is_told_once_until_it_read(seller: Actor, buyer: Actor) -> None:
    thread_id = say(buyer, buyer, seller, "在吗" + "？" * 100).thread_id
    say(buyer, buyer, seller, "还在吗")
    deliver()

    (told,) = queries.notices(seller).items
    assert told.title == "远山商行 发来消息"
    assert told.body.startswith("关于“304不锈钢螺栓”：在吗？？")
    assert told.body.endswith("…")
    assert told.link == f"/seller/messages/{thread_id}/"
    assert queries.notices(buyer).items == []

    commands.mark_thread_read(seller, thread_id)
    assert queries.unread_count(id_of(seller)) == 0
    say(buyer, buyer, seller, "好的")
    deliver()
    assert [item.body for item in queries.notices(seller, unread_only=True).items] == [
        "关于“304不锈钢螺栓”：好的"
    ]
    assert not OutboxEvent.objects.filter(attempts__gt=0).exists()


def test_an_order_is_named_in_the_readers_language(seller: Actor, buyer: Actor) -> None:
    with translation.override("en"):
        title = "Order 2603020001"  # as the writer's page calls it
        commands.say(buyer, id_of(buyer), id_of(seller), "order:2603020001", title, "Hello")
    deliver()

    (told,), (thread,) = queries.notices(seller).items, queries.threads(seller).items
    assert (told.body, thread.title) == ("关于“订单 2603020001”：Hello", "订单 2603020001")
    with translation.override("en"):
        (told,), (thread,) = queries.notices(seller).items, queries.threads(seller).items
        assert "订单" not in told.title + told.body
        assert "Order 2603020001" in told.body
        assert thread.title == "Order 2603020001"


def test_lists_are_by_last_message_and_side(
    seller: Actor, buyer: Actor, market_clock: Any, django_assert_num_queries: Any
) -> None:
    others = [company(f"客户{number}") for number in range(3)]
    for actor in others:
        say(actor, actor, seller)
        market_clock.forward(minutes=1)
    say(others[0], others[0], seller)
    supplier = company("上游", seller=True)
    say(seller, seller, supplier)  # a seller buys too, at the same moment

    with django_assert_num_queries(1):
        first = queries.threads(seller, size=2)
    rest = queries.threads(seller, first.next_cursor, size=2)
    names = [item.other_name for item in first.items + rest.items]
    assert names == ["上游", "客户0", "客户2", "客户1"]
    assert rest.next_cursor is None
    assert [item.other_name for item in queries.threads(seller, side="buyer").items] == ["上游"]
    assert len(queries.threads(seller, side="seller").items) == 3
    for place in (("x", 1), ("2026-03-02", 1), ("2026-03-02T09:00:00", 1)):
        with pytest.raises(BadCursor):
            queries.threads(seller, write_cursor(*place))


def test_reading_a_thread_costs_two_statements(
    seller: Actor, buyer: Actor, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        thread_id = say(buyer, buyer, seller).thread_id

    with django_assert_num_queries(2):
        assert len(queries.thread(seller, thread_id).messages) == 5
    with django_assert_num_queries(3):
        assert queries.thread_about(buyer, id_of(buyer), id_of(seller), "offer:7")
    assert queries.thread_about(buyer, id_of(buyer), id_of(seller), "offer:9") is None
