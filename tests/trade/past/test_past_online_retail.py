"""A year of a real wholesaler's invoices, where the file is at hand (PIFA_SHARED)."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pifa.kernel.sheets import RowError
from pifa.trade.past.drafts import DeclaredOrderDraft
from pifa.trade.past.mapping import load
from pifa.trade.past.reader import open_past_sheet, read_orders
from pifa.trade.past.rules import (
    LineKind,
    PastLine,
    SalesFigures,
    match_cancellations,
    sales_figures,
)

SHARED = Path(os.environ.get("PIFA_SHARED", "../shared"))
FILE = SHARED / "data" / "online_retail.csv.gz"
ZONE = ZoneInfo("Asia/Shanghai")

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="needs online_retail.csv.gz")


@pytest.fixture(scope="module")
def orders() -> list[DeclaredOrderDraft]:
    mapping = load("line-export")
    with open_past_sheet(FILE, mapping) as sheet:
        found = list(read_orders(sheet, mapping, zone=ZONE))
    assert not any(isinstance(item, RowError) for item in found)
    return [item for item in found if isinstance(item, DeclaredOrderDraft)]


def test_every_line_of_every_invoice_is_there(orders: list[DeclaredOrderDraft]) -> None:
    assert len(orders) == 25_900
    assert sum(len(order.lines) for order in orders) == 541_909
    assert len({order.customer_key for order in orders if order.customer_key}) == 4_372


def test_june_2011(orders: list[DeclaredOrderDraft]) -> None:
    start, end = datetime(2011, 6, 1, tzinfo=ZONE), datetime(2011, 7, 1, tzinfo=ZONE)
    june = [order for order in orders if start <= order.placed_at < end]
    assert sales_figures(june) == SalesFigures(
        sales_fen=76_173_990,
        orders=1_533,
        cancellations=329,
        cancelled_fen=-7_061_678,
        buyers=991,
        returning_buyers=219,
    )


def test_cancellations_take_back_no_more_than_was_bought(
    orders: list[DeclaredOrderDraft],
) -> None:
    lines = [
        PastLine(
            order.external_no,
            line.ordinal,
            order.customer_key,
            line.code,
            order.placed_at,
            line.quantity,
            line.price_e4,
        )
        for order in orders
        for line in order.lines
        if line.kind is not LineKind.CORRECTION
    ]
    left = {(line.order_no, line.ordinal): line.quantity for line in lines if line.quantity > 0}
    matched = wanted = 0
    for match in match_cancellations(lines):
        wanted += match.quantity
        if match.purchase is not None:
            matched += match.quantity
            left[match.purchase.order_no, match.purchase.ordinal] -= match.quantity
    assert wanted == -sum(line.quantity for line in lines if line.quantity < 0)
    assert 0 < matched < wanted
    assert min(left.values()) == 0
