"""What the sandbox bank's page is told to do, and the notices the bank then sends.

The bank writes its own books first and sends its notices afterwards, each in a transaction of
its own, through the same door as a real gateway's; one that is not taken is sent again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import uuid4

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance.commands.paying import receive_notice
from pifa.finance.events import NOTICE_DEADLINE
from pifa.finance.models import SandboxNotice, SandboxTrade
from pifa.finance.sandbox import keys
from pifa.finance.sandbox.trades import receipt_no, receive
from pifa.kernel import clock, deadlines
from pifa.kernel.errors import InvalidInput, NotFound, WrongState
from pifa.kernel.money import Money

GATEWAY_CODE = "sandbox"
DEFAULT_DELAY = timedelta(minutes=30)
LONGEST_ACCOUNT = 64
_LONGEST_DELAY = timedelta(days=30)
_State = SandboxTrade.State


class BankAction(StrEnum):
    """The buttons of the bank's page."""

    PAY = "pay"
    FAIL = "fail"
    DELAY = "delay"
    PAY_TWICE = "pay_twice"
    NOTIFY_TWICE = "notify_twice"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_SIGNATURE = "wrong_signature"


ACTION_LABELS: dict[BankAction, str | Promise] = {
    BankAction.PAY: gettext_lazy("确认付款"),
    BankAction.FAIL: gettext_lazy("付款失败"),
    BankAction.DELAY: gettext_lazy("付款，但通知晚到"),
    BankAction.PAY_TWICE: gettext_lazy("付款两次"),
    BankAction.NOTIFY_TWICE: gettext_lazy("付款一次，通知两次"),
    BankAction.WRONG_AMOUNT: gettext_lazy("付款，但通知的金额不对"),
    BankAction.WRONG_SIGNATURE: gettext_lazy("付款，但通知的签名不对"),
}


@dataclass(frozen=True, slots=True)
class TradeView:
    """A trade as the bank's page shows it; `actions` are possible now, with their labels."""

    trade_no: str
    payment_number: str
    title: str
    amount: Money
    state: str
    state_label: str
    paid: Money
    refunded: Money
    opened_at: datetime
    notices: list[NoticeView]
    actions: list[tuple[BankAction, str]]


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice of the bank; the market's answer is empty until it was sent."""

    notice_id: str
    send_at: datetime
    sent_at: datetime | None
    answer: str


def view(trade_no: str) -> TradeView:
    """A trade for its page; `NotFound` for a number the bank does not know."""
    trade = SandboxTrade.objects.filter(trade_no=trade_no).first()
    if trade is None:
        raise NotFound
    notices = trade.notices.order_by("pk")
    labels = ACTION_LABELS.items() if trade.state == _State.OPEN else ()
    return TradeView(
        trade_no=trade.trade_no,
        payment_number=trade.payment_number,
        title=trade.title,
        amount=Money(trade.amount_fen),
        state=trade.state,
        state_label=str(trade.get_state_display()),
        paid=Money(trade.paid_fen),
        refunded=Money(trade.refunded_fen),
        opened_at=trade.opened_at,
        notices=[
            NoticeView(row.notice_id, row.send_at, row.sent_at, row.answer) for row in notices
        ],
        actions=[(action, str(label)) for action, label in labels],
    )


def act(
    trade_no: str,
    action: str,
    delay: timedelta = DEFAULT_DELAY,
    reason: str = "declined",
    *,
    payer: str = "",
) -> list[str]:
    """Do as the page was told (a `BankAction`); returns the market's answers to the notices sent at once.

    `reason` is why it fails (a code of `words.outcome`), for `FAIL` only; `delay` counts on the
    market's clock, for `DELAY` only. `payer` names the account that pays; the bank does not tell
    the market of one that is not named. `WrongState` if the trade is paid, failed or closed already.
    """
    if action not in set(BankAction):
        raise InvalidInput(field="action", reason=_("没有这个操作：{action}").format(action=action))
    wanted = BankAction(action)
    if not timedelta(0) < delay <= _LONGEST_DELAY:
        raise InvalidInput(field="delay", reason=_("延迟必须大于 0 且不超过 30 天。"))
    with transaction.atomic():
        trade = SandboxTrade.objects.select_for_update().filter(trade_no=trade_no).first()
        if trade is None:
            raise NotFound
        if trade.state != _State.OPEN:
            raise WrongState(state=trade.get_state_display(), verb=ACTION_LABELS[wanted])
        notices = _play(trade, wanted, delay, reason, payer.strip()[:LONGEST_ACCOUNT])
    return [send(notice.pk) for notice in notices if wanted is not BankAction.DELAY]


def send(notice_id: int) -> str:
    """Send a notice to the market and write down its answer; sent already is fine to repeat."""
    notice = SandboxNotice.objects.get(pk=notice_id)
    verdict = receive_notice(GATEWAY_CODE, notice.payload, notice.signature)
    with transaction.atomic():
        SandboxNotice.objects.filter(pk=notice_id).update(sent_at=clock.now(), answer=verdict.value)
        deadlines.clear(f"sandbox:{notice_id}", NOTICE_DEADLINE)
    return verdict.value


def _play(
    trade: SandboxTrade, action: BankAction, delay: timedelta, reason: str, payer: str
) -> Sequence[SandboxNotice]:
    times = {BankAction.FAIL: 0, BankAction.PAY_TWICE: 2}.get(action, 1)
    wait = delay if action is BankAction.DELAY else timedelta(0)
    if not times:
        trade.state = _State.FAILED
        trade.save(update_fields=["state"])
        return [_write(trade, {"outcome": "failed", "reason": reason}, wait)]
    receive(trade, times, payer)
    wrong = 1 if action is BankAction.WRONG_AMOUNT else 0
    notices = [
        _write(
            trade,
            {
                "outcome": "paid",
                "receipt_no": receipt_no(trade.trade_no, time),
                "amount_fen": str(trade.amount_fen + wrong),
                **({"payer": payer} if payer else {}),
            },
            wait,
        )
        for time in range(1, times + 1)
    ]
    if action is BankAction.NOTIFY_TWICE:
        notices.append(_copy(notices[0]))
    if action is BankAction.WRONG_SIGNATURE:
        forged = keys.sign({"notice_id": "another notice"})
        SandboxNotice.objects.filter(pk=notices[0].pk).update(signature=forged)
    return notices


def _write(trade: SandboxTrade, says: dict[str, str], wait: timedelta) -> SandboxNotice:
    payload = {
        "notice_id": uuid4().hex,
        "trade_no": trade.trade_no,
        "payment_number": trade.payment_number,
        "amount_fen": str(trade.amount_fen),
        **says,
    }
    notice = SandboxNotice.objects.create(
        trade=trade,
        notice_id=payload["notice_id"],
        payload=payload,
        signature=keys.sign(payload),
        send_at=clock.now() + wait,
    )
    # Were the market to fail while it takes the notice, the deadline sends it again.
    deadlines.set_deadline(NOTICE_DEADLINE, f"sandbox:{notice.pk}", notice.send_at)
    return notice


def _copy(notice: SandboxNotice) -> SandboxNotice:
    copy = SandboxNotice.objects.create(
        trade=notice.trade,
        notice_id=notice.notice_id,
        payload=notice.payload,
        signature=notice.signature,
        send_at=notice.send_at,
    )
    deadlines.set_deadline(NOTICE_DEADLINE, f"sandbox:{copy.pk}", copy.send_at)
    return copy
