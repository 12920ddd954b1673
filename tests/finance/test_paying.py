"""A payment settles once, whatever the bank says and however often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from pifa.finance import commands, queries
from pifa.finance.commands import PaymentStart
from pifa.finance.events import (
    MoneyArriving,
    PayableSettled,
    PaymentFailed,
    PaymentReturned,
)
from pifa.finance.models import GatewayNotice, Payable, Payment, SandboxTrade
from pifa.finance.sandbox import keys
from pifa.kernel import clock, deadlines, events
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound, WrongState
from pifa.kernel.models import OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.messages.models import Notice
from pifa.messages.wording import wording
from pifa.parties.models import Company
from tests.finance.conftest import Begin, Press, actor_of

pytestmark = pytest.mark.django_db


def announced(event: type[events.Event]) -> list[dict[str, object]]:
    rows = OutboxEvent.objects.filter(name=event.name).order_by("pk")
    return list(rows.values_list("payload", flat=True))


def trade_of(payment: PaymentStart) -> SandboxTrade:
    return SandboxTrade.objects.get(payment_number=payment.payment_number)


def test_paying_holds_the_money_and_tells_trade(order: str, begin: Begin, press: Press) -> None:
    assert press(begin(order), "pay") == ["settled"]
    view = queries.payable(order)
    assert view is not None
    assert (view.state, view.settled, view.left) == ("settled", Money(100_00), Money(0))
    assert ledger.held(order) == Money(100_00)
    assert announced(PayableSettled) == [{"subject": order, "amount_fen": 100_00}]
    assert [payment.state for payment in queries.payments(order)] == ["succeeded"]
    assert ledger.check() == []


def test_trade_changes_its_order_in_the_same_transaction(
    order: str, begin: Begin, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_event: PayableSettled) -> None:
        raise RuntimeError("the order cannot be changed")

    started = begin(order)
    with monkeypatch.context() as patch:
        patch.setitem(events._subscribers, PayableSettled, [breaks])
        with pytest.raises(RuntimeError):
            press(started, "pay")
    assert ledger.held(order) == Money(0)
    assert not GatewayNotice.objects.exists()
    # The bank has its money and says so again.
    assert deadlines.run_due(clock.now()) == 1
    assert ledger.held(order) == Money(100_00)
    assert ledger.check() == []


def test_the_order_is_locked_before_its_payable(
    order: str, begin: Begin, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked: list[str] = []
    monkeypatch.setitem(
        events._subscribers, MoneyArriving, [lambda event: locked.append(event.subject)]
    )
    begun = begin(order)
    assert locked == [order]  # a method that settles at once does so under the same locks
    press(begun, "pay")
    assert locked == [order, order]
    assert announced(MoneyArriving) == []


def test_failing_leaves_the_order_payable(order: str, begin: Begin, press: Press) -> None:
    assert press(begin(order), "fail") == ["failed"]
    assert announced(PaymentFailed) == [{"subject": order, "reason": "declined"}]
    assert queries.payments(order)[0].outcome == "银行拒绝了付款"
    assert press(begin(order), "pay") == ["settled"]
    assert ledger.check() == []


def test_a_delayed_notice_comes_by_the_market_clock(order: str, begin: Begin, press: Press) -> None:
    assert press(begin(order), "delay") == []
    assert deadlines.run_due(clock.now() + timedelta(minutes=29)) == 0
    assert ledger.held(order) == Money(0)
    assert deadlines.run_due(clock.now() + timedelta(minutes=30)) == 1
    assert ledger.held(order) == Money(100_00)
    paid = Payment.objects.get()
    assert paid.settled_at == clock.now() + timedelta(minutes=30)


def test_paying_twice_gives_the_second_payment_back(
    order: str, buyer: Company, begin: Begin, press: Press
) -> None:
    started = begin(order)
    assert press(started, "pay_twice") == ["settled", "returned"]
    assert ledger.held(order) == Money(100_00)
    assert trade_of(started).paid_fen == 200_00
    assert trade_of(started).refunded_fen == 100_00
    assert ledger.balance(buyer.pk, AccountKind.BALANCE) == Money(0)
    assert [entry.words for entry in ledger.entries(order)] == [
        "买家付款，进入平台担保",
        "收到多付的款项",
        "多付的款项原路退回",
    ]
    assert announced(PaymentReturned)[0]["why"] == "paid_already"
    assert [payment.state for payment in queries.payments(order)] == ["succeeded", "returned"]
    assert queries.payments(order)[1].outcome == "这笔已经付清，多付的钱已原路退回"
    assert ledger.check() == []


def test_two_notices_of_one_payment_settle_once(order: str, begin: Begin, press: Press) -> None:
    assert press(begin(order), "notify_twice") == ["settled", "repeated"]
    assert ledger.held(order) == Money(100_00)
    assert GatewayNotice.objects.get().repeats == 1
    assert ledger.check() == []


def test_another_notice_of_the_same_money_changes_nothing(
    order: str, begin: Begin, press: Press
) -> None:
    started = begin(order)
    press(started, "pay")
    payload = {**trade_of(started).notices.get().payload, "notice_id": "told-again"}
    verdict = commands.receive_notice("sandbox", payload, keys.sign(payload))
    assert verdict == "repeated"
    assert ledger.held(order) == Money(100_00)
    assert ledger.check() == []


def test_a_wrong_amount_posts_nothing_and_waits_for_an_operator(
    order: str, begin: Begin, press: Press, operator: Actor
) -> None:
    started = begin(order)
    assert press(started, "wrong_amount") == ["wrong_amount"]
    assert ledger.entries(order) == []
    (flagged,) = queries.flagged_notices(operator)
    assert (flagged.verdict, flagged.subject) == ("wrong_amount", order)
    assert queries.reconciliation(operator).difference == Money(100_00)
    # Asked directly, the bank says the truth.
    assert commands.refresh_payment(started.payment_number) == "settled"
    assert queries.reconciliation(operator).difference == Money(0)
    commands.clear_flag(operator, flagged.id, "已向银行核实，按实收入账")
    assert queries.flagged_notices(operator) == []
    assert ledger.check() == []


def test_a_forged_notice_is_refused_and_cannot_use_up_the_genuine_one(
    order: str, begin: Begin, press: Press
) -> None:
    started = begin(order)
    assert press(started, "wrong_signature") == ["bad_signature"]
    assert ledger.entries(order) == []
    payload = trade_of(started).notices.get().payload
    forged = {**payload, "amount_fen": "1"}
    assert commands.receive_notice("sandbox", forged, keys.sign(payload)) == "bad_signature"
    assert commands.receive_notice("sandbox", payload, keys.sign(payload)) == "settled"
    kept = GatewayNotice.objects.order_by("pk").values_list("verdict", flat=True)
    assert list(kept) == ["bad_signature", "bad_signature", "settled"]
    assert ledger.check() == []


@pytest.mark.parametrize("signature", ["", "%%%", "AAAA", "签名"])
def test_signatures_that_are_none(order: str, signature: str) -> None:
    payload = {"notice_id": "n\x00ul", "payment_number": 7, "nested": {"deep": "\ud800"}}
    assert commands.receive_notice("sandbox", payload, signature) == "bad_signature"
    assert commands.receive_notice("sandbox", payload, signature) == "bad_signature"
    assert GatewayNotice.objects.get().repeats == 1


@pytest.mark.parametrize(
    "change",
    [
        {"amount_fen": "-5"},
        {"amount_fen": "1.5"},
        {"amount_fen": "9" * 30},
        {"outcome": "maybe"},
        {"notice_id": ""},
        {"notice_id": "n" * 65},
        {"receipt_no": None},
    ],
)
def test_a_signed_notice_that_makes_no_sense_is_kept_and_refused(
    order: str, begin: Begin, change: dict[str, object], operator: Actor
) -> None:
    payload = {
        "notice_id": "n1",
        "payment_number": begin(order).payment_number,
        "outcome": "paid",
        "receipt_no": "r1",
        "amount_fen": "10000",
        **change,
    }
    assert commands.receive_notice("sandbox", payload, keys.sign(payload)) == "malformed"
    assert len(queries.flagged_notices(operator)) == 1
    assert ledger.entries(order) == []


def test_a_notice_about_an_unknown_payment_is_kept(operator: Actor, db: None) -> None:
    payload = {
        "notice_id": "n1",
        "payment_number": "P000",
        "outcome": "paid",
        "receipt_no": "r1",
        "amount_fen": "10000",
    }
    assert commands.receive_notice("sandbox", payload, keys.sign(payload)) == "unknown_payment"
    assert [row.verdict for row in queries.flagged_notices(operator)] == ["unknown_payment"]
    with pytest.raises(NotFound):
        commands.receive_notice("another-bank", payload, "")


def test_the_second_tab_is_closed_once_the_first_has_paid(
    order: str, begin: Begin, press: Press
) -> None:
    first, second = begin(order), begin(order)
    assert press(first, "pay") == ["settled"]
    with pytest.raises(WrongState):
        press(second, "pay")
    assert queries.payments(order)[1].outcome == "已由另一笔付款付清"


def test_two_tabs_paid_before_either_notice_came_settle_once(
    order: str, begin: Begin, press: Press
) -> None:
    first, second = begin(order), begin(order)
    press(first, "delay")
    assert press(second, "pay") == ["settled"]
    deadlines.run_due(clock.now() + timedelta(hours=1))
    assert ledger.held(order) == Money(100_00)
    assert trade_of(first).refunded_fen == 100_00
    states = [payment.state for payment in queries.payments(order)]
    assert states == ["returned", "succeeded"]
    assert ledger.check() == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda subject: commands.close_payable(subject), "closed"),
        (lambda subject: commands.change_amount(subject, Money(90_00)), "amount_changed"),
    ],
)
def test_money_for_a_closed_or_repriced_order_goes_back(
    order: str, begin: Begin, press: Press, change: object, why: str
) -> None:
    started = begin(order)
    press(started, "delay")
    assert callable(change)
    change(order)
    deadlines.run_due(clock.now() + timedelta(hours=1))
    assert trade_of(started).refunded_fen == 100_00
    assert ledger.held(order) == Money(0)
    assert len(ledger.entries(order)) == 2
    assert announced(PaymentReturned)[0]["why"] == why
    assert announced(PayableSettled) == []
    assert ledger.check() == []


def test_repricing_closes_the_old_attempt_at_the_bank(
    order: str, begin: Begin, press: Press
) -> None:
    old = begin(order)
    commands.change_amount(order, Money(120_00))
    with pytest.raises(WrongState):
        press(old, "pay")
    assert press(begin(order), "pay") == ["settled"]
    assert ledger.held(order) == Money(120_00)
    with pytest.raises(WrongState):
        commands.change_amount(order, Money(1))
    with pytest.raises(WrongState):
        commands.close_payable(order)
    assert ledger.check() == []


def test_the_payer_is_told_of_money_that_came_back(
    order: str, buyer: Company, begin: Begin, press: Press
) -> None:
    press(begin(order), "pay_twice")
    events.deliver()
    told = Notice.objects.get(kind="payment_returned")
    assert told.company_id == buyer.pk
    words = wording(told.kind, told.params)
    assert words.body == "“螺栓 M8”已经付清，您多付的 ¥100.00 已原路退回。"


def test_a_strangers_payable_does_not_exist(order: str, seller: Company) -> None:
    number = Payable.objects.get().number
    for stranger in (actor_of(seller, Role.OWNER), Actor("operator")):  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            commands.start_payment(stranger, number, "gateway")
    stranger = Actor(actor_of(seller).kind, company_id=seller.pk + 99)
    with pytest.raises(NotFound):
        queries.payable_by_number(stranger, number)
    with pytest.raises(NotFound):
        queries.methods_for(stranger, number)


@pytest.mark.parametrize("method", ["", "cash", "escrow"])
def test_a_method_that_is_none_is_told(order: str, purchaser: Actor, method: str) -> None:
    with pytest.raises(InvalidInput, match="付款方式"):
        commands.start_payment(purchaser, Payable.objects.get().number, method)
    assert not Payment.objects.exists()


def test_a_clerk_may_not_pay(order: str, buyer: Company) -> None:
    number = Payable.objects.get().number
    with pytest.raises(Forbidden):
        commands.start_payment(actor_of(buyer, Role.CLERK), number, "gateway")


def test_nothing_is_paid_for_what_is_paid_or_closed(
    order: str, begin: Begin, press: Press, purchaser: Actor
) -> None:
    number = Payable.objects.get().number
    assert queries.methods_for(purchaser, number)[0].offered
    press(begin(order), "pay")
    with pytest.raises(WrongState):
        begin(order)
    choice = queries.methods_for(purchaser, number)[0]
    assert (choice.offered, choice.why_not) == (False, "已付清")


def test_words_are_english_for_an_english_reader(order: str, begin: Begin, press: Press) -> None:
    press(begin(order), "pay")
    with translation.override("en"):
        assert ledger.entries(order)[0].words == "The buyer paid; held in escrow"
        assert queries.payments(order)[0].state_label == "Paid"
