"""What is not shipped waits while its bill is dishonoured; what need not be paid is told as of a bill."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pifa.finance import commands as finance
from pifa.finance import queries as money
from pifa.finance.methods.acceptance_bill.errors import BillDishonoured
from pifa.kernel import clock, deadlines, events
from pifa.kernel.money import Money
from pifa.messages.kinds import KINDS
from pifa.messages.models import Notice
from pifa.trade import commands
from tests.trade.bills.desk import Desk


def test_a_dishonoured_bill_holds_back_what_is_not_shipped_until_it_is_paid(desk: Desk) -> None:
    bill = desk.mature(desk.accepted(matures_on=clock.today() + timedelta(days=1)), "dishonour")
    order = desk.order(bill)
    assert (bill.state, order.status) == ("dishonoured", "awaiting_shipment")
    with pytest.raises(BillDishonoured) as refused:
        commands.ship(desk.trading.selling, order.number, "试验快递", "T1")
    assert refused.value.figures == {"number": bill.number, "owed": Money(bill.owed_fen)}
    desk.pay(order)
    commands.ship(desk.trading.selling, order.number, "试验快递", "T1")
    assert desk.order(bill).status == "awaiting_receipt"


def test_held_back_to_the_end_it_is_not_the_seller_who_did_not_ship(desk: Desk) -> None:
    bill = desk.mature(desk.accepted(matures_on=clock.today() + timedelta(days=1)), "dishonour")
    deadlines.run_due(clock.now() + timedelta(days=40))
    order = desk.order(bill)
    assert (order.status, order.promised_fen) == ("closed", 0)
    assert order.close_reason == "约定的款项没有付清，不能发货，交易关闭"
    assert desk.bill(bill.number).state == "cleared"


def test_let_go_it_holds_nothing_back(desk: Desk) -> None:
    """In a batch the others go; what the seller forgives it may ship, if it wants to."""
    other = desk.trading.paid()
    bill = desk.mature(desk.accepted(matures_on=clock.today() + timedelta(days=1)), "dishonour")
    order = desk.order(bill)
    wanted = [commands.ShipRequest(one.number, "试验快递", "T1") for one in (order, other)]
    first, second = commands.ship_many(desk.trading.selling, wanted)
    assert isinstance(first.error, BillDishonoured)
    assert second.error is None
    assert isinstance(
        commands.fulfilment.check_many(desk.trading.selling, wanted)[0].error, BillDishonoured
    )
    finance.forgive_bill(desk.trading.selling, bill.number)
    assert money.shipment_refusals([order.subject]) == {}


@pytest.mark.parametrize(
    ("method", "word"),
    [("trade_credit", "账期款"), ("acceptance_bill", "承兑汇票"), ("secured", "诚e赊"),
     ("trust_payment", "信任付"), ("cash_on_delivery", "货到付款"), ("", "约定后付")],
)  # fmt: skip
def test_what_need_not_be_paid_is_told_in_the_words_of_its_way(method: str, word: str) -> None:
    params = {"number": "1", "amount_fen": 1_00, "waived_fen": 1_00, "waived_by": method}
    said = str(KINDS["refund_waived"].body_for(params))
    assert word in said
    assert ("账期" in said) == (method == "trade_credit")


def test_a_refund_before_the_day_is_told_as_of_a_bill(desk: Desk) -> None:
    bill = desk.accepted()
    desk.refund(desk.order(bill), Money(1_00))
    while events.deliver():
        pass
    for notice in Notice.objects.filter(kind="refund_waived"):
        assert notice.params["waived_by"] == "acceptance_bill"
    assert Notice.objects.filter(kind="refund_waived").count() == 2
