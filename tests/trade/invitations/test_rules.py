"""The pure rules of invitations, over whatever may be typed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.kernel.errors import DomainError
from pifa.kernel.money import MAX_FEN, Money, UnitPrice
from pifa.trade.invitations import links, rules
from pifa.trade.invitations.errors import NothingInvited, WayUnknown
from pifa.trade.invitations.rules import Destination, GoodsGiven
from pifa.trade.invitations.states import INVITATION, InvitationState
from pifa.trade.quotes.errors import InvalidDay

PRICES = st.integers(1, 10**9).map(UnitPrice)
LINES = st.builds(
    GoodsGiven,
    quantity=st.integers(1, 10**6),
    price=PRICES,
    sku_id=st.none() | st.integers(1, 30),
    title=st.just("挂钩"),
    unit=st.just("件"),
)
STATES = st.sampled_from([state.value for state in InvitationState])


@given(st.lists(LINES, max_size=60), st.integers(-5, 10**9).map(Money))
def test_what_is_accepted_adds_up_and_stays_in_its_limits(
    lines: list[GoodsGiven], freight: Money
) -> None:
    try:
        checked = rules.check_lines(lines)
        found = rules.sums(checked, freight)
    except DomainError:
        return
    assert 1 <= len(checked) <= rules.MAX_LINES
    skus = [line.sku_id for line in checked if line.sku_id]
    assert len(skus) == len(set(skus))
    assert found.total.fen == sum(line.amount.fen for line in checked) + freight.fen
    assert 0 < found.total.fen <= MAX_FEN
    for line in checked:
        exact = line.price.e4 * line.quantity
        assert abs(line.amount.fen * 100 - exact) <= 50, "rounded once, to the next fen"


def test_an_invitation_has_from_one_to_fifty_lines() -> None:
    line = GoodsGiven(1, UnitPrice(1), title="挂钩", unit="件")
    assert rules.check_lines([line] * 50)
    for lines in ([], [line] * 51, [GoodsGiven(1, UnitPrice(1), sku_id=7)] * 2):
        with pytest.raises(NothingInvited):
            rules.check_lines(lines)


@given(st.integers(-400, 400))
def test_validity_lies_between_today_and_ninety_days_on(days: int) -> None:
    today = date(2026, 3, 1)
    day = today + timedelta(days=days)
    if 0 <= days <= rules.MAX_VALID_DAYS:
        assert rules.check_valid_day(day, today) == day
        return
    with pytest.raises(InvalidDay):
        rules.check_valid_day(day, today)


@given(st.lists(st.sampled_from(["a", "b", "c"])))
def test_all_ways_are_none_named_and_each_stands_once(ways: list[str]) -> None:
    found = rules.check_ways(ways, ["a", "b", "c"])
    assert found == ([] if len(set(ways)) == 3 else sorted(set(ways)))
    with pytest.raises(WayUnknown):
        rules.check_ways([*ways, "d"], ["a", "b", "c"])


@given(st.lists(st.sampled_from(["", " ", "x"]), min_size=5, max_size=5))
def test_an_address_is_whole_or_empty(parts: list[str]) -> None:
    to = Destination(*parts)
    try:
        rules.check_destination(to)
    except DomainError:
        assert any(parts)
        assert not all(part.strip() for part in parts)
    else:
        assert not any(parts) or all(part.strip() for part in parts)


@given(STATES, st.integers(-10, 10))
def test_a_link_answers_for_what_is_alive_only(state: str, days: int) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    until = now + timedelta(days=days)
    alive = rules.answers(state, until, now)
    if state in ("draft", "expired", "recalled"):
        assert not alive
    if state == "open":
        assert alive == (days > 0)
    if state in ("confirmed", "done"):
        assert alive
    verb = rules.after_close(until, now)
    assert INVITATION.transition(verb).target == ("open" if days > 0 else "expired")


@given(st.text(max_size=40), st.text(max_size=40))
def test_links_and_codes_are_of_one_thing_each(one: str, other: str) -> None:
    first, second = links.token_of(one, 1), links.token_of(other, 1)
    assert (first == second) == (one == other)
    assert links.token_of(one, 2) != first
    assert len(first) == 24
    assert first.replace("-", "a").replace("_", "a").isalnum()
    code = links.claim_code_of(one, other)
    assert len(links.normal_code(code)) == links.CODE_LETTERS
    assert links.normal_code(code.lower().replace("-", " ")) == links.normal_code(code)
    assert links.digest_of(first) != first


@pytest.mark.parametrize("state", [state.value for state in InvitationState])
def test_what_ended_well_or_was_taken_back_has_no_verbs(state: str) -> None:
    verbs = rules.seller_verbs(state)
    assert (verbs == []) == (state in ("done", "recalled"))
