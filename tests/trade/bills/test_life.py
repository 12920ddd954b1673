"""An order that is paid by bill: from the buyer's wish to the acceptor's money, and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from pifa.finance import commands as finance
from pifa.finance import queries as money
from pifa.finance.commands.locking import lock_payable
from pifa.finance.commands.promises import part_of
from pifa.finance.errors import MethodNotOffered
from pifa.finance.methods.acceptance_bill.commands.maturing import present
from pifa.finance.methods.acceptance_bill.errors import (
    BillDrawnAlready,
    BillMaturity,
)
from pifa.finance.methods.acceptance_bill.models import Bill, SandboxBill
from pifa.finance.models import Payable, Payment
from pifa.finance.sandbox import bill_book
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Role
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound, WrongState
from pifa.kernel.money import Money
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company
from pifa.trade import commands
from tests.trade.bills.desk import ACCEPTOR, Desk


def test_an_accepted_bill_ships_the_order_and_an_honoured_one_pays_it(desk: Desk) -> None:
    bill = desk.offered()
    order = desk.order(bill)
    total = order.total_fen
    assert (bill.state, bill.face_fen, order.status) == ("offered", total, "awaiting_payment")
    finance.accept_bill(desk.trading.selling, bill.number)
    order = desk.order(bill)
    assert (order.status, order.promised_fen, order.paid_fen) == ("awaiting_shipment", total, 0)
    assert desk.balance(AccountKind.RECEIVABLE, buyer=True) == total
    commands.ship(desk.trading.selling, order.number, "试验快递", "T1")
    bill = desk.mature(bill)
    order = desk.order(bill)
    assert (bill.state, bill.kept_fen, bill.rest_fen) == ("honoured", total, 0)
    assert (order.promised_fen, order.paid_fen, order.released_fen) == (0, total, total)
    assert desk.balance() == total
    assert desk.balance(AccountKind.RECEIVABLE, buyer=True) == 0


def test_honoured_before_receipt_the_money_is_held(desk: Desk) -> None:
    bill = desk.accepted(matures_on=clock.today() + timedelta(days=3))
    commands.ship(desk.trading.selling, desk.order(bill).number, "试验快递", "T1")
    bill = desk.mature(bill)
    assert (desk.balance(AccountKind.ESCROW), desk.balance()) == (bill.face_fen, 0)
    commands.confirm_receipt(desk.trading.buying, desk.order(bill).number)
    assert (desk.balance(AccountKind.ESCROW), desk.balance()) == (0, bill.face_fen)


def test_a_dishonoured_bill_is_paid_another_way_and_no_bill_is_taken_until_then(
    desk: Desk,
) -> None:
    bill = desk.mature(desk.shipped(), "dishonour")
    order = desk.order(bill)
    payable = Payable.objects.get(subject=order.subject)
    assert (bill.state, bill.owed_fen, bill.reason) == ("dishonoured", order.total_fen, "no_funds")
    assert (order.promised_fen, order.paid_fen) == (order.total_fen, 0)
    other = desk.trading.place()
    for number in (payable.number, Payable.objects.get(subject=other.subject).number):
        with pytest.raises(MethodNotOffered):
            finance.start_payment(desk.trading.buying, number, "acceptance_bill")
    assert desk.pay(order) == ["settled"]
    bill.refresh_from_db()
    order.refresh_from_db()
    assert (bill.state, bill.owed_fen, order.paid_fen) == ("cleared", 0, order.total_fen)
    assert desk.offered(other).state == "offered"


def test_a_dishonoured_bill_paid_in_parts_is_dishonoured_until_all_is_paid(desk: Desk) -> None:
    bill = desk.mature(desk.shipped(), "dishonour")
    order = desk.order(bill)
    # A promise that is cut is the same bill's still.
    with transaction.atomic():
        payable = lock_payable(order.subject)
        payment = payable.payments.select_related("stage").get(state=Payment.State.PROMISED)
        part_of(payable, payment, Money(1_00))
    assert desk.pay(order) == ["settled"]
    bill.refresh_from_db()
    assert (bill.state, bill.owed_fen) == ("dishonoured", order.total_fen - 1_00)
    assert desk.pay(order) == ["settled"]
    bill.refresh_from_db()
    assert (bill.state, bill.owed_fen) == ("cleared", 0)


def test_a_seller_lets_a_dishonoured_bill_go(desk: Desk) -> None:
    bill = desk.mature(desk.shipped(), "dishonour")
    with pytest.raises(NotFound):
        finance.forgive_bill(desk.trading.buying, bill.number)
    assert finance.forgive_bill(desk.trading.selling, bill.number) == Money(bill.face_fen)
    bill.refresh_from_db()
    assert (bill.state, desk.order(bill).promised_fen) == ("cleared", 0)
    with pytest.raises(WrongState):
        finance.forgive_bill(desk.trading.selling, bill.number)


def test_a_refused_bill_leaves_the_order_to_be_paid(desk: Desk) -> None:
    bill = desk.offered()
    with pytest.raises(InvalidInput):
        finance.refuse_bill(desk.trading.selling, bill.number, " ")
    finance.refuse_bill(desk.trading.selling, bill.number, "期限太长")
    bill.refresh_from_db()
    assert (bill.state, bill.reason) == ("refused", "期限太长")
    assert SandboxBill.objects.get().state == "returned"
    (payment,) = money.payments(bill.payable.subject)
    assert (payment.state, payment.outcome) == ("failed", "汇票没有出票或没有被签收")
    with pytest.raises(WrongState):
        finance.accept_bill(desk.trading.selling, bill.number)
    assert desk.accepted(desk.order(bill)).state == "accepted"


def test_a_bill_that_nobody_answers_expires(desk: Desk) -> None:
    bill = desk.offered()
    deadlines.run_due(bill.answer_by)
    bill.refresh_from_db()
    assert (bill.state, desk.order(bill).status) == ("expired", "awaiting_payment")
    assert SandboxBill.objects.get().state == "returned"


def test_an_order_that_ends_before_the_bill_is_taken_sends_it_back(desk: Desk) -> None:
    cancelled = desk.offered()
    commands.cancel_order(desk.trading.buying, desk.order(cancelled).number, "不要了")
    otherwise = desk.offered()
    assert desk.pay(desk.order(otherwise)) == ["settled"]
    repriced = desk.offered()
    order = desk.order(repriced)
    commands.adjust_price(desk.trading.selling, order.number, Money(order.total_fen - 1))
    for bill in (cancelled, otherwise, repriced):
        bill.refresh_from_db()
        assert bill.state == "withdrawn"
        with pytest.raises(WrongState):
            finance.accept_bill(desk.trading.selling, bill.number)
    assert set(SandboxBill.objects.values_list("state", flat=True)) == {"returned"}


def test_a_bill_drawn_after_the_order_ended_goes_back(desk: Desk) -> None:
    bill = desk.asked(desk.trading.place())
    commands.cancel_order(desk.trading.buying, desk.order(bill).number, "不要了")
    assert bill_book.send_waiting() == ["returned"]
    bill.refresh_from_db()
    assert (bill.state, bill.bill_no) == ("withdrawn", SandboxBill.objects.get().bill_no)
    assert bill_book.tell(bill.number, "twice") == "repeated"


def test_an_order_refunded_whole_before_the_day_sends_the_bill_back(desk: Desk) -> None:
    bill = desk.shipped()
    order = desk.order(bill)
    desk.refund(order, Money(order.total_fen))
    bill.refresh_from_db()
    assert (bill.state, bill.owed_fen, desk.order(bill).promised_fen) == ("returned", 0, 0)
    assert SandboxBill.objects.get().state == "returned"
    deadlines.run_due(clock.start_of_day(bill.presents_on) + timedelta(days=1))
    bill.refresh_from_db()
    assert (bill.state, desk.balance(), desk.balance(buyer=True)) == ("returned", 0, 0)


def test_what_is_refunded_in_part_before_the_day_comes_to_the_buyer_with_the_money(
    desk: Desk,
) -> None:
    bill = desk.shipped()
    desk.refund(desk.order(bill), Money(3_00))
    bill.refresh_from_db()
    assert (bill.state, bill.owed_fen) == ("accepted", bill.face_fen - 3_00)
    assert desk.balance(buyer=True) == 0
    bill = desk.mature(bill)
    assert (bill.kept_fen, bill.rest_fen) == (bill.face_fen - 3_00, 3_00)
    assert (desk.balance(), desk.balance(buyer=True)) == (bill.face_fen - 3_00, 3_00)


def test_what_is_refunded_in_part_of_a_dishonoured_bill_is_owed_no_more(desk: Desk) -> None:
    bill = desk.shipped()
    desk.refund(desk.order(bill), Money(3_00))
    bill = desk.mature(bill, "dishonour")
    order = desk.order(bill)
    assert bill.owed_fen == bill.face_fen - 3_00
    assert desk.pay(order) == ["settled"]
    order.refresh_from_db()
    assert (order.paid_fen, desk.balance(buyer=True)) == (bill.face_fen - 3_00, 0)


@pytest.mark.parametrize("share", [3_00, None])
def test_a_refund_after_the_day_goes_to_the_buyers_balance(desk: Desk, share: int | None) -> None:
    bill = desk.accepted(matures_on=clock.today() + timedelta(days=3))
    commands.ship(desk.trading.selling, desk.order(bill).number, "试验快递", "T1")
    bill = desk.mature(bill)
    amount = share or bill.face_fen
    desk.refund(desk.order(bill), Money(amount))
    assert desk.balance(buyer=True) == amount
    assert desk.balance(AccountKind.ESCROW) == bill.face_fen - amount


@pytest.mark.parametrize("plan", ["honour", "dishonour"])
def test_refunded_whole_while_the_bank_has_it_in_hand(desk: Desk, plan: str) -> None:
    bill = desk.shipped()
    bill_book.plan(bill.number, plan)
    at = clock.start_of_day(bill.presents_on)
    deadlines.run_due(at - timedelta(minutes=1))
    present(bill.subject)
    order = desk.order(bill)
    finance.refund(order.subject, Money(order.total_fen), key="all", reason="退货")
    bill.refresh_from_db()
    assert (bill.state, bill.owed_fen) == ("presented", 0)
    bill_book.send_waiting(now_only=False)
    bill.refresh_from_db()
    paid = bill.face_fen if plan == "honour" else 0
    assert bill.state == ("honoured" if paid else "cleared")
    assert (desk.balance(), desk.balance(buyer=True)) == (0, paid)


@pytest.mark.parametrize(
    ("trick", "answer"),
    [
        ("wrong_amount", "wrong_amount"),
        ("wrong_payee", "wrong_bill"),
        ("wrong_day", "wrong_bill"),
        ("wrong_signature", "bad_signature"),
    ],
)
def test_a_wrong_bill_is_not_offered_until_it_is_told_rightly(
    desk: Desk, trick: str, answer: str
) -> None:
    bill = desk.asked(desk.trading.place())
    assert bill_book.tell(bill.number, trick) == answer
    bill.refresh_from_db()
    assert bill.state == "asked"
    with pytest.raises(WrongState):
        finance.accept_bill(desk.trading.selling, bill.number)
    assert bill_book.send_waiting() == ["noted"]
    bill.refresh_from_db()
    assert bill.state == "offered"
    assert bill_book.tell(bill.number, trick) == answer
    assert bill_book.tell(bill.number, "twice") == "repeated"


def test_a_bill_is_used_for_one_payment_only(desk: Desk) -> None:
    first = desk.offered()
    second = desk.asked(desk.trading.place())
    assert bill_book.tell(first.number, "used_twice", second.number) == "wrong_bill"
    second.refresh_from_db()
    assert (second.state, second.bill_no) == ("asked", None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bill.objects.filter(pk=second.pk).update(bill_no=first.bill_no)
    payment, soon = Payment.objects.get(bill_part__bill=first), clock.today() + timedelta(days=9)
    with pytest.raises(BillDrawnAlready):
        finance.draw_bill(desk.trading.buying, payment.number, ACCEPTOR, soon)


@pytest.mark.parametrize("plan", ["late", "twice", "wrong_amount", "wrong_signature"])
def test_money_is_booked_once_however_the_bank_tells_of_it(desk: Desk, plan: str) -> None:
    bill = desk.mature(desk.shipped(), plan)
    if plan != "twice":
        assert bill.state == "presented"
        deadlines.run_due(clock.start_of_day(bill.presents_on) + timedelta(hours=3))
        bill.refresh_from_db()
    assert (bill.state, desk.balance()) == ("honoured", bill.face_fen)


def test_the_bank_declines_what_is_too_large(desk: Desk) -> None:
    order = desk.trading.place()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bill_book, "MOST", Money(1))
        bill = desk.asked(order)
    assert bill_book.send_waiting() == ["failed"]
    bill.refresh_from_db()
    assert (bill.state, bill.reason) == ("failed", "too_large")
    assert (desk.order(bill).status, desk.pay(order)) == ("awaiting_payment", ["settled"])


def test_who_may_draw_and_answer(desk: Desk) -> None:
    trading = desk.trading
    order = trading.place()
    number = Payable.objects.get(subject=order.subject).number
    purchaser = replace(trading.buying, roles=frozenset({Role.PURCHASER}))
    with pytest.raises(Forbidden):
        finance.start_payment(purchaser, number, "acceptance_bill")
    begun = finance.start_payment(trading.buying, number, "acceptance_bill").payment_number
    soon = clock.today() + timedelta(days=9)
    with pytest.raises(Forbidden):
        finance.draw_bill(purchaser, begun, ACCEPTOR, soon)
    with pytest.raises(NotFound):
        finance.draw_bill(trading.selling, begun, ACCEPTOR, soon)
    with pytest.raises(InvalidInput):
        finance.draw_bill(trading.buying, begun, "nobody", soon)
    bill = finance.draw_bill(trading.buying, begun, ACCEPTOR, soon)
    bill_book.send_waiting()
    clerk = replace(trading.selling, roles=frozenset({Role.CLERK}))
    with pytest.raises(Forbidden):
        finance.accept_bill(clerk, bill)
    for verb in (finance.accept_bill, lambda actor, it: finance.refuse_bill(actor, it, "不")):
        with pytest.raises(NotFound):
            verb(trading.buying, bill)
    with pytest.raises(NotFound):
        money.bill(replace(trading.buying, company_id=10**9), bill)


def test_only_companies_with_legal_names_pay_by_bill(desk: Desk) -> None:
    Company.objects.filter(pk=desk.trading.seller.pk).update(verified_name="")
    with pytest.raises(MethodNotOffered):
        desk.asked(desk.trading.place())


def test_a_bill_matures_within_six_months(desk: Desk) -> None:
    order = desk.trading.place()
    for day in (clock.today(), clock.today() + timedelta(days=190)):
        with pytest.raises(BillMaturity) as refused:
            desk.asked(order, day)
    assert refused.value.figures["first"] == clock.today() + timedelta(days=1)
    assert desk.asked(order, refused.value.figures["last"]).state == "asked"


def test_it_is_presented_on_a_business_day(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    day = clock.today() + timedelta(days=30)
    while day.weekday() != 5:
        day += timedelta(days=1)
    monday = day + timedelta(days=2)
    monkeypatch.setattr(settings, "MARKET_BANK_HOLIDAYS", (monday.isoformat(),))
    bill = desk.accepted(matures_on=day)
    assert (bill.matures_on, bill.presents_on) == (day, monday + timedelta(days=1))
    assert isinstance(bill.presents_on, date)


def test_what_is_listed(desk: Desk) -> None:
    trading = desk.trading
    offered, accepted = desk.offered(), desk.accepted()
    tabs = {
        tab: [row.number for row in money.bills(trading.selling, "seller", tab=tab).items]
        for tab in money.BILL_TABS
    }
    assert tabs == {
        "to_answer": [offered.number],
        "maturing": [accepted.number],
        "dishonoured": [],
        "all": [accepted.number, offered.number],
    }
    assert money.bills(trading.selling, "buyer").items == []
    later = desk.accepted(matures_on=accepted.matures_on + timedelta(days=7))
    first = money.bills(trading.selling, "seller", tab="maturing", size=1)
    rest = money.bills(trading.selling, "seller", tab="maturing", cursor=first.next_cursor)
    assert [row.number for row in (*first.items, *rest.items)] == [accepted.number, later.number]
    finance.refund(later.payable.subject, Money(later.face_fen), key="later", reason="退货")
    totals = money.bill_totals(trading.selling, "seller")
    assert (totals.to_answer.fen, totals.maturing.fen) == (offered.face_fen, accepted.face_fen)
    (day,) = money.bill_calendar(trading.selling)
    assert (day.day, day.bills, day.amount.fen) == (accepted.presents_on, 1, accepted.face_fen)
    assert len(money.bills_of_market(trading.operator).items) == 3
    with pytest.raises(Forbidden):
        money.bills_of_market(trading.selling)
