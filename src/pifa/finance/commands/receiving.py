"""What was bought on somebody's word is received: from that day on it falls due."""

from __future__ import annotations

from django.db import transaction

from pifa.finance.events import GoodsReceived
from pifa.kernel.events import notify_subscribers


def note_received(subject: str) -> None:
    """What was promised for a subject was received; each method that took a word sees to its own.

    Once; nothing for a subject without a promise. The caller holds the subject's row.
    """
    with transaction.atomic():
        notify_subscribers(GoodsReceived(subject=subject))
