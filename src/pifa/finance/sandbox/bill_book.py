"""The sandbox bank as a bank of bills: it draws, keeps and presents them, and plays their acceptors.

The rule: it declines what is above `MOST`, and draws anything else at once. On its day the acceptor
pays, unless the bank's page was told another `Plan`. It writes its book first and tells the market
afterwards; a word that is not taken is sent again by its deadline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from uuid import uuid4

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance.bills.protocol import BillOrder, Told
from pifa.finance.methods.acceptance_bill.models import SandboxBill, SandboxBillWord
from pifa.finance.sandbox import books, keys
from pifa.kernel import clock, deadlines
from pifa.kernel.errors import InvalidInput, NotFound, WrongState
from pifa.kernel.money import Money

WORD_DEADLINE = "sandbox.bill"
"""A word that the bank sends; the deadline's subject is `bill-word:<id>`."""

ACCEPTORS: dict[str, str | Promise] = {
    "sandbox-bank": gettext_lazy("沙箱银行"),
    "sandbox-commercial": gettext_lazy("沙箱商业银行"),
    "sandbox-rural": gettext_lazy("沙箱农商银行"),
}
MOST = Money(1_000_000_00)
"""The most that an acceptor stands for in one bill."""

DELAY = timedelta(hours=2)
NOW = timedelta(0)
TOO_LARGE, NO_FUNDS = "too_large", "no_funds"
_State = SandboxBill.State
A = TypeVar("A", bound=StrEnum)


class Plan(StrEnum):
    """What becomes of a bill when it is presented, and how that is told."""

    HONOUR = "honour"
    DISHONOUR = "dishonour"
    LATE = "late"
    TWICE = "twice"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_SIGNATURE = "wrong_signature"


PLAN_LABELS: dict[Plan, str | Promise] = {
    Plan.HONOUR: gettext_lazy("到期兑付"),
    Plan.DISHONOUR: gettext_lazy("到期拒付"),
    Plan.LATE: gettext_lazy("兑付，但通知晚到"),
    Plan.TWICE: gettext_lazy("兑付，通知两次"),
    Plan.WRONG_AMOUNT: gettext_lazy("兑付，但通知的金额不对"),
    Plan.WRONG_SIGNATURE: gettext_lazy("兑付，但通知的签名不对"),
}


class Trick(StrEnum):
    """What the bank tells of a drawn bill besides the truth."""

    TWICE = "twice"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_PAYEE = "wrong_payee"
    WRONG_DAY = "wrong_day"
    WRONG_SIGNATURE = "wrong_signature"
    USED_TWICE = "used_twice"


TRICK_LABELS: dict[Trick, str | Promise] = {
    Trick.TWICE: gettext_lazy("再通知一次"),
    Trick.WRONG_AMOUNT: gettext_lazy("通知的金额不对"),
    Trick.WRONG_PAYEE: gettext_lazy("通知的收款人不对"),
    Trick.WRONG_DAY: gettext_lazy("通知的到期日不对"),
    Trick.WRONG_SIGNATURE: gettext_lazy("通知的签名不对"),
    Trick.USED_TWICE: gettext_lazy("把这张票用于下一笔付款"),
}


@dataclass(frozen=True, slots=True)
class SandboxBillView:
    """A bill as the bank's page shows it, with what it told last."""

    number: str
    bill_no: str
    acceptor: str
    drawer: str
    payee: str
    amount: Money
    matures_on: str
    state: str
    state_label: str
    plan: str
    answers: tuple[str, ...]
    at: datetime


def bills(limit: int = 40) -> list[SandboxBillView]:
    """The newest bills, for the bank's page."""
    rows = SandboxBill.objects.prefetch_related("words").order_by("-pk")[:limit]
    return [
        SandboxBillView(
            number=row.number,
            bill_no=row.bill_no,
            acceptor=str(ACCEPTORS.get(row.facts["acceptor"], row.facts["acceptor"])),
            drawer=row.facts["drawer"],
            payee=row.facts["payee"],
            amount=Money(int(row.facts["amount_fen"])),
            matures_on=row.facts["matures_on"],
            state=row.state,
            state_label=str(row.get_state_display()),
            plan=row.plan,
            answers=tuple(word.answer for word in row.words.all() if word.answer),
            at=row.at,
        )
        for row in rows
    ]


def draw(order: BillOrder) -> None:
    """Draw a bill, or decline it; once for the market's number."""
    if SandboxBill.objects.filter(number=order.number).exists():
        return
    declined = order.amount > MOST
    row = SandboxBill.objects.create(
        number=order.number,
        bill_no="" if declined else f"1{uuid4().int % 10**29:029d}",
        facts={
            "acceptor": order.acceptor,
            "drawer": order.drawer,
            "payee": order.payee,
            "amount_fen": str(order.amount.fen),
            "issued_on": clock.today().isoformat(),
            "matures_on": order.matures_on.isoformat(),
        },
        state=_State.DECLINED if declined else _State.DRAWN,
        plan=Plan.HONOUR,
        at=clock.now(),
    )
    if declined:
        _tell(row, Told.DECLINED, reason=TOO_LARGE)
    else:
        _tell(row, Told.DRAWN)


def give_back(number: str) -> None:
    """A bill goes back to its drawer; nothing for one that was declined or is over."""
    rows = SandboxBill.objects.filter(number=number, state=_State.DRAWN)
    rows.update(state=_State.RETURNED)


def present(number: str) -> None:
    """The acceptor pays, or does not; once for a bill."""
    row = SandboxBill.objects.select_for_update().filter(number=number).first()
    if row is None or row.state != _State.DRAWN:
        return
    plan = Plan(row.plan)
    if plan is Plan.DISHONOUR:
        row.state = _State.UNPAID
        row.save(update_fields=["state"])
        _tell(row, Told.DISHONOURED, reason=NO_FUNDS)
        return
    row.state = _State.PAID
    row.save(update_fields=["state"])
    receipt = f"BP{row.bill_no}"
    amount = Money(int(row.facts["amount_fen"]))
    acceptor = str(ACCEPTORS[row.facts["acceptor"]])
    payer = books.Holder(f"acceptor:{row.facts['acceptor']}", acceptor, acceptor)
    books.move(books.Kind.BILL, receipt, payer, books.MARKET, amount, row.number)
    wait = DELAY if plan is Plan.LATE else NOW
    if plan is Plan.WRONG_AMOUNT:
        _tell(row, Told.HONOURED, receipt_no=receipt, amount_fen=str(amount.fen + 1_00))
        wait = DELAY
    elif plan is Plan.WRONG_SIGNATURE:
        _forge(_tell(row, Told.HONOURED, receipt_no=receipt))
        wait = DELAY
    # What was told wrongly the bank finds itself, and tells rightly later.
    word = _tell(row, Told.HONOURED, receipt_no=receipt, wait=wait)
    if plan is Plan.TWICE:
        _write(row, word.payload, NOW)


def plan(number: str, wanted: str) -> None:
    """Say what is to become of a bill on its day (a `Plan`); `WrongState` for one that is over."""
    with transaction.atomic():
        row = _locked(number)
        if row.state != _State.DRAWN:
            raise WrongState(state=row.get_state_display(), verb=_("改变兑付"))
        row.plan = _chosen(Plan, wanted)
        row.save(update_fields=["plan"])


def tell(number: str, trick: str, other: str = "") -> str:
    """Tell something of a drawn bill besides the truth (a `Trick`); the market's answer.

    `other` is the market's number of another bill, for `USED_TWICE` (none: the one drawn next).
    """
    wanted = _chosen(Trick, trick)
    with transaction.atomic():
        row = _locked(number)
        if not row.bill_no:
            raise WrongState(state=row.get_state_display(), verb=TRICK_LABELS[wanted])
        said = _said(row, wanted, other)
        if wanted is Trick.TWICE:
            word = _write(row, row.words.order_by("pk")[0].payload, NOW)
        else:
            word = _tell(row, Told.DRAWN, NOW, **said)
        if wanted is Trick.WRONG_SIGNATURE:
            _forge(word)
    return send(word.pk)


def send(word_id: int) -> str:
    """Send a word to the market and write down its answer; sent already is fine to repeat."""
    from pifa.finance.methods.acceptance_bill.commands.hearing import receive_bill

    word = SandboxBillWord.objects.get(pk=word_id)
    verdict = receive_bill("sandbox", word.payload, word.signature)
    with transaction.atomic():
        SandboxBillWord.objects.filter(pk=word_id).update(sent_at=clock.now(), answer=verdict.value)
        deadlines.clear(f"bill-word:{word_id}", WORD_DEADLINE)
    return verdict.value


def send_waiting(now_only: bool = True) -> list[str]:
    """Send what waits to be told (what is late as well, unless `now_only`); the answers."""
    rows = SandboxBillWord.objects.filter(sent_at=None).order_by("pk")
    if now_only:
        rows = rows.filter(send_at__lte=clock.now())
    return [send(word_id) for word_id in list(rows.values_list("pk", flat=True))]


def _said(row: SandboxBill, trick: Trick, other: str) -> dict[str, str]:
    if trick is Trick.WRONG_AMOUNT:
        return {"amount_fen": str(int(row.facts["amount_fen"]) + 1_00)}
    if trick is Trick.WRONG_PAYEE:
        return {"payee": f"{row.facts['payee']}（别家）"}
    if trick is Trick.WRONG_DAY:
        return {"matures_on": clock.today().isoformat()}
    if trick is not Trick.USED_TWICE:
        return {}
    later = SandboxBill.objects.filter(pk__gt=row.pk).exclude(bill_no="").order_by("pk")
    found = later.first() if not other else SandboxBill.objects.filter(number=other).first()
    if found is None:
        raise InvalidInput(field="trick", reason=_("没有下一笔汇票付款。"))
    return {**found.facts, "number": found.number}


def _tell(row: SandboxBill, told: Told, wait: timedelta = NOW, **changed: str) -> SandboxBillWord:
    payload = {
        "notice_id": uuid4().hex,
        "told": told.value,
        "number": row.number,
        "bill_no": row.bill_no,
        **row.facts,
        "receipt_no": "",
        "reason": "",
        **changed,
    }
    return _write(row, payload, wait)


def _write(row: SandboxBill, payload: Mapping[str, Any], wait: timedelta) -> SandboxBillWord:
    word = SandboxBillWord.objects.create(
        bill=row, payload=payload, signature=keys.sign(payload), send_at=clock.now() + wait
    )
    deadlines.set_deadline(WORD_DEADLINE, f"bill-word:{word.pk}", word.send_at)
    return word


def _forge(word: SandboxBillWord) -> None:
    word.signature = keys.sign({"notice_id": "another notice"})
    word.save(update_fields=["signature"])


def _locked(number: str) -> SandboxBill:
    row = SandboxBill.objects.select_for_update().filter(number=number).first()
    if row is None:
        raise NotFound
    return row


def _chosen(actions: type[A], action: str) -> A:
    if action not in set(actions):
        raise InvalidInput(field="action", reason=_("没有这个操作：{action}").format(action=action))
    return actions(action)
