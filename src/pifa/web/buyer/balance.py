"""What a buyer has on its balance (collected, made good), and sending it to the bank."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from pifa.finance import commands
from pifa.finance.policies import handles_money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.web.access import buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.shared.centre import actor_on
from pifa.web.shared.forms import attempt
from pifa.web.shared.withdrawing import WithdrawForm


@buyer_page
def balance(request: HttpRequest) -> HttpResponse:
    """The balance with its entries, newest first; a POST withdraws."""
    actor = actor_on(request)
    company_id = handles_money(actor)
    form = WithdrawForm(request.POST or None, initial={"key": uuid4().hex})
    if request.method == "POST" and form.is_valid():
        amount, key = form.cleaned_data["amount"], form.cleaned_data["key"]
        attempt(form, lambda: commands.withdraw(actor, amount, key=key))
        if not form.errors:
            toasts.success(request, _("已提现 %(amount)s。") % {"amount": amount})
            return redirect("buyer:balance")
    return CENTRE.show(
        request,
        "buyer/balance.html",
        status=422 if form.errors else 200,
        form=form,
        available=ledger.balance(company_id, AccountKind.BALANCE),
        page=ledger.statement(actor, AccountKind.BALANCE, cursor=request.GET.get("cursor")),
    )
