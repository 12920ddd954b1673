"""Whoever reads English is refused, told and shown in English."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.utils import translation

from pifa.catalog.models import Offer
from pifa.kernel.errors import DomainError
from pifa.trade import commands, errors, queries
from pifa.trade.states import TABLES
from tests.trade.market import Trading, yuan

CHINESE = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_every_refusal_has_its_english_words() -> None:
    found = [
        item
        for item in vars(errors).values()
        if isinstance(item, type) and issubclass(item, DomainError) and item is not DomainError
    ]
    assert len(found) > 10
    for item in found:
        assert not CHINESE.search(str(item.message)), item.code


def test_every_state_and_verb_has_its_english_words() -> None:
    for table in TABLES:
        for label in (*table.states.values(), *(item.label for item in table.transitions)):
            assert not CHINESE.search(str(label)), label


def test_an_order_tells_its_life_in_english(trading: Trading) -> None:
    order = trading.shipped(100)
    refund = commands.ask_refund(trading.buying, order.number, "money", yuan("35.00"), "late")
    commands.answer_refund(trading.selling, refund, accept=True)
    detail = queries.order(trading.buying, order.number)
    assert [event.words for event in detail.timeline] == [
        "Placed the order, ¥35.00 due",
        "Paid ¥35.00, held in escrow by the market",
        "Shipped: 试验快递 " + f"T{order.pk}",
        "Asked for a refund of ¥35.00",
        "Agreed to the refund; ¥35.00 went back to the buyer",
    ]
    assert detail.close_reason == "Refunded in whole"
    assert detail.order.status_label == "Closed"
    assert detail.refunds[0].state_label == "Refunded"


def test_a_line_keeps_the_english_title_it_was_ordered_under(trading: Trading) -> None:
    Offer.objects.filter(pk=trading.offer.pk).update(title_en="Hexagon bolt")
    named = trading.place()
    Offer.objects.filter(pk=trading.offer.pk).update(title_en="")
    nameless = trading.place()
    trading.offer.refresh_from_db()
    (line,) = queries.order(trading.buying, named.number).lines
    assert (line.shown_title, line.title_en) == ("Hexagon bolt", "Hexagon bolt")
    (other,) = queries.order(trading.buying, nameless.number).lines
    assert (other.shown_title, other.title_en) == (trading.offer.title, "")
    with translation.override("zh-hans"):
        assert line.shown_title == trading.offer.title

    found = queries.orders(trading.selling, "seller", "all", queries.Filters(keyword="hexagon"))
    assert [row.number for row in found.items] == [named.number]
