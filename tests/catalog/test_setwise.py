"""One UPDATE for many rows does what Django's `bulk_update` does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from pifa.catalog.commands import setwise
from pifa.catalog.models import Offer, Sku
from pifa.kernel import clock
from tests.catalog import market

pytestmark = pytest.mark.django_db

COLUMNS = ("title", "attributes", "moq", "freight_template_id", "category_id", "changed_at")


def values(offer: Offer) -> tuple[object, ...]:
    offer.refresh_from_db()
    return tuple(getattr(offer, name) for name in COLUMNS)


def test_it_does_what_its_plain_twin_does(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    seller = market.seller()
    one, other = ([market.offer(seller) for _ in range(3)] for _ in range(2))
    bystander = market.offer(seller)
    before = values(bystander)
    category, moment = market.category(), clock.now() + timedelta(hours=1)
    wanted = [
        ("螺栓'; --", [["材质", '304"']], 5, None, category.pk, moment),
        ("", [], 10**9, None, category.pk, moment),
        ("🔩 emoji", [["a", "b"], ["c", "d"]], 1, None, category.pk, moment),
    ]
    with django_assert_num_queries(1):
        count = setwise.update(
            Offer, COLUMNS, [(offer.pk, *row) for offer, row in zip(one, wanted, strict=True)]
        )
    for offer, row in zip(other, wanted, strict=True):
        for name, value in zip(COLUMNS, row, strict=True):
            setattr(offer, name, value)
    Offer.objects.bulk_update(other, [name.removesuffix("_id") for name in COLUMNS])
    assert count == 3
    assert [values(offer) for offer in one] == [values(offer) for offer in other] == wanted
    assert values(bystander) == before


def test_booleans_and_nothing_at_all(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    (sku,) = market.sku_ids(market.offer(market.seller()))
    setwise.update(Sku, ("active", "stock"), [(sku, False, 3)])
    assert Sku.objects.filter(pk=sku, active=False, stock=3).exists()
    with django_assert_num_queries(0):
        assert setwise.update(Sku, ("active",), []) == 0
