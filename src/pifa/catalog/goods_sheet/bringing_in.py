"""A goods sheet comes in: first as a preview, then for good, a batch of offers at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import IO

from django.db import IntegrityError, transaction

from pifa.catalog.commands.offers import submit_offers
from pifa.catalog.commands.writing import Write, write_offers
from pifa.catalog.errors import NoShop
from pifa.catalog.goods_sheet.columns import match_headers
from pifa.catalog.goods_sheet.pictures import PictureDesk
from pifa.catalog.goods_sheet.plan import Group, Planned, changed_fields, grouped, plan
from pifa.catalog.goods_sheet.rows import RowReader
from pifa.catalog.models import Offer, Shop
from pifa.catalog.policies import may_keep
from pifa.catalog.queries.categories import categories, forget_categories
from pifa.catalog.queries.seller_goods import templates_of
from pifa.catalog.queries.stored import prohibited_words, stored_by_code
from pifa.kernel.actors import Actor
from pifa.kernel.sheets import (
    PictureSource,
    RejectedRows,
    RowError,
    Sheet,
    SheetLimits,
    open_sheet,
)
from pifa.kernel.sheets.rejected import (
    FIELD_HEADER,
    REASON_HEADER,
    REMEDY_HEADER,
    ROW_HEADER,
)

LIMITS = SheetLimits(rows=100_000, columns=100, cell_chars=32_767)
BATCH_OFFERS, BATCH_PICTURES = 400, 200
SHOWN_OFFERS = 200
"""How many offers a report describes one by one."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class OfferOutcome:
    """What becomes of one offer: created, changed, unchanged or refused."""

    code: str
    title: str
    kind: str
    rows: tuple[int, ...]
    fields: tuple[str, ...] = ()
    not_submitted: tuple[str, ...] = ()


@dataclass(slots=True)
class GoodsReport:
    """What a sheet would do (preview) or has done. `errors` are in the order of rows.

    `offers` describes the first offers that are not unchanged. `not_submitted` counts drafts
    that cannot go to review as they are (no picture, a prohibited word).
    """

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    skus_created: int = 0
    skus_changed: int = 0
    submitted: int = 0
    not_submitted: int = 0
    unknown_headers: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    offers: list[OfferOutcome] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    @property
    def refused_rows(self) -> int:
        """Rows that did not get in."""
        return len({error.row for error in self.errors})


def open_goods_sheet(file: str | os.PathLike[str] | IO[bytes], name: str | None = None) -> Sheet:
    """Open an .xlsx or .csv within the limits of goods sheets. Raises `SheetError`."""
    return open_sheet(file, name=name, limits=LIMITS)


def preview(
    actor: Actor,
    sheet: Sheet,
    pictures: PictureSource | None = None,
    on_progress: Progress | None = None,
) -> GoodsReport:
    """What `bring_in` would do; nothing is written. Raises `NoGoodsHeader`, `SheetError`."""
    desk = _Desk(may_keep(actor), sheet, pictures)
    for batch in desk.batches():
        for planned in desk.plan(batch, lock=False):
            desk.note(planned)
        desk.progress(batch, on_progress)
    return desk.report_in_order()


def bring_in(
    actor: Actor,
    sheet: Sheet,
    pictures: PictureSource | None = None,
    *,
    submit: bool = False,
    on_progress: Progress | None = None,
) -> GoodsReport:
    """Create and change offers as the sheet says; refused rows are in the report.

    An offer is taken as a whole or not at all; a batch of offers is one transaction, so that
    what is in stays in when a later batch fails, and the same sheet again goes on from there.
    `submit` hands new and mended offers in for review.
    """
    seller_id = may_keep(actor)
    if submit and not Shop.objects.filter(company_id=seller_id).exists():
        raise NoShop
    desk = _Desk(seller_id, sheet, pictures)
    for batch in desk.batches():
        try:
            plans = desk.work(actor, batch, submit=submit)
        except IntegrityError:
            # Another sheet or form created one of these offers meanwhile: it is there now.
            plans = desk.work(actor, batch, submit=submit)
        for planned in plans:
            desk.note(planned)
        desk.progress(batch, on_progress)
    return desk.report_in_order()


def write_rejected(report: GoodsReport, path: str | os.PathLike[str]) -> int:
    """Write refused rows to be mended and sent again, each once; how many. No file without any.

    What an earlier rejected sheet said at its end is left out, so that a sheet can go back and
    forth.
    """
    said = {str(header) for header in (ROW_HEADER, FIELD_HEADER, REASON_HEADER, REMEDY_HEADER)}
    kept = [index for index, header in enumerate(report.headers) if header not in said]
    by_row: dict[int, list[RowError]] = {}
    for error in report.errors:
        by_row.setdefault(error.row, []).append(error)
    with RejectedRows(path, [report.headers[index] for index in kept]) as rejected:
        for errors in by_row.values():
            cells = errors[0].cells
            rejected.add(
                RowError(
                    row=errors[0].row,
                    field="；".join(error.field for error in errors),
                    reason="；".join(str(error.reason) for error in errors),
                    remedy="；".join(dict.fromkeys(str(error.remedy) for error in errors)),
                    cells=tuple(cells[index] for index in kept if index < len(cells)),
                )
            )
        return rejected.count


class _Desk:
    """One sheet being worked through, batch by batch."""

    def __init__(self, seller_id: int, sheet: Sheet, source: PictureSource | None) -> None:
        self._seller_id = seller_id
        self._source = source
        self._prohibited = prohibited_words()
        forget_categories()
        table = sheet.table()
        places, unknown = match_headers(table.headers)
        templates = {terms.name: terms.template_id for terms in templates_of(seller_id)}
        reader = RowReader(places, categories(), templates)
        self._groups = grouped(reader.read(table.rows))
        self._rows = sum(len(group.rows) for group in self._groups)
        self._done = 0
        self.report = GoodsReport(rows=self._rows, headers=table.headers, unknown_headers=unknown)

    def batches(self) -> Iterator[list[Group]]:
        """Offers in batches that hold neither too many rows nor too many pictures."""
        batch: list[Group] = []
        pictures = 0
        for group in self._groups:
            batch.append(group)
            pictures += len(group.picture_names)
            if len(batch) >= BATCH_OFFERS or pictures >= BATCH_PICTURES:
                yield batch
                batch, pictures = [], 0
        if batch:
            yield batch

    def work(self, actor: Actor, batch: Sequence[Group], *, submit: bool) -> list[Planned]:
        """Plan and write a batch in one transaction."""
        with transaction.atomic():
            plans = self.plan(batch, lock=True)
            self.report.submitted += self.write(actor, plans, submit=submit)
        return plans

    def plan(self, batch: Sequence[Group], *, lock: bool) -> list[Planned]:
        """Set a batch against what is stored."""
        self._pictures = PictureDesk(self._seller_id, self._source)
        self._pictures.resolve(batch)
        codes = [group.code for group in batch if not group.errors]
        stored = stored_by_code(self._seller_id, codes, lock=lock)
        return [
            plan(group, stored.get(group.code), self._pictures.ids, self._prohibited)
            for group in batch
        ]

    def write(self, actor: Actor, plans: Sequence[Planned], *, submit: bool) -> int:
        """Write what can be written of a batch, with its pictures; how many were submitted."""
        writes = [planned.write for planned in plans if planned.write is not None]
        ids = self._pictures.store(key for write in writes for key in write.draft.picture_ids)
        writes = [_with_pictures(write, ids) for write in writes]
        offer_ids = write_offers(actor, self._seller_id, writes, "offer.import")
        if not submit:
            return 0
        written = (planned for planned in plans if planned.write is not None)
        ready = [
            offer_id
            for offer_id, planned in zip(offer_ids, written, strict=True)
            if _can_be_submitted(planned)
        ]
        if ready:
            submit_offers(actor, ready)
        return len(ready)

    def note(self, planned: Planned) -> None:
        """Add one offer to the report."""
        report, write = self.report, planned.write
        setattr(report, planned.kind, getattr(report, planned.kind) + 1)
        report.errors += planned.group.errors
        if write is not None:
            created, changed = _count_skus(write)
            report.skus_created += created
            report.skus_changed += changed
            report.not_submitted += bool(planned.not_submitted)
        if planned.kind != "unchanged" and len(report.offers) < SHOWN_OFFERS:
            report.offers.append(_outcome(planned))

    def progress(self, batch: Sequence[Group], on_progress: Progress | None) -> None:
        """Tell how many rows are done."""
        self._done += sum(len(group.rows) for group in batch)
        if on_progress:
            on_progress(self._done, self._rows)

    def report_in_order(self) -> GoodsReport:
        """The finished report."""
        self.report.errors.sort(key=lambda error: error.row)
        return self.report


def _with_pictures(write: Write, ids: dict[int, int]) -> Write:
    if not ids:
        return write
    pictures = tuple(dict.fromkeys(ids.get(key, key) for key in write.draft.picture_ids))
    return replace(write, draft=replace(write.draft, picture_ids=pictures))


def _can_be_submitted(planned: Planned) -> bool:
    write = planned.write
    assert write is not None
    waits = write.stored is None or write.stored.state in (Offer.State.DRAFT, Offer.State.REJECTED)
    return waits and not planned.not_submitted


def _count_skus(write: Write) -> tuple[int, int]:
    if write.stored is None:
        return len(write.draft.skus), 0
    before = {sku.code: sku for sku in write.stored.draft.skus}
    created = sum(sku.code not in before for sku in write.final.skus)
    changed = sum(sku.code in before and before[sku.code] != sku for sku in write.final.skus)
    return created, changed


def _outcome(planned: Planned) -> OfferOutcome:
    write, group = planned.write, planned.group
    shown = group.code if not group.code.startswith("\0") else ""
    return OfferOutcome(
        code=shown,
        title=write.draft.title if write else str(group.rows[0].values.get("title", "")),
        kind=planned.kind,
        rows=tuple(row.number for row in group.rows),
        fields=tuple(changed_fields(write)) if write else (),
        not_submitted=tuple(str(problem) for problem in planned.not_submitted),
    )
