"""Trust payment as its buyer sees it: the mandate and its limits, every order, what is owed to the
bank and repaying it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from pifa.finance import commands
from pifa.finance import queries as finance
from pifa.finance.partner_bank import commands as bank
from pifa.finance.partner_bank.protocol import Secret
from pifa.finance.queries import TRUST_TABS
from pifa.kernel.actors import Role
from pifa.kernel.errors import DomainError, Forbidden, NotFound
from pifa.kernel.ids import number_of
from pifa.kernel.money import Money
from pifa.web.access import buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.buyer.repaying import pay_repayment
from pifa.web.shared.bank import password_field
from pifa.web.shared.centre import actor_on
from pifa.web.shared.credit import RepayForm
from pifa.web.shared.figures import MoneyField
from pifa.web.shared.forms import attempt


class SignForm(forms.Form):
    """The limits of a mandate, and the payment password that signs it."""

    per_order = MoneyField(label=gettext_lazy("单笔限额"))
    in_all = MoneyField(label=gettext_lazy("总限额"))
    password = password_field(gettext_lazy("支付密码"))


@sensitive_post_parameters("password")
@buyer_page
def trust(request: HttpRequest) -> HttpResponse:
    """The mandate, what is left of it and why, and every order under it; a POST signs or ends it."""
    actor = actor_on(request)
    limits = finance.trust_limits(actor)
    form = SignForm(
        initial={"per_order": limits.most_per_order, "in_all": limits.most_in_all},
    )
    if request.method == "POST":
        if request.POST.get("act") == "end":
            commands.end_trust(actor)
            toasts.success(request, _("已解约。已下的订单照常扣款。"))
            return redirect("buyer:trust")
        form = SignForm(request.POST)

        def sign() -> bool:
            token = bank.authorise(actor, Secret.PAYMENT, form.cleaned_data["password"])
            data = form.cleaned_data
            commands.sign_trust(actor, token, data["per_order"], data["in_all"])
            return True

        if form.is_valid() and attempt(form, sign):
            toasts.success(request, _("已签约信任付，下单时可以选择。"))
            return redirect("buyer:trust")
    tab = request.GET.get("tab", "all")
    tab = tab if tab in TRUST_TABS else "all"
    page = finance.trust_items(actor, tab=tab, cursor=request.GET.get("cursor"), size=50)
    labels = {
        "all": _("全部"),
        "open": _("待扣款"),
        "failed": _("扣款失败"),
        "owing": _("待还银行"),
    }
    base = CENTRE.url("trust")
    context: dict[str, Any] = {
        "limits": limits,
        "form": form,
        "tabs": [(labels[one], f"{base}?tab={one}", None, one == tab) for one in TRUST_TABS],
        "items": page.items,
        "next": page.next_cursor,
        "repayments": finance.trust_repayments(actor, limit=10),
        "signs": actor.has_role(Role.FINANCE),
        "may_pay": actor.has_role(Role.PURCHASER, Role.FINANCE),
    }
    status = 422 if form.errors else 200
    return CENTRE.show(request, "buyer/trust.html", status=status, **context)


@require_POST
@buyer_page
def repay(request: HttpRequest) -> HttpResponse:
    """Begin a repayment of an order, all of it or a part."""
    actor = actor_on(request)
    amount: Money | None = None
    if request.POST.get("amount"):
        form = RepayForm(request.POST)
        if not form.is_valid():
            toasts.error(request, " ".join(map(str, form.errors["amount"])))
            return redirect("buyer:trust")
        amount = form.cleaned_data["amount"]
    try:
        number = commands.repay_trust(actor, f"order:{request.POST.get('order', '')}", amount)
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        toasts.error(request, str(error))
        return redirect("buyer:trust")
    subject = finance.payable_by_number(actor, number).subject
    return redirect("buyer:trust_repayment", number_of(subject))


@sensitive_post_parameters("password")
@buyer_page
def repayment(request: HttpRequest, number: str) -> HttpResponse:
    """Choose how a repayment is paid; paid, it says so."""
    found = finance.trust_repayment(actor_on(request), number)
    return pay_repayment(request, found, "trust_repayment")
