"""The sandbox bank's own page: it plays a bank's cashier, so that every outcome can be tried."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pifa.finance.sandbox import bank
from pifa.finance.words import verdict
from pifa.kernel.errors import DomainError


def cashier(request: HttpRequest, trade_no: str) -> HttpResponse:
    """What is to be paid; a POST plays one of the bank's outcomes."""
    if request.method == "POST":
        return _play(request, trade_no)
    trade = bank.view(trade_no)
    pay, others = (trade.actions[0], trade.actions[1:]) if trade.actions else (None, [])
    return render(
        request,
        "storefront/bank.html",
        {
            "trade": trade,
            "pay": pay,
            "others": others,
            "notices": [(notice, verdict(notice.answer)) for notice in trade.notices],
        },
    )


def _play(request: HttpRequest, trade_no: str) -> HttpResponse:
    action = request.POST.get("action", "")
    try:
        answers = bank.act(trade_no, action)
    except DomainError as error:
        if error.status == 404:
            raise
        toasts.error(request, str(error))
        return redirect("storefront:bank", trade_no)
    if action in (bank.BankAction.PAY, bank.BankAction.FAIL):
        return redirect("storefront:paid", bank.view(trade_no).payment_number)
    for answer in answers:
        toasts.info(request, _("市场的回答：%(answer)s") % {"answer": verdict(answer)})
    return redirect("storefront:bank", trade_no)
