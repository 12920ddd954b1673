"""The sandbox bank's branch: a transfer from any account, and how the bank tells of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance.banks import registry as banks
from pifa.finance.banks.sandbox import SandboxPartnerBank
from pifa.finance.methods.corporate_transfer import queries, sheet
from pifa.finance.sandbox import payouts, transfers
from pifa.finance.sandbox.transfers import DELIVERY_LABELS, Delivery, Transfer
from pifa.finance.words import verdict
from pifa.kernel import clock
from pifa.kernel.errors import DomainError
from pifa.kernel.money import MAX_FEN, Money
from pifa.kernel.sheets import Column
from pifa.kernel.sheets.answers import sheet_answer
from pifa.web.access import actor_of

OWN_ACCOUNT = "6222000011112222"


class TransferForm(forms.Form):
    """A transfer as somebody orders it at its own bank."""

    payer_name = forms.CharField(label=gettext_lazy("付款户名"), max_length=120)
    payer_account = forms.CharField(
        label=gettext_lazy("付款账号"), max_length=64, initial=OWN_ACCOUNT
    )
    payer_bank = forms.CharField(label=gettext_lazy("付款行"), max_length=120, required=False)
    account_no = forms.CharField(label=gettext_lazy("收款账号"), max_length=40)
    amount = forms.DecimalField(
        label=gettext_lazy("金额（元）"), min_value=0, max_value=MAX_FEN // 100, decimal_places=2
    )
    remark = forms.CharField(label=gettext_lazy("附言"), max_length=200, required=False)
    delivery = forms.ChoiceField(
        label=gettext_lazy("银行怎么通知市场"),
        choices=[(way.value, label) for way, label in DELIVERY_LABELS.items()],
    )

    @property
    def order(self) -> Transfer:
        """What was typed, of a valid form."""
        data = self.cleaned_data
        texts = {
            name: data[name]
            for name in ("payer_name", "payer_account", "payer_bank", "account_no", "remark")
        }
        return Transfer(amount=Money.yuan(data["amount"]), **texts)


def branch(request: HttpRequest) -> HttpResponse:
    """A transfer to be made, and the bank's newest lines; a POST makes one, or delivers what is
    held back. Where no sandbox is on, there is no such page."""
    _only_in_the_sandbox()
    if "deliver" in request.POST:
        for answer in transfers.deliver_held():
            toasts.info(request, _("市场的回答：%(answer)s") % {"answer": verdict(answer)})
        return redirect("storefront:bank_branch")
    if "payout" in request.POST:
        _tell_payout(request)
        return redirect("storefront:bank_branch")
    form = TransferForm(request.POST or None, initial=_asked_for(request))
    if request.method == "POST" and form.is_valid() and _made(request, form):
        return redirect("storefront:bank_branch")
    lines = transfers.sent_lines()
    return render(
        request,
        "storefront/bank_branch.html",
        {
            "form": form,
            "lines": [(line, verdict(line.answer)) for line in lines],
            "payouts": [(one, verdict(one.answer)) for one in payouts.newest()],
            "held": any(transfers.is_held(line) for line in lines),
        },
        status=422 if form.errors else 200,
    )


def statement(request: HttpRequest) -> HttpResponseBase:
    """Today's lines as the statement sheet that operators bring in."""
    _only_in_the_sandbox()
    rows = sheet.as_rows(transfers.statement(clock.today(), clock.today()))
    return sheet_answer(_("对账单"), "csv", [Column(name) for name in sheet.sample_columns()], rows)


def _tell_payout(request: HttpRequest) -> None:
    """A payout arrives now, or comes back."""
    number = request.POST["payout"]
    if not (number.isascii() and number.isdigit()):
        return
    act = payouts.give_back if request.POST.get("act") == "back" else payouts.tell
    try:
        answer = act(int(number))
    except DomainError as error:
        toasts.error(request, str(error))
    else:
        toasts.info(request, _("市场的回答：%(answer)s") % {"answer": verdict(answer)})


def _made(request: HttpRequest, form: TransferForm) -> bool:
    try:
        sent = transfers.make(form.order, Delivery(form.cleaned_data["delivery"]))
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    toasts.success(request, _("已转账，银行流水号 %(number)s。") % {"number": sent.line_no})
    for answer in sent.answers:
        toasts.info(request, _("市场的回答：%(answer)s") % {"answer": verdict(answer)})
    return True


def _asked_for(request: HttpRequest) -> dict[str, Any]:
    """What the instructions ask for, for somebody who comes from there."""
    number, actor = request.GET.get("payment", ""), actor_of(request)
    if not number or actor is None:
        return {}
    try:
        told = queries.instructions(actor, number)
    except DomainError:
        return {}
    return {
        "payer_name": told.payer_name,
        "payer_account": OWN_ACCOUNT,
        "payer_bank": _("云汀商业银行"),
        "account_no": told.account_no,
        "amount": told.amount.decimal,
        "remark": told.remark,
    }


def _only_in_the_sandbox() -> None:
    banks.get(SandboxPartnerBank.code)
