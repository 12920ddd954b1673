"""What floors above may ask: a few companies' figures from the tables, and the lake's gaps."""

from __future__ import annotations

from pifa.metrics.lake import first_day, missing_days
from pifa.metrics.queries.ahead import figures_ahead
from pifa.metrics.queries.daily import daily
from pifa.metrics.queries.figures import figures

__all__ = ["daily", "figures", "figures_ahead", "first_day", "missing_days"]
