"""What the sandbox carrier's page is told to do at doors and with its batches.

The carrier writes its book first and tells the market afterwards, through the same doors as a real
one; a word that is not taken is sent again by a deadline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance.carriers.sandbox import SandboxCarrier
from pifa.finance.methods.cash_on_delivery.commands.batches import receive_batch
from pifa.finance.methods.cash_on_delivery.commands.reports import receive_report
from pifa.finance.methods.cash_on_delivery.models import SandboxCarrierWord, SandboxParcel
from pifa.finance.methods.cash_on_delivery.reactions import WORD_DEADLINE
from pifa.finance.sandbox import books, keys
from pifa.finance.sandbox.parcels import ACCOUNT
from pifa.kernel import clock, deadlines
from pifa.kernel.errors import InvalidInput, NotFound, WrongState
from pifa.kernel.money import ZERO, Money

DELAY = timedelta(hours=2)
FEE_RATE_BP = 100
"""The carrier keeps one per cent of what it collects, at least one fen and rounded up."""

_State = SandboxParcel.State
A = TypeVar("A", bound=StrEnum)


class DoorAction(StrEnum):
    """What happens at a door, and how the carrier tells of it."""

    COLLECT = "collect"
    LESS = "less"
    REFUSE = "refuse"
    LATE = "late"
    TWICE = "twice"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_SIGNATURE = "wrong_signature"


DOOR_LABELS: dict[DoorAction, str | Promise] = {
    DoorAction.COLLECT: gettext_lazy("签收并收齐"),
    DoorAction.LESS: gettext_lazy("签收但少收"),
    DoorAction.REFUSE: gettext_lazy("拒收"),
    DoorAction.LATE: gettext_lazy("签收并收齐，但报告晚到"),
    DoorAction.TWICE: gettext_lazy("签收并收齐，报告两次"),
    DoorAction.WRONG_AMOUNT: gettext_lazy("签收，但报告的金额不对"),
    DoorAction.WRONG_SIGNATURE: gettext_lazy("签收，但报告的签名不对"),
}


class BatchTrick(StrEnum):
    """How a batch differs from what it should be."""

    RIGHT = "right"
    SHORT_LINE = "short_line"
    LEAVE_OUT = "leave_out"
    LINE_TWICE = "line_twice"
    STRANGER = "stranger"
    LESS_MONEY = "less_money"
    LATE = "late"
    TELL_TWICE = "tell_twice"
    WRONG_SIGNATURE = "wrong_signature"


BATCH_LABELS: dict[BatchTrick, str | Promise] = {
    BatchTrick.RIGHT: gettext_lazy("如实回款"),
    BatchTrick.SHORT_LINE: gettext_lazy("第一行少回一半"),
    BatchTrick.LEAVE_OUT: gettext_lazy("漏掉第一单"),
    BatchTrick.LINE_TWICE: gettext_lazy("第一行写两次（钱也多给）"),
    BatchTrick.STRANGER: gettext_lazy("多一行市场没有的单号（钱也多给）"),
    BatchTrick.LESS_MONEY: gettext_lazy("到账比合计少 1 元"),
    BatchTrick.LATE: gettext_lazy("钱已到账，批次晚通知"),
    BatchTrick.TELL_TWICE: gettext_lazy("批次通知两次"),
    BatchTrick.WRONG_SIGNATURE: gettext_lazy("批次通知的签名不对"),
}


@dataclass(frozen=True, slots=True)
class ParcelView:
    """A parcel as the carrier's page shows it."""

    number: str
    tracking_no: str
    shipper: str
    amount: Money
    collected: Money
    remitted: Money
    state: str
    state_label: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WordView:
    """What the carrier told; the market's answer is empty until it was sent."""

    kind_label: str
    about: str
    send_at: datetime
    sent_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a batch as it is written."""

    number: str
    collected: Money
    fee: Money

    @property
    def net(self) -> int:
        return self.collected.fen - self.fee.fen


def parcels(limit: int = 60) -> list[ParcelView]:
    """The newest parcels, for the carrier's page."""
    return [
        ParcelView(
            number=row.number,
            tracking_no=row.tracking_no,
            shipper=row.shipper,
            amount=Money(row.amount_fen),
            collected=Money(row.collected_fen),
            remitted=Money(row.remitted_fen),
            state=row.state,
            state_label=str(row.get_state_display()),
            at=row.at,
        )
        for row in SandboxParcel.objects.order_by("-pk")[:limit]
    ]


def words(limit: int = 30) -> list[WordView]:
    """What was told last."""
    rows = SandboxCarrierWord.objects.order_by("-pk")[:limit]
    return [
        WordView(
            kind_label=str(row.get_kind_display()),
            about=str(row.payload.get("number") or row.payload.get("batch_no", "")),
            send_at=row.send_at,
            sent_at=row.sent_at,
            answer=row.answer,
        )
        for row in rows
    ]


def fee_of(collected: Money) -> Money:
    """What the carrier keeps of an amount."""
    return Money(-(-collected.fen * FEE_RATE_BP // 10_000))


def act(number: str, action: str, less: Money = ZERO) -> list[str]:
    """Play a door (a `DoorAction`); the market's answers to what is told at once.

    `less` is what is collected with `LESS` (none: half of it). `WrongState` for a parcel that is
    not on its way any more.
    """
    wanted = _chosen(DoorAction, action)
    with transaction.atomic():
        parcel = SandboxParcel.objects.select_for_update().filter(number=number).first()
        if parcel is None:
            raise NotFound
        if parcel.state != _State.ON_THE_WAY:
            raise WrongState(state=parcel.get_state_display(), verb=DOOR_LABELS[wanted])
        told = _play(parcel, wanted, less)
    return [send(word.pk) for word in told if wanted is not DoorAction.LATE]


def remit(trick: str = BatchTrick.RIGHT) -> list[str]:
    """Remit all that was collected, as told (a `BatchTrick`); the market's answers.

    `InvalidInput` when there is nothing to remit.
    """
    wanted = _chosen(BatchTrick, trick)
    with transaction.atomic():
        rows = list(_to_remit().select_for_update().order_by("pk")[:200])
        lines = [
            _Line(row.number, amount, fee_of(amount))
            for row in rows
            if (amount := Money(row.collected_fen - row.remitted_fen))
        ]
        lines, extra = _spoilt(lines, wanted)
        if not lines:
            raise InvalidInput(field="trick", reason=_("没有可以回款的代收款。"))
        paid = _paid(lines, extra)
        for row in rows:
            row.remitted_fen += sum(
                line.collected.fen for line in paid if line.number == row.number
            )
            row.remitted_fen = min(row.remitted_fen, row.collected_fen)
            row.save(update_fields=["remitted_fen"])
        told = _pay(lines, extra, wanted)
    return [send(word.pk) for word in told if wanted is not BatchTrick.LATE]


def nothing_left() -> bool:
    """Whether all that was collected is remitted."""
    return not _to_remit().exists()


def send(word_id: int) -> str:
    """Send a word to the market and write down its answer; sent already is fine to repeat."""
    word = SandboxCarrierWord.objects.get(pk=word_id)
    take = receive_batch if word.kind == SandboxCarrierWord.Kind.BATCH else receive_report
    verdict = take(SandboxCarrier.code, word.payload, word.signature)
    with transaction.atomic():
        rows = SandboxCarrierWord.objects.filter(pk=word_id)
        rows.update(sent_at=clock.now(), answer=verdict.value)
        deadlines.clear(f"carrier-word:{word_id}", WORD_DEADLINE)
    return verdict.value


def _to_remit() -> Any:
    return SandboxParcel.objects.filter(state=_State.DELIVERED, collected_fen__gt=F("remitted_fen"))


def _play(parcel: SandboxParcel, action: DoorAction, less: Money) -> Sequence[SandboxCarrierWord]:
    if action is DoorAction.REFUSE:
        parcel.state = _State.REFUSED
        parcel.save(update_fields=["state"])
        said = {"outcome": "refused", "amount_fen": "0", "reason": _("收件人拒收")}
        return [_report(parcel, said, timedelta(0))]
    amount = Money(parcel.amount_fen)
    if action is DoorAction.LESS:
        amount = less or Money(parcel.amount_fen // 2)
        if not 0 < amount.fen < parcel.amount_fen:
            raise InvalidInput(field="less", reason=_("少收的金额须大于 0 且小于应收。"))
    parcel.state, parcel.collected_fen = _State.DELIVERED, amount.fen
    parcel.save(update_fields=["state", "collected_fen"])
    payer = books.Holder(f"door:{parcel.number}", _("收件人"), _("现金"))
    books.move(books.Kind.CASH, f"door:{parcel.number}", payer, ACCOUNT, amount, parcel.number)
    wrong = 1_00 if action is DoorAction.WRONG_AMOUNT else 0
    said = {"outcome": "collected", "amount_fen": str(amount.fen + wrong)}
    told = [_report(parcel, said, DELAY if action is DoorAction.LATE else timedelta(0))]
    if action is DoorAction.TWICE:
        told.append(_again(told[0]))
    if action is DoorAction.WRONG_SIGNATURE:
        _forge(told[0])
    if action in (DoorAction.WRONG_AMOUNT, DoorAction.WRONG_SIGNATURE):
        # The carrier finds its mistake and tells it rightly later.
        right = {"outcome": "collected", "amount_fen": str(amount.fen)}
        _report(parcel, right, DELAY)
    return told


def _report(parcel: SandboxParcel, says: dict[str, str], wait: timedelta) -> SandboxCarrierWord:
    payload = {
        "notice_id": uuid4().hex,
        "number": parcel.number,
        "tracking_no": parcel.tracking_no,
        **says,
    }
    return _write(SandboxCarrierWord.Kind.REPORT, payload, wait)


def _spoilt(lines: list[_Line], trick: BatchTrick) -> tuple[list[_Line], int]:
    """The lines as they are written, and what more (or less) than they come to is paid."""
    if not lines:
        return [], 0
    first = lines[0]
    if trick is BatchTrick.SHORT_LINE:
        half = Money(first.collected.fen - first.collected.fen // 2)
        return [replace(first, collected=half, fee=min(first.fee, half)), *lines[1:]], 0
    if trick is BatchTrick.LEAVE_OUT:
        return lines[1:], 0
    if trick is BatchTrick.LINE_TWICE:
        return [*lines, first], 0
    if trick is BatchTrick.STRANGER:
        return [*lines, _Line(f"X{uuid4().hex[:15]}", Money(88_00), ZERO)], 0
    return lines, -1_00 if trick is BatchTrick.LESS_MONEY else 0


def _paid(lines: list[_Line], extra: int) -> list[_Line]:
    """The lines that the money reaches: what it does not reach the carrier has still."""
    left = sum(line.net for line in lines) + extra
    found = []
    for line in lines:
        if line.net <= left:
            left -= line.net
            found.append(line)
    return found


def _pay(lines: list[_Line], extra: int, trick: BatchTrick) -> Sequence[SandboxCarrierWord]:
    batch_no = f"H{uuid4().hex[:16].upper()}"
    amount = Money(max(sum(line.net for line in lines) + extra, 1))
    receipt = f"RM{batch_no}"
    books.move(books.Kind.REMITTANCE, receipt, ACCOUNT, books.MARKET, amount, batch_no)
    payload = {
        "batch_no": batch_no,
        "bank_receipt": receipt,
        "amount_fen": str(amount.fen),
        "until": clock.today().isoformat(),
        "lines": [
            {
                "number": line.number,
                "collected_fen": str(line.collected.fen),
                "fee_fen": str(line.fee.fen),
            }
            for line in lines
        ],
    }
    wait = DELAY if trick is BatchTrick.LATE else timedelta(0)
    told = [_write(SandboxCarrierWord.Kind.BATCH, payload, wait)]
    if trick is BatchTrick.TELL_TWICE:
        told.append(_again(told[0]))
    if trick is BatchTrick.WRONG_SIGNATURE:
        _forge(told[0])
        _write(SandboxCarrierWord.Kind.BATCH, payload, DELAY)
    return told


def _write(kind: str, payload: dict[str, Any], wait: timedelta) -> SandboxCarrierWord:
    word = SandboxCarrierWord.objects.create(
        kind=kind, payload=payload, signature=keys.sign(payload), send_at=clock.now() + wait
    )
    # Were the market to fail while it takes the word, the deadline sends it again.
    deadlines.set_deadline(WORD_DEADLINE, f"carrier-word:{word.pk}", word.send_at)
    return word


def _again(word: SandboxCarrierWord) -> SandboxCarrierWord:
    return _write(word.kind, word.payload, timedelta(0))


def _forge(word: SandboxCarrierWord) -> None:
    forged = keys.sign({"notice_id": "another notice"})
    SandboxCarrierWord.objects.filter(pk=word.pk).update(signature=forged)


def _chosen(actions: type[A], action: str) -> A:
    if action not in set(actions):
        raise InvalidInput(field="action", reason=_("没有这个操作：{action}").format(action=action))
    return actions(action)
