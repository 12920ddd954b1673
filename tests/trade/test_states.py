"""The state tables hold together, and what the code announces and does is what they say."""

from __future__ import annotations

import pytest

from pifa.kernel.deadlines import _handlers
from pifa.kernel.errors import WrongState
from pifa.kernel.states import SAME, StateTable
from pifa.trade.events import facts
from pifa.trade.events.notices import KINDS
from pifa.trade.models import Order, OrderStatus, RefundCase, RefundState
from pifa.trade.states import ENDED_REFUNDS, ORDER, REFUND, TABLES

EVENTS = {
    item.name: item
    for item in vars(facts).values()
    if isinstance(item, type) and issubclass(item, facts.OrderEvent) and hasattr(item, "name")
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_state_is_reached_and_every_verb_is_one(table: StateTable) -> None:
    verbs = [item.verb for item in table.transitions]
    assert len(verbs) == len(set(verbs))
    reached = {table.initial} | {item.target for item in table.transitions if item.target}
    assert reached - {SAME} == set(table.states)
    for item in table.transitions:
        assert set(item.sources) <= set(table.states)
        assert item.emits in EVENTS


def test_the_tables_are_those_of_the_columns() -> None:
    assert set(ORDER.states) == set(OrderStatus.values)
    assert set(REFUND.states) == set(RefundState.values)
    longest = Order._meta.get_field("status").max_length or 0
    assert max(map(len, OrderStatus.values)) <= longest
    longest = RefundCase._meta.get_field("state").max_length or 0
    assert max(map(len, RefundState.values)) <= longest


def test_an_ended_refund_has_no_way_on() -> None:
    ended = {
        state
        for state in REFUND.states
        if not any(REFUND.allows(state, item.verb) for item in REFUND.transitions)
    }
    assert ended == set(ENDED_REFUNDS)


def test_the_market_acts_at_a_deadline_for_each_of_its_own_verbs() -> None:
    handled = {kind for kind in _handlers if kind.startswith(("order.", "refund."))}
    assert handled == {
        "order.expire",
        "order.receive",
        "order.complete",
        "order.payment_due",
        "order.shipment_due",
        "order.refund_unshipped",
        "order.receipt_due",
        "order.production_due",
        "order.production_late",
        "order.production_lapse",
        "order.balance_due",
        "order.balance_lapse",
        "refund.grant",
        "refund.receive_return",
        "refund.lapse",
    }


@pytest.mark.parametrize(
    ("state", "who", "verbs"),
    [
        ("awaiting_payment", "buyer", ["pay", "cancel"]),
        ("awaiting_payment", "seller", ["adjust_price", "close"]),
        (
            "in_production",
            "seller",
            ["adjust_price", "note_progress", "finish_production", "cancel_production"],
        ),
        ("in_production", "buyer", ["pay_balance_early", "cancel_late", "ask_refund"]),
        ("awaiting_balance", "seller", ["adjust_price", "cancel_production"]),
        ("awaiting_balance", "buyer", ["pay_balance", "ask_refund"]),
        ("awaiting_shipment", "seller", ["ship"]),
        ("awaiting_shipment", "buyer", ["ask_refund"]),
        ("awaiting_receipt", "buyer", ["confirm_receipt", "ask_refund"]),
        ("in_refund", "buyer", []),
        ("awaiting_review", "buyer", ["ask_refund", "write_review"]),
        ("completed", "buyer", []),
        ("closed", "seller", []),
    ],
)
def test_the_buttons_of_each_side(state: str, who: str, verbs: list[str]) -> None:
    assert ORDER.verbs(state, who) == verbs


def test_a_refusal_names_state_and_verb() -> None:
    with pytest.raises(WrongState) as refused:
        ORDER.check("closed", "ship")
    assert str(refused.value) == "当前状态是“交易关闭”，不能进行“发货”。请刷新页面查看最新状态。"


def test_every_notice_belongs_to_an_announced_event() -> None:
    assert set(KINDS) <= set(EVENTS)
