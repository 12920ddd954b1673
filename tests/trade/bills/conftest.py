"""A buyer and a seller with legal names, who trade by bill."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.models import F

from pifa.finance import queries as finance
from pifa.ledger import queries as books
from pifa.parties.models import Company
from tests.trade import market
from tests.trade.bills.desk import Desk


@pytest.fixture
def desk(trading: market.Trading) -> Iterator[Desk]:
    ids = [trading.buyer.pk, trading.seller.pk]
    Company.objects.filter(pk__in=ids).update(verified_name=F("name"))
    yield Desk(trading)
    assert books.check() == []
    assert finance.reconciliation(trading.operator).agrees
