"""Purchase approval by the API: what an order that waits says, and who lets it go."""

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


def test_an_order_that_waits_says_so_and_nobody_may_pay_it(market: SmallMarket) -> None:
    owner = App(market.buyer_token)
    member = goods.actor(market.trading.buyer, Role.PURCHASER)
    purchaser = App(parties.issue_token(member, "采购"))
    owner.put("/purchase-limits", {"limit": "50.00"})
    sent = {
        "lines": [{"sku_id": market.trading.skus[0], "quantity": 200}],
        "address_id": market.trading.address.pk,
        "shown_total": "70.00",
    }
    (number,) = purchaser.post("/orders", sent, expect=201)["numbers"]
    for app, verbs in ((purchaser, ["cancel"]), (owner, ["cancel"])):
        order = app.get(f"/orders/{number}")
        assert (order["awaits_approval"], order["verbs"]) == (True, verbs)
        (row,) = app.get("/orders", side="buyer", tab="awaiting_payment")["items"]
        assert (row["awaits_approval"], row["verbs"]) == (True, verbs)
    payable = purchaser.get(f"/payables/{order['payable_number']}")
    assert "审批" in payable["blocked"]
    assert [stage["payable_now"] for stage in payable["stages"]] == [False]

    owner.post(f"/orders/{number}/approval", {"approve": True, "shown_total": "70.00"})
    order = purchaser.get(f"/orders/{number}")
    assert (order["awaits_approval"], order["verbs"]) == (False, ["pay", "cancel"])
    payable = purchaser.get(f"/payables/{order['payable_number']}")
    assert (payable["blocked"], payable["stages"][0]["payable_now"]) == ("", True)
