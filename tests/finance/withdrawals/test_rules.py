"""The rules of a day's limit, held by examples and by properties."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.finance.withdrawals import rules
from pifa.finance.withdrawals.rules import Day, Terms
from pifa.kernel.money import ZERO, Money
from pifa.ledger import rules as postings
from pifa.ledger.rules import AccountKind, Purse

TERMS = Terms(Money(100), Money(1_000), Money(50), 3, Money(2), 5)
amounts = st.integers(0, 10**9).map(Money)


def test_a_day_is_used_up_to_its_limit_and_no_fen_further() -> None:
    day = Day(Money(100), Money(40))
    assert day.left == Money(60)
    assert rules.missing_of_day(day, Money(60), at_partner_bank=False) == ZERO
    assert rules.missing_of_day(day, Money(61), at_partner_bank=False) == Money(1)
    assert rules.missing_of_day(day, Money(10**9), at_partner_bank=True) == ZERO


def test_a_limit_that_was_lowered_leaves_nothing_rather_than_less() -> None:
    assert Day(Money(100), Money(400)).left == ZERO


def test_the_benefit_brings_the_larger_day_or_its_own() -> None:
    assert rules.daily_limit(TERMS, None) == Money(100)
    assert rules.daily_limit(TERMS, {}) == Money(1_000)
    assert rules.daily_limit(TERMS, {"daily_limit": "70.00"}) == Money(7_000)
    assert rules.daily_limit(TERMS, {"daily_limit": "0.50"}) == Money(100)
    assert rules.daily_limit(TERMS, {"daily_limit": "viel"}) == Money(1_000)


def test_the_second_person_is_needed_above_the_amount_not_at_it() -> None:
    assert not rules.needs_second(TERMS, Money(50))
    assert rules.needs_second(TERMS, Money(51))


def test_only_other_banks_cost() -> None:
    assert rules.fee(TERMS, at_partner_bank=False) == Money(2)
    assert rules.fee(TERMS, at_partner_bank=True) == ZERO


def test_terms_are_read_whole_or_not_at_all() -> None:
    table = {
        "daily_limit_yuan": "1.00",
        "large_daily_limit_yuan": "10.00",
        "approval_above_yuan": "0.50",
        "approval_days": 3,
        "fee_yuan": "0.02",
        "most_accounts": 5,
    }
    assert rules.read_terms(table) == TERMS
    with pytest.raises(KeyError):
        rules.read_terms({name: value for name, value in table.items() if name != "fee_yuan"})


@given(st.lists(amounts, max_size=12), amounts)
def test_what_fits_one_by_one_never_exceeds_the_limit(asked: list[Money], limit: Money) -> None:
    used = ZERO
    for amount in asked:
        if not rules.missing_of_day(Day(limit, used), amount, at_partner_bank=False):
            used += amount
    assert used <= limit


@given(amounts, amounts, amounts)
def test_a_larger_limit_never_lets_less_through(used: Money, limit: Money, amount: Money) -> None:
    tight = rules.missing_of_day(Day(limit, used), amount, at_partner_bank=False)
    wide = rules.missing_of_day(Day(limit + Money(1), used), amount, at_partner_bank=False)
    assert wide <= tight


@given(amounts, st.none() | amounts)
def test_a_grant_never_makes_a_day_smaller(limit: Money, granted: Money | None) -> None:
    terms = replace(TERMS, daily_limit=limit)
    grant = None if granted is None else {"daily_limit": str(granted.decimal)}
    assert rules.daily_limit(terms, grant) >= limit


@given(st.integers(1, 10**9), st.integers(0, 10**6))
def test_what_comes_back_is_what_went(amount: int, cost: int) -> None:
    went = postings.withdrawal("w", 7, Money(amount), Money(cost))
    came = postings.withdrawal_returned("w", 7, Money(amount), Money(cost))
    assert set(postings.net([*went, *came]).values()) == {0}
    assert postings.net(went)[Purse(AccountKind.BALANCE, 7)] == -(amount + cost)
