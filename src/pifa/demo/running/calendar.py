"""The days of the three seasons that the demo market knows: the one before, the one that runs, the next."""

from __future__ import annotations

from datetime import date
from typing import Final

from pifa.demo import setting

BEFORE: Final = date(2026, 6, 1)
RUNNING: Final = date(2026, 7, 1)
NEXT: Final = date(2026, 8, 1)
"""The months for which the template is read; each season ends on the 9th of its month."""

PEAK: Final = date(2026, 7, 6)
"""The peak day of the season that runs."""

SOLD: Final = setting.moment(date(2026, 6, 27), 9)
"""When the rehearsals' first orders are paid."""
