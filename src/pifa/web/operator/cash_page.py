"""Cash on delivery for the market's staff: carriers' debts, what is wrong, batches line by line."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance import commands
from pifa.finance import queries as finance
from pifa.kernel.money import Money
from pifa.web.operator.queues import decide, needs, operator_of, page
from pifa.web.shared.figures import typed_number


@needs("finance.view_cashbatch")
def overview(request: HttpRequest) -> HttpResponse:
    """Sums, debts, open findings and the newest batches; a POST clears a finding."""
    actor = operator_of(request)
    if request.method == "POST":
        _clear(request)
        return redirect("admin:cash")
    batches = finance.cash_batches(actor, cursor=request.GET.get("cursor"), size=30)
    return page(
        request,
        "console/cash.html",
        gettext_lazy("货到付款"),
        totals=finance.cash_totals(actor),
        debts=finance.carrier_debts(actor),
        findings=finance.cash_findings(actor, open_only=request.GET.get("show") != "all"),
        show=request.GET.get("show", ""),
        batches=batches.items,
        next_cursor=batches.next_cursor,
        may_change=request.user.has_perm("finance.change_cashbatch"),
    )


@needs("finance.view_cashbatch")
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """One batch beside what we know; a POST judges it once more, or sends back what is left."""
    actor = operator_of(request)
    if request.method == "POST":
        _act(request, number)
        return redirect("admin:cash_batch", number)
    found, lines = finance.cash_batch(actor, number)
    return page(
        request,
        "console/cash_batch.html",
        found.batch_no,
        batch=found,
        lines=lines,
        findings=finance.cash_findings(actor, open_only=False, batch=number),
        may_change=request.user.has_perm("finance.change_cashbatch"),
    )


@needs("finance.change_cashbatch")
def _clear(request: HttpRequest) -> HttpResponse:
    number = request.POST.get("finding", "")
    finding = int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0
    note = request.POST.get("note", "")
    actor = operator_of(request)
    decide(request, _("已记录。"), lambda: commands.clear_finding(actor, finding, note))
    return HttpResponse()


@needs("finance.change_cashbatch")
def _act(request: HttpRequest, number: str) -> HttpResponse:
    actor = operator_of(request)
    if request.POST.get("form") == "recheck":
        said = _("已重新核对。")
        decide(request, said, lambda: commands.recheck_batch(actor, number))
        return HttpResponse()
    reason, seen = request.POST.get("reason", ""), typed_number(request.POST.get("seen", ""))
    left = Money.yuan(seen) if seen.replace(".", "", 1).isdigit() else Money(0)
    decide(
        request,
        _("已退回承运商。"),
        lambda: commands.return_batch(actor, number, reason, left),
    )
    return HttpResponse()
