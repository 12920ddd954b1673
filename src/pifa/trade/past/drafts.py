"""What the reader makes of a sheet: orders not yet written to any table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from pifa.kernel.sheets import RowError
from pifa.trade.past.rules import LineKind, OrderKind


class LineDraft(NamedTuple):
    """One line. `ordinal` is its identity within the order, from 1; `row` where it stood."""

    ordinal: int
    row: int
    kind: LineKind
    code: str
    title: str
    quantity: int
    unit: str
    price_e4: int
    amount_fen: int


@dataclass(slots=True)
class DeclaredOrderDraft:
    """An order of past trade as its sheet tells it. Amounts in fen; moments in UTC.

    `paid_fen` and its like are None where the sheet has no such column or cell. A customer
    without key is unknown. `warnings` are about rows that were taken all the same.
    """

    external_no: str
    kind: OrderKind
    placed_at: datetime
    customer_key: str = ""
    customer_name: str = ""
    status: str = "completed"
    goods_fen: int | None = None
    freight_fen: int | None = None
    adjustment_fen: int | None = None
    paid_fen: int | None = None
    paid_at: datetime | None = None
    seller_company: str = ""
    seller_member: str = ""
    shipper: str = ""
    consignee: str = ""
    country: str = ""
    address: str = ""
    post_code: str = ""
    phone: str = ""
    mobile: str = ""
    first_row: int = 0
    lines: list[LineDraft] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)

    @property
    def lines_fen(self) -> int:
        """All lines together, corrections included."""
        return sum(line.amount_fen for line in self.lines)
