"""Bills that buyers pay with: what to accept or refuse, what matures when, what was dishonoured."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pifa.finance import commands
from pifa.finance import queries as finance
from pifa.kernel.errors import DomainError, NotFound
from pifa.web.access import seller_page
from pifa.web.seller.frame import CENTRE, FINANCE, actor_on, show
from pifa.web.shared.bills import KINDS, tabs_of


@seller_page(FINANCE)
def bills(request: HttpRequest) -> HttpResponse:
    """Sums, the calendar of what matures, and the bills by tab."""
    actor = actor_on(request)
    tab = request.GET.get("tab", "to_answer")
    tab = tab if tab in finance.BILL_TABS else "all"
    page = finance.bills(actor, "seller", tab=tab, cursor=request.GET.get("cursor"), size=50)
    return show(
        request,
        "seller/bills.html",
        totals=finance.bill_totals(actor, "seller"),
        days=finance.bill_calendar(actor),
        tabs=tabs_of(CENTRE.url("bills"), tab),
        items=[(bill, KINDS.get(bill.state, "")) for bill in page.items],
        next=page.next_cursor,
    )


@require_POST
@seller_page(FINANCE)
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Accept, refuse or let go a bill; back to its order."""
    actor = actor_on(request)
    act = request.POST.get("act", "")
    try:
        if act == "accept":
            commands.accept_bill(actor, number)
            toasts.success(request, _("已签收，订单可以发货，到期兑付后收到货款。"))
        elif act == "refuse":
            commands.refuse_bill(actor, number, request.POST.get("reason", ""))
            toasts.success(request, _("已拒收，汇票退回买家。"))
        elif act == "forgive":
            rest = commands.forgive_bill(actor, number)
            toasts.success(request, _("已免除 %(amount)s。") % {"amount": rest})
        else:
            raise NotFound
    except DomainError as error:
        if error.status in (403, 404):
            raise
        toasts.error(request, str(error))
    return redirect("seller:order", finance.bill(actor, number).order)
