"""Release, refund before and after it, withdrawal: nobody gets a fen that is not there."""

from __future__ import annotations

import pytest

from pifa.finance import commands, queries
from pifa.finance.commands import NewPayable
from pifa.finance.errors import PayeeCannotRefund, RefundTooLarge
from pifa.finance.events import DepositDrawn, PayableRefunded
from pifa.finance.models import PaymentRefund, SandboxEntry, SandboxTrade
from pifa.finance.sandbox import bank
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, IdempotencyConflict, InvalidInput, NotFound
from pifa.kernel.events import deliver
from pifa.kernel.models import OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.errors import InsufficientBalance
from pifa.ledger.rules import AccountKind
from pifa.messages.models import Notice
from pifa.parties.models import Company
from tests.finance.conftest import Begin, Press, actor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(order: str, begin: Begin, press: Press) -> str:
    press(begin(order), "pay")
    return order


def sellers(seller: Company, kind: AccountKind) -> Money:
    return ledger.balance(seller.pk, kind)


def test_release_pays_the_seller_once(paid: str, seller: Company) -> None:
    assert commands.release(paid, "r1") == Money(100_00)
    assert commands.release(paid, "r1") == Money(0)
    assert commands.release(paid, "r2") == Money(0)
    assert sellers(seller, AccountKind.BALANCE) == Money(100_00)
    view = queries.payable(paid)
    assert view is not None
    assert view.released == Money(100_00)
    assert ledger.check() == []


def test_nothing_is_released_of_what_was_never_paid(order: str) -> None:
    assert commands.release(order, "r1") == Money(0)
    assert ledger.entries(order) == []
    with pytest.raises(NotFound):
        commands.release("order:none", "r1")


def test_a_part_refund_before_release_leaves_the_rest_to_the_seller(
    paid: str, seller: Company
) -> None:
    refunded = commands.refund(paid, Money(30_00), "f1", "少发 3 件")
    assert (refunded.escrow, refunded.balance, refunded.deposit) == (
        Money(30_00),
        Money(0),
        Money(0),
    )
    assert SandboxTrade.objects.get().refunded_fen == 30_00
    assert commands.release(paid, "r1") == Money(70_00)
    assert sellers(seller, AccountKind.BALANCE) == Money(70_00)
    assert [entry.words for entry in ledger.entries(paid)] == [
        "买家付款，进入平台担保",
        "担保款原路退回买家",
        "担保款结算到卖家余额",
    ]
    assert ledger.check() == []


def test_the_same_refund_again_moves_nothing(paid: str) -> None:
    commands.refund(paid, Money(30_00), "f1", "少发")
    assert commands.refund(paid, Money(30_00), "f1", "少发").amount == Money(0)
    assert ledger.held(paid) == Money(70_00)
    assert SandboxEntry.objects.filter(kind="refund").count() == 1
    events = OutboxEvent.objects.filter(name=PayableRefunded.name)
    assert [event.payload for event in events] == [
        {"subject": paid, "amount_fen": 30_00, "waived_fen": 0}
    ]
    with pytest.raises(IdempotencyConflict):
        commands.refund(paid, Money(31_00), "f1", "少发")


@pytest.mark.parametrize("fen", [0, -1])
def test_refunds_of_nothing(paid: str, fen: int) -> None:
    with pytest.raises(InvalidInput):
        commands.refund(paid, Money(fen), "f1", "")


def test_no_more_goes_back_than_came(paid: str, order: str) -> None:
    commands.refund(paid, Money(60_00), "f1", "")
    with pytest.raises(RefundTooLarge) as refused:
        commands.refund(paid, Money(40_01), "f2", "")
    assert refused.value.figures == {"amount": Money(40_01), "refundable": Money(40_00)}
    commands.refund(paid, Money(40_00), "f3", "")
    assert ledger.held(paid) == Money(0)
    assert commands.release(paid, "r1") == Money(0)
    assert ledger.check() == []


def test_after_release_the_sellers_balance_pays_the_refund(paid: str, seller: Company) -> None:
    commands.release(paid, "r1")
    refunded = commands.refund(paid, Money(100_00), "f1", "质量问题")
    assert refunded.balance == Money(100_00)
    assert sellers(seller, AccountKind.BALANCE) == Money(0)
    assert ledger.entries(paid)[-1].words == "从收款方余额退款给付款方"
    assert ledger.check() == []


def test_then_the_deposit_pays_and_the_seller_is_told(
    paid: str, seller: Company, seller_finance: Actor
) -> None:
    commands.release(paid, "r1")
    _pay_deposit(seller_finance)
    commands.withdraw(seller_finance, Money(80_00))
    refunded = commands.refund(paid, Money(50_00), "f1", "质量问题")
    assert (refunded.balance, refunded.deposit) == (Money(20_00), Money(30_00))
    assert queries.protection(seller.pk).missing == Money(30_00)
    told = OutboxEvent.objects.get(name=DepositDrawn.name)
    assert told.payload == {"company_id": seller.pk, "amount_fen": 30_00}
    deliver()
    assert Notice.objects.get(kind="deposit_drawn").company_id == seller.pk
    assert ledger.check() == []


def test_a_refund_that_nobody_can_cover_moves_nothing_and_says_what_is_missing(
    paid: str, seller: Company, seller_finance: Actor
) -> None:
    commands.release(paid, "r1")
    commands.withdraw(seller_finance, Money(95_00))
    with pytest.raises(PayeeCannotRefund) as refused:
        commands.refund(paid, Money(50_00), "f1", "质量问题")
    assert refused.value.figures == {
        "needed": Money(50_00),
        "balance": Money(5_00),
        "deposit": Money(0),
        "missing": Money(45_00),
    }
    assert "还差 ¥45.00" in str(refused.value)
    assert sellers(seller, AccountKind.BALANCE) == Money(5_00)
    assert not PaymentRefund.objects.exists()
    assert ledger.check() == []


def test_withdrawing_sends_the_sellers_own_money_to_its_bank(
    paid: str, seller: Company, seller_finance: Actor, operator: Actor
) -> None:
    with pytest.raises(InsufficientBalance):
        commands.withdraw(seller_finance, Money(1))  # still in escrow
    commands.release(paid, "r1")
    commands.withdraw(seller_finance, Money(60_00), key="w1")
    commands.withdraw(seller_finance, Money(60_00), key="w1")
    assert sellers(seller, AccountKind.BALANCE) == Money(40_00)
    assert SandboxEntry.objects.get(kind="payout").credit.holder == seller.name
    assert queries.reconciliation(operator).difference == Money(0)
    with pytest.raises(InvalidInput):
        commands.withdraw(seller_finance, Money(-1))
    for outsider in (actor_of(seller, Role.CLERK), operator):
        with pytest.raises(Forbidden):
            commands.withdraw(outsider, Money(1))
    assert ledger.check() == []


def test_buyer_and_seller_read_their_own_statements(
    paid: str, buyer: Company, seller: Company, seller_finance: Actor, operator: Actor
) -> None:
    commands.refund(paid, Money(30_00), "f1", "")
    commands.release(paid, "r1")
    mine = queries.purchases_statement(actor_of(buyer, Role.FINANCE))
    assert [(line.incoming, line.outgoing, line.balance) for line in mine.lines] == [
        (Money(30_00), Money(0), Money(70_00)),
        (Money(0), Money(100_00), Money(100_00)),
    ]
    assert mine.closing == Money(70_00)
    assert mine.lines[0].subject == paid
    same = queries.purchases_statement(operator, company_id=buyer.pk)
    assert same == mine
    escrow = ledger.statement(seller_finance, AccountKind.ESCROW)
    assert [(line.incoming, line.outgoing, line.balance) for line in escrow.lines] == [
        (Money(0), Money(70_00), Money(0)),
        (Money(0), Money(30_00), Money(70_00)),
        (Money(100_00), Money(0), Money(100_00)),
    ]
    with pytest.raises(NotFound):
        queries.purchases_statement(seller_finance, company_id=buyer.pk)
    with pytest.raises(Forbidden):
        queries.purchases_statement(actor_of(buyer, Role.CLERK))
    assert queries.purchases_statement(seller_finance).lines == []


def test_another_sellers_hold_is_never_touched(
    paid: str, buyer: Company, begin: Begin, press: Press
) -> None:
    other = Company.objects.create(name="晨光照明", login="chenguang", created_at=buyer.created_at)
    commands.open_payables([NewPayable("order:9", buyer.pk, other.pk, 900_00, "灯")])
    press(begin("order:9"), "pay")
    commands.release(paid, "r1")
    commands.refund(paid, Money(100_00), "f1", "")
    assert ledger.held("order:9") == Money(900_00)
    assert sellers(other, AccountKind.ESCROW) == Money(900_00)
    assert ledger.check() == []


def _pay_deposit(actor: Actor) -> None:
    start = commands.join_buyer_protection(actor)
    assert start.payable_number is not None
    payment = commands.start_payment(actor, start.payable_number, "gateway")
    bank.act(payment.redirect_url.rstrip("/").rpartition("/")[2], "pay")
