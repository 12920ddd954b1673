"""Trust payment by the API: signed, chosen, debited in vain, repaid, ended; strangers see nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pifa.finance.models import Payable, SandboxMandate
from pifa.finance.sandbox import bank
from pifa.kernel import clock, deadlines
from pifa.trade import commands as trade
from tests.api.client import App
from tests.api.market import SmallMarket, small_market
from tests.finance.trust.conftest import PAYMENT, open_bank
from tests.trade.market import trade_of

NOON = clock.start_of_day(date(2026, 3, 16)) + timedelta(hours=12)
COVERED = NOON + timedelta(days=3)


@pytest.fixture
def market(db: None) -> SmallMarket:
    with clock.frozen(NOON):
        found = small_market()
        open_bank(found.trading.buyer)
        return found


def test_from_signing_to_repaid(market: SmallMarket) -> None:
    seller, buyer, trading = App(market.token), App(market.buyer_token), market.trading
    with clock.frozen(NOON):
        limits = buyer.get("/trust/mandate")
        assert (limits["mandate"], limits["most_per_order"], limits["retries"]) == (
            None,
            "20000.00",
            3,
        )
        given = buyer.post(
            "/partner-bank/authorisations", {"which": "payment", "password": PAYMENT}
        )
        wanted = {"authorisation": given["authorisation"], "in_all": "900.00"}
        signed = buyer.post("/trust/mandate", wanted, expect=200)
        assert (signed["per_order"], signed["free"]) == ("900.00", "900.00")
        assert buyer.call("POST", "/trust/mandate", wanted, expect=409)["code"] == "trust.signed"
        order = trading.place(100)
        payable = Payable.objects.get(subject=order.subject).number
        begun = buyer.post(f"/payables/{payable}/payments", {"method": "trust_payment"})
        assert begun["redirect_url"] == ""
        SandboxMandate.objects.update(play="refuse")
        trade.ship(trading.selling, order.number, "试验快递", "T1")
        trade.confirm_receipt(trading.buying, order.number)
        deadlines.run_due(NOON)
        (row,) = buyer.get("/trust/orders?tab=failed")["items"]
        assert (row["state"], row["failed"], row["try_on"]) == ("retrying", 1, "2026-03-17")
    deadlines.run_due(COVERED)
    with clock.frozen(COVERED):
        (row,) = buyer.get("/trust/orders?tab=owing")["items"]
        assert (row["state"], row["debt"]) == ("owing", row["promised"])
        assert [call["kind"] for call in row["calls"]] == ["debit"] * 4 + ["cover"]
        refused = buyer.call(
            "POST",
            "/trust/repayments",
            {"order": order.number, "amount": "99999.00"},
            expect=422,
        )
        assert refused["code"] == "trust.repayment_too_large"
        made = buyer.post("/trust/repayments", {"order": order.number})
        assert seller.get("/trust/orders")["items"] == []
        seller.call("GET", f"/trust/repayments/{made['number']}", expect=404)
        begun = buyer.post(f"/payables/{made['payable_number']}/payments", {"method": "gateway"})
        bank.act(trade_of(begun["payment_number"]), "pay")
        assert buyer.get(f"/trust/repayments/{made['number']}")["state"] == "settled"
        assert buyer.get("/trust/mandate")["debt"] == "0.00"
        buyer.call("DELETE", "/trust/mandate", expect=204)
        assert buyer.get("/trust/mandate")["mandate"] is None
