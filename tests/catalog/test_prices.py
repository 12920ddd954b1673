"""`price_offer`: breaks over all SKUs together, MOQ, multiples, rounding, and what is refused."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.catalog import errors
from pifa.catalog.rules import (
    MAX_QUANTITY,
    OfferTerms,
    PricedOffer,
    SkuTerms,
    Tier,
    price_offer,
    smallest_order,
    tier_price,
)
from pifa.kernel.money import UnitPrice


def tiers(*pairs: tuple[int, str]) -> tuple[Tier, ...]:
    return tuple(Tier(quantity, UnitPrice.yuan(price)) for quantity, price in pairs)


def terms(
    *prices: tuple[Tier, ...],
    moq: int = 1,
    multiple: int = 1,
    available: int = 10**6,
    online: bool = True,
    active: bool = True,
) -> OfferTerms:
    skus = {
        number: SkuTerms(number, f"螺栓 {number}", own, available, active)
        for number, own in enumerate(prices, 1)
    }
    return OfferTerms(7, "螺栓", "件", moq, multiple, skus, online)


def problem(priced: PricedOffer) -> errors.QuantityProblem:
    (only,) = priced.problems
    return only


BOLT = tiers((100, "0.35"), (1000, "0.31"))


class TestPrices:
    def test_quantities_of_all_skus_are_counted_together(self) -> None:
        dear = tiers((100, "0.50"), (1000, "0.46"))
        priced = price_offer(terms(BOLT, dear, moq=100), {1: 600, 2: 400})
        assert [str(line.price) for line in priced.lines] == ["¥0.31", "¥0.46"]
        assert [str(line.amount) for line in priced.lines] == ["¥186.00", "¥184.00"]
        assert (str(priced.goods), priced.can_be_ordered) == ("¥370.00", True)

    def test_one_piece_short_of_a_break_pays_the_lower_one(self) -> None:
        priced = price_offer(terms(BOLT, BOLT, moq=100), {1: 500, 2: 499})
        assert {line.price for line in priced.lines} == {UnitPrice.yuan("0.35")}
        assert priced.next_break is not None
        assert (priced.next_break.more, priced.next_break.quantity) == (1, 1000)
        assert priced.next_break.prices[1] == UnitPrice.yuan("0.31")

    @pytest.mark.parametrize(
        ("price", "quantity", "amount"),
        [
            ("0.0350", 1, "¥0.04"),
            ("0.0350", 3, "¥0.11"),
            ("0.0350", 100, "¥3.50"),
            ("0.0349", 1, "¥0.03"),
            ("0.0001", 50, "¥0.01"),
            ("0.0001", 49, "¥0.00"),
            ("1.2345", 10, "¥12.35"),
        ],
    )
    def test_a_line_is_rounded_half_up_to_the_fen_once(
        self, price: str, quantity: int, amount: str
    ) -> None:
        assert str(price_offer(terms(tiers((1, price))), {1: quantity}).goods) == amount

    def test_lines_are_rounded_one_by_one_and_then_added(self) -> None:
        washer = tiers((1, "0.035"))
        assert str(price_offer(terms(washer, washer), {1: 1, 2: 1}).goods) == "¥0.08"

    def test_the_next_break_is_the_first_that_a_multiple_reaches(self) -> None:
        offer = terms(tiers((1, "1"), (100, "0.9")), multiple=24)
        hint = price_offer(offer, {1: 48}).next_break
        assert hint is not None
        assert (hint.quantity, hint.more) == (120, 72)

    def test_there_is_no_next_break_after_the_last_or_where_nothing_gets_cheaper(self) -> None:
        assert price_offer(terms(BOLT), {1: 1000}).next_break is None
        assert price_offer(terms(tiers((1, "1"), (10, "1"))), {1: 2}).next_break is None


class TestRefusals:
    def test_below_moq_says_how_many_more(self) -> None:
        found = problem(price_offer(terms(BOLT, BOLT, moq=100, multiple=30), {1: 30, 2: 30}))
        assert isinstance(found, errors.BelowMoq)
        assert (found.figures["quantity"], found.figures["missing"]) == (60, 60)
        assert found.figures["smallest"] == 120
        assert "请再加 60件" in str(found)

    def test_below_moq_is_still_priced_for_show(self) -> None:
        priced = price_offer(terms(BOLT, moq=100), {1: 10})
        assert str(priced.goods) == "¥3.50"

    def test_not_a_multiple_names_both_neighbours(self) -> None:
        found = problem(price_offer(terms(BOLT, moq=100, multiple=50), {1: 120}))
        assert isinstance(found, errors.NotMultiple)
        assert (found.figures["lower"], found.figures["upper"]) == (100, 150)

    def test_not_a_multiple_offers_no_neighbour_below_the_moq(self) -> None:
        found = problem(price_offer(terms(BOLT, moq=100, multiple=30), {1: 110}))
        assert isinstance(found, errors.NotMultipleUp)
        assert str(found).endswith("请改为 120件。")

    def test_a_multiple_is_counted_over_all_skus(self) -> None:
        offer = terms(BOLT, BOLT, moq=100, multiple=50)
        assert price_offer(offer, {1: 70, 2: 80}).can_be_ordered

    @pytest.mark.parametrize("quantity", [0, -1, -(10**12), MAX_QUANTITY + 1, 10**12, True])
    def test_a_quantity_that_cannot_be_meant_counts_nowhere(self, quantity: int) -> None:
        priced = price_offer(terms(BOLT, BOLT, moq=100), {1: quantity, 2: 100})
        found = problem(priced)
        assert isinstance(found, errors.BadQuantity)
        assert found.figures["sku_id"] == 1
        assert (priced.quantity, str(priced.goods)) == (100, "¥35.00")

    def test_above_stock_names_wanted_and_available(self) -> None:
        found = problem(price_offer(terms(BOLT, moq=100, available=150), {1: 200}))
        assert isinstance(found, errors.AboveStock)
        assert (found.figures["wanted"], found.figures["available"]) == (200, 150)
        sold_out = problem(price_offer(terms(BOLT, moq=100, available=0), {1: 200}))
        assert isinstance(sold_out, errors.SoldOut)

    def test_what_is_not_for_sale(self) -> None:
        inactive = problem(price_offer(terms(BOLT, moq=1, active=False), {1: 200}))
        offline = problem(price_offer(terms(BOLT, moq=1, online=False), {1: 200}))
        unknown = problem(price_offer(terms(BOLT, moq=1), {9: 200}))
        assert (inactive.code, offline.code, unknown.code) == (
            "catalog.sku_inactive",
            "catalog.offer_offline",
            "catalog.unknown_sku",
        )

    def test_nothing_at_all_is_below_the_moq(self) -> None:
        assert isinstance(problem(price_offer(terms(BOLT, moq=5), {})), errors.BelowMoq)

    def test_less_than_a_fen_cannot_be_paid(self) -> None:
        offer = terms(tiers((1, "0.0001")))
        assert isinstance(problem(price_offer(offer, {1: 49})), errors.AmountTooSmall)
        assert price_offer(offer, {1: 50}).can_be_ordered

    def test_an_amount_no_payment_can_carry_is_refused(self) -> None:
        offer = terms(tiers((1, "10000000")), available=MAX_QUANTITY)
        found = problem(price_offer(offer, {1: MAX_QUANTITY}))
        assert isinstance(found, errors.AmountTooLarge)


@st.composite
def offers(draw: st.DrawFn) -> OfferTerms:
    """Offers as the rules accept them: same quantities for all SKUs, prices that never rise."""
    moq = draw(st.integers(1, 500))
    first = draw(st.integers(1, moq))
    steps = draw(st.lists(st.integers(1, 500), max_size=4))
    quantities = [first]
    for step in steps:
        quantities.append(quantities[-1] + step)
    skus = []
    for _ in range(draw(st.integers(1, 4))):
        prices = draw(
            st.lists(st.integers(50, 2_000_000), min_size=len(quantities), max_size=len(quantities))
        )
        falling = sorted(prices, reverse=True)
        skus.append(tuple(Tier(q, UnitPrice(p)) for q, p in zip(quantities, falling, strict=True)))
    return terms(*skus, moq=moq, multiple=draw(st.integers(1, 40)), available=10**6)


def some_of(offer: OfferTerms) -> st.SearchStrategy[dict[int, int]]:
    return st.dictionaries(st.sampled_from(sorted(offer.skus)), st.integers(1, 3000), min_size=1)


@given(st.data(), offers())
def test_each_line_is_its_price_times_its_pieces_and_goods_are_their_sum(
    data: st.DataObject, offer: OfferTerms
) -> None:
    chosen = data.draw(some_of(offer))
    priced = price_offer(offer, chosen)
    for line in priced.lines:
        exact = line.price.decimal * line.quantity
        assert line.amount.decimal == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        reached = [t for t in offer.skus[line.sku_id].tiers if t.min_quantity <= priced.quantity]
        assert line.price == (reached or offer.skus[line.sku_id].tiers)[-1 if reached else 0].price
    assert priced.goods.fen == sum(line.amount.fen for line in priced.lines)
    assert priced.quantity == sum(chosen.values())


@given(st.data(), offers())
def test_it_can_be_ordered_exactly_from_the_moq_on_in_whole_multiples(
    data: st.DataObject, offer: OfferTerms
) -> None:
    priced = price_offer(offer, data.draw(some_of(offer)))
    fits = priced.quantity >= offer.moq and priced.quantity % offer.multiple == 0
    assert priced.can_be_ordered is fits


@given(st.data(), offers())
def test_following_the_remedy_of_a_refusal_leads_to_an_order(
    data: st.DataObject, offer: OfferTerms
) -> None:
    chosen = data.draw(some_of(offer))
    for found in price_offer(offer, chosen).problems:
        first = next(iter(chosen))
        if isinstance(found, errors.BelowMoq):
            more = found.figures["missing"]
        else:
            more = found.figures["upper"] - found.figures["quantity"]
        assert price_offer(offer, {**chosen, first: chosen[first] + more}).can_be_ordered


@given(st.data(), offers())
def test_more_pieces_never_cost_more_apiece_and_the_hint_holds(
    data: st.DataObject, offer: OfferTerms
) -> None:
    chosen = data.draw(some_of(offer))
    now = price_offer(offer, chosen)
    first = next(iter(chosen))
    more = price_offer(offer, {**chosen, first: chosen[first] + 1})
    before = {line.sku_id: line.price for line in now.lines}
    assert all(line.price <= before[line.sku_id] for line in more.lines)
    if now.next_break is not None:
        there = price_offer(offer, {**chosen, first: chosen[first] + now.next_break.more})
        assert there.quantity == now.next_break.quantity
        prices = {line.sku_id: line.price for line in there.lines}
        assert prices == dict(now.next_break.prices)
        assert any(prices[sku] < before[sku] for sku in prices)


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_the_smallest_order_is_the_first_multiple_from_the_moq_on(moq: int, multiple: int) -> None:
    smallest = smallest_order(moq, multiple)
    assert smallest >= moq
    assert smallest % multiple == 0
    assert smallest - multiple < moq


def test_a_tier_holds_from_its_quantity_on() -> None:
    assert [str(tier_price(BOLT, pieces)) for pieces in (1, 100, 999, 1000, 10**9)] == [
        "¥0.35",
        "¥0.35",
        "¥0.35",
        "¥0.31",
        "¥0.31",
    ]
