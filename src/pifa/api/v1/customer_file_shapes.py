"""What customer files look like in answers and requests."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from pifa.api.fields import (
    WHOLE,
    Amount,
    Day,
    Id,
    In,
    Line,
    Out,
    PageOut,
    Price,
    Text,
    UnitYuan,
    Yuan,
)
from pifa.api.files import RowErrorOut
from pifa.crm.commands import FileDraft
from pifa.crm.rules.cells import MAX_USAGE
from pifa.kernel.money import Money

Usage = Annotated[int, Field(ge=1, le=MAX_USAGE), WHOLE]


class FiguresOut(Out):
    """What the orders say as of a day; `chance` is that of buying within 30 days, 0 … 1000."""

    as_of: date
    orders: int
    first_day: date | None
    last_day: date | None
    interval: int | None
    expected: date | None
    runs_out: date | None
    chance: int
    slipping: bool


class CustomerFileOut(Out):
    """A file in a list."""

    id: int
    code: str
    name: str
    account: str
    contact: str
    phone: str
    keeper_id: int | None
    buyer_id: int | None
    relationship_id: int | None
    tags: list[str]
    amount: Yuan
    next_action: str
    next_day: date | None
    figures: FiguresOut


class CustomerFilePage(PageOut):
    items: list[CustomerFileOut]


class AgreedPriceOut(Out):
    """Goods and what was agreed; noted only, no order costs it by itself."""

    goods: str
    price: UnitYuan


class FileNoteOut(Out):
    """An entry of the history."""

    id: int
    kind: str
    text: str
    at: datetime
    by: str


class FileOrderOut(Out):
    """An order of the customer."""

    number: str
    day: date
    paid: Yuan
    declared: bool
    lines: list[str]
    more: int


class FileMergeOut(Out):
    """A file that was merged into this one."""

    id: int
    gone_id: int
    gone_name: str
    at: datetime


class CustomerFileFull(CustomerFileOut):
    """A file with all that hangs on it."""

    other_contacts: str
    address: str
    usual_specs: str
    daily_usage: int | None
    usage_unit: str
    written_purchases: list[str]
    written_amount: Yuan
    prices: list[AgreedPriceOut]
    notes: list[FileNoteOut]
    orders: list[FileOrderOut]
    merges: list[FileMergeOut]


class AgreedPriceIn(In):
    """Goods and what was agreed."""

    goods: Line
    price: Price


class CustomerFileIn(In):
    """What a file is to say; what is left out is empty."""

    name: Line
    account: Line = ""
    contact: Line = ""
    phone: Line = ""
    other_contacts: Text = ""
    keeper_id: Id | None = None
    address: Line = ""
    usual_specs: Text = ""
    daily_usage: Usage | None = None
    usage_unit: Line = ""
    next_action: Line = ""
    next_day: Day | None = None
    tags: Annotated[list[Line], Field(max_length=50)] = []
    prices: Annotated[list[AgreedPriceIn], Field(max_length=200)] = []
    written_purchases: Annotated[list[Line], Field(max_length=100)] = []
    written_amount: Amount = Money(0)

    def draft(self) -> FileDraft:
        """As the commands take it."""
        values = self.model_dump(
            exclude={"code", "prices", "tags", "written_purchases", "written_amount"}
        )
        return FileDraft(
            **values,
            tags=tuple(self.tags),
            prices=tuple((one.goods, one.price) for one in self.prices),
            written_purchases=tuple(self.written_purchases),
            written_fen=self.written_amount.fen,
        )


class NewCustomerFileIn(CustomerFileIn):
    """A new customer; without a code its account, phone or name is its code."""

    code: Line = ""


class FileNoteIn(In):
    """A note, which nobody changes afterwards."""

    text: Text


class FollowUpMarkIn(In):
    """What became of a line: called, snoozed for `days`, or done."""

    mark: Literal["called", "snoozed", "done"]
    days: Annotated[int, Field(ge=1, le=365), WHOLE] = 7
    note: Text = ""


class FileMergeIn(In):
    """Merge file `gone_id` into file `kept_id`."""

    gone_id: Id
    kept_id: Id


class FollowUpOut(Out):
    """A file in the list of today, and why it is there."""

    file: CustomerFileOut
    why: str


class FollowUpsOut(Out):
    """The list of today; each section its first 50, with how many there are."""

    day: date
    followups_count: int
    due_count: int
    slipping_count: int
    followups: list[FollowUpOut]
    due: list[FollowUpOut]
    slipping: list[FollowUpOut]
    top: list[FollowUpOut]


class DuplicateOut(Out):
    """Two files that may be of one customer, with what they have in common."""

    kept: CustomerFileOut
    gone: CustomerFileOut
    why: list[str]


class DuplicatesOut(PageOut):
    items: list[DuplicateOut]


class TagList(PageOut):
    items: list[str]


class FileOutcomeOut(Out):
    """What becomes of one row of the sheet."""

    row: int
    code: str
    name: str
    kind: Literal["created", "changed", "unchanged"]
    fields: list[str]


class FilesReportOut(Out):
    """What a sheet would do, or has done."""

    rows: int
    created: int
    changed: int
    unchanged: int
    refused: int
    notes: int
    unknown_headers: list[str]
    files: list[FileOutcomeOut]
    errors: list[RowErrorOut]
