"""Transfers by the API: where to pay, what came, receipts, and the operators' side."""

from __future__ import annotations

import pytest

from pifa.kernel.actors import Role
from pifa.parties import commands as parties
from tests.api.client import App
from tests.api.market import SmallMarket, small_market
from tests.catalog import market as goods


@pytest.fixture
def market(db: None) -> SmallMarket:
    return small_market()


def test_a_buyer_reads_where_to_pay_and_what_came(market: SmallMarket) -> None:
    buyer, number = App(market.buyer_token), market.transfer
    told = buyer.get(f"/transfers/{number}/instructions")
    assert (told["paid"], told["account_name"]) == (True, market.trading.seller.name)
    (row,) = buyer.get("/transfers")["items"]
    assert (row["state"], row["left"]) == ("suspense", "0.01")
    (match,) = row["matches"]
    assert (match["payment_number"], match["by_operator"]) == (number, False)
    assert "多余" in row["why"]
    (account,) = buyer.get("/transfers/accounts")["items"]
    assert (account["account_no"], account["waiting"]) == (told["account_no"], "0.01")
    assert (told["waiting"], told["others"]) == ("0.01", [])


def test_a_seller_reads_what_transfers_paid(market: SmallMarket) -> None:
    seller, number = App(market.token), market.transfer
    (row,) = seller.get("/transfers/received")["items"]
    assert (row["payment_number"], row["buyer"]) == (number, market.trading.buyer.name)
    seller.call("GET", f"/transfers/{number}/instructions", expect=404)
    answer = seller.respond("GET", f"/transfers/{number}/receipt")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_strangers_and_other_roles(market: SmallMarket) -> None:
    number = market.transfer
    stranger = App(parties.issue_token(goods.actor(goods.seller()), "别家"))
    stranger.call("GET", f"/transfers/{number}/receipt", expect=404)
    stranger.call("GET", f"/transfers/{number}/instructions", expect=404)
    assert stranger.get("/transfers")["items"] == []
    clerk = App(parties.issue_token(goods.actor(market.trading.seller, Role.CLERK), "x"))
    clerk.call("GET", "/transfers/received", expect=403)
    clerk.call("GET", f"/transfers/{number}/receipt", expect=403)


def test_an_operator_decides(market: SmallMarket) -> None:
    operator, line = App(market.staff_token), market.bank_line
    (row,) = operator.get("/operator/bank-lines")["items"]
    assert (row["number"], row["left"]) == (line, "0.01")
    path = f"/operator/bank-lines/{line}"
    App(market.buyer_token).call("GET", path, expect=403)
    assert operator.get(f"{path}/proposals")["items"] == []
    assert operator.get("/operator/bank-lines/explained")["items"] == []
    operator.put(f"{path}/note", {"note": "多付一分"})
    assert operator.get(path)["note"] == "多付一分"
    said = {"shares": [{"payable_number": "B1", "amount": "0.01"}], "seen": "0.01"}
    operator.call("POST", f"{path}/assign", said, expect=422)
    back = {"reason": "多付", "seen": "0.02"}
    operator.call("POST", f"{path}/send-back", back, expect=409)
    done = operator.post(f"{path}/send-back", back | {"seen": "0.01"})
    assert (done["state"], done["returned"]) == ("returned", "0.01")
    assert operator.get("/operator/bank-lines")["items"] == []
    assert operator.get("/operator/reconciliation")["agrees"]
