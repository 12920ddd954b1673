"""A customers' sheet comes in: first as a preview, then for good, all of it or nothing.

A column that is not there leaves its field as it is; an empty cell of one that is there empties
it, but for notes, which are only added. Purchases that stand for orders of the market are known
again and not taken for the seller's own words. Rows in error are refused, the others taken.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.crm.commands.figures import refresh_files
from pifa.crm.commands.files import (
    LABELS,
    FileDraft,
    append,
    checked,
    keepers_of,
    noted,
    write,
)
from pifa.crm.commands.morning import expect_mornings
from pifa.crm.errors import BadField
from pifa.crm.models import CustomerFile, FileNote
from pifa.crm.policies import may_keep
from pifa.crm.sheet.columns import (
    BY_KEY,
    is_second_header,
    match_headers,
    purchase_header,
)
from pifa.crm.sheet.rows import BadCell, ReadRow, read_row
from pifa.crm.sheet.taking_out import Held
from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.sheets import RowError, Sheet, SheetLimits, cell_text, open_sheet
from pifa.parties.models import Company

LIMITS = SheetLimits(rows=50_000, columns=200, cell_chars=32_767)
SHOWN = 200
"""How many customers a report describes one by one."""


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What becomes of one row: created, changed or unchanged."""

    row: int
    code: str
    name: str
    kind: str
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class FilesReport:
    """What a sheet would do (preview) or has done."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    notes: int = 0
    unknown_headers: tuple[str, ...] = ()
    headers: list[str] = field(default_factory=list)
    files: list[FileOutcome] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """Rows that did not get in."""
        return len({error.row for error in self.errors})


def open_files_sheet(file: str | os.PathLike[str] | IO[bytes], name: str | None = None) -> Sheet:
    """Open an .xlsx or .csv within the limits of customers' sheets. Raises `SheetError`."""
    return open_sheet(file, name=name, limits=LIMITS)


def preview(actor: Actor, sheet: Sheet) -> FilesReport:
    """What `bring_in` would do; nothing is left written. Raises `NoSheetHeader`, `SheetError`."""
    with transaction.atomic():
        report = bring_in(actor, sheet)
        transaction.set_rollback(True)
    return report


@transaction.atomic
def bring_in(actor: Actor, sheet: Sheet) -> FilesReport:
    """Open and change files as the sheet says, in one transaction. Clerks."""
    seller_id = may_keep(actor)
    Company.objects.select_for_update(no_key=True).get(pk=seller_id)
    return _Desk(actor, seller_id, sheet).work()


class _Desk:
    """One sheet being worked through."""

    def __init__(self, actor: Actor, seller_id: int, sheet: Sheet) -> None:
        self._actor, self._seller_id = actor, seller_id
        self._keepers = keepers_of(seller_id)
        self.report = FilesReport()
        self._seen: dict[str, int] = {}
        self._rows = list(self._read(sheet))

    def work(self) -> FilesReport:
        """Take every row that can be taken."""
        report = self.report
        there = self._there()
        wanted = [row for row in self._rows if self._is_first(row)]
        drafts: list[tuple[ReadRow, FileDraft]] = []
        held = Held(self._seller_id)
        for row in wanted:
            draft = self._draft(row, there.get(row.code), held)
            if draft is not None:
                drafts.append((row, draft))
        new = [(row.code, draft.name) for row, draft in drafts if row.code not in there]
        opened = noted(self._actor, self._seller_id, new) if new else {}
        usage_changed: list[int] = []
        for row, draft in drafts:
            is_new = row.code not in there
            file = opened[row.code] if is_new else there[row.code]
            self._take(row, file, draft, held, is_new=is_new, usage_changed=usage_changed)
        if usage_changed:
            refresh_files(self._seller_id, usage_changed)
        audit.record(
            self._actor,
            "crm.import",
            f"company:{self._seller_id}",
            created=report.created,
            changed=report.changed,
            refused=report.refused,
        )
        expect_mornings(self._seller_id)
        report.errors.sort(key=lambda error: error.row)
        return report

    def _read(self, sheet: Sheet) -> Iterator[ReadRow]:
        table = sheet.table(unique=False)
        headers = list(table.headers)
        rows = iter(table.rows)
        first = next(rows, None)
        second = [" ".join(cell_text(cell).split()) for cell in first.cells] if first else []
        waiting = [first] if first else []
        if first and is_second_header(second):
            longest = max(len(headers), len(second))
            both = zip(
                headers + [""] * (longest - len(headers)),
                second + [""] * (longest - len(second)),
                strict=True,
            )
            headers = [below or above for above, below in both]
            waiting = []
        places = match_headers(headers)
        self.report.headers, self.report.unknown_headers = headers, places.unknown
        for row in [*waiting, *rows]:
            self.report.rows += 1
            try:
                yield read_row(row, places, headers)
            except BadCell as error:
                self._refuse(row.number, error.header, error.reason, error.remedy, row.texts)

    def _there(self) -> dict[str, CustomerFile]:
        """The seller's files by code; of a merged one the file it leads to."""
        mine = CustomerFile.objects.filter(seller=self._seller_id)
        rows = {row.pk: row for row in mine.select_related("keeper")}
        return {row.code: rows[row.merged_into_id or row.pk] for row in rows.values()}

    def _is_first(self, row: ReadRow) -> bool:
        before = self._seen.setdefault(row.code, row.number)
        if before == row.number:
            return True
        self._refuse(
            row.number,
            BY_KEY[row.identity].header,
            _("与第 {row} 行是同一位客户").format(row=before),
            _("合成一行，或写上不同的客户编号"),
            row.texts,
        )
        return False

    def _draft(self, row: ReadRow, file: CustomerFile | None, held: Held) -> FileDraft | None:
        """What the file is to say: as it stands, with the row's cells over it."""
        base = draft_of(file, held) if file else FileDraft(name=row.code)
        try:
            values = self._values(row, file, held)
            kept = {*self._keepers, file.keeper_id if file else None}
            return checked(replace(base, **values), kept)
        except BadField as error:
            figures = error.figures
            self._refuse(
                row.number,
                _header_of(str(error.field)) or str(figures["label"]),
                str(figures["reason"]),
                str(figures["remedy"]),
                row.texts,
            )
        except BadCell as error:
            self._refuse(row.number, error.header, error.reason, error.remedy, row.texts)
        except DomainError as error:
            self._refuse(row.number, "", str(error), _("改正后重新上传"), row.texts)
        return None

    def _values(self, row: ReadRow, file: CustomerFile | None, held: Held) -> dict[str, Any]:
        values = dict(row.values)
        if "name" in values and not values["name"]:
            del values["name"]
        if file is None and not values.get("name"):
            values["name"] = values.get("contact") or row.code
        if "keeper" in values:
            values["keeper_id"] = self._keeper(str(values.pop("keeper")), file)
        ours = held.orders(file) if file else []
        if row.purchases is not None:
            values["written_purchases"] = tuple(text for text in row.purchases if text not in ours)
        if "amount_fen" in values:
            own = held.fen.get(file.pk, 0) if file else 0
            values["written_fen"] = int(values.pop("amount_fen")) - own
            if values["written_fen"] < 0:
                raise BadCell(
                    BY_KEY["amount"].header,
                    _("比平台上的订单金额还少"),
                    _("写包含平台订单的累计金额，或留空不改"),
                )
        return values

    def _keeper(self, name: str, file: CustomerFile | None) -> int | None:
        if not name:
            return None
        found = [pk for pk, known in self._keepers.items() if known == name]
        if file and file.keeper and file.keeper.name == name:
            return file.keeper_id
        if len(found) != 1:
            raise BadCell(
                BY_KEY["keeper"].header,
                _("本企业没有叫“{name}”的在职成员").format(name=name[:40])
                if not found
                else _("有几位成员都叫“{name}”").format(name=name[:40]),
                _("写在职成员的姓名，或留空"),
            )
        return found[0]

    def _take(
        self,
        row: ReadRow,
        file: CustomerFile,
        draft: FileDraft,
        held: Held,
        *,
        is_new: bool,
        usage_changed: list[int],
    ) -> None:
        report = self.report
        there = None if is_new else (held.words(file.pk), held.prices(file.pk))
        changed = write(self._actor, file, draft, new=is_new, held=there)
        if "daily_usage" in changed:
            usage_changed.append(file.pk)
        notes = self._add_notes(row, file, held)
        if notes:
            changed.append("notes")
        report.notes += notes
        kind = "created" if is_new else "changed" if changed else "unchanged"
        setattr(report, kind, getattr(report, kind) + 1)
        if kind != "unchanged" and len(report.files) < SHOWN:
            labels = tuple(dict.fromkeys(_header_of(name) or name for name in changed))
            report.files.append(FileOutcome(row.number, file.code, file.name, kind, labels))

    def _add_notes(self, row: ReadRow, file: CustomerFile, held: Held) -> int:
        known = {(note.at, note.by, note.text) for note in held.notes(file.pk)}
        texts = {text for _at, _by, text in known}
        added = 0
        # The latest stands first in the cell; written from the earliest, ids follow the time.
        for note in reversed(row.notes):
            if (note.at, note.by, note.text) in known or (note.at is None and note.text in texts):
                continue
            if note.at is None:
                append(self._actor, file.pk, FileNote.Kind.NOTE, note.text)
            else:
                at = note.at.replace(tzinfo=clock.zone())
                append(self._actor, file.pk, FileNote.Kind.NOTE, note.text, at=at, by_name=note.by)
            added += 1
        return added

    def _refuse(
        self, number: int, header: str, reason: str, remedy: str, texts: tuple[str, ...]
    ) -> None:
        self.report.errors.append(RowError(number, header, reason, remedy, texts))


def draft_of(file: CustomerFile, held: Held) -> FileDraft:
    """A file as the draft that would change nothing."""
    return FileDraft(
        name=file.name,
        account=file.account,
        contact=file.contact,
        phone=file.phone,
        other_contacts=file.other_contacts,
        keeper_id=file.keeper_id,
        address=file.address,
        usual_specs=file.usual_specs,
        daily_usage=file.daily_usage,
        usage_unit=file.usage_unit,
        next_action=file.next_action,
        next_day=file.next_day,
        tags=tuple(held.words(file.pk)),
        prices=tuple(held.prices(file.pk)),
        written_purchases=tuple(file.written_purchases),
        written_fen=file.written_fen,
    )


_COLUMN_OF: Mapping[str, str] = {
    "keeper_id": "keeper",
    "daily_usage": "usage",
    "usage_unit": "usage",
    "written_fen": "amount",
}


def _header_of(name: str) -> str:
    if name == "written_purchases":
        return purchase_header(1)
    column = BY_KEY.get(_COLUMN_OF.get(name, name))
    return column.header if column else str(LABELS.get(name, ""))
