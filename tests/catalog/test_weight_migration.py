"""Weights written in whole grams come through to milligrams, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from pifa.catalog.models import Sku
from tests.catalog import market

IN_GRAMS, IN_MILLIGRAMS = "0002_initial", "0003_weight_in_milligrams"


def migrate(name: str) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([("catalog", name)])
    return executor.loader.project_state([("catalog", name)]).apps.get_model("catalog", "Sku")


@contextmanager
def latest_afterwards() -> Iterator[None]:
    """Whatever happens, all tables are there again when the test's books are proven."""
    try:
        yield
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db(transaction=True)
def test_grams_become_milligrams_and_what_weighs_something_still_does() -> None:
    offer = market.offer(market.seller(), stock=[10, 10, 10])
    heavy, washer, weightless = market.sku_ids(offer)
    Sku.objects.filter(pk=heavy).update(weight_mg=100_000_000_000)
    Sku.objects.filter(pk=washer).update(weight_mg=100)
    Sku.objects.filter(pk=weightless).update(weight_mg=0)

    with latest_afterwards():
        in_grams = migrate(IN_GRAMS).objects.values_list("pk", "weight_g")
        assert dict(in_grams) == {heavy: 100_000_000, washer: 1, weightless: 0}

        in_milligrams = migrate(IN_MILLIGRAMS).objects.values_list("pk", "weight_mg")
        assert dict(in_milligrams) == {heavy: 100_000_000_000, washer: 1000, weightless: 0}
