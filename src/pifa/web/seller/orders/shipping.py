"""Shipping many orders: a page for the keyboard, and a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from pifa.kernel.errors import DomainError
from pifa.kernel.sheets import Column, ColumnKind, SheetLimits, open_sheet
from pifa.kernel.sheets.answers import sheet_answer
from pifa.trade import commands
from pifa.trade import queries as trade
from pifa.trade.carriers.registry import EXPRESS_NAME
from pifa.trade.commands import Outcome, ShipRequest
from pifa.trade.queries import PackingNote
from pifa.trade.rules import MAX_BATCH
from pifa.web.access import seller_page
from pifa.web.seller import uploads
from pifa.web.seller.frame import CLERK, actor_on, show
from pifa.web.seller.orders.desk import picked

CARRIER_KEY = "carrier"
SHIPPED_KEY = "shipped"
"""The numbers of the batch shipped last, to be printed."""

SHEET_PURPOSE = "shipments"
SHEET_LIMITS = SheetLimits(file_bytes=10 * 1024 * 1024, rows=20_000, columns=60)


@dataclass(slots=True)
class ShipRow:
    """An order on the page with what was typed for it and what was wrong."""

    note: PackingNote
    carrier: str
    tracking_no: str = ""
    error: str = ""
    bad: str = ""
    """Which of the two inputs the error is about, if it is about one."""


@dataclass(slots=True)
class _Typed:
    """What came with a POST, by order number."""

    numbers: list[str] = field(default_factory=list)
    carriers: dict[str, str] = field(default_factory=dict)
    tracking_nos: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest) -> _Typed:
        numbers = picked(request)
        post = request.POST
        return cls(
            numbers,
            {number: post.get(f"carrier-{number}", "").strip() for number in numbers},
            {number: post.get(f"tracking-{number}", "").strip() for number in numbers},
        )

    def requests(self) -> list[ShipRequest]:
        """Only rows with a number of the carrier's; the others are left for later."""
        return [
            ShipRequest(number, self.carriers[number], self.tracking_nos[number])
            for number in self.numbers
            if self.tracking_nos[number]
        ]


@seller_page(CLERK)
def ship(request: HttpRequest) -> HttpResponse:
    """Orders awaiting shipment in a table to type carriers and numbers into.

    From the desk it shows the ticked orders. What cannot be shipped stays on the page with
    what was typed; the rest is done.
    """
    actor = actor_on(request)
    if request.method != "POST":
        return _show(request, [_blank(request, note) for note in trade.packing_notes(actor)])
    typed = _Typed.of(request)
    if request.POST.get("act") != "ship":
        notes = [
            note
            for note in trade.packing_notes(actor, typed.numbers)
            if note.status == "awaiting_shipment"
        ]
        if not notes:
            messages.info(request, _("勾选的订单里没有待发货的。"))
            return redirect("seller:ship")
        return _show(request, [_blank(request, note) for note in notes])
    wanted = typed.requests()
    if not wanted:
        messages.info(request, _("还没有填写运单号，没有订单发货。"))
        return redirect("seller:ship")
    remember_carrier(request, [item.carrier for item in wanted])
    try:
        outcomes = commands.ship_many(actor, wanted)
    except DomainError as error:
        return _again(request, typed, {}, str(error))
    return _after(request, typed, outcomes)


def _after(request: HttpRequest, typed: _Typed, outcomes: list[Outcome]) -> HttpResponse:
    shipped = [outcome.number for outcome in outcomes if outcome.done]
    if shipped:
        request.session[SHIPPED_KEY] = shipped
        said = ngettext("已发货 %(count)d 单。", "已发货 %(count)d 单。", len(shipped))
        messages.success(request, said % {"count": len(shipped)})
    refused = {outcome.number: outcome.error for outcome in outcomes if outcome.error}
    if not refused:
        return redirect("seller:ship")
    return _again(request, typed, refused, "")


def _again(
    request: HttpRequest, typed: _Typed, refused: dict[str, DomainError], failure: str
) -> HttpResponse:
    """The page with what is left, what was typed for it and what was wrong."""
    done = {item.number for item in typed.requests()} - set(refused) if not failure else set()
    notes = trade.packing_notes(actor_on(request), typed.numbers)
    rows = []
    for note in notes:
        error = refused.get(note.number)
        if note.number in done or (error is None and note.status != "awaiting_shipment"):
            continue
        row = _blank(request, note)
        row.carrier = typed.carriers.get(note.number, row.carrier)
        row.tracking_no = typed.tracking_nos.get(note.number, "")
        if error is not None:
            row.error, row.bad = str(error), error.field or ""
        rows.append(row)
    known = {note.number for note in notes}
    strangers = [f"{number}: {error}" for number, error in refused.items() if number not in known]
    return _show(request, rows, failure or "; ".join(strangers), status=422)


def remember_carrier(request: HttpRequest, names: Sequence[str]) -> None:
    """What stands in the carrier's field next time: the last name typed. Not express, which is
    called for one order at a time."""
    typed = [name for name in names if name and name != EXPRESS_NAME]
    if typed:
        request.session[CARRIER_KEY] = typed[-1]


def _blank(request: HttpRequest, note: PackingNote) -> ShipRow:
    return ShipRow(note, request.session.get(CARRIER_KEY, ""))


def _show(
    request: HttpRequest, rows: list[ShipRow], failure: str = "", status: int = 200
) -> HttpResponse:
    return show(
        request,
        "seller/ship.html",
        status=status,
        rows=rows,
        failure=failure,
        wrong=sum(bool(row.error) for row in rows),
        carriers=trade.carriers_used(actor_on(request)),
        express=EXPRESS_NAME,
        shipped=request.session.get(SHIPPED_KEY, []),
    )


class ShipmentSheetForm(forms.Form):
    """A sheet of shipments."""

    sheet = forms.FileField(
        label=gettext_lazy("发货表"),
        help_text=gettext_lazy("三列：订单编号、物流公司、运单号；.xlsx 或 .csv，最多 5000 行。"),
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )


@seller_page(CLERK)
def shipment_sheet(request: HttpRequest) -> HttpResponse:
    """Ship by a sheet, at once or after a look at what it would do; every row that does not go
    is told with its reason."""
    form = ShipmentSheetForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        actor, upload = actor_on(request), form.cleaned_data["sheet"]
        look = request.POST.get("act") == "preview"
        try:
            with open_sheet(upload, name=upload.name, limits=SHEET_LIMITS) as sheet:
                if look:
                    context["preview"] = commands.preview_shipments(actor, sheet)
                else:
                    context["result"] = commands.ship_from_sheet(actor, sheet)
        except DomainError as error:
            context["refusal"] = error
        else:
            if look:
                upload.seek(0)
                uploads.keep(request, SHEET_PURPOSE, {"sheet": upload})
    failed = request.method == "POST" and not context.keys() & {"result", "preview"}
    return show(request, "seller/ship_sheet.html", status=422 if failed else 200, **context)


@seller_page(CLERK)
@require_POST
def ship_previewed(request: HttpRequest) -> HttpResponse:
    """Ship the sheet that was looked at; what changed meanwhile is told like any bad row."""
    folder = uploads.kept(request, SHEET_PURPOSE)
    if folder is None:
        messages.info(request, _("上传的发货表已过期，请重新上传。"))
        return redirect("seller:shipment_sheet")
    with (
        (folder / "sheet").open("rb") as file,
        open_sheet(file, name=uploads.name_of(folder), limits=SHEET_LIMITS) as sheet,
    ):
        result = commands.ship_from_sheet(actor_on(request), sheet)
    uploads.forget(request, SHEET_PURPOSE)
    if result.numbers:
        request.session[SHIPPED_KEY] = list(result.numbers[:MAX_BATCH])
    return show(request, "seller/ship_sheet.html", result=result)


@seller_page(CLERK)
@require_POST
def shipment_template(request: HttpRequest) -> HttpResponseBase:
    """The sheet to fill in: a row for each waiting order, carrier and number still empty."""
    columns = (
        Column(_("订单编号"), width=24),
        Column(_("物流公司"), width=16),
        Column(_("运单号"), width=24),
        Column(_("买家公司名"), width=28),
        Column(_("收货人姓名"), width=12),
        Column(_("收货地址"), width=44),
        Column(_("联系手机"), width=16),
        Column(_("件数"), ColumnKind.WHOLE),
        Column(_("货到付款代收（元）"), width=16),
        Column(_("代收单号"), width=22),
    )
    notes = commands.export_waiting(actor_on(request))
    carrier = request.session.get(CARRIER_KEY, "")
    rows = (
        (
            note.number,
            carrier,
            "",
            note.buyer_name,
            note.delivery.consignee,
            note.delivery.address,
            note.delivery.mobile or note.delivery.phone,
            note.pieces,
            f"{note.to_collect.decimal:.2f}" if note.to_collect else "",
            note.collect_by,
        )
        for note in notes
    )
    return sheet_answer(_("发货表"), "xlsx", columns, rows)
