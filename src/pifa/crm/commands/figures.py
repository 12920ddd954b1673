"""Keeping the figures of files: all of a seller each morning, some of them on events."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction

from pifa.crm.commands.opening import open_files
from pifa.crm.models import CustomerFile, FileFigures, SellerRhythm
from pifa.crm.policies import may_read
from pifa.crm.queries import figures
from pifa.crm.rules.standing import Standing
from pifa.kernel import bulk, clock
from pifa.kernel.actors import Actor
from pifa.parties.models import Company

AT_ONCE = 500


@transaction.atomic
def refresh(seller_id: int) -> int:
    """Open the files that are missing and compute every file anew, as of today.

    Returns how many files there are. Repeated, it changes nothing.
    """
    Company.objects.select_for_update(no_key=True).get(pk=seller_id)
    open_files(seller_id)
    today = clock.today()
    files = figures.whose(seller_id)
    typical_fen, found = figures.computed(seller_id, today, None, files)
    SellerRhythm.objects.update_or_create(
        seller_id=seller_id, defaults={"as_of": today, "typical_fen": typical_fen}
    )
    FileFigures.objects.filter(seller=seller_id).delete()
    _write(seller_id, found)
    return len(files)


def bring_up_to_day(actor: Actor) -> None:
    """The figures of the actor's company as of today; nothing to do when they are."""
    seller_id = may_read(actor)
    if not SellerRhythm.objects.filter(seller=seller_id, as_of=clock.today()).exists():
        refresh(seller_id)


@transaction.atomic
def refresh_files(seller_id: int, file_ids: Collection[int]) -> None:
    """Compute some files anew beside the median customer of this morning; seven statements."""
    files = figures.whose(seller_id, file_ids)
    typical_fen = figures.kept_typical(seller_id)
    FileFigures.objects.filter(file__in=file_ids).delete()
    _typical, found = figures.computed(seller_id, clock.today(), typical_fen, files, some=True)
    _write(seller_id, found)


@transaction.atomic
def note_sale(seller_id: int, buyer_id: int) -> None:
    """A company bought: its file is there and counts it."""
    Company.objects.select_for_update(no_key=True).get(pk=seller_id)
    open_files(seller_id, buyer_id=buyer_id)
    ids = CustomerFile.objects.filter(seller=seller_id, buyer=buyer_id)
    refresh_files(seller_id, list(ids.values_list("pk", flat=True)))


def _write(seller_id: int, found: Mapping[int, Standing]) -> None:
    rows = [
        {"file_id": file_id, "seller_id": seller_id, **asdict(standing)}
        for file_id, standing in found.items()
    ]
    for chunk in _chunks(rows):
        bulk.insert(FileFigures, chunk, returning=None)


def _chunks(rows: list[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
