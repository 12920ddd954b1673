"""Importing past trade: keep the file, read it, write chunk by chunk, match cancellations.

Each chunk is a transaction, so an import can be interrupted at any moment and run again; what
is in already is known by its identity. Every row that was refused is in a sheet to download.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.core.files import File
from django.db import transaction
from django.db.models import F
from django_tasks import task

from pifa.kernel import alive, audit, clock, events
from pifa.kernel.actors import SYSTEM, Actor, Role
from pifa.kernel.alive import SignOfLife
from pifa.kernel.errors import DomainError, NotFound
from pifa.kernel.sheets import RejectedRows, RowError, Sheet
from pifa.parties.models import Company
from pifa.parties.policies import require
from pifa.trade.events.facts import PastTradeImported
from pifa.trade.models import ImportBatch, ImportRejection
from pifa.trade.past import mapping as mappings
from pifa.trade.past.drafts import DeclaredOrderDraft
from pifa.trade.past.mapping import Mapping
from pifa.trade.past.matching import rematch
from pifa.trade.past.reader import open_past_sheet, read_orders
from pifa.trade.past.writing import write_orders

CHUNK_ORDERS = 500
KEPT_REJECTIONS = 1_000
"""Rows listed on the page; the sheet to download has them all."""

Progress = Callable[[str, int, int], None]
"""What is being done (`read`, `write`, `match`), how much, of how much (estimated)."""


def start_import(actor: Actor, file: BinaryIO, file_name: str, mapping: Mapping) -> ImportBatch:
    """Keep an uploaded sheet and queue its import; the page follows the batch's progress."""
    company_id = require(actor, Role.CLERK)
    if not Company.objects.filter(pk=company_id, is_seller=True).exists():
        raise NotFound
    with transaction.atomic():
        batch = _new_batch(company_id, file, file_name, mapping)
        batch.file.save(f"{batch.pk}-{Path(file_name).name[-80:]}", File(file), save=True)
        audit.record(actor, "past.import", f"company:{company_id}", batch=batch.pk, file=file_name)
        transaction.on_commit(lambda: import_in_background.enqueue(batch_id=batch.pk))
    return batch


@task()
def import_in_background(batch_id: int) -> None:
    """The queued import of an uploaded sheet."""
    batch = ImportBatch.objects.get(pk=batch_id)
    mapping = mappings.parse(batch.mapping_toml)
    with batch.file.open("rb") as file:
        _run(batch, open_past_sheet(file, mapping, name=batch.file_name), mapping, None)


def import_file(
    seller_id: int,
    path: str | os.PathLike[str],
    mapping: Mapping,
    *,
    actor: Actor = SYSTEM,
    progress: Progress | None = None,
) -> ImportBatch:
    """Import a sheet at once (the command line); returns the batch with its figures."""
    if not Company.objects.filter(pk=seller_id, is_seller=True).exists():
        raise NotFound
    note_left_imports()
    name = Path(path).name
    with ExitStack() as ends:
        with Path(path).open("rb") as file, transaction.atomic():
            batch = _new_batch(seller_id, file, name, mapping)
            audit.record(actor, "past.import", f"company:{seller_id}", batch=batch.pk, file=name)
            sign = SignOfLife(_sign(batch.pk))
            ends.callback(sign.end)
            sign.show()  # before anybody else sees the batch
        _run(batch, open_past_sheet(path, mapping, name=name), mapping, progress)
    return batch


def _new_batch(seller_id: int, file: BinaryIO, name: str, mapping: Mapping) -> ImportBatch:
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    file.seek(0)
    return ImportBatch.objects.create(
        seller_id=seller_id,
        file_name=name[-200:],
        sha256=digest.hexdigest(),
        mapping=mapping.name[:60],
        mapping_toml=mappings.dump(mapping),
        state=ImportBatch.State.WAITING,
        started_at=clock.now(),
    )


def _run(batch: ImportBatch, sheet: Sheet, mapping: Mapping, progress: Progress | None) -> None:
    """Run a batch to its end; whatever stops it, the batch says so and what is in stays in."""
    own = _begin(batch)
    handle, rejected_path = tempfile.mkstemp(suffix=".csv")
    os.close(handle)
    try:
        with sheet, _rejected(sheet, mapping, rejected_path) as rejected:
            _take_all(batch, sheet, mapping, rejected, progress)
        _finish(batch, rejected_path, own)
    except DomainError as error:
        _mark(batch, ImportBatch.State.FAILED, str(error))
        raise
    except BaseException:
        _mark(batch, ImportBatch.State.STOPPED)
        raise
    finally:
        Path(rejected_path).unlink(missing_ok=True)


def _begin(batch: ImportBatch) -> int:
    """Let it run, anew where a server died; returns how many orders it brought in before.

    All rows are read again: what is in already is known, what was refused is refused again.
    """
    _mark(batch, ImportBatch.State.RUNNING)
    with transaction.atomic():
        ImportRejection.objects.filter(batch=batch).delete()
        ImportBatch.objects.filter(pk=batch.pk).update(orders_known=0, rejected=0, warnings=0)
    return batch.orders_new


def note_stopped(batch_id: int) -> None:
    """An import that is not tried again: its seller may repeat it."""
    running = ImportBatch.objects.filter(
        pk=batch_id, state__in=(ImportBatch.State.WAITING, ImportBatch.State.RUNNING)
    )
    running.update(state=ImportBatch.State.STOPPED, ended_at=clock.now())


def note_left_imports() -> int:
    """Note as stopped the imports from a shell whose process was killed; how many there were.

    Those of the page are queued tasks, which are taken up again.
    """
    running = ImportBatch.objects.filter(
        file="", state__in=(ImportBatch.State.WAITING, ImportBatch.State.RUNNING)
    )
    left = [pk for pk in running.values_list("pk", flat=True) if not alive.lives(_sign(pk))]
    for pk in left:
        note_stopped(pk)
    return len(left)


def _sign(batch_id: int) -> str:
    return f"import-{batch_id}"


def _rejected(sheet: Sheet, mapping: Mapping, path: str) -> RejectedRows:
    headers = sheet.table(mapping.header_row, unique=False).headers
    return RejectedRows(path, headers, ordinal_header="单内序号")


def _take_all(
    batch: ImportBatch,
    sheet: Sheet,
    mapping: Mapping,
    rejected: RejectedRows,
    progress: Progress | None,
) -> None:
    tell = progress or (lambda *_args: None)

    def reading(done: int, estimate: int) -> None:
        tell("read", done, estimate)
        ImportBatch.objects.filter(pk=batch.pk).update(rows_done=done, rows_total=estimate)

    found = read_orders(sheet, mapping, zone=clock.zone(), not_after=clock.now(), progress=reading)
    taken, cancels = 0, False
    while chunk := list(islice(found, CHUNK_ORDERS)):
        cancels = _take_chunk(batch, chunk, rejected) or cancels
        taken += len(chunk)
        tell("write", taken, 0)
    if cancels:
        tell("match", 0, 1)
        with transaction.atomic():
            rematch(batch.seller_id)
        tell("match", 1, 1)


def _take_chunk(
    batch: ImportBatch, chunk: list[DeclaredOrderDraft | RowError], rejected: RejectedRows
) -> bool:
    """Write one chunk in one transaction; whether it brought cancellations."""
    drafts = [item for item in chunk if isinstance(item, DeclaredOrderDraft)]
    errors = [item for item in chunk if isinstance(item, RowError)]
    with transaction.atomic():
        written = write_orders(batch.seller_id, batch.pk, drafts)
        warnings = [w for draft in drafts for w in draft.warnings] + written.warnings
        room = max(KEPT_REJECTIONS - rejected.count, 0)
        ImportRejection.objects.bulk_create(
            [_kept(batch, error, is_warning=False) for error in errors[:room]]
            + [_kept(batch, warning, is_warning=True) for warning in warnings[:room]]
        )
        ImportBatch.objects.filter(pk=batch.pk).update(
            orders_new=F("orders_new") + written.orders_new,
            orders_known=F("orders_known") + written.orders_known,
            lines_new=F("lines_new") + written.lines_new,
            customers_new=F("customers_new") + written.customers_new,
            rejected=F("rejected") + len(errors),
            warnings=F("warnings") + len(warnings),
        )
    for error in errors:
        rejected.add(error)
    return written.cancels


def _kept(batch: ImportBatch, error: RowError, *, is_warning: bool) -> ImportRejection:
    return ImportRejection(
        batch=batch,
        row=error.row,
        field=error.field[:60],
        reason=str(error.reason)[:300],
        remedy=str(error.remedy)[:300],
        is_warning=is_warning,
    )


def _mark(batch: ImportBatch, state: str, error: str = "") -> None:
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=state,
        error=error[:500],
        ended_at=None if state == ImportBatch.State.RUNNING else clock.now(),
    )


def _finish(batch: ImportBatch, rejected_path: str, own: int) -> None:
    ImportBatch.objects.filter(pk=batch.pk).update(orders_known=F("orders_known") - own)
    if os.path.getsize(rejected_path):
        batch.refresh_from_db()
        with open(rejected_path, "rb") as file:
            batch.rejected_file.save(f"{batch.pk}-rejected.csv", File(file), save=True)
    with transaction.atomic():
        _mark(batch, ImportBatch.State.DONE)
        batch.refresh_from_db()
        events.emit(
            PastTradeImported(
                seller_id=batch.seller_id, batch_id=batch.pk, orders_new=batch.orders_new
            )
        )
