"""Secured credit by the API: joined, chosen, collected early, repaid; strangers see nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pifa.finance.models import Payable
from pifa.finance.sandbox import bank, financing
from pifa.kernel import clock, deadlines
from pifa.trade import commands as trade
from tests.api.client import App
from tests.api.market import SmallMarket, small_market
from tests.finance.conftest import grant

NOON = clock.start_of_day(date(2026, 3, 16)) + timedelta(hours=12)


@pytest.fixture
def market(db: None) -> SmallMarket:
    with clock.frozen(NOON):
        return small_market()


def test_from_joining_to_repaid(market: SmallMarket) -> None:
    seller, buyer, trading = App(market.token), App(market.buyer_token), market.trading
    with clock.frozen(NOON):
        assert not seller.get("/secured/service")["joined"]
        joined = seller.post("/secured/service", expect=200)
        assert (joined["joined"], joined["valid_until"]) == (True, "2027-03-16")
        assert joined["rates"]["early_rate"] == "0.000225"
        refused = seller.call("POST", "/secured/service", expect=409)
        assert refused["code"] == "secured.joined"
        grant(trading.buyer.pk, "secured_credit", limit="10000.00")
        order = trading.place(1000)
        payable = Payable.objects.get(subject=order.subject).number
        begun = buyer.post(f"/payables/{payable}/payments", {"method": "secured"})
        assert begun["redirect_url"] == ""
        early = {"orders": [order.number, "9999999999999999"]}
        first, second = seller.post("/secured/receivables/early", early, expect=200)["items"]
        assert (first["code"], second["code"]) == ("secured.not_collectable", "not_found")
        trade.ship(trading.selling, order.number, "试验快递", "T1")
        trade.confirm_receipt(trading.buying, order.number)
        (row,) = seller.get("/secured/receivables?tab=due")["items"]
        assert (row["number"], row["state"], row["due_on"]) == (
            order.number,
            "waiting",
            "2026-04-15",
        )
        assert row["early"]["days"] == 30
        (asked, _none) = seller.post("/secured/receivables/early", early, expect=200)["items"]
        assert asked["payout"]
        assert seller.get("/secured/service")["counts"]["requested"] == 1
    deadlines.run_due(NOON + financing.ANSWER_AFTER)
    with clock.frozen(NOON + timedelta(hours=1)):
        (row,) = seller.get("/secured/receivables?tab=succeeded")["items"]
        assert (row["state"], row["claim"], row["owed"]) == ("paid", "0.00", row["promised"])
        limit = buyer.get("/secured/limit")
        assert limit["due"] == row["promised"]
        assert next(step["code"] for step in limit["steps"]) == "LEVEL-1"
        (due,) = buyer.get("/secured/due")["items"]
        assert (due["due_on"], due["owed"], due["orders"]) == ("2026-04-15", row["promised"], 1)
        large = buyer.call("POST", "/secured/repayments", {"amount": "99999.00"}, expect=422)
        assert large["code"] == "secured.repayment_too_large"
        repayment = buyer.post("/secured/repayments", {"amount": "10.00"})
        begun = buyer.post(
            f"/payables/{repayment['payable_number']}/payments", {"method": "gateway"}
        )
        bank.act(begun["redirect_url"].rstrip("/").rpartition("/")[2], "pay")
        paid = buyer.get(f"/secured/repayments/{repayment['number']}")
        assert paid["laid_out"] == [{"number": order.number, "amount": "10.00"}]
        (debt,) = buyer.get("/secured/debts")["items"]
        assert debt["repaid"] == "10.00"
        seller.call("GET", f"/secured/repayments/{repayment['number']}", expect=404)
        seller.call("DELETE", "/secured/service", expect=204)
        gone = seller.call("DELETE", "/secured/service", expect=409)
        assert gone["code"] == "secured.not_joined"
        # Who sells sees nothing of what it owes, who buys nothing of what it is owed.
        assert seller.get("/secured/debts")["items"] == []
        assert buyer.get("/secured/receivables")["items"] == []
