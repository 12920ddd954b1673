"""The sandbox bank's own page: it plays a bank's cashier, so that every outcome can be tried."""

from __future__ import annotations

import secrets

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from pifa.finance.sandbox import bank, cards
from pifa.finance.words import verdict
from pifa.kernel.errors import DomainError, WrongState

ACCOUNT = "sandbox_account"


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
            "account": _account(request),
            "notices": [(notice, verdict(notice.answer)) for notice in trade.notices],
        },
    )


def _account(request: HttpRequest) -> str:
    """The account that this browser pays from unless another is typed: always the same."""
    if ACCOUNT not in request.session:
        request.session[ACCOUNT] = "6222" + "".join(secrets.choice("0123456789") for _ in range(12))
    return str(request.session[ACCOUNT])


def _play(request: HttpRequest, trade_no: str) -> HttpResponse:
    action = request.POST.get("action", "")
    try:
        answers = bank.act(trade_no, action, payer=request.POST.get("payer", ""))
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


class CardForm(forms.Form):
    """What is entered at the acquirer."""

    number = forms.CharField(
        label=gettext_lazy("卡号"),
        max_length=32,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    expiry = forms.CharField(
        label=gettext_lazy("有效期"),
        max_length=5,
        widget=forms.TextInput(attrs={"placeholder": "MM/YY", "autocomplete": "off"}),
    )
    code = forms.CharField(
        label=gettext_lazy("安全码"),
        max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


@sensitive_post_parameters("number", "expiry", "code")
def card(request: HttpRequest, trade_no: str) -> HttpResponse:
    """The acquirer's page: a card is entered here, authorised and captured, or declined."""
    trade = bank.view(trade_no)
    form = CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cards.play(trade_no, **form.cleaned_data)
        except WrongState as error:
            toasts.error(request, str(error))
            return redirect("storefront:card", trade_no)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return redirect("storefront:paid", trade.payment_number)
    return render(
        request,
        "storefront/card.html",
        {"trade": trade, "form": form, "example": cards.EXAMPLE},
        status=422 if form.errors else 200,
    )
