"""Weights written in whole grams come through to milligrams, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from pifa.kernel import clock
from tests.plugins.database import another_database

IN_GRAMS, IN_MILLIGRAMS = "0002_initial", "0003_weight_in_milligrams"


def migrate(name: str) -> Any:
    """The models as they were after a migration of goods, with that migration applied."""
    executor = MigrationExecutor(connection)
    executor.migrate([("catalog", name)])
    return executor.loader.project_state([("catalog", name)]).apps


def offer(apps: Any) -> Any:
    """An offer in the tables as they were then."""
    company = apps.get_model("parties", "Company").objects.create(
        name="试验企业", login="company", is_seller=True, created_at=clock.now()
    )
    category = apps.get_model("catalog", "Category").objects.create(
        slug="fasteners", name="紧固件", medal_system="non_consumer", department="non_consumer"
    )
    return apps.get_model("catalog", "Offer").objects.create(
        seller=company,
        category=category,
        code="HH-1",
        title="外六角螺栓",
        created_at=clock.now(),
        changed_at=clock.now(),
    )


@pytest.mark.django_db(transaction=True)
def test_grams_become_milligrams_and_what_weighs_something_still_does(tmp_path: Path) -> None:
    with another_database(tmp_path):
        apps = migrate(IN_MILLIGRAMS)
        skus, goods = apps.get_model("catalog", "Sku").objects, offer(apps)
        heavy, washer, weightless = (
            skus.create(offer=goods, code=str(weight_mg), weight_mg=weight_mg).pk
            for weight_mg in (100_000_000_000, 100, 0)
        )

        in_grams = migrate(IN_GRAMS).get_model("catalog", "Sku").objects
        assert dict(in_grams.values_list("pk", "weight_g")) == {
            heavy: 100_000_000,
            washer: 1,
            weightless: 0,
        }

        in_milligrams = migrate(IN_MILLIGRAMS).get_model("catalog", "Sku").objects
        assert dict(in_milligrams.values_list("pk", "weight_mg")) == {
            heavy: 100_000_000_000,
            washer: 1000,
            weightless: 0,
        }
