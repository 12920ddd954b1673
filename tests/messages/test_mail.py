"""Mail goes out in the member's language; what fails is tried again, then kept as failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from pifa.kernel.actors import Actor, Role
from pifa.messages import commands
from pifa.messages.models import Delivery
from pifa.parties import commands as parties
from tests.parties.people import company, hire, id_of

pytestmark = pytest.mark.django_db


class Stubborn(EmailBackend):
    """A mail server that refuses some recipients."""

    refused: set[str] = set()

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            if set(message.to) & self.refused:
                raise OSError(f"550 no such mailbox: {message.to[0]}\x00")
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def _stubborn_server(settings: Any) -> Iterator[None]:
    settings.EMAIL_BACKEND = f"{__name__}.Stubborn"
    settings.SITE_URL = "https://market.example"
    yield
    Stubborn.refused.clear()


@pytest.fixture
def seller() -> Actor:
    return company("晨星五金", seller=True, email="owner@example.com")


def tell(actor: Actor) -> int:
    return commands.notify(
        id_of(actor),
        "ship_by",
        "order:18",
        {"number": "18", "due": "2026-03-28T06:05:00+00:00"},
        "/seller/orders/18/",
    )


def states() -> list[tuple[str, int]]:
    rows = Delivery.objects.filter(way="email").order_by("id")
    return [(row.state, row.attempts) for row in rows]


def test_each_member_is_written_to_in_its_language(seller: Actor) -> None:
    english = hire(seller, Role.CLERK, email="clerk@example.com", name="Lee")
    parties.set_language(english, "en")
    tell(seller)

    assert commands.deliver_mail() == 2

    chinese, other = mail.outbox
    assert (chinese.to, chinese.subject) == (["owner@example.com"], "请尽快发货：订单 18")
    assert "周晨，您好" in chinese.body
    assert "3月28日 14:05" in chinese.body
    assert "https://market.example/seller/orders/18/" in chinese.body
    assert "您的企业是这笔订单的卖家" in chinese.body
    assert (other.to, other.subject) == (["clerk@example.com"], "Please ship soon: order 18")
    assert "Mar 28, 14:05" in other.body
    assert not any("\u4e00" <= character <= "\u9fff" for character in other.body.split("--")[0])


def test_what_was_sent_is_not_sent_again(seller: Actor) -> None:
    tell(seller)

    assert [commands.deliver_mail(), commands.deliver_mail()] == [1, 0]
    assert states() == [("sent", 1)]


def test_one_bad_address_does_not_hold_up_the_others(seller: Actor) -> None:
    hire(seller, Role.CLERK, email="clerk@example.com")
    Stubborn.refused = {"owner@example.com"}
    tell(seller)

    assert commands.deliver_mail() == 1
    assert states() == [("waiting", 1), ("sent", 1)]
    assert "no such mailbox" in Delivery.objects.filter(way="email").earliest("id").error


def test_a_failure_is_tried_five_times_at_growing_intervals(
    seller: Actor, market_clock: Any
) -> None:
    Stubborn.refused = {"owner@example.com"}
    tell(seller)

    for attempt, pause in enumerate([2, 4, 8, 16], start=1):
        commands.deliver_mail()
        assert states() == [("waiting", attempt)]
        market_clock.forward(minutes=pause - 1)
        commands.deliver_mail()
        assert states() == [("waiting", attempt)]
        market_clock.forward(minutes=1)
    commands.deliver_mail()
    assert states() == [("failed", 5)]

    Stubborn.refused.clear()
    market_clock.forward(days=1)
    assert commands.deliver_mail() == 0


def test_it_recovers_when_the_server_does(seller: Actor, market_clock: Any) -> None:
    Stubborn.refused = {"owner@example.com"}
    tell(seller)
    commands.deliver_mail()
    Stubborn.refused.clear()
    market_clock.forward(minutes=2)

    assert commands.deliver_mail() == 1
    assert Delivery.objects.get(way="email").error == ""


def test_one_who_left_gets_no_mail(seller: Actor) -> None:
    clerk = hire(seller, Role.CLERK, email="clerk@example.com")
    tell(seller)
    parties.deactivate_member(seller, clerk.member_id or 0)

    assert commands.deliver_mail() == 1
    assert [message.to for message in mail.outbox] == [["owner@example.com"]]
    assert states() == [("sent", 1), ("failed", 1)]


def test_a_mail_taken_by_another_worker_is_left_to_it(
    seller: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pifa.messages.commands import mail as room

    tell(seller)
    take = room._take

    def too_late(delivery: Delivery) -> bool:
        Delivery.objects.filter(pk=delivery.pk).update(attempts=1)  # the other worker's
        return take(delivery)

    monkeypatch.setattr(room, "_take", too_late)
    assert commands.deliver_mail() == 0
    assert mail.outbox == []


def test_nothing_waiting_costs_one_statement(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert commands.deliver_mail() == 0


def test_a_title_cannot_bring_headers_into_a_mail(seller: Actor) -> None:
    commands.notify(
        id_of(seller),
        "offer_taken_down",
        "offer:1",
        {"title": "螺丝\r\nBcc: everybody@example.com", "reason": "违禁"},
    )

    assert commands.deliver_mail() == 1
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == ["owner@example.com"]
