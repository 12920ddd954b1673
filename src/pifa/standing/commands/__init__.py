"""The only writers of standing: a day's rating, the nightly run, an operator's certificate."""

from __future__ import annotations

from pifa.standing.commands.certifying import certify_key_account
from pifa.standing.commands.nightly import begin, catch_up, run_night
from pifa.standing.commands.rating import rate, rate_anew

__all__ = [
    "begin",
    "catch_up",
    "certify_key_account",
    "rate",
    "rate_anew",
    "run_night",
]
