"""A withdrawal from asking to the bank's last word: limits, the second person, both books."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pifa.benefits.labels import LARGE_WITHDRAWALS
from pifa.finance import commands, queries
from pifa.finance.models import (
    GatewayNotice,
    SandboxPayout,
    Withdrawal,
    WithdrawalDay,
)
from pifa.finance.sandbox import keys, payouts
from pifa.finance.withdrawals import queries as told
from pifa.finance.withdrawals.commands import outcomes
from pifa.finance.withdrawals.errors import (
    DailyLimitReached,
    NoPayeeAccount,
    NoSecond,
    SameSecond,
)
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, IdempotencyConflict, InvalidInput, NotFound, WrongState
from pifa.kernel.events import deliver
from pifa.kernel.models import Deadline
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.errors import InsufficientBalance
from pifa.ledger.rules import AccountKind
from pifa.messages.models import Notice
from pifa.parties.models import Company, Member
from tests.finance.conftest import actor_of, grant, take_grants
from tests.finance.withdrawals.conftest import Firm
from tests.plugins.clock import MarketClock

pytestmark = pytest.mark.django_db

ALL = Money(1_000_000_00)


def state(number: str) -> str:
    return Withdrawal.objects.get(number=number).state


def last_payout() -> int:
    return SandboxPayout.objects.latest("pk").pk


def test_to_another_bank_it_costs_and_uses_the_day(firm: Firm, operator: Actor) -> None:
    number = firm.ask(10_000)
    assert state(number) == "sent"
    assert firm.balance() == ALL - Money(10_002_00)
    assert ledger.balance(None, AccountKind.FEES) == Money(2_00)
    limit = told.withdrawal_limit(firm.asks)
    assert (limit.limit, limit.used, limit.left) == (
        Money(50_000_00),
        Money(10_000_00),
        Money(40_000_00),
    )
    assert [entry.words for entry in ledger.entries(f"withdrawal:{number}")] == [
        "提现到银行账户",
        "提现手续费",
    ]
    assert queries.reconciliation(operator).agrees


def test_to_the_partner_bank_there_is_neither_limit_nor_fee(firm: Firm, operator: Actor) -> None:
    for _time in range(4):
        assert state(firm.ask(20_000, firm.own_bank)) == "sent"
    assert firm.balance() == ALL - Money(80_000_00)
    assert told.withdrawal_limit(firm.asks).used == Money(0)
    assert queries.reconciliation(operator).agrees


def test_a_day_has_its_limit_and_the_next_another(firm: Firm, market_clock: MarketClock) -> None:
    for yuan in (20_000, 20_000, 10_000):
        firm.ask(yuan)
    with pytest.raises(DailyLimitReached) as refused:
        commands.withdraw(firm.asks, Money(1), None, firm.elsewhere)
    assert refused.value.figures["left"] == Money(0)
    before = firm.balance()
    market_clock.forward(days=1)
    firm.ask(20_000)
    assert firm.balance() == before - Money(20_002_00)


def test_the_benefit_makes_days_larger(firm: Firm) -> None:
    for yuan in (20_000, 20_000, 10_000):
        firm.ask(yuan)
    grant(firm.company.pk, LARGE_WITHDRAWALS)
    limit = told.withdrawal_limit(firm.asks)
    assert (limit.held, limit.left) == (True, Money(450_000_00))
    firm.ask(20_000)
    take_grants(firm.company.pk)
    # What was sent with the benefit stays sent; without it nothing is left.
    assert told.withdrawal_limit(firm.asks).left == Money(0)
    with pytest.raises(DailyLimitReached):
        firm.ask(1)


def test_the_reader_is_told_what_would_raise_the_limit(firm: Firm) -> None:
    limit = told.withdrawal_limit(firm.asks)
    assert (limit.benefit, limit.held, limit.larger) == ("大额提现", False, Money(500_000_00))
    assert limit.steps == ["交易勋章（非消费品体系） 4A"]
    assert (limit.registered_name, limit.partner_bank) == (firm.company.name, "沙箱银行")


def test_much_money_waits_for_another_person(firm: Firm) -> None:
    number = firm.ask(20_001)
    assert state(number) == "asked"
    assert firm.balance() == ALL  # nothing is set aside
    with pytest.raises(SameSecond):
        commands.approve_withdrawal(firm.asks, number)
    with pytest.raises(SameSecond):
        commands.refuse_withdrawal(firm.asks, number, "不行")
    assert commands.approve_withdrawal(firm.agrees, number).state == "sent"
    assert firm.balance() == ALL - Money(20_003_00)
    with pytest.raises(WrongState):
        commands.approve_withdrawal(firm.agrees, number)
    row = told.withdrawal(firm.asks, number)
    assert (row.asked_by, row.decided_by, row.verbs) == ("会计", "老板", [])


def test_at_the_amount_one_person_is_enough(firm: Firm) -> None:
    assert state(firm.ask(20_000)) == "sent"


def test_who_may_agree(firm: Firm, buyer: Company) -> None:
    number = firm.ask(30_000)
    with pytest.raises(Forbidden):
        commands.approve_withdrawal(actor_of(firm.company, Role.CLERK), number)
    for verb in (commands.approve_withdrawal, commands.cancel_withdrawal):
        with pytest.raises(NotFound):
            verb(actor_of(buyer, Role.OWNER), number)
    assert told.withdrawal(firm.asks, number).verbs == ["cancel"]
    assert told.withdrawal(firm.agrees, number).verbs == ["approve", "refuse", "cancel"]
    with pytest.raises(NotFound):
        told.withdrawal(actor_of(buyer, Role.OWNER), number)


def test_without_a_second_person_nothing_waits_for_one(firm: Firm) -> None:
    Member.objects.filter(pk=firm.agrees.member_id or 0).update(active=False)
    with pytest.raises(NoSecond):
        firm.ask(30_000)
    assert not Withdrawal.objects.exists()


def test_refused_cancelled_and_expired_move_nothing(firm: Firm, market_clock: MarketClock) -> None:
    refused, cancelled, late = (firm.ask(30_000) for _time in range(3))
    with pytest.raises(InvalidInput):
        commands.refuse_withdrawal(firm.agrees, refused, " ")
    commands.refuse_withdrawal(firm.agrees, refused, "先付货款")
    commands.cancel_withdrawal(firm.asks, cancelled)
    until = Withdrawal.objects.get(number=late).until
    assert until == clock.start_of_day(clock.today() + timedelta(days=4))
    market_clock.forward(days=4)
    deadlines.run_due(clock.now())
    states = [state(number) for number in (refused, cancelled, late)]
    assert states == ["refused", "cancelled", "expired"]
    assert firm.balance() == ALL
    with pytest.raises(WrongState):
        commands.approve_withdrawal(firm.agrees, late)
    assert not Deadline.objects.filter(done_at=None, kind__startswith="withdrawal").exists()
    deliver()
    notices = Notice.objects.filter(kind="withdrawal_ended").order_by("pk")
    assert [row.params["outcome"] for row in notices] == ["refused", "expired"]
    assert Notice.objects.filter(kind="withdrawal_asked").count() == 3


def test_limit_and_balance_are_asked_again_when_it_is_sent(firm: Firm) -> None:
    number = firm.ask(40_000)
    firm.ask(20_000)
    with pytest.raises(DailyLimitReached):
        commands.approve_withdrawal(firm.agrees, number)
    assert state(number) == "asked"
    rich = firm.ask(600_000, firm.own_bank)
    other = firm.ask(700_000, firm.own_bank)
    commands.approve_withdrawal(firm.agrees, rich)
    with pytest.raises(InsufficientBalance):
        commands.approve_withdrawal(firm.agrees, other)
    assert state(other) == "asked"
    with pytest.raises(InsufficientBalance):
        firm.ask(400_000, firm.own_bank)
    with pytest.raises(DailyLimitReached):
        firm.ask(31_000)


def test_a_removed_account_is_not_sent_to_by_agreeing(firm: Firm) -> None:
    number = firm.ask(30_000)
    commands.remove_payee(firm.asks, firm.elsewhere)
    with pytest.raises(NoPayeeAccount):
        commands.approve_withdrawal(firm.agrees, number)
    assert state(number) == "asked"


def test_the_fee_has_to_be_there_too(firm: Firm) -> None:
    rest = firm.balance() - Money(100_00)
    number = commands.withdraw(firm.asks, rest, None, firm.own_bank).number
    commands.approve_withdrawal(firm.agrees, number)
    with pytest.raises(InsufficientBalance):
        firm.ask(99)
    firm.ask(98)
    assert firm.balance() == Money(0)


def test_the_same_key_withdraws_once(firm: Firm) -> None:
    assert firm.ask(100, key="k") == firm.ask(100, key="k")
    assert Withdrawal.objects.count() == 1
    with pytest.raises(IdempotencyConflict):
        firm.ask(101, key="k")
    with pytest.raises(IdempotencyConflict):
        firm.ask(100, firm.own_bank, key="k")


def test_it_arrives_by_itself(firm: Firm, market_clock: MarketClock) -> None:
    number = firm.ask(100)
    market_clock.forward(hours=1)
    deadlines.run_due(clock.now())
    assert state(number) == "arrived"
    deliver()
    (notice,) = Notice.objects.filter(kind="withdrawal_ended")
    assert notice.params["outcome"] == "arrived"
    assert not Deadline.objects.filter(done_at=None, kind="withdrawal.ask_bank").exists()


@pytest.mark.parametrize("arrived_before", [False, True])
def test_what_the_bank_sends_back_is_on_the_balance_again(
    firm: Firm, operator: Actor, arrived_before: bool
) -> None:
    number = firm.ask(10_000)
    if arrived_before:
        assert payouts.tell(last_payout()) == "settled"
    assert payouts.give_back(last_payout(), "账户已销户") == "settled"
    assert state(number) == "returned"
    assert firm.balance() == ALL
    assert ledger.balance(None, AccountKind.FEES) == Money(0)
    assert WithdrawalDay.objects.get().used_fen == 0
    assert queries.reconciliation(operator).agrees
    assert payouts.tell(last_payout()) == "repeated"
    with pytest.raises(WrongState):
        payouts.give_back(last_payout())
    deliver()
    assert Notice.objects.filter(kind="withdrawal_ended").latest("pk").params["reason"] == (
        "账户已销户"
    )


def test_a_word_that_is_not_the_banks_changes_nothing(firm: Firm) -> None:
    number = firm.ask(100)
    payload = {"key": f"withdrawal:{number}", "outcome": "returned", "reason": ""}
    forged = keys.sign({**payload, "outcome": "arrived"})
    assert outcomes.receive_payout("sandbox", payload, forged).value == "bad_signature"
    for wrong in ({"outcome": "waiting"}, {"key": ""}, {"reason": 5}):
        said = {**payload, **wrong}
        assert outcomes.receive_payout("sandbox", said, keys.sign(said)).value == "malformed"
    unknown = {**payload, "key": "withdrawal:W1"}
    verdict = outcomes.receive_payout("sandbox", unknown, keys.sign(unknown))
    assert verdict.value == "unknown_payment"
    assert GatewayNotice.objects.filter(flagged=True).exists()
    assert state(number) == "sent"
    with pytest.raises(NotFound):
        outcomes.receive_payout("nobank", payload, "")


def test_a_bank_that_tells_nothing_is_asked(firm: Firm, market_clock: MarketClock) -> None:
    number = firm.ask(100)
    Deadline.objects.filter(kind="sandbox.payout").delete()  # its word is lost
    market_clock.forward(days=1, hours=1)
    deadlines.run_due(clock.now())
    assert state(number) == "sent"
    SandboxPayout.objects.update(outcome="arrived")
    market_clock.forward(days=1)
    deadlines.run_due(clock.now())
    assert state(number) == "arrived"


def test_amounts_that_nobody_can_mean(firm: Firm) -> None:
    for fen in (0, -1):
        with pytest.raises(InvalidInput):
            commands.withdraw(firm.asks, Money(fen), None, firm.elsewhere)
    with pytest.raises(InvalidInput):
        commands.withdraw(firm.asks, Money(1), "k" * 65, firm.elsewhere)


def test_operators_see_all_and_nobody_else(firm: Firm, operator: Actor) -> None:
    numbers = [firm.ask(10), firm.ask(30_000)]
    found = told.withdrawals_of_market(operator).items
    assert [row.number for row in found] == numbers[::-1]
    waiting = told.withdrawals_of_market(operator, "asked").items
    assert [(row.number, row.verbs) for row in waiting] == [(numbers[1], [])]
    with pytest.raises(Forbidden):
        told.withdrawals_of_market(firm.asks)
    with pytest.raises(Forbidden):
        told.withdrawals(actor_of(firm.company, Role.CLERK))


@pytest.mark.cooked_books
def test_cooked_withdrawals_are_found(firm: Firm) -> None:
    number = firm.ask(100)
    Withdrawal.objects.filter(number=number).update(amount_fen=99_00)
    found = {(row.what, row.expected, row.found) for row in ledger.check()}
    assert ("withdrawal.amount_fen", Money(100_00), Money(99_00)) in found
    assert ("withdrawal_day.used_fen", Money(99_00), Money(100_00)) in found
    Withdrawal.objects.filter(number=number).update(number="W0", fee_fen=0)
    found_ = {row.what for row in ledger.check()}
    assert {"postings of no withdrawal", "withdrawal.amount_fen"} <= found_
