"""Transfers from other banks to the market's virtual accounts, and how the bank tells of them.

The bank writes its book first; the line goes out as it was told (`Delivery`), through the same
door as a real bank's. What the market failed to take is sent again by a deadline.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import uuid4

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance.banks.sandbox import SandboxPartnerBank
from pifa.finance.errors import BankRefuses
from pifa.finance.methods.corporate_transfer import lines
from pifa.finance.methods.corporate_transfer.events import LINE_DEADLINE
from pifa.finance.sandbox import books, deposits, keys
from pifa.finance.sandbox.models import SandboxEntry, SandboxLine
from pifa.kernel import clock, deadlines
from pifa.kernel.errors import InvalidInput
from pifa.kernel.money import MAX_FEN, Money

DEFAULT_DELAY = timedelta(minutes=30)
_LONGEST = {
    "payer_name": 120,
    "payer_account": 64,
    "payer_bank": 120,
    "account_no": 40,
    "remark": 200,
}


class Delivery(StrEnum):
    """What the bank does with the line of a transfer."""

    NOW = "now"
    LATE = "late"
    TWICE = "twice"
    HOLD = "hold"
    NEVER = "never"
    FAIL = "fail"


DELIVERY_LABELS: dict[Delivery, str | Promise] = {
    Delivery.NOW: gettext_lazy("马上通知市场"),
    Delivery.LATE: gettext_lazy("半小时后才通知"),
    Delivery.TWICE: gettext_lazy("通知两次"),
    Delivery.HOLD: gettext_lazy("先压住，以后倒序通知"),
    Delivery.NEVER: gettext_lazy("不通知，只在对账单上有"),
    Delivery.FAIL: gettext_lazy("转账失败，钱没有动"),
}


@dataclass(frozen=True, slots=True)
class Transfer:
    """What somebody orders at its own bank: whence, to which number, how much, with what words."""

    payer_name: str
    payer_account: str
    payer_bank: str
    account_no: str
    amount: Money
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A transfer that arrived: the bank's line number, and the market's answers so far."""

    line_no: str
    answers: list[str]


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as the bank's page shows it; the answer is empty until it was sent."""

    line_no: str
    payer_name: str
    account_no: str
    amount: Money
    remark: str
    at: datetime
    send_at: datetime | None
    sent_at: datetime | None
    answer: str


def make(order: Transfer, delivery: str = Delivery.NOW) -> Sent:
    """Make a transfer and deliver its line as told (a `Delivery`).

    `BankRefuses` when it is to fail: no money moved, no line. `InvalidInput` for what no bank
    would take.
    """
    _check(order, delivery)
    if delivery == Delivery.FAIL:
        raise BankRefuses(reason=_("付款行余额不足"))
    line_no = f"T{uuid4().hex[:20].upper()}"
    payer = books.Holder(order.payer_account, order.payer_name, order.payer_bank)
    if deposits.is_kept(order.account_no):
        # It is the company's own money: the market is not told.
        deposits.arrive(order.account_no, payer, order.amount, line_no, order.remark)
        return Sent(line_no, [])
    with transaction.atomic():
        entry = books.move(
            books.Kind.TRANSFER_IN, line_no, payer, books.MARKET, order.amount, order.account_no
        )
        assert entry is not None
        written = _write(entry, order, Delivery(delivery))
    at_once = delivery in (Delivery.NOW, Delivery.TWICE)
    return Sent(line_no, [send(line.pk) for line in written if at_once])


def send(line_id: int) -> str:
    """Send a line to the market and write down its answer; sent already is fine to repeat."""
    line = SandboxLine.objects.get(pk=line_id)
    verdict = lines.receive_line(SandboxPartnerBank.code, line.payload, line.signature)
    with transaction.atomic():
        SandboxLine.objects.filter(pk=line_id).update(sent_at=clock.now(), answer=verdict.value)
        deadlines.clear(f"sandbox-line:{line_id}", LINE_DEADLINE)
    return verdict.value


def deliver_held() -> list[str]:
    """Send what was held back, the newest first; the market's answers."""
    held = SandboxLine.objects.filter(send_at=None, sent_at=None)
    waiting = held.exclude(answer=Delivery.NEVER.value)
    return [send(line_id) for line_id in waiting.order_by("-pk").values_list("pk", flat=True)]


def sent_lines(limit: int = 30) -> list[LineView]:
    """The newest lines of the bank, for its page."""
    rows = SandboxLine.objects.select_related("entry").order_by("-pk")[:limit]
    return [
        LineView(
            line_no=row.payload["line_no"],
            payer_name=row.payload["payer_name"],
            account_no=row.payload["account_no"],
            amount=Money(int(row.payload["amount_fen"])),
            remark=row.payload["remark"],
            at=row.entry.at,
            send_at=row.send_at,
            sent_at=row.sent_at,
            answer=row.answer,
        )
        for row in rows
    ]


def is_held(line: LineView) -> bool:
    """Whether the bank holds a line back until somebody says to deliver it."""
    return line.send_at is None and line.sent_at is None and not line.answer


def statement(since: date, until: date) -> Iterable[dict[str, str]]:
    """Every line of the market's account over market days (both included), oldest first."""
    begins = clock.start_of_day(since)
    ends = clock.start_of_day(until + timedelta(days=1))
    first: set[int] = set()
    rows = SandboxLine.objects.filter(entry__at__gte=begins, entry__at__lt=ends)
    for row in rows.order_by("entry", "pk"):
        if row.entry_id not in first:
            first.add(row.entry_id)
            yield {name: str(value) for name, value in row.payload.items()}


def _check(order: Transfer, delivery: str) -> None:
    if delivery not in set(Delivery):
        raise InvalidInput(
            field="delivery", reason=_("没有这个操作：{action}").format(action=delivery)
        )
    if not 0 < order.amount.fen <= MAX_FEN:
        raise InvalidInput(field="amount", reason=_("金额必须大于 0。"))
    for name, longest in _LONGEST.items():
        text = getattr(order, name)
        needed = name in ("payer_name", "payer_account", "account_no")
        if len(text) > longest or (needed and not text.strip()):
            raise InvalidInput(field=name, reason=_("请填写，不要太长。"))
    bank_own = (books.MARKET_NUMBER, books.PAYERS_NUMBER)
    if order.payer_account in bank_own or deposits.is_own(order.payer_account):
        raise InvalidInput(field="payer_account", reason=_("这是银行自己的账户。"))


def _write(entry: SandboxEntry, order: Transfer, delivery: Delivery) -> Sequence[SandboxLine]:
    now = clock.now()
    payload = {
        "line_no": entry.key,
        "account_no": order.account_no,
        "payer_name": order.payer_name,
        "payer_account": order.payer_account,
        "payer_bank": order.payer_bank,
        "amount_fen": str(order.amount.fen),
        "value_day": clock.market_day(now).isoformat(),
        "remark": order.remark,
    }
    held = delivery in (Delivery.HOLD, Delivery.NEVER)
    late = DEFAULT_DELAY if delivery is Delivery.LATE else timedelta(0)
    written = [
        SandboxLine.objects.create(
            entry=entry,
            payload=payload,
            signature=keys.sign(payload),
            send_at=None if held else now + late,
            answer=delivery.value if delivery is Delivery.NEVER else "",
        )
        for _time in range(2 if delivery is Delivery.TWICE else 1)
    ]
    for line in written:
        if line.send_at is not None:
            # Were the market to fail while it takes the line, the deadline sends it again.
            deadlines.set_deadline(LINE_DEADLINE, f"sandbox-line:{line.pk}", line.send_at)
    return written
