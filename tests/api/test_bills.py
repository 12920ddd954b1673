"""Acceptance bills by the API: asked for, taken, honoured or not; what the market's staff read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F

from pifa.finance.models import Bill, Payable
from pifa.finance.sandbox import bill_book
from pifa.kernel import clock, deadlines
from pifa.kernel.money import Money
from pifa.parties.models import Company
from pifa.trade import commands as trade
from tests.api.client import App
from tests.api.market import SmallMarket, small_market


@pytest.fixture
def market(db: None) -> SmallMarket:
    found = small_market()
    Company.objects.update(verified_name=F("name"))
    return found


def asked(market: SmallMarket) -> str:
    """Our number of a bill that the bank has drawn."""
    buyer = App(market.buyer_token)
    payable = Payable.objects.get(subject=market.trading.place(100).subject).number
    begun = buyer.post(f"/payables/{payable}/payments", {"method": "acceptance_bill"})
    path = f"/payments/{begun['payment_number']}/bill"
    draft = buyer.get(path)
    assert (draft["open"], draft["number"], draft["why_not"]) == (True, "", "")
    day = clock.today() + timedelta(days=60)
    assert draft["first_day"] <= day.isoformat() <= draft["last_day"]
    acceptor = draft["acceptors"][0]["code"]
    bill = buyer.post(path, {"acceptor": acceptor, "matures_on": day.isoformat()})
    assert bill["state"] == "asked"
    late = {"acceptor": acceptor, "matures_on": (day + timedelta(days=200)).isoformat()}
    assert buyer.post(path, late, expect=409)["code"] == "bill.drawn_already"
    assert bill_book.send_waiting() == ["noted"]
    return str(bill["number"])


def test_from_the_wish_to_the_money(market: SmallMarket) -> None:
    seller, buyer = App(market.token), App(market.buyer_token)
    number = asked(market)
    (bill,) = seller.get("/bills", tab="to_answer")["items"]
    assert bill["number"] == number
    total = str(Money(Bill.objects.get().face_fen).decimal)
    assert seller.get("/bills/totals")["to_answer"] == total
    assert seller.post(f"/bills/{number}/accept", {})["state"] == "accepted"
    (day,) = buyer.get("/bills/calendar", side="buyer")["items"]
    assert (day["day"], day["bills"], day["amount"]) == (bill["presents_on"], 1, total)
    trade.ship(market.trading.selling, bill["order"], "试验快递", "T1")
    until = clock.start_of_day(Bill.objects.get().presents_on)
    deadlines.run_due(until + timedelta(minutes=1))
    told = buyer.get(f"/bills/{number}")
    assert (told["state"], told["kept"], told["rest"]) == ("honoured", total, "0.00")


def test_refused_with_a_reason(market: SmallMarket) -> None:
    seller, number = App(market.token), asked(market)
    assert seller.post(f"/bills/{number}/refuse", {"reason": "太长"})["reason"] == "太长"
    again = seller.post(f"/bills/{number}/accept", {}, expect=409)
    assert again["code"] == "wrong_state"


def test_dishonoured_and_let_go(market: SmallMarket) -> None:
    seller, number = App(market.token), asked(market)
    seller.post(f"/bills/{number}/accept", {})
    bill = Bill.objects.get()
    trade.ship(market.trading.selling, bill.payable.subject.partition(":")[2], "快递", "T1")
    bill_book.plan(number, "dishonour")
    deadlines.run_due(clock.start_of_day(bill.presents_on) + timedelta(minutes=1))
    (found,) = seller.get("/bills", tab="dishonoured")["items"]
    assert found["owed"] == found["amount"]
    let_go = seller.post(f"/bills/{number}/forgive", {})
    assert let_go == {"number": number, "amount": found["amount"]}
    assert seller.get(f"/bills/{number}")["state"] == "cleared"
