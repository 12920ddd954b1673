"""Taking money of the balance out: the day's limit, accounts, requests, and agreeing to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance import commands
from pifa.finance.policies import handles_money
from pifa.finance.withdrawals import queries
from pifa.finance.withdrawals.queries import PayeeView
from pifa.kernel.errors import DomainError
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.parties.confirming import confirm
from pifa.web.shared.centre import Centre, actor_on
from pifa.web.shared.figures import MoneyField
from pifa.web.shared.forms import attempt


class WithdrawForm(forms.Form):
    """How much goes to which account. The key makes a form sent twice withdraw once."""

    account = forms.TypedChoiceField(label=gettext_lazy("收款账户"), coerce=int)
    amount = MoneyField(label=gettext_lazy("提现金额"))
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, accounts: list[PayeeView], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = [  # type: ignore[attr-defined]
            (one.id, f"{one.bank_name} {one.masked}") for one in accounts
        ]


class PasswordForm(forms.Form):
    """One's own password, again."""

    password = forms.CharField(
        label=gettext_lazy("您的登录密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        help_text=gettext_lazy("收款账户关系到资金安全，变动时要再次输入密码。"),
    )


class PayeeForm(PasswordForm):
    """An account in the company's registered name."""

    number = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    bank_name = forms.CharField(
        label=gettext_lazy("开户行"),
        max_length=120,
        help_text=gettext_lazy("写银行的全称。"),
    )
    field_order = ("number", "bank_name", "password")


def withdrawals(request: HttpRequest, centre: Centre) -> HttpResponse:
    """What may be taken out, and what was; a POST withdraws."""
    actor = actor_on(request)
    company_id = handles_money(actor)
    accounts = queries.payees(actor)
    form = WithdrawForm(accounts, request.POST or None, initial={"key": uuid4().hex})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            lambda: commands.withdraw(actor, data["amount"], data["key"], data["account"]),
        )
        if done is not None:
            said = (
                _("已提出提现 %(amount)s，等另一位主账号或财务复核。")
                if done.state == "asked"
                else _("已提现 %(amount)s，银行处理中。")
            )
            toasts.success(request, said % {"amount": data["amount"]})
            return redirect(centre.url("withdrawals"))
    return centre.show(
        request,
        "shared/withdrawals.html",
        status=422 if form.errors else 200,
        form=form,
        accounts=accounts,
        limit=queries.withdrawal_limit(actor),
        available=ledger.balance(company_id, AccountKind.BALANCE),
        page=queries.withdrawals(actor, request.GET.get("cursor")),
    )


def decide(request: HttpRequest, centre: Centre, number: str) -> HttpResponse:
    """Agree to a withdrawal, refuse it, or take it back."""
    actor = actor_on(request)
    if request.method == "POST":
        verbs: dict[str, tuple[Callable[[], object], str]] = {
            "approve": (
                lambda: commands.approve_withdrawal(actor, number),
                _("已复核同意，银行处理中。"),
            ),
            "refuse": (
                lambda: commands.refuse_withdrawal(actor, number, request.POST.get("reason", "")),
                _("已记录不同意，余额没有变动。"),
            ),
            "cancel": (lambda: commands.cancel_withdrawal(actor, number), _("已撤销。")),
        }
        act, done = verbs.get(request.POST.get("verb", ""), (None, ""))
        if act is not None:
            try:
                act()
            except DomainError as error:
                toasts.error(request, str(error))
            else:
                toasts.success(request, done)
    return redirect(centre.url("withdrawals"))


def payees(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The company's own accounts; a POST adds one."""
    actor = actor_on(request)
    handles_money(actor)
    own = request.POST.get("which") == "bank"
    form = PayeeForm(request.POST if request.method == "POST" and not own else None)
    own_form = PasswordForm(request.POST if own else None, auto_id="own_%s")
    chosen = own_form if own else form
    if request.method == "POST" and chosen.is_valid():
        data = chosen.cleaned_data

        def add() -> int:
            confirm(request, actor, data["password"])
            if own:
                return commands.add_bank_account(actor)
            return commands.add_payee(actor, data["number"], data["bank_name"])

        if attempt(chosen, add) is not None:
            toasts.success(request, _("银行已核对户名，收款账户已添加。"))
            return redirect(centre.url("payees"))
    return _payees_page(request, centre, form, 0, PasswordForm(), own_form)


def remove_payee(request: HttpRequest, centre: Centre, account_id: int) -> HttpResponse:
    """Remove an account; the password again."""
    actor = actor_on(request)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def remove() -> bool:
            confirm(request, actor, form.cleaned_data["password"])
            commands.remove_payee(actor, account_id)
            return True

        if attempt(form, remove):
            toasts.success(request, _("已删除收款账户。"))
            return redirect(centre.url("payees"))
    return _payees_page(request, centre, PayeeForm(), account_id, form)


def _payees_page(
    request: HttpRequest,
    centre: Centre,
    form: PayeeForm,
    removing: int,
    password: PasswordForm,
    own: PasswordForm | None = None,
) -> HttpResponse:
    actor = actor_on(request)
    return centre.show(
        request,
        "shared/payees.html",
        status=422 if form.errors or password.errors or (own and own.errors) else 200,
        form=form,
        own_form=own or PasswordForm(auto_id="own_%s"),
        own_tail=queries.bank_account_to_add(actor),
        removing=removing,
        password_form=password,
        accounts=queries.payees(actor),
        limit=queries.withdrawal_limit(actor),
    )
