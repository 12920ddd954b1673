"""A payable in stages and parts, promises that are kept or waived, money nobody began to pay."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pifa.finance import commands, queries
from pifa.finance.commands import NewPayable, NewStage
from pifa.finance.errors import MethodNotOffered
from pifa.finance.events import StageCovered, StageSettled
from pifa.finance.methods import registry
from pifa.finance.methods.balance import BalanceMethod
from pifa.finance.methods.protocol import Attempt, Due, Start, Words
from pifa.finance.models import Payment
from pifa.kernel import events
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, InvalidInput, WrongState
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger_commands
from pifa.ledger import queries as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import AccountKind, Legs, TransferKind
from pifa.parties.models import Company
from tests.finance.conftest import Begin, Press, actor_of

pytestmark = pytest.mark.django_db


class WordMethod(BalanceMethod):
    """Takes the payer's word; it is kept from its balance."""

    code = "word"
    label: Words = "口头约定"
    for_finance_only = False

    def offered(self, due: Due, payer_id: int | None) -> Words | None:
        return None

    def start(self, attempt: Attempt) -> Start:
        return Start(promised=True)

    def settle(self, attempt: Attempt) -> Legs:
        due = attempt.due
        assert due.payer_id is not None
        return (*super().settle(attempt), *self.waive(due))

    def waive(self, due: Due) -> Legs:
        assert due.payer_id is not None
        return postings.promise_ended(due.subject, due.payer_id, due.payee_id, due.amount)


@pytest.fixture
def word() -> Iterator[str]:
    registry.register_word(WordMethod())
    yield "word"
    del registry.METHODS["word"], registry.WORDS["word"]


@pytest.fixture
def staged(buyer: Company, seller: Company) -> str:
    """A payable of ¥30.00 deposit and ¥70.00 balance."""
    stages = (NewStage("deposit", 30_00), NewStage("balance", 70_00))
    commands.open_payables(
        [NewPayable("order:1", buyer.pk, seller.pk, 100_00, "螺栓 M8", stages=stages)]
    )
    return "order:1"


@pytest.fixture
def heard() -> Iterator[list[events.Event]]:
    """What floors above are told of stages."""
    found: list[events.Event] = []

    def note(event: events.Event) -> None:
        found.append(event)

    for kind in (StageSettled, StageCovered):
        events.subscribe(kind)(note)
    yield found
    for kind in (StageSettled, StageCovered):
        events._subscribers[kind].remove(note)


def number_of(subject: str) -> str:
    view = queries.payable(subject)
    assert view is not None
    return view.number


def put_on_balance(company: Company, amount: Money) -> None:
    legs = postings.returned("company:test", company.pk, amount)[:1]
    ledger_commands.transfer(f"test:{company.pk}:{amount.fen}", TransferKind.RETURN, legs)


def shape(subject: str) -> list[tuple[str, int, str]]:
    def state(stage: queries.StageView) -> str:
        if stage.settled_at:
            return "paid"
        return "promised" if stage.promised_at else "now" if stage.payable_now else "later"

    return [(row.purpose, row.amount.fen, state(row)) for row in queries.stages(subject)]


class TestStages:
    def test_one_purpose_after_the_other(
        self, staged: str, begin: Begin, press: Press, heard: list[events.Event]
    ) -> None:
        assert shape(staged) == [("deposit", 30_00, "now"), ("balance", 70_00, "later")]
        press(begin(staged), "pay")
        assert shape(staged) == [("deposit", 30_00, "paid"), ("balance", 70_00, "now")]
        assert ledger.held(staged) == Money(30_00)
        press(begin(staged), "pay")
        assert ledger.held(staged) == Money(100_00)
        told = [(type(event).__name__, vars(event)) for event in heard]
        assert [(name, said["purpose"]) for name, said in told] == [
            ("StageSettled", "deposit"),
            ("StageCovered", "deposit"),
            ("StageSettled", "balance"),
            ("StageCovered", "balance"),
        ]
        assert [said.get("whole", said.get("last")) for _name, said in told] == [
            False,
            False,
            True,
            True,
        ]
        assert ledger.check() == []

    def test_the_balance_cannot_be_paid_before_the_deposit(
        self, staged: str, purchaser: Actor
    ) -> None:
        with pytest.raises(InvalidInput):
            commands.start_payment(purchaser, number_of(staged), "gateway", part=1)

    def test_a_rest_that_lapses_need_not_be_paid(
        self, staged: str, begin: Begin, press: Press
    ) -> None:
        press(begin(staged), "pay")
        late = begin(staged)
        assert commands.waive_rest(staged) == Money(70_00)
        assert commands.waive_rest(staged) == Money(0)
        view = queries.payable(staged)
        assert view is not None
        assert (view.state, view.settled, view.waived, view.left) == (
            "settled",
            Money(30_00),
            Money(70_00),
            Money(0),
        )
        with pytest.raises(WrongState):  # its trade is closed at the bank
            press(late, "pay")
        assert commands.refund(staged, Money(30_00), "f1", "").escrow == Money(30_00)

    def test_stages_add_up(self, buyer: Company, seller: Company) -> None:
        with pytest.raises(ValueError, match="do not add up"):
            commands.open_payables(
                [NewPayable("x:1", buyer.pk, seller.pk, 5, "", stages=(NewStage("deposit", 4),))]
            )


class TestParts:
    def test_each_part_is_settled_once_by_its_own_method(
        self,
        order: str,
        buyer: Company,
        begin: Begin,
        press: Press,
        heard: list[events.Event],
    ) -> None:
        owner = actor_of(buyer, Role.OWNER)
        put_on_balance(buyer, Money(40_00))
        commands.split_payment(owner, number_of(order), [Money(60_00), Money(40_00)])
        commands.start_payment(owner, number_of(order), "balance", part=1)
        online = begin(order)
        assert shape(order) == [("full", 60_00, "now"), ("full", 40_00, "paid")]
        assert not [event for event in heard if isinstance(event, StageCovered)]
        press(online, "pay_twice")
        assert shape(order) == [("full", 60_00, "paid"), ("full", 40_00, "paid")]
        assert len([event for event in heard if isinstance(event, StageCovered)]) == 1
        assert ledger.held(order) == Money(100_00)
        # A refund goes back by the way each part came, the newest first.
        commands.refund(order, Money(70_00), "f1", "")
        assert ledger.balance(buyer.pk, AccountKind.BALANCE) == Money(10_00)
        assert ledger.check() == []

    def test_parts_can_be_cut_anew_and_made_whole(
        self, order: str, purchaser: Actor, begin: Begin, press: Press
    ) -> None:
        number = number_of(order)
        commands.split_payment(purchaser, number, [Money(10_00), Money(20_00), Money(70_00)])
        press(begin(order), "pay")
        commands.split_payment(purchaser, number, [Money(90_00)])
        assert shape(order) == [("full", 10_00, "paid"), ("full", 90_00, "now")]
        press(begin(order), "pay")
        assert ledger.held(order) == Money(100_00)
        with pytest.raises(WrongState):
            commands.split_payment(purchaser, number, [Money(1)])

    def test_money_for_a_part_that_changed_goes_back(
        self, order: str, purchaser: Actor, begin: Begin, press: Press
    ) -> None:
        number = number_of(order)
        commands.split_payment(purchaser, number, [Money(50_00), Money(50_00)])
        slow = begin(order)
        press(slow, "delay")
        commands.split_payment(purchaser, number, [Money(99_00), Money(1_00)])
        commands.refresh_payment(slow.payment_number)
        assert Payment.objects.get(number=slow.payment_number).state == "returned"
        assert ledger.held(order) == Money(0)
        assert ledger.check() == []

    @pytest.mark.parametrize("yuan", [[], [100, 0], [99], [60, 50], [-1, 101], [20] * 6])
    def test_parts_that_do_not_fit(self, order: str, purchaser: Actor, yuan: list[int]) -> None:
        amounts = [Money(part * 100) for part in yuan]
        with pytest.raises(InvalidInput):
            commands.split_payment(purchaser, number_of(order), amounts)
        assert shape(order) == [("full", 100_00, "now")]


class TestBalance:
    def test_only_with_enough_and_by_finance(
        self, order: str, buyer: Company, purchaser: Actor
    ) -> None:
        owner = actor_of(buyer, Role.OWNER)
        with pytest.raises(MethodNotOffered, match=r"100\.00"):
            commands.start_payment(owner, number_of(order), "balance")
        put_on_balance(buyer, Money(100_00))
        with pytest.raises(Forbidden):
            commands.start_payment(purchaser, number_of(order), "balance")
        commands.start_payment(owner, number_of(order), "balance")
        assert ledger.balance(buyer.pk, AccountKind.BALANCE) == Money(0)
        assert ledger.held(order) == Money(100_00)


class TestPromises:
    def test_a_promise_covers_and_is_kept_in_parts(
        self,
        order: str,
        word: str,
        buyer: Company,
        seller: Company,
        purchaser: Actor,
        heard: list[events.Event],
    ) -> None:
        begun = commands.start_payment(purchaser, number_of(order), word)
        assert [type(event).__name__ for event in heard] == ["StageCovered"]
        assert ledger.balance(buyer.pk, AccountKind.RECEIVABLE) == Money(100_00)
        assert ledger.balance(seller.pk, AccountKind.PROMISED) == Money(100_00)
        assert ledger.check() == []
        put_on_balance(buyer, Money(100_00))
        commands.keep_promise(begun.payment_number, Money(30_00), "s1/1")
        commands.keep_promise(begun.payment_number, Money(30_00), "s1/1")
        assert shape(order) == [("full", 30_00, "paid"), ("full", 70_00, "promised")]
        assert ledger.held(order) == Money(30_00)
        assert ledger.check() == []
        rest = Payment.objects.get(state="promised")
        commands.keep_promise(rest.number, Money(70_00), "s1/2")
        assert ledger.balance(buyer.pk, AccountKind.RECEIVABLE) == Money(0)
        assert [type(event).__name__ for event in heard].count("StageCovered") == 1
        view = queries.payable(order)
        assert view is not None
        assert (view.state, view.settled) == ("settled", Money(100_00))
        assert ledger.check() == []

    def test_a_refund_waives_before_money_moves(
        self, order: str, word: str, buyer: Company, purchaser: Actor
    ) -> None:
        begun = commands.start_payment(purchaser, number_of(order), word)
        put_on_balance(buyer, Money(60_00))
        commands.keep_promise(begun.payment_number, Money(60_00), "s1")
        back = commands.refund(order, Money(50_00), "f1", "")
        assert (back.waived, back.escrow) == (Money(40_00), Money(10_00))
        assert commands.refund(order, Money(50_00), "f1", "").amount == Money(0)
        assert ledger.balance(buyer.pk, AccountKind.BALANCE) == Money(10_00)
        view = queries.payable(order)
        assert view is not None
        assert (view.state, view.settled, view.waived) == ("settled", Money(60_00), Money(40_00))
        assert ledger.check() == []

    def test_a_promise_waived_whole_closes(
        self, order: str, word: str, purchaser: Actor, seller: Company
    ) -> None:
        commands.start_payment(purchaser, number_of(order), word)
        with pytest.raises(WrongState):
            commands.close_payable(order)
        assert commands.refund(order, Money(100_00), "f1", "").waived == Money(100_00)
        view = queries.payable(order)
        assert view is not None
        assert view.state == "closed"
        assert ledger.balance(seller.pk, AccountKind.PROMISED) == Money(0)
        assert ledger.check() == []

    def test_money_for_what_is_promised_goes_back(
        self, order: str, word: str, purchaser: Actor, begin: Begin, press: Press
    ) -> None:
        online = begin(order)
        press(online, "delay")
        commands.start_payment(purchaser, number_of(order), word)
        commands.refresh_payment(online.payment_number)
        assert Payment.objects.get(number=online.payment_number).state == "returned"
        assert ledger.check() == []


class TestArrivals:
    def test_less_than_is_asked_settles_a_part(self, order: str) -> None:
        first = commands.book_arrival(order, "gateway", Money(40_00), "L1")
        assert commands.book_arrival(order, "gateway", Money(40_00), "L1") == first
        assert shape(order) == [("full", 40_00, "paid"), ("full", 60_00, "now")]
        with pytest.raises(InvalidInput):
            commands.book_arrival(order, "gateway", Money(60_01), "L2")
        commands.book_arrival(order, "gateway", Money(60_00), "L2")
        with pytest.raises(WrongState):
            commands.book_arrival(order, "gateway", Money(1), "L3")
        assert ledger.held(order) == Money(100_00)
