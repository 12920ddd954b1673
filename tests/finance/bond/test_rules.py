"""The rules of a bond: cover, premium, claims, and what becomes of it at its end."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.finance.insurance.bond import rules
from pifa.finance.insurance.bond.rules import AtEnd, Terms
from pifa.kernel.money import ZERO, Money
from pifa.ledger import rules as postings
from pifa.ledger.rules import AccountKind, Purse

TERMS = Terms(Money(16_000_00), Decimal("0.03"), Money(10_00), 365, 15)
amounts = st.integers(0, 10**9).map(Money)


def test_the_decks_example_is_the_most_that_is_released() -> None:
    assert rules.cover(TERMS, Money(1_000_00)) == Money(1_000_00)
    assert rules.cover(TERMS, Money(16_000_00)) == Money(16_000_00)
    assert rules.cover(TERMS, Money(20_000_00)) == Money(16_000_00)


def test_a_premium_is_rounded_once_and_has_a_least() -> None:
    assert rules.premium(TERMS, Money(16_000_00)) == Money(480_00)
    assert rules.premium(TERMS, Money(1_000_50)) == Money(30_02)  # 30.015
    assert rules.premium(TERMS, Money(100_00)) == Money(10_00)


def test_a_term_is_so_many_days() -> None:
    assert rules.until(TERMS, date(2026, 3, 1)) == date(2027, 3, 1)


@given(amounts, amounts, st.integers(0, 10**9))
def test_claims_never_go_beyond_the_cover(short: Money, cover: Money, part: int) -> None:
    claimed = Money(min(part, cover.fen))
    paid = rules.claim(short, cover, claimed)
    assert ZERO <= paid <= short
    assert claimed + paid <= cover
    assert paid == short or claimed + paid == cover


@given(st.booleans(), st.booleans(), amounts, amounts, amounts)
def test_the_end_is_what_the_balance_allows(
    renews: bool, owes: bool, balance: Money, premium: Money, missing: Money
) -> None:
    end = rules.at_end(renews=renews, owes=owes, balance=balance, premium_=premium, missing=missing)
    if end is AtEnd.RENEW:
        assert renews
        assert not owes
        assert balance >= premium
    elif end is AtEnd.REFREEZE:
        assert balance >= missing
    else:
        assert balance < missing


@given(st.integers(1, 10**9))
def test_what_is_paid_back_ends_the_debt(fen: int) -> None:
    legs = [
        *postings.bond_claimed("b", 7, Money(fen)),
        *postings.recourse_paid("c", 7, Money(fen)),
    ]
    assert set(postings.net(legs).values()) == {0}
    owed = postings.net(postings.bond_claimed("b", 7, Money(fen)))
    assert owed[Purse(AccountKind.RECOURSE, 7)] == -fen


def test_terms_are_read_whole_or_not_at_all() -> None:
    table = {
        "most_cover_yuan": "16000.00",
        "premium_rate": "0.03",
        "least_premium_yuan": "10.00",
        "term_days": 365,
        "remind_days": 15,
    }
    assert rules.read_terms(table) == TERMS
    with pytest.raises(KeyError):
        rules.read_terms({})
