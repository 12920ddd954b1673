"""A loan's life: decided by the rulebook, drawn, taken on due days, early and late."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pifa.finance import queries as finance
from pifa.finance.loans import book, commands, costs
from pifa.finance.loans.commands.applying import Wish
from pifa.finance.loans.commands.locking import terms_of
from pifa.finance.loans.errors import (
    LoanLimitExceeded,
    LoanOverdueFirst,
    OfferLapsed,
)
from pifa.finance.loans.models import Loan, LoanLine
from pifa.finance.models import PartnerAccount
from pifa.finance.partner_bank import commands as bank
from pifa.finance.partner_bank.errors import NoAccount, NotAuthorised, NotEnough
from pifa.finance.sandbox import books
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import DomainError, Forbidden, InvalidInput, NotFound, WrongState
from pifa.kernel.models import Deadline, OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.parties.models import Company
from pifa.standing.queries import LadderStory, tell_ladder
from tests.catalog import market as goods
from tests.finance.bank.conftest import bind, fund, signed, there
from tests.finance.loans.conftest import BEGIN, draw, go, spend
from tests.plugins.clock import MarketClock
from tests.plugins.examples import examples


def told(name: str) -> list[dict[str, object]]:
    """What was announced, oldest first."""
    return list(
        OutboxEvent.objects.filter(name=name).order_by("pk").values_list("payload", flat=True)
    )


def again(loan: Loan) -> Loan:
    loan.refresh_from_db()
    return loan


class TestDeciding:
    @pytest.mark.parametrize(
        ("yuan", "step", "limit", "rate"),
        [
            (999, "", 0, None),
            (1_000, "LOAN-1", 20_000, "0.0005"),
            (10_000, "LOAN-2", 100_000, "0.00045"),
            (50_000, "LOAN-3", 300_000, "0.0004"),
            (200_000, "LOAN-4", 600_000, "0.00035"),
            (500_000, "LOAN-5", 1_000_000, "0.0003"),
        ],
    )
    def test_who_is_more_active_may_borrow_more_at_a_lower_rate(
        self, seller: Company, yuan: int, step: str, limit: int, rate: str | None
    ) -> None:
        Company.objects.filter(pk=seller.pk).update(created_at=clock.now() - timedelta(days=100))
        spend(seller, yuan, BEGIN - timedelta(days=3))
        story, _figures = book_story(seller)
        assert (story.held.code if story.held else "") == step
        offer = book.offer_of(story.held, Money.yuan(1_000_000))
        assert (offer.limit if offer else Money(0)) == Money.yuan(limit)
        assert (offer.daily if offer else None) == (Fraction(rate) if rate else None)

    def test_a_refusal_says_why_and_is_replayed_to_the_same(
        self, owner: Actor, account: PartnerAccount, seller: Company
    ) -> None:
        loan = draw(owner, 900_000)
        refused = commands.apply_for_loan(owner, Wish(Money.yuan(200_000), 12))
        assert (refused.state, refused.decided["refused"]) == ("refused", "limit")
        for one in (loan, refused):
            step = book.replay(one.decided)
            assert step is not None
            assert step.code == one.decided["step"] == "LOAN-5"
        with pytest.raises(WrongState):
            commands.draw_loan(owner, refused.number, signed(owner))

    def test_a_company_without_activity_is_refused(
        self, seller: Company, account: PartnerAccount
    ) -> None:
        Company.objects.filter(pk=seller.pk).update(
            created_at=clock.now() - timedelta(days=9),
            verified_name=seller.name,
            licence_no="X" * 18,
        )
        actor = goods.actor(seller)
        with pytest.raises(NoAccount):
            commands.apply_for_loan(actor, Wish(Money.yuan(5_000), 6))
        PartnerAccount.objects.create(
            company=seller, bank="sandbox", number="none", opened_at=clock.now()
        )
        loan = commands.apply_for_loan(actor, Wish(Money.yuan(5_000), 6))
        assert (loan.state, loan.decided["refused"]) == ("refused", "no_step")

    @pytest.mark.parametrize(
        ("wish", "field"),
        [
            (Wish(Money.yuan(999), 12), "amount"),
            (Wish(Money(1_000_000_01), 12), "amount"),
            (Wish(Money.yuan(5_000), 9), "months"),
            (Wish(Money.yuan(5_000), 6, "balloon"), "method"),
            (Wish(Money.yuan(5_000), 6, "equal-principal", "actual/365"), "basis"),
        ],
    )
    def test_what_no_loan_has_is_refused_by_name(
        self, owner: Actor, account: PartnerAccount, wish: Wish, field: str
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            commands.apply_for_loan(owner, wish)
        assert refused.value.field == field
        assert not Loan.objects.exists()

    def test_purchasers_and_other_companies_do_not_reach_it(
        self, owner: Actor, account: PartnerAccount, buyer: Company, seller: Company
    ) -> None:
        with pytest.raises(Forbidden):
            commands.apply_for_loan(goods.actor(buyer, Role.PURCHASER), Wish(Money.yuan(5_000), 6))
        loan = draw(owner)
        with pytest.raises(NotFound):
            commands.repay_due(goods.actor(seller), loan.number)


def book_story(company: Company) -> tuple[LadderStory, object]:
    return tell_ladder(company.pk, "loan", book.ladder_on(clock.today()), clock.today())


class TestDrawing:
    def test_the_money_is_there_at_once_and_only_at_the_bank(
        self, owner: Actor, account: PartnerAccount, operator: Actor
    ) -> None:
        loan = draw(owner)
        assert there(account) == Money.yuan(100_000)
        assert books.balance(f"loan:{loan.number}") == -Money.yuan(100_000)
        rows = list(loan.instalments.order_by("number"))
        assert sum(row.interest_fen for row in rows) == 5_850_00  # the deck's example
        assert rows[0].due_on == date(2026, 5, 1)
        assert finance.reconciliation(operator).agrees
        assert ledger.check() == []
        assert told("loan.drawn")[0]["due_fen"] == 8_333_33 + 900_00

    def test_it_is_signed_with_the_payment_password_and_drawn_once(
        self, owner: Actor, account: PartnerAccount
    ) -> None:
        loan = commands.apply_for_loan(owner, Wish(Money.yuan(5_000), 6))
        with pytest.raises(NotAuthorised):
            commands.draw_loan(owner, loan.number, "")
        commands.draw_loan(owner, loan.number, signed(owner))
        with pytest.raises(WrongState):
            commands.draw_loan(owner, loan.number, signed(owner))
        assert there(account) == Money.yuan(5_000)

    def test_an_approval_lapses(
        self, owner: Actor, account: PartnerAccount, market_clock: MarketClock
    ) -> None:
        loan = commands.apply_for_loan(owner, Wish(Money.yuan(5_000), 6))
        market_clock.set(clock.start_of_day(BEGIN + timedelta(days=8)))
        with pytest.raises(OfferLapsed):
            commands.draw_loan(owner, loan.number, signed(owner))
        deadlines.run_due()
        assert again(loan).state == "lapsed"

    def test_the_limit_is_asked_again_as_it_is_that_day(
        self, owner: Actor, account: PartnerAccount, market_clock: MarketClock
    ) -> None:
        loan = commands.apply_for_loan(owner, Wish(Money.yuan(300_000), 6))
        go(market_clock, BEGIN + timedelta(days=7))
        # March's purchases are still in the window; a second approval is over what is left.
        second = commands.apply_for_loan(owner, Wish(Money.yuan(800_000), 6))
        commands.draw_loan(owner, loan.number, signed(owner))
        with pytest.raises(LoanLimitExceeded) as refused:
            commands.draw_loan(owner, second.number, signed(owner))
        assert refused.value.figures["free"] == Money.yuan(700_000)

    def test_the_database_keeps_the_limit(self, owner: Actor, account: PartnerAccount) -> None:
        draw(owner)
        with pytest.raises(IntegrityError), transaction.atomic():
            LoanLine.objects.update(used_fen=1_000_000_01, limit_fen=1_000_000_01)
        with pytest.raises(IntegrityError), transaction.atomic():
            Loan.objects.update(state="repaid")


@pytest.mark.django_db(transaction=True)
def test_two_draws_at_once_never_exceed_the_limit(owner: Actor, account: PartnerAccount) -> None:
    loans = [commands.apply_for_loan(owner, Wish(Money.yuan(400_000), 12)) for _n in range(3)]
    tokens = [signed(owner) for _loan in loans]
    results: list[str] = []

    def run(at: int) -> None:
        try:
            commands.draw_loan(owner, loans[at].number, tokens[at])
            results.append("drawn")
        except DomainError as refusal:
            results.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["drawn", "drawn", "loan.limit_exceeded"]
    assert LoanLine.objects.get().used_fen == 800_000_00
    assert there(account) == Money.yuan(800_000)
    assert ledger.check() == []


class TestOnTime:
    @pytest.mark.parametrize("method", ["equal-principal", "interest-only"])
    @pytest.mark.parametrize("basis", ["30/360", "actual/360"])
    def test_every_instalment_is_taken_on_its_day_until_nothing_is_owed(
        self,
        owner: Actor,
        account: PartnerAccount,
        market_clock: MarketClock,
        method: str,
        basis: str,
    ) -> None:
        loan = draw(owner, 60_000, 6, method, basis)
        planned = sum(row.interest_fen for row in loan.instalments.all())
        fund(account, 10_000_00)
        go(market_clock, date(2026, 5, 1), 19)
        assert again(loan).owed_fen == 60_000_00
        go(market_clock, date(2026, 5, 1), 20)
        first = loan.instalments.get(number=1)
        assert first.settled_on == date(2026, 5, 1)
        assert again(loan).owed_fen == 60_000_00 - first.principal_fen
        go(market_clock, date(2026, 10, 1), 23)
        assert (again(loan).state, loan.owed_fen) == ("repaid", 0)
        assert there(account) == Money(60_000_00 + 10_000_00 - 60_000_00 - planned)
        assert LoanLine.objects.get().used_fen == 0
        assert len(told("loan.due_soon")) == 6
        assert len(told("loan.collected")) == 6
        assert len(told("loan.repaid")) == 1
        assert not Deadline.objects.filter(done_at=None, subject=f"loan:{loan.number}").exists()

    def test_weekends_are_days_like_others(
        self, owner: Actor, account: PartnerAccount, market_clock: MarketClock
    ) -> None:
        loan = draw(owner, 60_000, 6)
        saturday = loan.instalments.get(number=4).due_on
        assert (saturday, saturday.isoweekday()) == (date(2026, 8, 1), 6)
        go(market_clock, saturday, 20)
        assert loan.instalments.get(number=4).settled_on == saturday


class TestEarly:
    def test_all_of_it_costs_the_interest_until_today(
        self, owner: Actor, account: PartnerAccount, market_clock: MarketClock
    ) -> None:
        loan = draw(owner, 100_000, 12)
        go(market_clock, date(2026, 4, 11))
        asked = costs.whole(
            list(loan.instalments.order_by("number")),
            Money(loan.owed_fen),
            terms_of(loan),
            clock.today(),
        )
        assert (asked.interest, asked.principal) == (Money.yuan(300), Money.yuan(100_000))
        assert asked.saved == Money.yuan(5_550)
        with pytest.raises(NotEnough) as refused:
            commands.repay_whole(owner, loan.number, signed(owner))
        assert refused.value.figures["missing"] == Money.yuan(300)
        fund(account, 300_00)
        assert commands.repay_whole(owner, loan.number, signed(owner)) == asked.amount
        assert there(account) == Money(0)
        assert again(loan).state == "repaid"
        assert ledger.check() == []
        with pytest.raises(WrongState):
            commands.repay_whole(owner, loan.number, signed(owner))

    def test_the_same_day_costs_nothing(self, owner: Actor, account: PartnerAccount) -> None:
        loan = draw(owner)
        assert commands.repay_whole(owner, loan.number, signed(owner)) == Money.yuan(100_000)

    def test_a_part_lowers_what_is_to_come(
        self, owner: Actor, account: PartnerAccount, market_clock: MarketClock
    ) -> None:
        loan = draw(owner, 120_000, 12)
        go(market_clock, date(2026, 4, 16))
        commands.repay_part(owner, loan.number, Money.yuan(60_000), signed(owner))
        rows = list(loan.instalments.order_by("number"))
        # 15 days on 120,000 and 15 on 60,000 at 0.03 %.
        assert rows[0].interest_fen == 540_00 + 270_00
        assert [row.principal_fen for row in rows] == [5_000_00] * 12
        assert rows[1].opening_fen == 55_000_00
        assert again(loan).owed_fen == 60_000_00
        assert LoanLine.objects.get().used_fen == 60_000_00
        assert there(account) == Money.yuan(60_000)
        go(market_clock, date(2027, 4, 1), 23)
        # The interest was never funded: the account had the principal alone.
        assert again(loan).state != "repaid"
        assert ledger.check() == []

    @pytest.mark.parametrize("yuan", ["0", "100000", "100000.01", "-5"])
    def test_nothing_and_all_are_no_part(
        self, owner: Actor, account: PartnerAccount, yuan: str
    ) -> None:
        loan = draw(owner)
        with pytest.raises(InvalidInput):
            commands.repay_part(owner, loan.number, Money.yuan(yuan), signed(owner))


class TestLate:
    def test_a_part_is_taken_and_the_rest_is_overdue_with_penalty(
        self, owner: Actor, account: PartnerAccount, market_clock: MarketClock
    ) -> None:
        loan = draw(owner, 60_000, 6)
        _empty(owner, account, 60_000_00 - 2_000_00)
        go(market_clock, date(2026, 5, 1), 21)
        row = loan.instalments.get(number=1)
        # Interest 540 first, then 1,460 of the principal of 10,000.
        assert (row.paid_interest_fen, row.paid_principal_fen) == (540_00, 1_460_00)
        assert again(loan).state == "running"
        assert told("loan.short")[0]["due_fen"] == 8_540_00
        go(market_clock, date(2026, 5, 2), 1)
        row.refresh_from_db()
        # 8,540 × 0.03 % × 1.5 a day, rounded to the fen.
        assert row.penalty_fen == 3_84
        assert again(loan).state == "overdue"
        spend(Company.objects.get(pk=owner.company_id or 0), 600_000, date(2026, 4, 20))
        refused = commands.apply_for_loan(owner, Wish(Money.yuan(5_000), 6))
        assert refused.decided["refused"] == "overdue"
        with pytest.raises(WrongState):
            commands.repay_part(owner, loan.number, Money.yuan(1_000), signed(owner))
        go(market_clock, date(2026, 5, 5), 9)
        fund(account, 10_000_00)
        assert commands.repay_due(owner, loan.number) == Money(0)
        row.refresh_from_db()
        assert row.penalty_fen == row.paid_penalty_fen == 4 * 3_84
        assert again(loan).state == "running"
        assert [note["days"] for note in told("loan.overdue")] == [1, 3]
        assert ledger.check() == []
        with pytest.raises(WrongState):
            commands.repay_due(owner, loan.number)

    def test_an_approval_is_not_drawn_while_another_loan_is_overdue(
        self, owner: Actor, account: PartnerAccount, market_clock: MarketClock
    ) -> None:
        loan = draw(owner, 60_000, 6)
        _empty(owner, account, 60_000_00)
        go(market_clock, date(2026, 4, 29))
        spend(Company.objects.get(pk=owner.company_id or 0), 600_000, date(2026, 4, 20))
        waiting = commands.apply_for_loan(owner, Wish(Money.yuan(5_000), 6))
        assert waiting.state == "approved"
        go(market_clock, date(2026, 5, 2), 1)
        assert again(loan).state == "overdue"
        with pytest.raises(LoanOverdueFirst):
            commands.draw_loan(owner, waiting.number, signed(owner))

    def test_after_ninety_days_it_is_in_default_and_recovers_when_paid(
        self, owner: Actor, account: PartnerAccount, market_clock: MarketClock
    ) -> None:
        loan = draw(owner, 60_000, 6)
        _empty(owner, account, 60_000_00)
        go(market_clock, date(2026, 5, 1) + timedelta(days=89))
        assert again(loan).state == "overdue"
        go(market_clock, date(2026, 5, 1) + timedelta(days=90))
        assert again(loan).state == "defaulted"
        assert len(told("loan.defaulted")) == 1
        assert len(told("loan.overdue")) == 6  # days 1, 3, 7, 15, 30, 60
        fund(account, 70_000_00)
        cost = commands.repay_whole(owner, loan.number, signed(owner))
        assert again(loan).state == "repaid"
        assert cost > Money.yuan(60_000)
        assert ledger.check() == []

    def test_money_that_came_is_taken_when_the_day_is_over(
        self, owner: Actor, account: PartnerAccount, market_clock: MarketClock
    ) -> None:
        loan = draw(owner, 60_000, 6)
        _empty(owner, account, 60_000_00)
        go(market_clock, date(2026, 5, 1), 21)
        fund(account, 20_000_00)
        go(market_clock, date(2026, 5, 2), 0)
        assert again(loan).state == "running"
        assert loan.instalments.get(number=1).settled_on == date(2026, 5, 2)


def _empty(owner: Actor, account: PartnerAccount, fen: int) -> None:
    card = account.cards.first() or bind(owner)
    bank.move_out(owner, card.pk, Money(fen), signed(owner))


_ACTS = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 40)),
    st.tuples(st.just("fund"), st.integers(1, 40_000_00)),
    st.tuples(st.just("out"), st.integers(0, 100)),
    st.tuples(st.just("part"), st.integers(1, 30_000_00)),
    st.tuples(st.just("due"), st.just(0)),
    st.tuples(st.just("coupon"), st.just(0)),
    st.tuples(st.just("whole"), st.just(0)),
)


@settings(
    max_examples=examples(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    acts=st.lists(_ACTS, max_size=12),
    months=st.sampled_from([6, 12]),
    method=st.sampled_from(["equal-principal", "interest-only"]),
    basis=st.sampled_from(["30/360", "actual/360"]),
)
def test_whatever_happens_the_books_agree_and_it_ends(
    owner: Actor,
    account: PartnerAccount,
    market_clock: MarketClock,
    acts: list[tuple[str, int]],
    months: int,
    method: str,
    basis: str,
) -> None:
    with transaction.atomic():
        market_clock.set(clock.start_of_day(BEGIN) + timedelta(hours=12))
        loan = draw(owner, 50_000, months, method, basis)
        planned = sum(row.interest_fen for row in loan.instalments.all())
        for verb, amount in acts:
            _act(owner, account, market_clock, loan, verb, amount)
            assert ledger.check() == []
        fund(account, 500_000_00)
        go(market_clock, clock.today() + timedelta(days=380))
        assert again(loan).state == "repaid"
        assert ledger.check() == []
        assert not Deadline.objects.exclude(error="").exists()
        rows = list(loan.instalments.all())
        assert sum(row.paid_interest_fen + row.coupon_fen for row in rows) <= planned
        transaction.set_rollback(True)


def _act(
    owner: Actor,
    account: PartnerAccount,
    market_clock: MarketClock,
    loan: Loan,
    verb: str,
    amount: int,
) -> None:
    if verb == "wait":
        go(market_clock, clock.today() + timedelta(days=amount))
        return
    with suppress(DomainError), transaction.atomic():
        if verb == "fund":
            fund(account, amount)
        elif verb == "out":
            _empty(owner, account, there(account).fen * amount // 100)
        elif verb == "part":
            commands.repay_part(owner, loan.number, Money(amount), signed(owner))
        elif verb == "due":
            commands.repay_due(owner, loan.number)
        elif verb == "coupon":
            commands.ask_coupon(owner, loan.number)
        else:
            commands.repay_whole(owner, loan.number, signed(owner))
