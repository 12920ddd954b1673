"""The pure part: what figures are worth by a book, and when that changes by itself."""

from __future__ import annotations

from pifa.standing.rules.forecast import Change, forecast
from pifa.standing.rules.rating import Rated, full_figures, medal_ladder, rate

__all__ = [
    "Change",
    "Rated",
    "forecast",
    "full_figures",
    "medal_ladder",
    "rate",
]
