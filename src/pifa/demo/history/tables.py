"""The rows that a replay changes as it goes, by the names of their models' columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any, ClassVar

from django.db import models

from pifa.demo.history.load import Sink, load, next_id
from pifa.finance.models import (
    GatewayNotice,
    Payable,
    PayableStage,
    Payment,
    PaymentRefund,
    SandboxAccount,
    SandboxEntry,
    SandboxNotice,
    SandboxTrade,
)
from pifa.finance.sandbox.models import SandboxPayout
from pifa.finance.withdrawals.models import Withdrawal
from pifa.kernel.models import AuditEntry, Deadline, OutboxEvent
from pifa.ledger.models import Account, Hold, Posting, Transfer
from pifa.messages.models import Delivery, Notice
from pifa.trade.models import (
    Dispute,
    Order,
    OrderLine,
    PriceAdjustment,
    RefundCase,
    Review,
    Shipment,
)


@dataclass(slots=True)
class Row:
    """A row with its id; fields whose name begins with `_` are the replay's own."""

    model: ClassVar[type[models.Model]]
    id: int

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The columns it has beside its id, in the order of the fields."""
        names = (item.name for item in fields(cls))
        return tuple(name for name in names if name != "id" and not name.startswith("_"))


@dataclass(slots=True, kw_only=True)
class OrderRow(Row):
    model = Order
    number: str
    buyer_id: int
    seller_id: int
    placed_by_id: int | None
    channel: str
    scene: str
    goods_fen: int
    freight_fen: int
    total_fen: int
    consignee: str
    region: str
    address: str
    post_code: str
    phone: str
    mobile: str
    message: str
    invoice: dict[str, str]
    placed_at: datetime
    status: str = "awaiting_payment"
    status_before: str = ""
    provenance: str = "market"
    adjustment_fen: int = 0
    paid_fen: int = 0
    refunded_fen: int = 0
    released_fen: int = 0
    promised_fen: int = 0
    waived_fen: int = 0
    payments: int = 0
    seller_note: str = ""
    close_reason: str = ""
    covered_at: datetime | None = None
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    received_at: datetime | None = None
    ended_at: datetime | None = None
    customer_id: int | None = None
    external_no: str | None = None
    batch_id: int | None = None

    @property
    def subject(self) -> str:
        return f"order:{self.number}"


@dataclass(slots=True, kw_only=True)
class PayableRow(Row):
    model = Payable
    number: str
    subject: str
    payer_id: int
    payee_id: int
    title: str
    amount_fen: int
    created_at: datetime
    settled_fen: int = 0
    refunded_fen: int = 0
    released_fen: int = 0
    waived_fen: int = 0
    state: str = "open"
    region: str = ""


@dataclass(slots=True, kw_only=True)
class StageRow(Row):
    model = PayableStage
    payable_id: int
    amount_fen: int
    settled_at: datetime | None = None
    due_at: datetime | None = None
    promised_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class PaymentRow(Row):
    model = Payment
    number: str
    payable_id: int
    stage_id: int
    method: str
    amount_fen: int
    started_at: datetime
    refunded_fen: int = 0
    state: str = "started"
    outcome: str = ""
    receipt_no: str | None = None
    settled_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class TradeRow(Row):
    model = SandboxTrade
    trade_no: str
    payment_number: str
    amount_fen: int
    title: str
    opened_at: datetime
    state: str = "open"
    paid_fen: int = 0
    refunded_fen: int = 0


@dataclass(slots=True, kw_only=True)
class BankAccountRow(Row):
    model = SandboxAccount
    number: str
    holder: str
    bank: str
    role: str
    _is_new: bool = True


@dataclass(slots=True, kw_only=True)
class WithdrawalRow(Row):
    model = Withdrawal
    number: str
    company_id: int
    account_id: int
    key: str
    amount_fen: int
    asked_at: datetime
    asked_by: int | None
    sent_at: datetime
    sent_day: date
    fee_fen: int = 0
    needs_second: bool = False
    state: str = "sent"
    ended_at: datetime | None = None

    @property
    def subject(self) -> str:
        return f"withdrawal:{self.number}"


@dataclass(slots=True, kw_only=True)
class PayoutRow(Row):
    model = SandboxPayout
    entry_id: int
    outcome: str = "waiting"
    told_at: datetime | None = None
    answer: str = ""


@dataclass(slots=True, kw_only=True)
class AccountRow(Row):
    model = Account
    owner_id: int | None
    kind: str
    guarded: bool
    balance_fen: int = 0
    _is_new: bool = True


@dataclass(slots=True, kw_only=True)
class HoldRow(Row):
    model = Hold
    account_id: int
    subject: str
    held_fen: int = 0
    remaining_fen: int = 0


@dataclass(slots=True, kw_only=True)
class CaseRow(Row):
    model = RefundCase
    number: str
    order_id: int
    kind: str
    asked_fen: int
    reason: str
    asked_at: datetime
    state: str = "asked"
    granted_fen: int = 0
    answer: str = ""
    return_tracking_no: str = ""
    ended_at: datetime | None = None

    @property
    def subject(self) -> str:
        return f"refund:{self.number}"


@dataclass(slots=True, kw_only=True)
class DisputeRow(Row):
    model = Dispute
    case_id: int
    statement: str
    opened_at: datetime
    seller_statement: str = ""
    verdict: str = ""
    verdict_reason: str = ""
    decided_at: datetime | None = None
    decided_by_id: int | None = None


@dataclass(slots=True, kw_only=True)
class ReviewRow(Row):
    model = Review
    order_id: int
    stars: int
    body: str
    at: datetime
    answer: str = ""


@dataclass(slots=True, kw_only=True)
class DeadlineRow(Row):
    model = Deadline
    kind: str
    subject: str
    due_at: datetime
    done_at: datetime | None = None
    error: str = ""
    _dropped: bool = False


@dataclass(slots=True, kw_only=True)
class NoticeRow(Row):
    model = Notice
    company_id: int
    kind: str
    subject: str
    params: dict[str, Any]
    link: str
    at: datetime
    read_at: datetime | None = None


@dataclass(slots=True)
class Kept:
    """Changing rows of one table, in the order in which they came to be."""

    row_type: type[Row]
    rows: list[Any] = field(default_factory=list)
    _next: int = 0

    def __post_init__(self) -> None:
        self._next = next_id(self.row_type.model)

    def add(self, **values: Any) -> Any:
        """A new row with the next id."""
        row = self.row_type(id=self._next, **values)
        self._next += 1
        self.rows.append(row)
        return row


class Tables:
    """Everything a replay writes."""

    def __init__(self) -> None:
        self.orders = Kept(OrderRow)
        self.lines = Sink(
            OrderLine, "order_id", "position", "sku_id", "offer_id", "code", "title", "title_en",
            "spec_text", "unit", "quantity", "price_e4", "amount_fen",
        )  # fmt: skip
        self.adjustments = Sink(
            PriceAdjustment, "order_id", "old_total_fen", "new_total_fen", "reason", "at"
        )
        self.shipments = Sink(
            Shipment, "order_id", "carrier", "tracking_no", "shipped_at", "told_at"
        )
        self.cases = Kept(CaseRow)
        self.disputes = Kept(DisputeRow)
        self.reviews = Kept(ReviewRow)
        self.payables = Kept(PayableRow)
        self.stages = Kept(StageRow)
        self.payments = Kept(PaymentRow)
        self.refunds = Sink(PaymentRefund, "key", "payment_id", "amount_fen", "reason", "at")
        self.gateway_notices = Sink(
            GatewayNotice, "gateway", "notice_id", "payload", "verdict", "at", "payment_number",
        )  # fmt: skip
        self.trades = Kept(TradeRow)
        self.bank_notices = Sink(
            SandboxNotice, "trade_id", "notice_id", "payload", "signature", "send_at", "sent_at",
            "answer",
        )  # fmt: skip
        self.bank_accounts = Kept(BankAccountRow)
        self.bank_entries = Sink(
            SandboxEntry, "key", "kind", "debit_id", "credit_id", "amount_fen", "reference", "at"
        )
        self.withdrawals = Kept(WithdrawalRow)
        self.payouts = Kept(PayoutRow)
        self.accounts = Kept(AccountRow)
        self.transfers = Sink(Transfer, "key", "kind", "at")
        self.postings = Sink(
            Posting, "transfer_id", "debit_id", "credit_id", "amount_fen", "subject", "at"
        )
        self.holds = Kept(HoldRow)
        self.deadlines = Kept(DeadlineRow)
        self.outbox = Sink(OutboxEvent, "name", "payload", "happened_at", "delivered_at", "error")
        self.audit = Sink(
            AuditEntry, "at", "action", "actor_kind", "user_id", "company_id", "subject", "detail"
        )
        self.notices = Kept(NoticeRow)
        self.deliveries = Sink(
            Delivery, "notice_id", "member_id", "way", "state", "to", "at", "attempts", "error"
        )

    def write(self) -> Iterator[type[models.Model]]:
        """Load table after table, those pointed at before those that point; names each."""
        for table in vars(self).values():
            if isinstance(table, Sink):
                load(table.model, table.columns, table.rows)
                yield table.model
            else:
                _load_kept(table)
                yield table.row_type.model


def _load_kept(table: Kept) -> None:
    columns = table.row_type.columns()
    values = attrgetter("id", *columns)
    rows = (
        values(row)
        for row in table.rows
        if not getattr(row, "_dropped", False) and getattr(row, "_is_new", True)
    )
    load(table.row_type.model, columns, rows)
