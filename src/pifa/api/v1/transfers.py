"""Transfers: where to pay, what came, the receipts; and what operators do with the rest."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import Field

from pifa.api.auth import actor_of, staff_of
from pifa.api.fields import Amount, In, Line, Number, Out, PageOut, Paging, Yuan, listed
from pifa.api.routing import Topic
from pifa.finance import queries as finance
from pifa.finance.methods.corporate_transfer import desk, queries
from pifa.finance.methods.corporate_transfer.desk import MOST
from pifa.finance.methods.corporate_transfer.receipt import as_pdf
from pifa.finance.methods.corporate_transfer.receipt import receipt as receipt_of
from pifa.finance.policies import handles_money

topic = Topic()
PDF = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}


class TransferOtherOut(Out):
    """Something else that the same transfer may pay."""

    payable_number: str
    subject: str
    title: str
    amount: Yuan


class TransferInstructionsOut(Out):
    """Where to transfer for an attempt to pay; the remark lets the money find its payable.
    `waiting` came to this account before and is in suspense."""

    payment_number: str
    payable_number: str
    subject: str
    bank: str
    account_no: str
    account_name: str
    payer_name: str
    amount: Yuan
    remark: str
    paid: bool
    waiting: Yuan
    others: list[TransferOtherOut]


class TransferMatchOut(Out):
    """What of a transfer paid what."""

    payment_number: str
    subject: str
    title: str
    amount: Yuan
    at: datetime
    by_operator: bool


class TransferOut(Out):
    """A bank line: amount = matches + left + returned."""

    number: str
    line_no: str
    account_no: str
    buyer: str
    seller: str
    payer_name: str
    payer_account: str
    payer_bank: str
    amount: Yuan
    left: Yuan
    returned: Yuan
    value_day: date
    remark: str
    arrived_at: datetime
    state: str
    state_label: str
    why: str
    matches: list[TransferMatchOut]


class TransferAccountOut(Out):
    """The buyer's account at the bank for what it pays one seller."""

    seller: str
    bank: str
    account_no: str
    account_name: str
    waiting: Yuan


class TransferAccountPage(PageOut):
    items: list[TransferAccountOut]


class TransferPage(PageOut):
    items: list[TransferOut]


class ReceivedTransferOut(Out):
    """What a transfer paid the seller."""

    payment_number: str
    subject: str
    title: str
    buyer: str
    amount: Yuan
    at: datetime


class ReceivedTransferPage(PageOut):
    items: list[ReceivedTransferOut]


class BankLineOut(TransferOut):
    """A bank line as operators see it."""

    source: str
    note: str


class BankLinePage(PageOut):
    items: list[BankLineOut]


class LineShareOut(Out):
    """A payable that may be meant, and so much for it."""

    payable_number: str
    subject: str
    title: str
    buyer: str
    seller: str
    open: Yuan
    amount: Yuan


class LineProposalOut(Out):
    """What a line may be meant for, and why."""

    shares: list[LineShareOut]
    reasons: list[str]
    exact: bool


class ExplainedLineOut(Out):
    """A line in suspense, and what explains it now."""

    line: BankLineOut
    best: LineProposalOut


class ExplainedLinePage(PageOut):
    items: list[ExplainedLineOut]


class LineProposalPage(PageOut):
    items: list[LineProposalOut]


class LineShareIn(In):
    """So much for a payable, named by its own number or its order's."""

    payable_number: Line
    amount: Amount


class LineAssignIn(In):
    """What a line pays; `seen` is what was left when the operator looked."""

    shares: Annotated[list[LineShareIn], Field(min_length=1, max_length=MOST)]
    seen: Amount


class LineSendBackIn(In):
    """Why a line goes back, in words that the payer reads; `seen` is what was left."""

    reason: Line
    seen: Amount


class LineNoteIn(In):
    """What an operator knows of a line."""

    note: Line


class BankDifferenceOut(Out):
    """An entry on which the bank's book and ours differ."""

    name: str
    number: str
    kind: str
    way: str
    bank: Yuan
    ours: Yuan
    difference: Yuan


class BankReconciliationOut(Out):
    """The bank's book beside ours."""

    bank: Yuan
    ledger: Yuan
    suspense: Yuan
    difference: Yuan
    agrees: bool
    entries: list[BankDifferenceOut]


@topic.reads(
    "/transfers/{payment_number}/instructions",
    TransferInstructionsOut,
    _("转账信息"),
    _("付款企业的采购、财务和主账号；只有用对公转账发起的付款才有。"),
)
def transfer_instructions(request: HttpRequest, payment_number: Number) -> object:
    return queries.instructions(actor_of(request), payment_number)


@topic.reads(
    "/transfers/{payment_number}/receipt",
    None,
    _("转账电子回单（PDF）"),
    _("付款方和收款方的主账号和财务。"),
    content=PDF,
)
def transfer_receipt(request: HttpRequest, payment_number: Number) -> HttpResponse:
    actor = actor_of(request)
    handles_money(actor)
    return HttpResponse(as_pdf(receipt_of(actor, payment_number)), content_type="application/pdf")


@topic.reads("/transfers", TransferPage, _("到账的转账"), _("买家的主账号和财务；最近的在前。"))
def transfers(request: HttpRequest, page: Paging) -> object:
    return queries.sent_transfers(actor_of(request), page.cursor, page.size)


@topic.reads(
    "/transfers/accounts",
    TransferAccountPage,
    _("付款用的收款账号"),
    _("买家的负责人和财务；每个卖家一个账号，最近开通的在前。"),
)
def transfer_accounts(request: HttpRequest) -> object:
    return listed(queries.accounts(actor_of(request)))


@topic.reads(
    "/transfers/received",
    ReceivedTransferPage,
    _("转账收款"),
    _("卖家的主账号和财务；最近的在前。"),
)
def received_transfers(request: HttpRequest, page: Paging) -> object:
    return queries.received_transfers(actor_of(request), page.cursor, page.size)


@topic.reads(
    "/operator/bank-lines", BankLinePage, _("银行流水"), _("待认领的，或已处理的；最近的在前。")
)
def bank_lines(
    request: HttpRequest, page: Paging, waiting: Annotated[bool, Query()] = True
) -> object:
    actor = staff_of(request, "finance.change_bankline")
    return queries.lines_in_suspense(actor, waiting, page.cursor, page.size)


@topic.reads(
    "/operator/bank-lines/explained",
    ExplainedLinePage,
    _("现在对得上的银行流水"),
    _("待认领的款项里，与现在的应付款正好对得上的，不论应付款是到账前还是到账后产生的。"),
)
def explained_bank_lines(request: HttpRequest) -> object:
    return listed(queries.explained_lines(staff_of(request, "finance.change_bankline")))


@topic.reads("/operator/bank-lines/{line}", BankLineOut, _("一笔银行流水"))
def bank_line(request: HttpRequest, line: Number) -> object:
    return queries.bank_line(staff_of(request, "finance.change_bankline"), line)


@topic.reads(
    "/operator/bank-lines/{line}/proposals",
    LineProposalPage,
    _("可能付的应付款"),
    _("最可能的在前。"),
)
def bank_line_proposals(request: HttpRequest, line: Number) -> object:
    return listed(queries.proposals(staff_of(request, "finance.change_bankline"), line))


@topic.writes("POST", "/operator/bank-lines/{line}/assign", BankLineOut, _("认领银行流水"))
def assign_bank_line(request: HttpRequest, line: Number, said: LineAssignIn) -> Any:
    actor = staff_of(request, "finance.change_bankline")
    shares = {share.payable_number: share.amount for share in said.shares}
    desk.assign_transfer(actor, line, shares, said.seen)
    return queries.bank_line(actor, line)


@topic.writes("POST", "/operator/bank-lines/{line}/send-back", BankLineOut, _("退回付款账户"))
def send_back_bank_line(request: HttpRequest, line: Number, said: LineSendBackIn) -> Any:
    actor = staff_of(request, "finance.change_bankline")
    desk.return_transfer(actor, line, said.reason, said.seen)
    return queries.bank_line(actor, line)


@topic.writes("PUT", "/operator/bank-lines/{line}/note", None, _("给银行流水写备注"))
def note_bank_line(request: HttpRequest, line: Number, said: LineNoteIn) -> None:
    desk.note_transfer(staff_of(request, "finance.change_bankline"), line, said.note)


@topic.reads("/operator/reconciliation", BankReconciliationOut, _("银行对账"), _("逐笔列出差异。"))
def reconciliation(request: HttpRequest) -> object:
    return finance.reconciliation(staff_of(request, "ledger.view_posting"))
