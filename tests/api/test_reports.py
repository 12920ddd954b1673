"""Reports and the purchase adviser through the API: the figures of the pages."""

from __future__ import annotations

from typing import Any

import pytest

from pifa.kernel import clock
from pifa.kernel.models import AuditEntry
from tests.api.client import App
from tests.api.market import SmallMarket, small_market
from tests.plugins.clock import MarketClock


@pytest.fixture
def market(db: None, market_clock: MarketClock) -> SmallMarket:
    """Two orders, three days apart."""
    made = small_market()
    made.trading.paid(100)
    market_clock.forward(days=3)
    made.trading.paid(200)
    return made


def test_sales_by_period(market: SmallMarket) -> None:
    span = {"since": "2026-03-01", "until": str(clock.today())}
    series = App(market.token).get("/reports/sales/series", **span, grain="week")
    assert (series["grain"], series["whole"]["sales"]) == ("week", "105.00")
    assert [point["sales"] for point in series["points"]] == ["0.00", "105.00"]
    assert series["before"]["orders"] == 0
    assert series["before"]["until"] == "2026-02-28"
    App(market.token).call("GET", "/reports/sales/series", **span, grain="year", expect=400)


def test_repeat_purchase(market: SmallMarket) -> None:
    span = {"since": "2026-03-01", "until": str(clock.today())}
    report = App(market.token).get("/reports/repeat", **span)
    assert report["whole"] == {"buyers": 1, "repeat_buyers": 1, "rate": {"num": 1, "den": 1}}
    assert report["before"]["rate"] == {"num": 0, "den": 0}
    (best,) = report["top"]
    assert (best["company_id"], best["orders"], best["sales"], best["interval"]) == (
        market.trading.buyer.pk,
        2,
        "105.00",
        3,
    )
    App(market.buyer_token).call(
        "GET", "/reports/repeat", **span, seller_id=market.trading.seller.pk, expect=404
    )


@pytest.mark.parametrize("report", ["sales", "repeat"])
def test_a_sheet_is_kept_in_the_log(market: SmallMarket, report: str) -> None:
    span = {"since": "2026-03-01", "until": str(clock.today()), "kind": "csv"}
    answer: Any = App(market.token).respond("GET", f"/reports/{report}/sheet", **span)
    content = b"".join(answer.streaming_content)
    assert b"105.00" in content
    assert AuditEntry.objects.filter(action=f"report.export_{report}").count() == 1


def test_the_adviser(market: SmallMarket) -> None:
    advice = App(market.buyer_token).get("/adviser")
    (one,) = advice["goods"]
    assert (one["sku_id"], one["need"]) == (market.trading.skus[0], "soon")
    assert one["habit"]["expected"] == "2026-03-11"
    assert [paid["price"] for paid in one["paid"]] == ["0.3500", "0.3500"]
    assert (one["today"], one["problem"], one["peers"]) == ("0.3500", None, None)
    assert App(market.token).get("/adviser") == {
        "goods": [],
        "any_orders": False,
        "compares": False,
    }
