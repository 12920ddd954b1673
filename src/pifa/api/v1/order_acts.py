"""What is sent to act on orders, and what is told of many acted on at once."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pifa.api.fields import (
    WHOLE,
    Amount,
    In,
    Line,
    Number,
    Out,
    Text,
)
from pifa.api.files import RowErrorOut
from pifa.api.v1.market import ReasonOut
from pifa.trade.rules import MAX_BATCH


class ReasonIn(In):
    """Why; may be left empty."""

    reason: Line = ""


class PriceIn(In):
    """What the order costs in all from now on, and why."""

    new_total: Amount
    reason: Line = ""


class ShipIn(In):
    """The carrier and its number; same-city express (同城速递) gives one itself."""

    carrier: Line
    tracking_no: Line = ""


class BatchShipIn(In):
    """An order of a batch to ship."""

    number: Number
    carrier: Line
    tracking_no: Line = ""


class ShipBatchIn(In):
    """Orders to ship, at most one batch."""

    orders: list[BatchShipIn] = Field(min_length=1, max_length=MAX_BATCH)


class CloseBatchIn(In):
    """Unpaid orders to close, and why."""

    numbers: list[Number] = Field(min_length=1, max_length=MAX_BATCH)
    reason: Line = ""


class OutcomeOut(Out):
    """What became of one order of a batch; without a problem it was done."""

    number: str
    done: bool
    problem: ReasonOut | None


class OutcomesOut(Out):
    """Every order of a batch: one that could not be done says why, the others were."""

    items: list[OutcomeOut]


class ShippedSheetOut(Out):
    """Which orders a sheet shipped, and the rows that could not be."""

    numbers: list[str]
    skipped: int
    errors: list[RowErrorOut]


class PlannedShipmentOut(Out):
    """A row of a sheet that would be shipped."""

    row: int
    number: str
    carrier: str
    tracking_no: str


class ShipmentPreviewOut(Out):
    """What a sheet would do now; nothing is shipped."""

    planned: list[PlannedShipmentOut]
    skipped: int
    errors: list[RowErrorOut]


class ReviewIn(In):
    """Stars and words."""

    stars: Annotated[int, Field(ge=1, le=5), WHOLE]
    body: Text = ""


class AnswerIn(In):
    """The seller's answer to a review."""

    answer: Text


class NoteIn(In):
    """The seller's own note; the buyer never sees it."""

    note: Line
