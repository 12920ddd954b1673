"""Rulings by the API: operators rule, both sides read, the seller answers once."""

from __future__ import annotations

import pytest

from tests.api.client import App
from tests.api.market import SmallMarket, small_market


@pytest.fixture
def market(db: None) -> SmallMarket:
    return small_market()


def test_a_ruling_from_the_operator_to_the_sellers_answer(market: SmallMarket) -> None:
    number = market.trading.paid().number
    operator, seller, buyer = (
        App(market.staff_token),
        App(market.token),
        App(market.buyer_token),
    )
    seller.call("GET", f"/orders/{number}/ruling", expect=404)
    seller.call("POST", f"/operator/orders/{number}/ruling", {"reason": "x"}, expect=403)
    said = operator.post(f"/operator/orders/{number}/ruling", {"reason": "空包物流"})
    assert [row["verdict"] for row in said["items"]] == ["brushing"]
    assert buyer.get(f"/orders/{number}/ruling")["reason"] == "空包物流"
    answered = seller.post(f"/orders/{number}/ruling/answer", {"words": "有签收单"})
    assert (answered["answer"], answered["may_answer"]) == ("有签收单", False)
    assert buyer.get(f"/orders/{number}/ruling")["answer"] == ""
    (row,) = operator.get("/operator/rulings", state="answered", q=number)["items"]
    assert (row["order"], row["answer"], row["paid"]) == (number, "有签收单", "35.00")
    back = operator.post(f"/operator/orders/{number}/ruling/take-back", {"reason": "申诉成立"})
    assert [row["verdict"] for row in back["items"]] == ["brushing", "taken_back"]
    seller.call("GET", f"/orders/{number}/ruling", expect=404)
    assert len(operator.get(f"/operator/orders/{number}/rulings")["items"]) == 2
