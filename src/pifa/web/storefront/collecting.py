"""Paying by a company's collection code: for anybody, without signing in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from pifa.finance import commands, queries
from pifa.kernel.errors import NotFound
from pifa.web.shared.channels import channel_on
from pifa.web.shared.figures import MoneyField
from pifa.web.shared.forms import attempt
from pifa.web.storefront import paying
from pifa.web.storefront.begun import BEGUN, KEPT


class CollectForm(forms.Form):
    """How much, and what it is for."""

    amount = MoneyField(label=_("付款金额"))
    note = forms.CharField(
        label=_("留言"),
        max_length=60,
        required=False,
        help_text=_("写给收款方看，例如货名、姓名。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = queries.online_methods()
        self.fields["method"] = forms.ChoiceField(
            label=_("付款方式"),
            choices=ways,
            required=False,
            initial=ways[0][0] if ways else "",
            widget=forms.RadioSelect,
        )


def collect(request: HttpRequest, token: str) -> HttpResponse:
    """Whom one pays; a POST goes on to the bank. A dead code is not found."""
    code = queries.collection_page(token)
    form = CollectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        amount, note = form.cleaned_data["amount"], form.cleaned_data["note"]
        caller = request.META.get("REMOTE_ADDR", "")
        method = form.cleaned_data["method"] or form.fields["method"].initial
        channel = channel_on(request, method)
        begun = attempt(
            form,
            lambda: commands.start_collection(token, amount, note, caller, method, channel),
        )
        if begun is not None:
            numbers = [begun.payment_number, *request.session.get(BEGUN, [])]
            request.session[BEGUN] = numbers[:KEPT]
            return redirect(begun.redirect_url)
    status = 422 if form.errors else 200
    return _shown(request, "storefront/collect.html", status, code=code, form=form)


def back(request: HttpRequest, payment_number: str) -> HttpResponseBase:
    """Back from the bank: to who began a collection, how it went; to buyers, their orders."""
    if payment_number not in request.session.get(BEGUN, []):
        return paying.back(request, payment_number)
    payment = queries.payment(payment_number)
    payable = queries.payable(payment.subject)
    if payable is None:
        raise NotFound
    return _shown(
        request,
        "storefront/collected.html",
        200,
        payment=payment,
        name=queries.public_name(payable.payee_id),
    )


def _shown(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    answer = render(request, template, context, status=status)
    answer["X-Robots-Tag"] = "noindex"
    return answer
