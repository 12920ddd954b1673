"""Money in suspense: the queue, one line with its proposals, statement sheets, reconciliation."""

from __future__ import annotations

import io
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance import queries as finance
from pifa.finance.methods.corporate_transfer import desk, queries
from pifa.finance.methods.corporate_transfer import sheet as sheets
from pifa.finance.methods.corporate_transfer.queries import WaitingLine
from pifa.kernel.errors import DomainError, InvalidInput
from pifa.kernel.money import Money
from pifa.web.operator.forms import LineReasonForm, StatementForm
from pifa.web.operator.queues import decide, needs, operator_of, page

SHOWN = 300


@needs("finance.change_bankline")
def transfers(request: HttpRequest) -> HttpResponse:
    """Lines that wait, the newest first, each with what it is likeliest for; `?show=explained`
    those that something open explains to the fen, `?show=done` all others."""
    actor, cursor = operator_of(request), request.GET.get("cursor")
    show = request.GET.get("show", "")
    next_cursor = None
    if show == "done":
        past = queries.lines_in_suspense(actor, False, cursor, 50)
        rows, next_cursor = [WaitingLine(line, None) for line in past.items], past.next_cursor
    elif show == "explained":
        rows = queries.explained_lines(actor)
    else:
        found = queries.waiting_lines(actor, cursor, 50)
        rows, next_cursor = found.items, found.next_cursor
    return page(
        request,
        "console/transfers.html",
        gettext_lazy("待认领款"),
        rows=rows,
        next_cursor=next_cursor,
        show=show,
        tabs=[(_("待认领"), ""), (_("现在对得上的"), "explained"), (_("已处理"), "done")],
    )


@needs("finance.change_bankline")
def transfer(request: HttpRequest, number: str) -> HttpResponse:
    """One line beside what it may be meant for: assign it, send it back, note what is known."""
    actor = operator_of(request)
    act = request.POST.get("form", "")
    form = LineReasonForm(request.POST if act in ("return", "note") else None)
    if request.method == "POST" and _decided(request, number, act, form):
        return redirect("admin:queue_transfer", number)
    line = queries.bank_line(actor, number)
    return page(
        request,
        "console/transfer.html",
        line.number,
        line=line,
        proposals=queries.proposals(actor, number),
        form=form,
    )


@needs("finance.change_bankline")
def sheet(request: HttpRequest) -> HttpResponse:
    """Look a statement through, then bring it in: the same sheet is given again."""
    form = StatementForm(request.POST or None, request.FILES or None)
    report, done = None, False
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["sheet"]
        file, actor = io.BytesIO(given.read()), operator_of(request)
        done = request.POST.get("act") == "bring_in"
        try:
            report = (sheets.bring_in if done else sheets.preview)(actor, file, given.name)
        except DomainError as error:
            form.add_error("sheet", str(error))
    return page(
        request,
        "console/transfer_sheet.html",
        gettext_lazy("导入对账单"),
        form=form,
        report=report,
        done=done,
        lines=report.lines[:SHOWN] if report else [],
        errors=report.errors[:SHOWN] if report else [],
    )


@needs("ledger.view_posting")
def reconciliation(request: HttpRequest) -> HttpResponse:
    """The bank's book beside ours, with every difference."""
    found = finance.reconciliation(operator_of(request))
    return page(
        request,
        "console/reconciliation.html",
        gettext_lazy("银行对账"),
        found=found,
        entries=found.entries[:SHOWN],
    )


def _decided(request: HttpRequest, number: str, act: str, form: LineReasonForm) -> bool:
    actor = operator_of(request)
    if act == "assign":
        return decide(
            request,
            _("已入账，并通知买家。"),
            lambda: desk.assign_transfer(actor, number, _shares(request), _seen(request)),
        )
    if not form.is_valid():
        return False
    words = form.cleaned_data["words"]
    if act == "return":
        return decide(
            request,
            _("已退回付款账户。"),
            lambda: desk.return_transfer(actor, number, words, _seen(request)),
        )
    return decide(request, _("已记录。"), lambda: desk.note_transfer(actor, number, words))


def _shares(request: HttpRequest) -> dict[str, Money]:
    """What was typed for each payable; rows without an amount are left out."""
    typed = zip(request.POST.getlist("payable"), request.POST.getlist("amount"), strict=False)
    return {
        name.strip(): _money(amount) for name, amount in typed if name.strip() and amount.strip()
    }


def _seen(request: HttpRequest) -> Money:
    return _money(request.POST.get("seen", ""))


def _money(text: str) -> Money:
    try:
        return Money.yuan(Decimal(text.strip().replace(",", "")))
    except (ValueError, InvalidOperation) as error:
        raise InvalidInput(field="amount", reason=_("请填写金额，最多两位小数。")) from error
