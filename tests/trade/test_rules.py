"""What the market knows about orders, as properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.catalog.rules import MAX_QUANTITY
from pifa.kernel.money import MAX_FEN, Money, UnitPrice, line_amount
from pifa.trade import rules
from pifa.trade.errors import (
    InvalidAmount,
    InvalidQuantity,
    InvalidTotal,
    MissingText,
    NothingToOrder,
    TextTooLong,
)
from pifa.trade.rules import LineAsked, Pause, PlannedLine, PlannedOrder

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
quantities = st.integers(1, MAX_QUANTITY // rules.MAX_LINES)
amounts = st.integers(1, MAX_FEN).map(Money)
hours = st.integers(1, 500).map(lambda n: timedelta(hours=n))


@given(st.lists(st.builds(LineAsked, st.integers(1, 30), quantities), min_size=1, max_size=200))
def test_merging_loses_no_piece_and_keeps_the_order_of_first_mention(
    asked: list[LineAsked],
) -> None:
    merged = rules.merge_lines(asked)
    assert sum(merged.values()) == sum(line.quantity for line in asked)
    assert list(merged) == list(dict.fromkeys(line.sku_id for line in asked))


@pytest.mark.parametrize("quantity", [0, -1, MAX_QUANTITY + 1, 10**12, True, None, "7", 1.5])
def test_what_is_no_quantity(quantity: object) -> None:
    with pytest.raises(InvalidQuantity):
        rules.check_quantity(quantity)


def test_rows_that_add_up_to_too_many_are_refused() -> None:
    half = MAX_QUANTITY // 2 + 1
    with pytest.raises(InvalidQuantity):
        rules.merge_lines([LineAsked(1, half), LineAsked(1, half)])
    with pytest.raises(NothingToOrder):
        rules.merge_lines([])


@given(
    st.lists(st.tuples(st.integers(1, 10**11), st.integers(1, 1000)), min_size=1, max_size=20),
    st.integers(0, 10**6),
)
def test_a_checkout_total_is_its_lines_and_freights_to_the_fen(
    priced: list[tuple[int, int]], freight: int
) -> None:
    lines = tuple(
        PlannedLine(
            1, 1, 1, "", "", "", "", pieces, UnitPrice(e4), line_amount(UnitPrice(e4), pieces)
        )
        for e4, pieces in priced
    )
    orders = [
        PlannedOrder(1, lines, Money(freight), "public", "stock"),
        PlannedOrder(2, lines[:1], Money(0), "public", "stock"),
    ]
    goods = sum(line.amount.fen for line in lines)
    assert rules.total_of(orders).fen == goods + freight + lines[0].amount.fen
    assert orders[0].goods.fen == goods


def test_sellers_stand_in_the_order_of_first_mention() -> None:
    groups = rules.group_by([("b", 1), ("a", 2), ("b", 3)])
    assert list(groups.items()) == [("b", [1, 3]), ("a", [2])]


@given(paid=amounts, part=st.integers(0, 100), asked=st.integers(-10, MAX_FEN + 10))
def test_a_refund_is_above_nothing_and_within_what_is_left(
    paid: Money, part: int, asked: int
) -> None:
    refunded = Money(paid.fen * part // 100)
    left = rules.refundable(paid, refunded)
    if 0 < asked <= left.fen:
        amount = rules.check_refund(Money(asked), paid, refunded)
        assert (refunded + amount).fen <= paid.fen
        assert rules.is_whole(refunded + amount, paid) == (amount == left)
    else:
        with pytest.raises(InvalidAmount) as refused:
            rules.check_refund(Money(asked), paid, refunded)
        assert refused.value.figures["limit"] == left


@given(asked=amounts, amount=st.none() | st.integers(-5, MAX_FEN).map(Money))
def test_a_verdict_grants_all_a_part_or_nothing(asked: Money, amount: Money | None) -> None:
    assert rules.verdict_amount("buyer", asked, amount) == asked
    assert rules.verdict_amount("seller", asked, amount) == Money(0)
    if amount is not None and 0 < amount.fen < asked.fen:
        assert rules.verdict_amount("partly", asked, amount) == amount
    else:
        with pytest.raises(InvalidAmount):
            rules.verdict_amount("partly", asked, amount)


@given(total=st.integers(-(10**6), MAX_FEN + 10**6))
def test_a_new_total_is_above_nothing(total: int) -> None:
    if 0 < total <= MAX_FEN:
        assert rules.check_new_total(Money(total)) == Money(total)
    else:
        with pytest.raises(InvalidTotal):
            rules.check_new_total(Money(total))


@given(span=hours, spans=st.lists(st.tuples(hours, hours), max_size=5))
def test_pauses_push_a_deadline_back_by_exactly_their_length(
    span: timedelta, spans: list[tuple[timedelta, timedelta]]
) -> None:
    pauses, at = [], START
    for gap, held in spans:
        at += gap
        pauses.append(Pause(at, at + held))
        at += held
    due = rules.due_with_pauses(START, span, pauses)
    assert due - START - span == sum((held for _, held in spans), timedelta(0))


def test_a_pause_before_the_start_counts_from_the_start() -> None:
    span, hour = timedelta(days=1), timedelta(hours=1)
    across = Pause(START - hour, START + hour)
    before = Pause(START - 3 * hour, START - 2 * hour)
    assert rules.due_with_pauses(START, span, [before, across]) == START + span + hour


@given(span=hours, lead=hours)
def test_a_reminder_comes_before_its_deadline_and_not_at_once(
    span: timedelta, lead: timedelta
) -> None:
    due = START + span
    at = rules.reminder(START, due, lead)
    assert START + span / 2 <= at < due
    assert due - at <= lead


def test_who_stands_where() -> None:
    assert rules.side(1, 1, 2) == "buyer"
    assert rules.side(2, 1, 2) == "seller"
    assert rules.side(3, 1, 2) is None
    assert rules.side(None, None, 2) is None


def test_words_are_cleaned_and_measured() -> None:
    assert rules.required_text(" 好\x00的 ", "原因", 5, "reason") == "好的"
    assert rules.optional_text("  ", "原因", 5, "reason") == ""
    for text in ("", " \u200b ", "长" * 6):
        with pytest.raises(MissingText):
            rules.required_text(text, "原因", 5, "reason")
    with pytest.raises(TextTooLong) as refused:
        rules.optional_text("长" * 6, "原因", 5, "reason")
    assert refused.value.figures["length"] == 6


def test_every_tab_but_all_shows_one_state() -> None:
    assert set(rules.TABS["all"]) == {tab for tab in rules.TABS if tab not in ("all", "closed")}
    assert rules.TABS["closed"] == ("closed",)
