"""The account at the partner bank: opening it, its passwords, money in and out, the statement.

The query password opens balance and statement for a quarter of an hour; what stands for it is kept
in the session. The payment password is asked with each movement.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from pifa.finance.methods.partner_bank.method import CODE as PARTNER_BANK
from pifa.finance.partner_bank import commands, queries
from pifa.finance.partner_bank import sheet as sheets
from pifa.finance.partner_bank.commands import Passwords
from pifa.finance.partner_bank.protocol import Card, Secret
from pifa.finance.partner_bank.rules import Identity
from pifa.kernel import clock
from pifa.kernel.actors import Actor, Role
from pifa.kernel.sheets.answers import WrittenKind, sheet_answer
from pifa.web.shared.centre import Centre, actor_on
from pifa.web.shared.days import read_day
from pifa.web.shared.figures import MoneyField
from pifa.web.shared.forms import attempt

SHOWN = "bank_query"
"""Where the session keeps what stands for the query password."""

SECRETS = ((Secret.QUERY.value, _("查询密码")), (Secret.PAYMENT.value, _("支付密码")))


def password_field(label: Any, *, new: bool = False, **kwargs: Any) -> forms.CharField:
    """A password as one types it."""
    attrs = {"autocomplete": "new-password" if new else "off"}
    return forms.CharField(
        label=label, max_length=128, strip=False, widget=forms.PasswordInput(attrs), **kwargs
    )


class IdentityForm(forms.Form):
    """Who the company is, as it was verified."""

    name = forms.CharField(label=_("主体名称"), max_length=120)
    licence_no = forms.CharField(label=_("统一社会信用代码"), max_length=30)
    representative = forms.CharField(label=_("法定代表人"), max_length=60, required=False)

    def told(self) -> Identity:
        """In the words of the commands."""
        data = self.cleaned_data
        return Identity(data["name"], data["licence_no"], data["representative"])


class OpenForm(IdentityForm):
    """The two passwords besides, each typed once more."""

    query_password = password_field(
        _("查询密码"), new=True, help_text=_("看余额和对账单用，至少 8 位，不能全是数字。")
    )
    payment_password = password_field(
        _("支付密码"),
        new=True,
        help_text=_("付款、转出、贷款签约用，不能与查询密码或登录密码相同。"),
    )
    payment_again = password_field(_("再输一次支付密码"), new=True)

    def clean(self) -> dict[str, Any]:
        """Both times the same."""
        data = super().clean() or {}
        if data.get("payment_password") != data.get("payment_again"):
            self.add_error("payment_again", _("两次输入的不一样。"))
        return data


class QueryForm(forms.Form):
    """The query password."""

    password = password_field(_("查询密码"))


class CardForm(forms.Form):
    """A card in the company's own name."""

    holder = forms.CharField(label=_("户名"), max_length=120)
    number = forms.CharField(label=_("卡号或账号"), max_length=40)
    bank = forms.CharField(label=_("开户行"), max_length=120)
    password = password_field(_("支付密码"))


class MoveForm(forms.Form):
    """How much, from or to which card. The key makes a form sent twice move once."""

    card = forms.ChoiceField(label=_("银行卡"))
    amount = MoneyField(label=_("金额"))
    password = password_field(_("支付密码"))
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, cards: tuple[queries.CardView, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["card"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(card.id), f"{card.bank} ···{card.tail}") for card in cards]


class ChangeForm(forms.Form):
    """A new password against the old."""

    which = forms.ChoiceField(label=_("哪个密码"), choices=SECRETS)
    old = password_field(_("现在的密码"))
    new = password_field(_("新密码"), new=True)


class ResetForm(IdentityForm):
    """A new password for who proves the company."""

    which = forms.ChoiceField(label=_("哪个密码"), choices=SECRETS)
    new = password_field(_("新密码"), new=True)


@sensitive_post_parameters()
def bank(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The account, or the form to open one; a POST does what `act` says."""
    actor = actor_on(request)
    account = queries.account(actor)
    if account is None:
        return _opening(request, centre, actor)
    form: forms.Form | None = None
    act = request.POST.get("act", "")
    if request.method == "POST":
        form, said = _acted(request, actor, account, act)
        if said:
            toasts.success(request, said)
            return redirect(centre.url("bank"))
    shown = request.session.get(SHOWN, "")
    is_shown = queries.is_shown(actor, shown)
    forms_ = _forms(account) | ({act: form} if form else {})
    return centre.show(
        request,
        "shared/bank.html",
        status=422 if form and form.errors else 200,
        account=account,
        money=queries.account_money(actor, shown) if is_shown else None,
        **{f"{name}_form": one for name, one in forms_.items()},
    )


def _opening(request: HttpRequest, centre: Centre, actor: Actor) -> HttpResponse:
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        passwords = Passwords(data["query_password"], data["payment_password"])
        attempt(form, lambda: commands.open_account(actor, form.told(), passwords))
        if not form.errors:
            toasts.success(request, gettext("网商银行账户已开通。"))
            return redirect(centre.url("bank"))
    return centre.show(
        request,
        "shared/bank_open.html",
        status=422 if form.errors else 200,
        form=form,
        may_open=actor.has_role(Role.OWNER),
    )


def _forms(account: queries.AccountView) -> dict[str, forms.Form]:
    return {
        "show": QueryForm(),
        "card": CardForm(initial={"holder": account.holder}),
        "in": MoveForm(account.cards, initial={"key": uuid4().hex}, prefix="in"),
        "out": MoveForm(account.cards, initial={"key": uuid4().hex}, prefix="out"),
    }


def _acted(
    request: HttpRequest, actor: Actor, account: queries.AccountView, act: str
) -> tuple[forms.Form | None, str]:
    """The form with what was wrong in it, or what to say about what was done."""
    if act == "show":
        return _show(request, actor)
    if act == "card":
        form: forms.Form = CardForm(request.POST)
        return form, _signed(
            form, lambda token: _bind(actor, form, token), actor, _("银行卡已绑定。")
        )
    if act in ("in", "out"):
        moving = MoveForm(account.cards, request.POST, prefix=act)
        verb = commands.move_in if act == "in" else commands.move_out
        said = _("已转入。") if act == "in" else _("已转出。")

        def move(token: str) -> None:
            data = moving.cleaned_data
            verb(actor, int(data["card"]), data["amount"], token, data["key"])

        return moving, _signed(moving, move, actor, said)
    request.session.pop(SHOWN, None)
    return None, gettext("余额已隐藏。")


def _show(request: HttpRequest, actor: Actor) -> tuple[forms.Form, str]:
    form = QueryForm(request.POST)
    if form.is_valid():
        password = form.cleaned_data["password"]
        token = attempt(form, lambda: commands.authorise(actor, Secret.QUERY, password))
        if token:
            request.session[SHOWN] = token
            return form, gettext("15 分钟内可以查看余额和对账单。")
    return form, ""


def _bind(actor: Actor, form: forms.Form, token: str) -> None:
    data = form.cleaned_data
    commands.bind_card(actor, Card(data["number"], data["holder"], data["bank"]), token)


def _signed(form: forms.Form, verb: Callable[[str], None], actor: Actor, said: Any) -> str:
    """Do what the form asks with its payment password; what to say if it was done."""
    if not form.is_valid():
        return ""
    sign(actor, form, verb)
    return "" if form.errors else str(said)


def sign(actor: Actor, form: forms.Form, verb: Callable[[str], object]) -> None:
    """Give a valid form's payment password, then do what it allows; refusals stand in the form."""
    password = form.cleaned_data["password"]
    token = attempt(form, lambda: commands.authorise(actor, Secret.PAYMENT, password))
    if token:
        attempt(form, lambda: verb(token))


def authorised(request: HttpRequest, actor: Actor) -> str:
    """What stands for the payment password of a page that pays; empty for other ways to pay.

    Refusals are raised: a wrong password is counted and said.
    """
    if request.POST.get("method") != PARTNER_BANK:
        return ""
    return commands.authorise(actor, Secret.PAYMENT, request.POST.get("password", "")[:128])


@sensitive_post_parameters()
def passwords(request: HttpRequest, centre: Centre) -> HttpResponse:
    """Change a password by the old one; owners may reset one by the company's identity."""
    actor = actor_on(request)
    if queries.account(actor) is None:
        return redirect(centre.url("bank"))
    resets = request.POST.get("act") == "reset"
    change = ChangeForm(request.POST if request.method == "POST" and not resets else None)
    reset = ResetForm(request.POST if resets else None, prefix="reset")
    form: ChangeForm | ResetForm = reset if resets else change
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        which = Secret(data["which"])
        if isinstance(form, ResetForm):
            told = form.told()
            attempt(form, lambda: commands.reset_password(actor, which, told, data["new"]))
        else:
            attempt(form, lambda: commands.change_password(actor, which, data["old"], data["new"]))
        if not form.errors:
            toasts.success(request, gettext("密码已更换。"))
            return redirect(centre.url("bank"))
    return centre.show(
        request,
        "shared/bank_passwords.html",
        status=422 if form.errors else 200,
        change=change,
        reset=reset,
        may_reset=actor.has_role(Role.OWNER),
    )


def bank_statement(request: HttpRequest, centre: Centre) -> HttpResponseBase:
    """A month's movements, on the page or as a sheet."""
    actor = actor_on(request)
    shown = request.session.get(SHOWN, "")
    if not queries.is_shown(actor, shown):
        toasts.info(request, gettext("请先输入查询密码。"))
        return redirect(centre.url("bank"))
    month = _month(request.GET.get("month", ""))
    found = queries.month_statement(actor, shown, month)
    kind = request.GET.get("kind")
    if kind in ("xlsx", "csv"):
        written: WrittenKind = "csv" if kind == "csv" else "xlsx"
        return sheet_answer(gettext("网商银行对账单"), written, sheets.COLUMNS, sheets.rows(found))
    return centre.show(request, "shared/bank_statement.html", statement=found)


def _month(text: str) -> date:
    day = read_day(f"{text}-01", "month") if text else None
    return day or clock.today()
