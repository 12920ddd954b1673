"""Invoices: details that are kept, requests of both sides, papers with their files."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import File, Form, Query, UploadedFile
from pydantic import Field

from pifa.api.auth import actor_of
from pifa.api.fields import (
    Amount,
    Day,
    Flag,
    In,
    Line,
    Number,
    Out,
    PageOut,
    Paging,
    PathId,
    Yuan,
    listed,
)
from pifa.api.files import SHEET_FILES
from pifa.api.problems import TooLarge
from pifa.api.routing import Topic
from pifa.kernel.sheets.answers import sheet_answer
from pifa.kernel.uploaded import uploaded_answer
from pifa.trade.invoices import commands, profiles, queries, sheet
from pifa.trade.invoices.commands import NewPaper
from pifa.trade.invoices.files import CONTENT_TYPES, MAX_BYTES
from pifa.trade.invoices.queries import Filters, RequestDetail
from pifa.trade.invoices.rules import MAX_ORDERS
from pifa.trade.models import InvoiceProfile

topic = Topic()

Side = Literal["buyer", "seller"]
Tab = Literal["waiting", "credit", "issued", "ended", "all"]
PAPER_FILES = {
    kind: {"schema": {"type": "string", "format": "binary"}} for kind in CONTENT_TYPES.values()
}


class InvoiceDetailsIn(In):
    """What stands on an invoice about its buyer; a special one needs all but the mailbox."""

    kind: Literal["ordinary", "special"] = "ordinary"
    title: Line
    tax_no: Line
    address: Line = ""
    phone: Line = ""
    bank: Line = ""
    account: Line = ""
    email: Line = ""


class InvoiceProfileIn(InvoiceDetailsIn):
    """Details to keep; the default fills in the checkout's page."""

    is_default: Flag = False


class InvoiceProfileOut(Out):
    """Details that the company keeps."""

    id: int
    kind: str
    title: str
    tax_no: str
    address: str
    phone: str
    bank: str
    account: str
    email: str
    is_default: bool


class InvoiceProfilePage(PageOut):
    items: list[InvoiceProfileOut]


class InvoiceAskIn(In):
    """Orders of one seller, with details given here or kept (`profile_id`)."""

    orders: list[Number] = Field(min_length=1, max_length=MAX_ORDERS)
    profile_id: int | None = Field(None, ge=1, le=2**63 - 1)
    details: InvoiceDetailsIn | None = None
    note: Line = ""


class InvoiceRefusalIn(In):
    """Why no invoice is issued."""

    reason: Line


class InvoiceMismatchOut(Out):
    """Something that does not fit between who trades and whom the invoice names."""

    code: str
    words: str


class InvoicedOrderOut(Out):
    """An order of a request."""

    number: str
    status: str
    total: Yuan
    paid: Yuan
    refunded: Yuan


class InvoiceRowOut(Out):
    """A request. `amount` can be invoiced in all, `to_invoice` still; `credit_due` is to be taken
    back by a credit note until `due_at`."""

    number: str
    buyer_name: str
    seller_name: str
    kind: str
    title: str
    tax_no: str
    state: str
    state_label: str
    orders: list[InvoicedOrderOut]
    amount: Yuan
    invoiced: Yuan
    credited: Yuan
    to_invoice: Yuan
    credit_due: Yuan
    is_ready: bool
    asked_at: datetime
    due_at: datetime | None


class InvoicePage(PageOut):
    items: list[InvoiceRowOut]


class InvoicePaperOut(Out):
    """An invoice, or a credit note with its negative amount; `left` can still be credited."""

    id: int
    code: str
    number: str
    day: date
    amount: Yuan
    left: Yuan
    is_credit_note: bool
    corrects_number: str
    format: str
    bytes: int
    recorded_at: datetime


class InvoiceRequestOut(InvoiceRowOut):
    """A request with its details and papers."""

    side: str
    address: str
    phone: str
    bank: str
    account: str
    email: str
    note: str
    reason: str
    issuer_name: str
    papers: list[InvoicePaperOut]
    mismatches: list[InvoiceMismatchOut]
    verbs: list[str]


class OrderInvoiceOut(Out):
    """Where the invoice of an order stands; also before it is paid."""

    request: InvoiceRowOut | None
    mismatches: list[InvoiceMismatchOut]
    can_ask: bool
    why_not: str
    ask_until: datetime | None


class InvoicePaperIn(In):
    """An invoice as it was issued. `more_follow`: it is one of several that share the amount."""

    number: Annotated[str, Field(min_length=1, max_length=40)]
    code: Line = ""
    day: Day
    amount: Amount
    more_follow: bool = False


class CreditNoteIn(InvoicePaperIn):
    """A credit note; the amount is given above zero."""

    corrects: int = Field(ge=1, le=2**63 - 1)


@topic.reads("/invoice-profiles", InvoiceProfilePage, _("开票资料"))
def invoice_profiles(request: HttpRequest) -> object:
    return listed([_profile(row) for row in profiles.profiles(actor_of(request))])


@topic.writes("POST", "/invoice-profiles", InvoiceProfileOut, _("新建开票资料"), status=201)
def add_invoice_profile(request: HttpRequest, new: InvoiceProfileIn) -> dict[str, Any]:
    return _save(request, new, None)


@topic.writes("PUT", "/invoice-profiles/{profile_id}", InvoiceProfileOut, _("修改开票资料"))
def change_invoice_profile(
    request: HttpRequest, profile_id: PathId, new: InvoiceProfileIn
) -> dict[str, Any]:
    return _save(request, new, profile_id)


@topic.writes("DELETE", "/invoice-profiles/{profile_id}", None, _("删除开票资料"))
def delete_invoice_profile(request: HttpRequest, profile_id: PathId) -> None:
    profiles.delete_profile(actor_of(request), profile_id)


@topic.reads("/invoices", InvoicePage, _("开票申请"), _("作为买家或卖家，按状态分栏。"))
def invoice_requests(
    request: HttpRequest,
    page: Paging,
    side: Annotated[Side, Query()],
    tab: Annotated[Tab, Query()] = "all",
    q: Annotated[str, Query(max_length=80)] = "",
    since: Annotated[Day | None, Query()] = None,
    until: Annotated[Day | None, Query()] = None,
) -> object:
    filters = Filters(keyword=q, since=since, until=until)
    return queries.requests(actor_of(request), side, tab, filters, page.cursor, page.size)


@topic.writes(
    "POST",
    "/invoices",
    InvoiceRequestOut,
    _("申请开票"),
    _("为同一个卖家的一个或多个订单；结算时也可以直接带上发票信息。"),
    status=201,
)
def ask_invoice(request: HttpRequest, wanted: InvoiceAskIn) -> dict[str, Any]:
    actor = actor_of(request)
    if wanted.profile_id is not None:
        given = profiles.details_in(profiles.profile(actor, wanted.profile_id)).given()
    else:
        given = wanted.details.model_dump() if wanted.details else {}
    return _request(request, commands.ask_invoice(actor, wanted.orders, given, wanted.note))


@topic.reads(
    "/invoices/sheet",
    None,
    _("下载发票表"),
    _("卖家的会计用，每张发票一行。"),
    content=SHEET_FILES,
)
def invoices_sheet(
    request: HttpRequest,
    kind: Annotated[Literal["xlsx", "csv"], Query()] = "xlsx",
    tab: Annotated[Tab, Query()] = "all",
    since: Annotated[Day | None, Query()] = None,
    until: Annotated[Day | None, Query()] = None,
) -> HttpResponseBase:
    filters = Filters(since=since, until=until)
    rows = sheet.export_invoices(actor_of(request), tab, filters, kind=kind)
    return sheet_answer(gettext("发票"), kind, sheet.COLUMNS, rows)


@topic.reads("/invoices/{number}", InvoiceRequestOut, _("一份开票申请"))
def invoice_request(request: HttpRequest, number: Number) -> dict[str, Any]:
    return _request(request, number)


@topic.writes(
    "POST", "/invoices/{number}/withdraw", InvoiceRequestOut, _("撤回开票申请"), _("买家。")
)
def withdraw_invoice(request: HttpRequest, number: Number) -> dict[str, Any]:
    commands.withdraw_request(actor_of(request), number)
    return _request(request, number)


@topic.writes("POST", "/invoices/{number}/refusal", InvoiceRequestOut, _("拒绝开票"), _("卖家。"))
def refuse_invoice(request: HttpRequest, number: Number, said: InvoiceRefusalIn) -> dict[str, Any]:
    commands.refuse_request(actor_of(request), number, said.reason)
    return _request(request, number)


@topic.writes(
    "POST",
    "/invoices/{number}/papers",
    InvoiceRequestOut,
    _("登记发票"),
    _("卖家。金额必须正好是还要开的金额；文件为 PDF、OFD、PNG 或 JPG，按内容检查。"),
    status=201,
)
def record_invoice(
    request: HttpRequest, number: Number, paper: Form[InvoicePaperIn], file: File[UploadedFile]
) -> dict[str, Any]:
    new = _paper(paper, file)
    commands.record_invoice(actor_of(request), number, new)
    return _request(request, number)


@topic.writes(
    "POST",
    "/invoices/{number}/credit-notes",
    InvoiceRequestOut,
    _("登记红字发票"),
    _("卖家。退款后需要红冲的金额，不超过被红冲的发票。"),
    status=201,
)
def record_credit_note(
    request: HttpRequest, number: Number, paper: Form[CreditNoteIn], file: File[UploadedFile]
) -> dict[str, Any]:
    new = _paper(paper, file)
    commands.record_credit_note(actor_of(request), number, new)
    return _request(request, number)


@topic.reads(
    "/invoices/{number}/papers/{paper_id}/file",
    None,
    _("下载发票文件"),
    _("只有交易双方。"),
    content=PAPER_FILES,
)
def invoice_file(request: HttpRequest, number: Number, paper_id: PathId) -> HttpResponse:
    view, content = queries.paper_file(actor_of(request), number, paper_id)
    name = f"invoice-{view.number}.{view.format}"
    return uploaded_answer(content, CONTENT_TYPES[view.format], name)


@topic.reads(
    "/orders/{number}/invoice",
    OrderInvoiceOut,
    _("订单的发票"),
    _("也告诉付款前哪些信息对不上。"),
)
def order_invoice(request: HttpRequest, number: Number) -> dict[str, Any]:
    found = queries.order_invoice(actor_of(request), number)
    names = ("mismatches", "can_ask", "why_not", "ask_until")
    return {"request": found.row} | {name: getattr(found, name) for name in names}


def _save(request: HttpRequest, new: InvoiceProfileIn, profile_id: int | None) -> dict[str, Any]:
    actor = actor_of(request)
    given = new.model_dump(exclude={"is_default"})
    saved = profiles.save_profile(actor, given, profile_id=profile_id, is_default=new.is_default)
    return _profile(profiles.profile(actor, saved))


def _profile(row: InvoiceProfile) -> dict[str, Any]:
    return {name: getattr(row, name) for name in InvoiceProfileOut.model_fields if name != "id"} | {
        "id": row.pk
    }


def _request(request: HttpRequest, number: str) -> dict[str, Any]:
    detail: RequestDetail = queries.request(actor_of(request), number)
    own = set(InvoiceRequestOut.model_fields) - set(InvoiceRowOut.model_fields)
    return {name: getattr(detail.row, name) for name in InvoiceRowOut.model_fields} | {
        name: getattr(detail, name) for name in own
    }


def _paper(said: InvoicePaperIn, file: UploadedFile) -> NewPaper:
    """A paper as it was sent; `TooLarge` beyond what an invoice may have, before it is read."""
    if (file.size or 0) > MAX_BYTES:
        raise TooLarge
    return NewPaper(
        number=said.number,
        code=said.code,
        day=said.day,
        amount=said.amount,
        more_follow=said.more_follow,
        corrects=said.corrects if isinstance(said, CreditNoteIn) else None,
        file=file.read(),
    )
