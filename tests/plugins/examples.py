"""How many random examples a heavy property is tried on."""

from __future__ import annotations

import os


def examples(many: int) -> int:
    """So many; a quarter on the second database, where only what it does otherwise is in doubt."""
    on_postgres = os.environ.get("PIFA_DATABASE_URL", "").startswith("postgres")
    return max(many // 4, 2) if on_postgres else many
