"""Stock is reserved all or nothing, given back, taken out, and never oversold."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from pifa.catalog import commands
from pifa.catalog.errors import OutOfStock, StockMismatch
from pifa.catalog.models import Offer, Sku
from pifa.catalog.rules import Tier
from pifa.kernel.errors import NotFound
from pifa.kernel.models import OutboxEvent
from pifa.kernel.money import UnitPrice
from tests.catalog import market


def reserved(*sku_ids: int) -> list[tuple[int, int]]:
    """(stock, reserved) of SKUs."""
    rows = Sku.objects.in_bulk(sku_ids)
    return [(rows[sku_id].stock, rows[sku_id].reserved) for sku_id in sku_ids]


def reserve_plainly(quantities: Mapping[int, int]) -> None:
    """The plain twin of `commands.reserve`."""
    with transaction.atomic():
        skus = Sku.objects.select_for_update().filter(pk__in=quantities).order_by("pk")
        for sku in skus:
            if not sku.active or sku.stock - sku.reserved < quantities[sku.pk]:
                raise OutOfStock([])
            sku.reserved += quantities[sku.pk]
            sku.save()


@pytest.mark.django_db
class TestReserve:
    def test_it_is_one_statement_for_any_number_of_skus(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        made = market.offer(market.seller(), stock=[100] * 30)
        wanted = dict.fromkeys(market.sku_ids(made), 7)
        with django_assert_num_queries(1):
            commands.reserve(wanted)
        assert reserved(*wanted) == [(100, 7)] * 30

    def test_what_is_short_is_named_with_both_figures_and_nothing_is_reserved(self) -> None:
        first, second, third = market.sku_ids(market.offer(market.seller(), stock=[10, 5, 2]))
        with pytest.raises(OutOfStock) as refused, transaction.atomic():
            commands.reserve({first: 10, second: 6, third: 9})
        assert [item[0] for item in refused.value.shortages] == [second, third]
        assert [item[2:] for item in refused.value.shortages] == [(6, 5), (9, 2)]
        assert "M8×40（要 6，可售 5）" in str(refused.value)
        assert reserved(first, second, third) == [(10, 0), (5, 0), (2, 0)]

    def test_the_last_piece_can_be_had(self) -> None:
        (sku,) = market.sku_ids(market.offer(market.seller(), stock=[3]))
        commands.reserve({sku: 2})
        commands.reserve({sku: 1})
        with pytest.raises(OutOfStock), transaction.atomic():
            commands.reserve({sku: 1})
        assert reserved(sku) == [(3, 3)]

    def test_an_inactive_sku_has_nothing(self) -> None:
        (sku,) = market.sku_ids(market.offer(market.seller(), stock=[3]))
        Sku.objects.filter(pk=sku).update(active=False)
        with pytest.raises(OutOfStock) as refused, transaction.atomic():
            commands.reserve({sku: 1})
        assert refused.value.shortages[0].available == 0

    def test_an_unknown_sku_is_not_found(self) -> None:
        (sku,) = market.sku_ids(market.offer(market.seller(), stock=[3]))
        with pytest.raises(NotFound), transaction.atomic():
            commands.reserve({sku: 1, 10**9: 1})
        assert reserved(sku) == [(3, 0)]

    def test_quantities_that_cannot_be_meant_never_reach_the_database(self) -> None:
        (sku,) = market.sku_ids(market.offer(market.seller(), stock=[3]))
        for quantity in (0, -1):
            with pytest.raises(ValueError, match="above zero"):
                commands.reserve({sku: quantity})
        assert reserved(sku) == [(3, 0)]

    def test_it_does_what_its_plain_twin_does(self) -> None:
        one = market.offer(market.seller(), stock=[10, 5, 0])
        other = market.offer(market.seller(), stock=[10, 5, 0])
        for picks in ([3, 5, 0], [8, 0, 0], [7, 0, 0], [0, 1, 0], [0, 0, 1]):
            outcomes = []
            for made, verb in ((one, commands.reserve), (other, reserve_plainly)):
                wanted = {sku: n for sku, n in zip(market.sku_ids(made), picks, strict=True) if n}
                try:
                    with transaction.atomic():
                        verb(wanted)
                    outcomes.append("reserved")
                except OutOfStock:
                    outcomes.append("short")
            assert outcomes[0] == outcomes[1], picks
        assert reserved(*market.sku_ids(one)) == reserved(*market.sku_ids(other))

    def test_the_seller_hears_once_that_less_than_a_minimum_order_is_left(self) -> None:
        (sku,) = market.sku_ids(market.offer(market.seller(), stock=[100], moq=20))
        for pieces in (60, 20, 5, 5):
            commands.reserve({sku: pieces})
        told = OutboxEvent.objects.filter(name="stock.low").values_list("payload", flat=True)
        assert [(event["sku_id"], event["left"]) for event in told] == [(sku, 15)]


@pytest.mark.django_db
class TestAfterwards:
    def test_release_gives_back_and_ship_takes_out(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        first, second = market.sku_ids(market.offer(market.seller(), stock=[10, 10]))
        commands.reserve({first: 6, second: 4})
        with django_assert_num_queries(1):
            commands.release_stock({first: 2, second: 1})
        assert reserved(first, second) == [(10, 4), (10, 3)]
        with django_assert_num_queries(1):
            commands.ship_stock({first: 4, second: 3})
        assert reserved(first, second) == [(6, 0), (7, 0)]

    @pytest.mark.parametrize("verb", [commands.release_stock, commands.ship_stock])
    def test_more_than_was_reserved_changes_nothing(self, verb: object) -> None:
        first, second = market.sku_ids(market.offer(market.seller(), stock=[10, 10]))
        commands.reserve({first: 6, second: 4})
        assert callable(verb)
        with pytest.raises(StockMismatch) as refused, transaction.atomic():
            verb({first: 6, second: 5})
        assert refused.value.figures["sku_ids"] == [second]
        assert reserved(first, second) == [(10, 6), (10, 4)]

    def test_sold_pieces_are_counted_by_offer_and_never_below_nothing(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        one = market.offer(market.seller(), stock=[10, 10])
        other = market.offer(market.seller())
        first, second = market.sku_ids(one)
        (third,) = market.sku_ids(other)
        with django_assert_num_queries(1):
            commands.add_sold({first: 3, second: 4, third: 5})
        commands.add_sold({first: -2, third: -9})
        sold = Offer.objects.in_bulk([one.pk, other.pk])
        assert (sold[one.pk].sold_quantity, sold[other.pk].sold_quantity) == (5, 0)


@pytest.mark.django_db(transaction=True)
def test_64_buyers_racing_for_the_last_pieces_oversell_nothing() -> None:
    """Each wants 2 of one SKU and 1 of another, in either order; 25 pairs and 40 are there."""
    first, second = market.sku_ids(market.offer(market.seller(), stock=[50, 40]))
    start = Barrier(64)
    outcomes: list[str] = []

    def buy(number: int) -> None:
        wanted = {first: 2, second: 1} if number % 2 else {second: 1, first: 2}
        start.wait()
        try:
            with transaction.atomic():
                commands.reserve(wanted)
            outcomes.append("reserved")
        except OutOfStock as refused:
            outcomes.append(f"short of {[item.sku_id for item in refused.shortages]}")
        finally:
            connection.close()

    threads = [Thread(target=buy, args=(number,)) for number in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count("reserved"), outcomes.count(f"short of {[first]}")) == (25, 39)
    assert reserved(first, second) == [(50, 50), (40, 25)]


@pytest.mark.django_db(transaction=True)
def test_orders_and_their_sellers_edits_never_wait_for_each_other_in_a_ring() -> None:
    """Orders take SKUs and then count pieces sold on the offer; edits want both, too."""
    seller = market.seller()
    keeper = market.actor(seller)
    made = [market.offer(seller, stock=[10**6] * 3) for _ in range(3)]
    ids = [sku for offer in made for sku in market.sku_ids(offer)]
    start = Barrier(12)
    failures: list[Exception] = []

    def work(number: int) -> None:
        start.wait()
        try:
            for turn in range(5):
                if number % 2:
                    wanted = dict.fromkeys(ids[:: 1 if turn % 2 else -1], 2)
                    with transaction.atomic():
                        commands.reserve(wanted)
                        commands.ship_stock(wanted)
                        commands.add_sold(wanted)
                else:
                    prices = {sku: _prices(number, turn) for sku in ids}
                    commands.set_prices(keeper, prices)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shall tell it
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert reserved(*ids) == [(10**6 - 60, 0)] * 9
    assert set(Offer.objects.values_list("sold_quantity", flat=True)) == {180}


def _prices(number: int, turn: int) -> list[Tier]:
    return [Tier(1, UnitPrice(1000 + 10 * number + turn))]
