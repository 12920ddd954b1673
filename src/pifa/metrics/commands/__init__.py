"""The verbs of facts: record them, close a day, rebuild one, bring the lake up to date."""

from __future__ import annotations

from pifa.metrics.commands.closing import ClosedDay, close_day
from pifa.metrics.commands.rebuilding import backfill, heal, rebuild
from pifa.metrics.commands.recording import record
from pifa.metrics.lake import missing_days

__all__ = ["ClosedDay", "backfill", "close_day", "heal", "missing_days", "rebuild", "record"]
