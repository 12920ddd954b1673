"""The sandbox bank's page of bills: what becomes of each on its day, and what it tells besides."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pifa.finance.bills import registry as banks
from pifa.finance.bills.sandbox import SandboxBillBank
from pifa.finance.sandbox import bill_book
from pifa.finance.words import verdict
from pifa.kernel.errors import DomainError


def desk(request: HttpRequest) -> HttpResponse:
    """Bills with what was told of them; a POST changes a bill's end, or tells something. Where no
    sandbox is on, there is no such page."""
    banks.get(SandboxBillBank.code)
    if request.method == "POST":
        _play(request)
        return redirect("storefront:bill_bank")
    bills = bill_book.bills()
    return render(
        request,
        "storefront/bill_bank.html",
        {
            "bills": [(bill, [verdict(answer) for answer in bill.answers]) for bill in bills],
            "plans": [(code.value, label) for code, label in bill_book.PLAN_LABELS.items()],
            "tricks": [(code.value, label) for code, label in bill_book.TRICK_LABELS.items()],
        },
    )


def _play(request: HttpRequest) -> None:
    number = request.POST.get("bill", "")
    try:
        if "plan" in request.POST:
            bill_book.plan(number, request.POST["plan"])
            toasts.success(request, _("已记下。"))
        else:
            answer = bill_book.tell(number, request.POST.get("trick", ""))
            toasts.info(request, _("市场的回答：%(answer)s") % {"answer": verdict(answer)})
    except DomainError as error:
        toasts.error(request, str(error))
