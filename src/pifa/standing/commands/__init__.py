"""The only writers of standing: a day's rating, the nightly run, an operator's certificate."""

from __future__ import annotations

from pifa.standing.commands.by_hand import rate_by_hand
from pifa.standing.commands.certifying import certify_key_account
from pifa.standing.commands.nightly import begin, rate_anew, run_night
from pifa.standing.commands.rating import rate, rate_days

__all__ = [
    "begin",
    "certify_key_account",
    "rate",
    "rate_anew",
    "rate_by_hand",
    "rate_days",
    "run_night",
]
