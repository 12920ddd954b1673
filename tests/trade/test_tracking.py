"""Parcels on their way: what carriers tell, whom they are told by, and what it never does."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from pifa.finance.sandbox import keys
from pifa.kernel import clock, deadlines, events
from pifa.kernel.errors import NotFound
from pifa.messages.models import Notice
from pifa.parties.models import Address, Company
from pifa.trade import commands, queries
from pifa.trade.carriers import registry
from pifa.trade.carriers.errors import NotServed
from pifa.trade.carriers.protocol import News, Place
from pifa.trade.carriers.rules import is_late, place_of, same_city, state_after
from pifa.trade.carriers.sandbox import courses
from pifa.trade.commands import tracking
from pifa.trade.models import Order, OrderStatus, SandboxWaybill, Shipment, TrackingEvent
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading


def told(trading: Trading, order: Order) -> queries.OrderDetail:
    return queries.order(trading.buying, order.number)


def notice(tracking_no: str, state: str, nth: int, **fields: Any) -> dict[str, Any]:
    event = {
        "event_id": f"E{nth}",
        "tracking_no": tracking_no,
        "state": state,
        "at": clock.now().isoformat(),
        "place": "云汀市",
        "note": "",
    }
    return {"carrier": "sandbox", "events": [event | fields]}


def move_in(trading: Trading, city: str) -> None:
    """The seller stands in a city of the buyer's province."""
    Company.objects.filter(pk=trading.seller.pk).update(region="33", city=city)


def lively(numbers: range, **wanted: bool) -> str:
    """A tracking number whose parcel comes to the end that is wanted."""
    here, there = Place("33", "云汀市"), Place("33", "杭州市")
    end = next(state for state, yes in wanted.items() if yes)
    for at in numbers:
        if courses.by_land(f"Q{at}", here, there)[-1].state == end:
            return f"Q{at}"
    raise AssertionError(end)


def shipped(trading: Trading, tracking_no: str, carrier: str = "顺达快递") -> Order:
    order = trading.paid(100)
    commands.ship(trading.selling, order.number, carrier, tracking_no)
    events.deliver()
    return trading.order(order.number)


def test_a_parcel_moves_in_market_time_and_never_confirms_receipt(
    trading: Trading, market_clock: MarketClock
) -> None:
    order = shipped(trading, lively(range(100), delivered=True))
    (parcel,) = told(trading, order).parcels
    assert (parcel.tracked, parcel.state, parcel.scans) == (True, "handed_over", ())
    market_clock.forward(hours=10)
    deadlines.run_due()
    (parcel,) = told(trading, order).parcels
    assert parcel.state == "in_transit"
    assert [scan.state for scan in parcel.scans] == ["in_transit", "accepted"]
    market_clock.forward(days=3)
    deadlines.run_due()
    (parcel,) = told(trading, order).parcels
    assert parcel.state == "delivered"
    assert parcel.delivered_at == parcel.scans[0].at
    assert trading.order(order.number).status == OrderStatus.AWAITING_RECEIPT
    events.deliver()
    assert Notice.objects.filter(company=trading.buyer, kind="parcel_delivered").count() == 1
    assert queries.order(trading.selling, order.number).parcels == (parcel,)


@pytest.mark.parametrize("end", ["returned", "lost"])
def test_a_parcel_that_goes_astray_is_told_to_both_sides(
    trading: Trading, market_clock: MarketClock, end: str
) -> None:
    order = shipped(trading, lively(range(2000), **{end: True}))
    market_clock.forward(days=8)
    deadlines.run_due()
    assert Shipment.objects.get(order=order).state == end
    assert trading.order(order.number).status == OrderStatus.AWAITING_RECEIPT
    events.deliver()
    companies = set(Notice.objects.filter(kind="parcel_astray").values_list("company", flat=True))
    assert companies == {trading.buyer.pk, trading.seller.pk}


def test_what_no_notice_told_is_asked_for(trading: Trading, market_clock: MarketClock) -> None:
    order = shipped(trading, "SILENT1")
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patched:
        patched.setattr("pifa.trade.carriers.sandbox.book.is_silent", lambda _event: True)
        market_clock.forward(days=4)
        deadlines.run_due()
    ways = set(TrackingEvent.objects.filter(shipment__order=order).values_list("via", flat=True))
    assert ways == {"poll"}
    assert Shipment.objects.get(order=order).state != "handed_over"


def test_a_notice_counts_once_and_only_with_its_signature(trading: Trading) -> None:
    order = shipped(trading, "N1")
    payload = notice("N1", "accepted", 1)
    signature = keys.sign(payload)
    assert tracking.receive_notice("sandbox", payload, "AAAA") == "bad_signature"
    assert not TrackingEvent.objects.exists()
    assert tracking.receive_notice("sandbox", payload, signature) == "noted"
    assert tracking.receive_notice("sandbox", payload, signature) == "nothing_new"
    assert TrackingEvent.objects.filter(shipment__order=order).count() == 1
    for wrong in (
        notice("N1", "handed_over", 2),
        notice("N1", "delivered", 2, at="tomorrow"),
        notice("N1", "delivered", 2, place="x" * 81),
        notice("N1", "accepted", 2) | {"carrier": "express"},
        notice("N1", "accepted", 2) | {"events": []},
    ):
        assert tracking.receive_notice("sandbox", wrong, keys.sign(wrong)) == "malformed"
    unknown = notice("nobody's", "delivered", 1)
    assert tracking.receive_notice("sandbox", unknown, keys.sign(unknown)) == "nothing_new"
    with pytest.raises(NotFound):
        tracking.receive_notice("pigeons", payload, signature)


def test_an_end_is_the_end_and_the_future_and_the_past_are_not_believed(
    trading: Trading, market_clock: MarketClock
) -> None:
    order = shipped(trading, "N2")
    assert order.shipped_at is not None
    early = notice("N2", "delivered", 1, at=(order.shipped_at - timedelta(hours=1)).isoformat())
    late = notice("N2", "delivered", 2, at=(clock.now() + timedelta(hours=1)).isoformat())
    for payload in (early, late):
        assert tracking.receive_notice("sandbox", payload, keys.sign(payload)) == "nothing_new"
    market_clock.forward(hours=1)
    for nth, state in ((3, "delivered"), (4, "in_transit"), (5, "lost")):
        payload = notice("N2", state, nth)
        tracking.receive_notice("sandbox", payload, keys.sign(payload))
    assert Shipment.objects.get(order=order).state == "delivered"


def test_notices_come_in_by_an_address_of_their_own(trading: Trading) -> None:
    shipped(trading, "N3")
    payload = notice("N3", "accepted", 1)
    browser = Client()

    def post(carrier: str, signature: str) -> tuple[int, str]:
        answer = browser.post(
            f"/tracking/{carrier}/notify",
            json.dumps(payload),
            "application/json",
            headers={"X-Gateway-Signature": signature},
        )
        return answer.status_code, answer.json()["verdict"]

    assert post("sandbox", "AAAA") == (400, "bad_signature")
    assert post("pigeons", keys.sign(payload)) == (404, "unknown_carrier")
    assert post("sandbox", keys.sign(payload)) == (200, "noted")
    assert post("sandbox", keys.sign(payload)) == (200, "nothing_new")


def test_same_city_express_gives_a_number_and_keeps_its_promise_or_shows_that_it_did_not(
    trading: Trading, market_clock: MarketClock
) -> None:
    order = trading.paid(100)
    assert not queries.order(trading.buying, order.number).same_city
    with pytest.raises(NotServed):
        commands.ship_express(trading.selling, order.number)
    assert trading.order(order.number).status == OrderStatus.AWAITING_SHIPMENT
    move_in(trading, "杭州市")
    assert queries.order(trading.buying, order.number).same_city
    (note,) = queries.packing_notes(trading.selling)
    assert note.express_no == f"TC{order.number}"
    commands.ship_express(trading.selling, order.number)
    events.deliver()
    (parcel,) = told(trading, order).parcels
    assert parcel.tracking_no == note.express_no
    assert parcel.promised_at == clock.now() + timedelta(hours=2)
    assert not parcel.late
    # The carrier forgets a notice now and then; after that it is asked within 13 hours.
    market_clock.forward(hours=14)
    deadlines.run_due()
    (parcel,) = told(trading, order).parcels
    assert parcel.state == "delivered"
    assert parcel.delivered_at is not None
    assert parcel.promised_at is not None
    assert parcel.late is (parcel.delivered_at > parcel.promised_at)
    assert trading.order(order.number).status == OrderStatus.AWAITING_RECEIPT


def test_an_express_that_is_not_there_in_time_is_late() -> None:
    now = clock.now()
    promised = now - timedelta(minutes=1)
    assert is_late(promised, None, now)
    assert is_late(promised, now, now)
    assert not is_late(promised, promised, now)
    assert not is_late(None, None, now)
    late = [
        n
        for n in range(400)
        if courses.by_express(f"T{n}", Place("33", "杭州市"))[-1].minutes > 120
    ]
    assert 0 < len(late) < 80


def test_a_place_is_read_from_an_address_as_checkouts_write_it() -> None:
    assert place_of("33", "浙江 杭州市 试验路 1 号") == Place("33", "杭州市")
    assert place_of("33", "杭州市 试验路") == Place("33", "杭州市")
    assert place_of("33", "浙江 路") == Place("33", "")
    assert place_of("", "") == Place("", "")
    assert same_city(Place("33", "义乌市"), Place("33", "义乌"))
    assert not same_city(Place("33", ""), Place("33", ""))
    assert not same_city(Place("33", "朝阳市"), Place("21", "朝阳市"))


def test_the_latest_news_is_the_state() -> None:
    now = clock.now()
    news = [
        News("2", "T", "out_for_delivery", now),
        News("1", "T", "accepted", now - timedelta(hours=1)),
    ]
    assert state_after("handed_over", news) == "out_for_delivery"
    assert state_after("delivered", news) == "delivered"
    assert state_after("accepted", []) == "accepted"


def test_an_address_of_the_book_leads_to_its_city(trading: Trading) -> None:
    Address.objects.filter(pk=trading.address.pk).update(city="杭州市")
    order = trading.place(1)
    assert place_of(order.region, order.address) == Place("33", "杭州市")


def test_parcels_are_told_and_moved_in_bulk(
    trading: Trading, market_clock: MarketClock, django_assert_max_num_queries: Any
) -> None:
    for nth in range(12):
        shipped(trading, f"B{nth}")
    market_clock.forward(hours=3)
    with django_assert_max_num_queries(22):
        tracking._move("sandbox-carrier:sandbox")
    assert SandboxWaybill.objects.filter(moved__gt=0).count() > 3


def test_a_number_that_is_used_again_begins_another_journey(
    trading: Trading, market_clock: MarketClock
) -> None:
    number = lively(range(100), delivered=True)
    shipped(trading, number)
    market_clock.forward(days=4)
    deadlines.run_due()
    second = shipped(trading, number)
    assert Shipment.objects.get(order=second).state == "handed_over"
    market_clock.forward(days=4)
    deadlines.run_due()
    assert Shipment.objects.get(order=second).state == "delivered"


def test_every_carrier_says_what_the_market_asks_of_it() -> None:
    assert registry.meant_by("同城速递") is registry.EXPRESS
    assert registry.meant_by("Same-City Express") is registry.EXPRESS
    assert registry.meant_by("顺丰") is registry.get("sandbox")
    with pytest.raises(NotFound):
        registry.get("pigeons")
