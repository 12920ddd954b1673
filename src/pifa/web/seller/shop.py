"""What the shop says of itself, and the company's own money."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.catalog import commands as shops
from pifa.catalog import queries as catalog
from pifa.finance import commands as finance
from pifa.finance import queries as money
from pifa.finance.errors import BenefitNotHeld
from pifa.kernel.errors import DomainError, NotFound
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, FINANCE, actor_on, company_id_of, show


class ShopForm(forms.Form):
    """Name, introduction, announcement, and whether the shop is open on phones."""

    name = forms.CharField(label=gettext_lazy("店铺名称"), max_length=60)
    introduction = forms.CharField(
        label=gettext_lazy("店铺介绍"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("做什么、做了多久、能不能来看厂，买家最想知道这些。"),
    )
    announcement = forms.CharField(
        label=gettext_lazy("店铺公告"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("放假、涨价、到货等，显示在店铺最上面。"),
    )
    mobile_open = forms.BooleanField(label=gettext_lazy("开通无线旺铺（手机店铺）"), required=False)


@seller_page(CLERK)
def shop(request: HttpRequest) -> HttpResponse:
    """Change what the shop says of itself."""
    actor = actor_on(request)
    held = catalog.own_shop(actor)
    if held is None:
        raise NotFound()
    initial = {name: getattr(held, name) for name in ShopForm.base_fields}
    form = ShopForm(request.POST or None, initial=initial)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            shops.change_shop(actor, **form.cleaned_data)
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("店铺设置已保存。"))
            return redirect("seller:shop")
    status = 422 if request.method == "POST" else 200
    return show(request, "seller/shop.html", status=status, form=form, refusal=refusal, shop=held)


@seller_page(FINANCE)
def balance(request: HttpRequest) -> HttpResponse:
    """What the company has with the market."""
    company_id = company_id_of(actor_on(request))
    accounts = ledger.balances(company_id)
    return show(
        request,
        "seller/balance.html",
        available=accounts[AccountKind.BALANCE],
        held=accounts[AccountKind.ESCROW],
        deposit=accounts[AccountKind.DEPOSIT],
        protection=money.protection(company_id),
        instant=money.instant_payout(company_id),
    )


@require_POST
@seller_page(FINANCE)
def instant_payout(request: HttpRequest) -> HttpResponse:
    """Have the money of orders at once, or not any more."""
    on = request.POST.get("on") == "1"
    try:
        finance.switch_instant_payout(actor_on(request), on)
    except BenefitNotHeld as error:
        messages.error(request, str(error))
    else:
        said = (
            _("已开通，之后付款的订单货款即时到账。") if on else _("已关闭，之后的订单收货后结算。")
        )
        messages.success(request, said)
    return redirect("seller:balance")
