"""What floors above may ask: a few companies' figures from the tables, and the lake's gaps."""

from __future__ import annotations

from pifa.metrics.lake import first_day, missing_days
from pifa.metrics.queries.ahead import figures_ahead
from pifa.metrics.queries.daily import daily
from pifa.metrics.queries.figures import figures
from pifa.metrics.queries.sums import (
    SpanSums,
    SubjectSum,
    end_of_hour,
    order_sums,
    pulse,
    require_complete,
    ruled_out,
    sales_between,
    sales_by_day,
    sales_in,
    sales_until,
    sales_until_each,
    sums_of,
)

__all__ = [
    "SpanSums",
    "SubjectSum",
    "daily",
    "end_of_hour",
    "figures",
    "figures_ahead",
    "first_day",
    "missing_days",
    "order_sums",
    "pulse",
    "require_complete",
    "ruled_out",
    "sales_between",
    "sales_by_day",
    "sales_in",
    "sales_until",
    "sales_until_each",
    "sums_of",
]
