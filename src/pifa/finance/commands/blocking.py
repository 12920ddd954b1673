"""A hold on paying: the floor that opened a payable says why nobody may pay it for the present."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from pifa.finance.commands.locking import lock_payable
from pifa.finance.commands.payables import CLOSED, give_up
from pifa.finance.models import Payable


def block_new(subjects: Sequence[str], why: str) -> None:
    """Hold payables that were opened in this transaction; `why` in source words (`gettext_noop`)."""
    Payable.objects.filter(subject__in=subjects).update(blocked=why)


def block_payable(subject: str, why: str) -> None:
    """Hold an open payable: every attempt at it is closed, money that arrives all the same goes
    back. Held already, it gets the new reason."""
    with transaction.atomic():
        payable = lock_payable(subject)
        Payable.objects.filter(pk=payable.pk).update(blocked=why)
        give_up(payable, payable.payments.all(), CLOSED)


def unblock_payable(subject: str) -> None:
    """Let a payable be paid again; one that is not held stays as it is."""
    with transaction.atomic():
        payable = lock_payable(subject)
        if payable.blocked:
            Payable.objects.filter(pk=payable.pk).update(blocked="")
