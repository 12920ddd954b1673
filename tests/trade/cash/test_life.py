"""An order that is paid at the door: from the checkout to the seller's money, and back."""

from __future__ import annotations

import pytest

from pifa.finance import commands as finance
from pifa.finance import queries as books
from pifa.finance.errors import MoneyWithCarrier
from pifa.finance.models import GatewayNotice, Payable, SandboxParcel
from pifa.finance.sandbox import carrier
from pifa.kernel.errors import WrongState
from pifa.kernel.money import Money
from pifa.ledger.rules import AccountKind
from pifa.trade import commands, queries
from pifa.trade.errors import WayNotAgreed
from pifa.trade.models import RefundCase
from tests.trade.cash.door import Door
from tests.trade.market import LARGE, Trading


def test_it_is_not_offered_unless_the_seller_does(trading: Trading) -> None:
    view = queries.preview_checkout(trading.buying, lines=[(trading.skus[0], 10)], region="33")
    ways = queries.ways_to_agree(trading.buying, view)[trading.seller.pk]
    assert "cash_on_delivery" not in {way.code for way in ways}
    with pytest.raises(WayNotAgreed):
        trading.place(10, ways={trading.seller.pk: "cash_on_delivery"})


def test_beyond_the_limit_or_the_regions_it_is_refused(door: Door) -> None:
    trading = door.trading
    finance.offer_cash(trading.selling, True, Money(1), ["33"])
    with pytest.raises(WayNotAgreed) as over:
        door.agreed()
    assert over.value.figures["limit"] == Money(1)
    finance.offer_cash(trading.selling, True, Money(5_000_00), ["31"])
    with pytest.raises(WayNotAgreed):
        door.agreed()
    finance.offer_cash(trading.selling, False, Money(5_000_00), ["33"])
    with pytest.raises(WayNotAgreed):
        door.agreed()


def test_the_order_ships_unpaid_and_is_paid_when_remitted(door: Door) -> None:
    order = door.agreed()
    total = order.total_fen
    assert (order.status, order.promised_fen, order.paid_fen) == ("awaiting_shipment", total, 0)
    order = door.ship(order)
    parcel = SandboxParcel.objects.get(number=door.item(order).number)
    assert (parcel.amount_fen, parcel.tracking_no) == (total, f"T{order.pk}")
    assert door.play(order, "collect") == ["noted"]
    order.refresh_from_db()
    assert (order.promised_fen, order.paid_fen, door.carrier_owes()) == (total, 0, total)
    assert door.balance(AccountKind.RECEIVABLE, buyer=True) == 0
    assert carrier.remit() == ["settled"]
    order.refresh_from_db()
    fee = carrier.fee_of(Money(total)).fen
    assert (order.promised_fen, order.paid_fen, door.carrier_owes()) == (0, total, 0)
    assert door.balance(AccountKind.ESCROW) == total
    # The fee is the seller's; it has nothing on its balance yet, so that it owes it.
    assert door.balance(AccountKind.CLAWBACK) == fee
    commands.confirm_receipt(door.trading.buying, order.number)
    assert (door.balance(), door.balance(AccountKind.CLAWBACK)) == (total - fee, 0)
    item = books.cash_item(order.subject)
    assert item is not None
    assert (item.state, item.fee.fen, item.net.fen) == ("remitted", fee, total - fee)
    assert books.reconciliation(door.trading.operator).agrees


def test_received_before_it_is_remitted_the_money_goes_to_the_balance(door: Door) -> None:
    order = door.collected()
    commands.confirm_receipt(door.trading.buying, order.number)
    carrier.remit()
    order.refresh_from_db()
    fee = carrier.fee_of(Money(order.total_fen)).fen
    assert (door.balance(), order.released_fen) == (order.total_fen - fee, order.total_fen)


def test_a_report_counts_once(door: Door) -> None:
    order = door.shipped()
    assert door.play(order, "twice") == ["noted", "repeated"]
    assert door.carrier_owes() == order.total_fen
    with pytest.raises(WrongState):
        door.play(order, "refuse")


@pytest.mark.parametrize(
    ("action", "verdict", "flagged"),
    [("wrong_amount", "wrong_amount", True), ("wrong_signature", "bad_signature", False)],
)
def test_a_wrong_report_changes_nothing_until_it_is_told_rightly(
    door: Door, action: str, verdict: str, flagged: bool
) -> None:
    order = door.shipped()
    assert door.play(order, action) == [verdict]
    assert (door.item(order).state, door.carrier_owes()) == ("on_the_way", 0)
    assert GatewayNotice.objects.filter(flagged=True).exists() is flagged
    send_all()
    assert (door.item(order).state, door.carrier_owes()) == ("collected", order.total_fen)


def send_all() -> None:
    """What the carrier has written and not sent is sent."""
    from pifa.finance.models import SandboxCarrierWord

    for word in SandboxCarrierWord.objects.filter(sent_at=None).order_by("pk"):
        carrier.send(word.pk)


def test_a_report_that_contradicts_the_one_before_waits_for_an_operator(door: Door) -> None:
    from pifa.finance.methods.cash_on_delivery.commands.reports import receive_report
    from pifa.finance.sandbox import keys

    order = door.collected()
    number = door.item(order).number
    says = {"notice_id": "late", "number": number, "outcome": "refused", "amount_fen": "0"}
    assert receive_report("sandbox", says, keys.sign(says)) == "contradicts"
    says = {**says, "notice_id": "stranger", "number": "D999"}
    assert receive_report("sandbox", says, keys.sign(says)) == "unknown_payment"
    assert door.item(order).state == "collected"
    assert len(books.flagged_notices(door.trading.operator)) == 2


def test_before_shipment_all_is_waived(door: Door) -> None:
    order = door.agreed()
    case = commands.ask_refund(
        door.trading.buying, order.number, "money", Money(order.total_fen), "不要了"
    )
    commands.answer_refund(door.trading.selling, case, True)
    order.refresh_from_db()
    assert (order.status, order.promised_fen, door.item(order).state) == ("closed", 0, "cancelled")


def test_a_part_waived_on_the_way_is_not_collected(door: Door) -> None:
    order = door.shipped()
    case = commands.ask_refund(door.trading.buying, order.number, "money", Money(1_00), "破损")
    commands.answer_refund(door.trading.selling, case, True)
    parcel = SandboxParcel.objects.get(number=door.item(order).number)
    assert parcel.amount_fen == order.total_fen - 1_00
    door.play(order, "collect")
    carrier.remit()
    order.refresh_from_db()
    assert (order.paid_fen, order.waived_fen) == (order.total_fen - 1_00, 1_00)
    assert Payable.objects.get(subject=order.subject).state == "settled"


def test_a_parcel_that_need_not_be_paid_any_more_is_not_collected(door: Door) -> None:
    order = door.shipped()
    whole = Money(order.total_fen)
    case = commands.ask_refund(door.trading.buying, order.number, "money", whole, "丢失")
    commands.answer_refund(door.trading.selling, case, True)
    assert SandboxParcel.objects.get(number=door.item(order).number).state == "cancelled"


def test_refused_at_the_door_the_order_ends_and_nothing_is_owed(door: Door) -> None:
    order = door.shipped()
    assert door.play(order, "refuse") == ["noted"]
    order.refresh_from_db()
    case = RefundCase.objects.get(order=order)
    assert (order.status, case.state, case.kind) == ("in_refund", "returned", "return")
    with pytest.raises(WrongState):
        commands.answer_refund(door.trading.selling, case.number, False, "不收")
    _detail, view = queries.refund(door.trading.selling, case.number)
    assert view.verbs == ("confirm_return",)
    commands.confirm_return(door.trading.selling, case.number)
    order.refresh_from_db()
    assert (order.status, order.promised_fen, order.refunded_fen) == ("closed", 0, 0)
    assert door.balance(AccountKind.RECEIVABLE, buyer=True) == 0
    assert door.item(order).state == "refused"


def test_refused_while_a_refund_is_asked_it_goes_back_afterwards(door: Door) -> None:
    order = door.shipped()
    case = commands.ask_refund(door.trading.buying, order.number, "money", Money(1_00), "破损")
    door.play(order, "refuse")
    commands.withdraw_refund(door.trading.buying, case)
    order.refresh_from_db()
    latest = RefundCase.objects.filter(order=order).latest("pk")
    assert (order.status, latest.state, latest.asked_fen) == (
        "in_refund",
        "returned",
        order.total_fen,
    )


def test_refused_after_the_order_was_completed_only_the_promise_ends(door: Door) -> None:
    order = door.shipped()
    commands.confirm_receipt(door.trading.buying, order.number)
    commands.write_review(door.trading.buying, order.number, 5)
    door.play(order, "refuse")
    order.refresh_from_db()
    assert (order.status, order.promised_fen, order.waived_fen) == (
        "completed",
        0,
        order.total_fen,
    )


def test_less_at_the_door_is_owed_and_paid_otherwise(door: Door) -> None:
    order = door.shipped()
    assert door.play(order, "less", Money(3_00)) == ["noted"]
    rest = order.total_fen - 3_00
    assert door.found() == [("less_at_door", order.total_fen, 3_00)]
    item = books.cash_item(order.subject)
    assert item is not None
    assert (item.owed.fen, item.with_carrier.fen) == (rest, 3_00)
    payable = Payable.objects.get(subject=order.subject)
    offered = {
        way.code: way.offered for way in books.methods_for(door.trading.buying, payable.number)
    }
    assert offered["gateway"]
    assert not offered["cash_on_delivery"]
    paid = door.pay(order, "gateway")
    from pifa.finance.sandbox import bank
    from tests.trade.market import trade_of

    bank.act(trade_of(paid), "pay")
    order.refresh_from_db()
    assert (order.paid_fen, order.promised_fen) == (rest, 3_00)
    carrier.remit()
    order.refresh_from_db()
    assert (order.paid_fen, order.promised_fen) == (order.total_fen, 0)
    assert Payable.objects.get(subject=order.subject).state == "settled"


def test_the_seller_may_let_the_rest_go(door: Door) -> None:
    order = door.shipped()
    door.play(order, "less", Money(3_00))
    rest = Money(order.total_fen - 3_00)
    assert finance.forgive_rest(door.trading.selling, order.subject) == rest
    order.refresh_from_db()
    assert (order.promised_fen, order.waived_fen) == (3_00, rest.fen)
    with pytest.raises(WrongState):
        finance.forgive_rest(door.trading.selling, order.subject)


def test_what_the_carrier_has_cannot_go_back_before_it_is_remitted(door: Door) -> None:
    order = door.collected()
    case = commands.ask_refund(door.trading.buying, order.number, "money", Money(2_00), "破损")
    with pytest.raises(MoneyWithCarrier) as refused:
        commands.answer_refund(door.trading.selling, case, True)
    assert refused.value.figures["with_carrier"] == Money(order.total_fen)
    carrier.remit()
    commands.answer_refund(door.trading.selling, case, True)
    order.refresh_from_db()
    assert (order.refunded_fen, door.balance(buyer=True)) == (2_00, 2_00)


def test_all_goes_back_to_the_buyers_balance_after_it_was_remitted(door: Door) -> None:
    order = door.remitted()
    whole = Money(order.total_fen)
    case = commands.ask_refund(door.trading.buying, order.number, "money", whole, "不要了")
    commands.answer_refund(door.trading.selling, case, True)
    order.refresh_from_db()
    assert (order.status, door.balance(buyer=True)) == ("closed", whole.fen)
    # The carrier's fee was for the collecting, which was done: it stays the seller's debt.
    assert door.balance(AccountKind.CLAWBACK) == carrier.fee_of(whole).fen


def test_two_parts_one_online_one_at_the_door(door: Door) -> None:
    from pifa.finance.sandbox import bank
    from tests.trade.market import trade_of

    order = door.trading.place(100)
    payable = Payable.objects.get(subject=order.subject)
    half = Money(order.total_fen // 2)
    rest = Money(order.total_fen) - half
    finance.split_payment(door.trading.buying, payable.number, [half, rest])
    bank.act(trade_of(door.pay(order, "gateway")), "pay")
    door.pay(order)
    order.refresh_from_db()
    assert (order.status, order.paid_fen, order.promised_fen) == (
        "awaiting_shipment",
        half.fen,
        rest.fen,
    )
    door.ship(order)
    door.play(order, "collect")
    carrier.remit()
    order.refresh_from_db()
    assert order.paid_fen == order.total_fen


def test_a_limit_of_the_market_holds_for_every_seller(door: Door) -> None:
    from pifa.kernel.errors import InvalidInput

    with pytest.raises(InvalidInput):
        finance.offer_cash(door.trading.selling, True, Money(LARGE * 100), ["33"])
    with pytest.raises(InvalidInput):
        finance.offer_cash(door.trading.selling, True, Money(1_00), ["99"])
