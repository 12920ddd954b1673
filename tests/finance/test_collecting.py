"""The collection code: anybody pays, the company has it at once, a renewed code ends the old."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from pifa.benefits.labels import COLLECTION_CODE
from pifa.finance import commands, queries
from pifa.finance.errors import (
    BenefitNotHeld,
    CollectionPaused,
    CollectionTooLarge,
    RefundTooLarge,
    TooManyCollections,
)
from pifa.finance.models import Collection, CollectionCode, Payable, Payment
from pifa.finance.sandbox import bank
from pifa.finance.sandbox.bank import BankAction
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound, WrongState
from pifa.kernel.events import deliver
from pifa.kernel.models import AuditEntry, OutboxEvent
from pifa.kernel.money import Money, total
from pifa.ledger import queries as ledger
from pifa.ledger.errors import InsufficientBalance
from pifa.ledger.rules import AccountKind
from pifa.messages.models import Notice
from pifa.messages.wording import wording
from pifa.metrics.models import Fact
from pifa.parties.errors import TextLength
from pifa.parties.models import Company
from tests.catalog import market as goods
from tests.finance.conftest import (
    Press,
    actor_of,
    grant,
    grant_instant_payout,
    open_payee,
    take_grants,
)
from tests.plugins.clock import MarketClock
from tests.plugins.examples import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def code(buyer: Company) -> str:
    """The buyer's own code."""
    return made(buyer)


def made(company: Company) -> str:
    grant(company.pk, COLLECTION_CODE)
    commands.renew_collection_code(actor_of(company, Role.FINANCE))
    token = queries.collection_code(company.pk).token
    assert token is not None
    return token


def balance(company: Company) -> Money:
    return ledger.balance(company.pk, AccountKind.BALANCE)


def start(token: str, yuan: str = "12.50", note: str = "", caller: str = "10.0.0.1") -> object:
    return commands.start_collection(token, Money.yuan(yuan), note, caller)


def test_money_goes_straight_into_the_balance(code: str, buyer: Company, press: Press) -> None:
    begun = commands.start_collection(code, Money.yuan("12.50"), "  三箱\u200b苹果 ", "10.0.0.1")
    assert press(begun, "pay") == ["settled"]
    assert balance(buyer) == Money.yuan("12.50")
    assert ledger.balance(buyer.pk, AccountKind.ESCROW) == Money(0)
    (row,) = queries.collected(actor_of(buyer, Role.FINANCE)).items
    assert (row.amount, row.note) == (Money.yuan("12.50"), "三箱苹果")
    words = [entry.words for entry in ledger.entries(f"collection:{row.number}")]
    assert words[-1] == "收钱码收款进入余额"
    deliver()
    told = Notice.objects.get(company=buyer, kind="collected")
    assert (told.params["amount_fen"], told.params["note"]) == (12_50, "三箱苹果")


def test_it_counts_in_no_metric_and_is_nobodys_purchase(
    code: str, buyer: Company, press: Press
) -> None:
    press(commands.start_collection(code, Money(100), "", "10.0.0.1"), "pay")
    names = set(OutboxEvent.objects.values_list("name", flat=True))
    deliver()
    assert not any(name.startswith("order.") for name in names)
    assert not Fact.objects.exists()
    assert queries.purchases_statement(actor_of(buyer, Role.FINANCE)).lines == []


def test_who_may_make_a_code(buyer: Company) -> None:
    finance = actor_of(buyer, Role.FINANCE)
    with pytest.raises(BenefitNotHeld, match="收钱码"):
        commands.renew_collection_code(finance)
    grant(buyer.pk, COLLECTION_CODE)
    for verb in (commands.renew_collection_code, commands.close_collection_code):
        with pytest.raises(Forbidden):
            verb(actor_of(buyer, Role.PURCHASER))
    with pytest.raises(Forbidden):
        queries.collected(actor_of(buyer, Role.PURCHASER))


def test_a_renewed_code_ends_the_old_one(code: str, buyer: Company) -> None:
    new = made(buyer)
    assert new != code
    for dead in (code, "nonsense", ""):
        with pytest.raises(NotFound):
            start(dead)
        with pytest.raises(NotFound):
            queries.collection_page(dead)
    assert start(new)
    commands.close_collection_code(actor_of(buyer, Role.FINANCE))
    with pytest.raises(NotFound):
        start(new)
    CollectionCode.objects.create(company=buyer, token="a", made_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        CollectionCode.objects.create(company=buyer, token="b", made_at=clock.now())


def test_what_was_begun_with_the_old_code_still_arrives(
    code: str, buyer: Company, press: Press
) -> None:
    begun = commands.start_collection(code, Money(100), "", "10.0.0.1")
    made(buyer)
    press(begun, "pay")
    assert balance(buyer) == Money(100)


def test_without_the_benefit_the_code_stands_still(code: str, buyer: Company) -> None:
    take_grants(buyer.pk)
    assert not queries.collection_page(code).granted
    with pytest.raises(CollectionPaused):
        start(code)
    grant(buyer.pk, COLLECTION_CODE)
    assert start(code)


def test_strangers_learn_only_a_name(code: str, buyer: Company) -> None:
    view = queries.collection_page(code)
    assert view.name == buyer.name
    seller = goods.seller("永固紧固件厂")
    shop = queries.collection_page(made(seller))
    assert shop.name == queries.public_name(seller.pk)


@pytest.mark.parametrize("yuan", ["0", "50000.01"])
def test_amounts_have_limits(code: str, yuan: str) -> None:
    with pytest.raises(CollectionTooLarge):
        start(code, yuan)
    assert start(code, "50000.00")


def test_a_note_has_a_limit(code: str) -> None:
    with pytest.raises(TextLength):
        start(code, note="长" * 61)


def test_tries_are_limited_by_payer_and_by_code(
    code: str, monkeypatch: pytest.MonkeyPatch, market_clock: MarketClock
) -> None:
    monkeypatch.setitem(settings.MARKET, "collection_tries_of_code", 13)
    for _try in range(10):
        start(code)
    with pytest.raises(TooManyCollections):
        start(code)
    for number in range(3):
        start(code, caller=f"10.0.1.{number}")
    with pytest.raises(TooManyCollections):
        start(code, caller="10.0.2.1")
    market_clock.forward(minutes=11)
    assert start(code)
    assert "10.0" not in Collection.objects.latest("pk").origin


def test_what_nobody_pays_is_closed_and_late_money_goes_back(
    code: str, buyer: Company, press: Press, operator: Actor, market_clock: MarketClock
) -> None:
    begun = commands.start_collection(code, Money(100), "", "10.0.0.1")
    late = commands.start_collection(code, Money(200), "", "10.0.0.1")
    trade_no = late.redirect_url.rstrip("/").rpartition("/")[2]
    bank.act(trade_no, "delay", delay=timedelta(days=2))
    deadlines.run_due(market_clock.forward(days=1))
    assert {row.state for row in Payable.objects.all()} == {"closed"}
    with pytest.raises(WrongState):
        press(begun, "pay")
    deadlines.run_due(market_clock.forward(days=2))
    assert Payment.objects.get(number=late.payment_number).state == "returned"
    assert balance(buyer) == Money(0)
    assert queries.reconciliation(operator).difference == Money(0)


def test_money_that_came_twice_goes_back_to_whom_nobody_knows(
    code: str, buyer: Company, press: Press, operator: Actor
) -> None:
    begun = commands.start_collection(code, Money(100), "", "10.0.0.1")
    press(begun, "pay_twice")
    assert balance(buyer) == Money(100)
    assert Payment.objects.filter(state="returned").count() == 1
    deliver()
    assert not Notice.objects.filter(kind="payment_returned").exists()
    assert not OutboxEvent.objects.filter(delivered_at=None).exists()
    assert queries.reconciliation(operator).difference == Money(0)


def test_collected_money_pays_a_debt_first(
    order: str, purchaser: Actor, seller: Company, press: Press
) -> None:
    finance = actor_of(seller, Role.FINANCE)
    grant_instant_payout(seller.pk)
    commands.switch_instant_payout(finance, True)
    view = queries.payable(order)
    assert view is not None
    press(commands.start_payment(purchaser, view.number, "gateway"), "pay")
    commands.pay_out_at_once(order)
    commands.withdraw(finance, balance(seller))
    commands.refund(order, Money(100_00), "f1", "")
    token = made(seller)
    press(commands.start_collection(token, Money(130_00), "", "10.0.0.1"), "pay")
    assert ledger.balance(seller.pk, AccountKind.CLAWBACK) == Money(0)
    assert balance(seller) == Money(30_00)


def collected(code: str, buyer: Company, press: Press, fen: int = 100_00) -> str:
    press(commands.start_collection(code, Money(fen), "样品", "10.0.0.1"), "pay")
    return queries.collected(actor_of(buyer, Role.FINANCE)).items[0].number


def test_what_came_goes_back_in_parts_from_the_balance(
    code: str, buyer: Company, press: Press, operator: Actor
) -> None:
    number, finance = collected(code, buyer, press), actor_of(buyer, Role.FINANCE)
    for _repeat in range(2):
        commands.refund_collection(finance, number, Money(30_00), "少了一箱", key="a")
    commands.refund_collection(finance, number, Money(20_00), "", key="b")
    view = queries.collected_one(finance, number)
    assert (view.amount, view.refunded, view.left) == (Money(100_00), Money(50_00), Money(50_00))
    assert balance(buyer) == Money(50_00)
    assert ledger.entries(f"collection:{number}")[-1].words == "从收款方余额退款给付款方"
    assert AuditEntry.objects.filter(action="collection.refund").count() == 2
    with pytest.raises(RefundTooLarge):
        commands.refund_collection(finance, number, Money(50_01), "")
    assert ledger.check() == []
    assert queries.reconciliation(operator).difference == Money(0)


def test_who_may_send_back_and_what(
    code: str, buyer: Company, seller: Company, press: Press
) -> None:
    number, finance = collected(code, buyer, press), actor_of(buyer, Role.FINANCE)
    open_payee(buyer.pk)
    with pytest.raises(Forbidden):
        commands.refund_collection(actor_of(buyer, Role.PURCHASER), number, Money(1), "")
    with pytest.raises(NotFound):
        commands.refund_collection(actor_of(seller, Role.FINANCE), number, Money(1), "")
    with pytest.raises(InvalidInput):
        commands.refund_collection(finance, number, Money(0), "")
    start(code)
    unpaid = Collection.objects.latest("pk").number
    with pytest.raises(NotFound):
        commands.refund_collection(finance, unpaid, Money(1), "")
    commands.withdraw(finance, Money(60_00))
    with pytest.raises(InsufficientBalance, match=r"40\.00"):
        commands.refund_collection(finance, number, Money(40_01), "")
    assert balance(buyer) == Money(40_00)


def test_a_collection_without_a_note_is_told_without_one(
    code: str, buyer: Company, press: Press
) -> None:
    press(commands.start_collection(code, Money(100), "", "10.0.0.1"), "pay")
    deliver()
    told = Notice.objects.get(company=buyer, kind="collected")
    assert wording("collected", told.params).body.endswith("。")


@pytest.mark.cooked_books
def test_the_check_finds_cooked_collections(code: str, buyer: Company, press: Press) -> None:
    press(commands.start_collection(code, Money(100), "", "10.0.0.1"), "pay")
    Payable.objects.update(released_fen=99)
    assert {row.code for row in ledger.check()} == {"payable", "collection"}
    Payable.objects.update(released_fen=100)
    Collection.objects.update(number="Q0")
    assert [row.what for row in ledger.check()] == ["payable without its collection"]


def test_only_a_collection_has_no_known_payer(code: str, buyer: Company) -> None:
    commands.start_collection(code, Money(100), "", "10.0.0.1")
    for change in ({"payer": buyer}, {"subject": "order:1"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Payable.objects.update(**change)


@trials(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(st.integers(1, 10**6), st.sampled_from(BankAction)), max_size=6))
def test_what_the_bank_took_is_what_the_company_has(
    buyer: Company, press: Press, operator: Actor, payments: list[tuple[int, BankAction]]
) -> None:
    with transaction.atomic():
        code = made(buyer)
        for at, (fen, action) in enumerate(payments):
            press(commands.start_collection(code, Money(fen), "", f"10.0.0.{at}"), action)
            assert ledger.check() == []
        deadlines.run_due(clock.now())
        for payment in Payment.objects.all():
            commands.refresh_payment(payment.number)
        paid = [fen for fen, action in payments if action is not BankAction.FAIL]
        assert balance(buyer) == total(map(Money, paid))
        assert queries.reconciliation(operator).difference == Money(0)
        assert ledger.check() == []
        transaction.set_rollback(True)
