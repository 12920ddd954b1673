"""The pure rules of quotes: figures that add up, terms that fit, verbs that follow the tables."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

import pytest
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st

from pifa.catalog.rules import MAX_PRICE, MAX_QUANTITY
from pifa.kernel.deadlines import _handlers
from pifa.kernel.errors import DomainError
from pifa.kernel.money import MAX_FEN, Money, UnitPrice, line_amount
from pifa.kernel.states import StateTable
from pifa.trade.models import Quote, QuoteRequest
from pifa.trade.quotes import errors, facts, rules
from pifa.trade.quotes.notices import KINDS
from pifa.trade.quotes.states import (
    QUOTE,
    REQUEST,
    TABLES,
    UNDECIDED,
    PayWay,
    QuoteState,
    RequestState,
)
from pifa.trade.quotes.terms import MAX_PRODUCTION_DAYS, QuoteTerms, check_terms

EVENTS = {
    item.name
    for item in vars(facts).values()
    if isinstance(item, type) and issubclass(item, facts.RequestEvent) and hasattr(item, "name")
}
CHINESE = re.compile(r"[\u3400-\u9fff]")

prices = st.integers(1, 10_000_000).map(UnitPrice)
quantities = st.integers(1, 1_000_000)


@given(st.lists(st.tuples(quantities, prices), min_size=1, max_size=8), st.integers(0, 10**7))
def test_each_amount_is_rounded_once_and_the_rest_adds_up(
    lines: list[tuple[int, UnitPrice]], freight: int
) -> None:
    assume(freight or any(line_amount(price, quantity) for quantity, price in lines))
    found = rules.figures(
        {position: quantity for position, (quantity, _price) in enumerate(lines, 1)},
        {position: price for position, (_quantity, price) in enumerate(lines, 1)},
        Money(freight),
    )
    for line, (quantity, price) in zip(found.lines, lines, strict=True):
        exact = price.decimal * quantity
        assert line.amount.decimal == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert found.goods.fen == sum(line.amount.fen for line in found.lines)
    assert found.total.fen == found.goods.fen + freight


@given(st.sets(st.integers(1, 6)), st.sets(st.integers(1, 9)))
def test_prices_are_for_lines_that_were_asked_and_at_least_one(
    asked: set[int], priced: set[int]
) -> None:
    wanted = dict.fromkeys(asked, 100)
    given_prices = dict.fromkeys(priced, UnitPrice(100))
    if priced and priced <= asked:
        found = rules.figures(wanted, given_prices, Money(0))
        assert [line.position for line in found.lines] == sorted(priced)
    else:
        with pytest.raises(errors.NothingQuoted):
            rules.figures(wanted, given_prices, Money(0))


def test_no_total_is_nothing_or_more_than_the_market_books() -> None:
    for price, freight in ((UnitPrice(1), 0), (UnitPrice(1), -1), (UnitPrice(100), MAX_FEN)):
        with pytest.raises(errors.InvalidQuoteTotal):
            rules.figures({1: 1}, {1: price}, Money(freight))
    with pytest.raises(errors.InvalidQuoteTotal):
        rules.figures({1: MAX_QUANTITY}, {1: MAX_PRICE}, Money(0))
    assert rules.figures({1: 1}, {1: UnitPrice(100)}, Money(MAX_FEN - 1)).total == Money(MAX_FEN)


@given(
    st.sampled_from(PayWay.values),
    st.none() | st.integers(-5, 105),
    st.none() | st.integers(-5, 2000).map(Money),
    st.none() | st.integers(-1, MAX_PRODUCTION_DAYS + 1),
    st.integers(1, 2000).map(Money),
)
def test_terms_that_pass_leave_something_on_both_sides_and_travel_as_json(
    way: str, percent: int | None, deposit: Money | None, days: int | None, total: Money
) -> None:
    terms = QuoteTerms(way, percent, deposit, days)
    try:
        check_terms(terms, total)
    except (errors.TermsDoNotFit, errors.InvalidDeposit, errors.InvalidDays):
        assert way == PayWay.STAGED or (percent, deposit, days) != (None, None, None)
        return
    assert QuoteTerms.from_json(terms.as_json()) == terms
    if way == PayWay.STAGED:
        assert 0 < terms.deposit_of(total).fen < total.fen
        assert (percent is None) != (deposit is None)
        assert days is not None
        assert 1 <= days <= MAX_PRODUCTION_DAYS
    else:
        assert terms.deposit_of(total) == Money(0)


@given(st.integers(1, 99), st.integers(1, 10**12))
def test_a_share_is_rounded_half_up_to_the_fen(percent: int, fen: int) -> None:
    terms = QuoteTerms(PayWay.STAGED, deposit_percent=percent, production_days=1)
    exact = Decimal(fen) * percent / 100
    assert terms.deposit_of(Money(fen)).fen == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-5, 400))
def test_days_lie_between_today_and_their_limits(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    for check, most in (
        (rules.check_answer_day, rules.MAX_ANSWER_DAYS),
        (rules.check_valid_day, rules.MAX_VALID_DAYS),
        (rules.check_needed_by, rules.MAX_NEEDED_DAYS),
    ):
        if 0 <= ahead <= most:
            assert check(day, today) == day
        else:
            with pytest.raises(errors.InvalidDay):
                check(day, today)
    assert rules.check_needed_by(None, today) is None


@pytest.mark.parametrize(
    ("scenes", "any_typed", "days", "scene"),
    [
        (["stock"], False, 14, "stock"),
        (["stock"], False, 15, "custom"),
        (["stock", "custom"], False, 1, "custom"),
        (["stock"], True, 1, "custom"),
        ([], True, 1, "custom"),
    ],
)
def test_what_kind_of_trade_it_is(
    scenes: list[str], any_typed: bool, days: int, scene: str
) -> None:
    assert rules.scene_of(scenes, any_typed, days) == scene


def test_goods_are_to_be_shipped_before_the_market_refunds_them() -> None:
    from django.conf import settings

    assert settings.MARKET["unshipped_refund_days"] > rules.STOCK_LEAD_DAYS
    assert settings.MARKET["custom_unshipped_refund_days"] > rules.MAX_LEAD_DAYS


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_state_is_reached_and_every_verb_is_one(table: StateTable) -> None:
    verbs = [item.verb for item in table.transitions]
    assert len(verbs) == len(set(verbs))
    reached = {table.initial} | {item.target for item in table.transitions if item.target}
    assert reached == set(table.states)
    for item in table.transitions:
        assert set(item.sources) <= set(table.states)
        assert item.emits in EVENTS


def test_the_tables_are_those_of_the_columns() -> None:
    for table, model, states in (
        (REQUEST, QuoteRequest, RequestState),
        (QUOTE, Quote, QuoteState),
    ):
        assert set(table.states) == set(states.values)
        longest = model._meta.get_field("state").max_length or 0
        assert max(map(len, states.values)) <= longest


def test_verbs_need_both_tables() -> None:
    for request, quote in product(RequestState.values, QuoteState.values):
        seller, buyer = rules.seller_verbs(request, quote), rules.buyer_verbs(request, quote)
        assert set(seller) <= {"answer", "revise", "withdraw", "decline"}
        assert set(buyer) <= {"accept", "refuse"}
        if request not in UNDECIDED:
            assert (seller, buyer) == ([], [])
    assert rules.seller_verbs("open", "asked") == ["answer", "decline"]
    assert rules.seller_verbs("open", "quoted") == ["revise", "withdraw"]
    assert rules.seller_verbs("deciding", "quoted") == ["withdraw"]
    assert rules.buyer_verbs("deciding", "quoted") == ["refuse", "accept"]
    assert rules.buyer_verbs("open", "lapsed") == []


def test_a_request_is_over_when_nothing_is_left_to_take() -> None:
    assert rules.is_over("deciding", ["lapsed", "closed"])
    assert not rules.is_over("deciding", ["lapsed", "quoted"])
    assert not rules.is_over("open", [])


def test_the_market_acts_at_its_deadlines_and_tells_what_it_announces() -> None:
    handled = {kind for kind in _handlers if kind.startswith(("quote.", "quote_request."))}
    assert handled == {"quote.lapse", "quote.remind", "quote_request.end_answers"}
    assert set(KINDS) == EVENTS


def test_every_refusal_and_state_has_its_english_words() -> None:
    found = [
        item
        for item in vars(errors).values()
        if isinstance(item, type) and issubclass(item, DomainError) and item is not DomainError
    ]
    assert len(found) > 10
    with translation.override("en"):
        for item in found:
            assert not CHINESE.search(str(item.message)), item.code
        for table in TABLES:
            for label in (*table.states.values(), *(item.label for item in table.transitions)):
                assert not CHINESE.search(str(label)), label
        for words in (*PayWay.labels, errors.UNTIL, errors.NEEDED_BY, errors.VALID_UNTIL):
            assert not CHINESE.search(str(words))
