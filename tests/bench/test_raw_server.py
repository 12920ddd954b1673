"""The bare server beside which orders are measured still writes what a checkout writes."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from pifa.bench import raw_server
from pifa.parties.models import Member
from tests.trade import market

pytestmark = pytest.mark.django_db


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bare server in this test's transaction."""
    if connection.vendor != "postgresql":
        pytest.skip("the bare server speaks PostgreSQL's SQL")
    connection.ensure_connection()
    monkeypatch.setattr(raw_server, "_connection", lambda: connection.connection)


def rows() -> dict[str, int]:
    """How many rows each table holds."""
    return {model._meta.db_table: model._default_manager.count() for model in apps.get_models()}


def test_it_writes_the_rows_of_a_checkout(bare: None) -> None:
    trading = market.trading()
    member = Member.objects.get(company=trading.buyer, user=trading.buying.user_id)
    before = rows()
    trading.place(20)
    after = rows()
    order: dict[str, Any] = {
        "bench": {
            "company": trading.buyer.pk,
            "seller": trading.seller.pk,
            "member": member.pk,
            "user": member.user_id,
            "offer": trading.offer.pk,
        },
        "lines": [{"sku_id": trading.skus[0], "quantity": 20}],
    }
    raw_server.place(order, "a-key")
    bare_rows = {table: count - after[table] for table, count in rows().items()}
    ours = {table: count - before[table] for table, count in after.items()}
    # The API keeps the key of a request, whoever calls the command does not.
    del ours["kernel_idempotencykey"], bare_rows["kernel_idempotencykey"]
    assert bare_rows == ours
