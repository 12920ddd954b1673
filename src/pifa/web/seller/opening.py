"""Becoming a seller, and the steps that make a shop one that buyers trust."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.catalog import commands as shops
from pifa.catalog import queries as catalog
from pifa.catalog.models import Department, MedalSystem
from pifa.catalog.queries import CategoryNode
from pifa.finance import commands as finance
from pifa.finance import queries as money
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.parties import commands as parties
from pifa.parties import queries as people
from pifa.parties.models import Verification
from pifa.web.access import PageRequest, buyer_page, seller_page
from pifa.web.seller.frame import FINANCE, OWNER, actor_on, company_id_of, show
from pifa.web.shared.channels import channel_on

Words = str | Promise


class OpenForm(forms.Form):
    """A shop's name and what it mainly sells."""

    name = forms.CharField(
        label=gettext_lazy("店铺名称"), max_length=60, help_text=gettext_lazy("以后可以修改。")
    )
    main_category = forms.TypedChoiceField(
        label=gettext_lazy("主营类目"), coerce=int, widget=forms.RadioSelect
    )
    introduction = forms.CharField(
        label=gettext_lazy("店铺介绍"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    mobile_open = forms.BooleanField(
        label=gettext_lazy("同时开通无线旺铺（手机店铺）"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.TypedChoiceField, self.fields["main_category"])
        field.choices = [(node.id, node.label) for node in catalog.categories().top]


def consequences(node: CategoryNode) -> str:
    """What a main category decides, in words: medal system and department."""
    return _("勋章：%(medals)s · 部门：%(department)s") % {
        "medals": MedalSystem(node.medal_system).label,
        "department": Department(node.department).label,
    }


@buyer_page
def open_shop(request: HttpRequest) -> HttpResponse:
    """A company that does not sell yet opens its shop; its owner does."""
    page = cast(PageRequest, request)
    assert page.actor is not None
    assert page.member is not None
    if page.member.company.is_seller:
        return redirect("seller:checklist")
    form = OpenForm(request.POST or None, initial={"name": page.member.company.name})
    refusal = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            shops.open_shop(
                page.actor,
                data["name"],
                data["main_category"],
                introduction=data["introduction"],
                mobile_open=data["mobile_open"],
            )
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("店铺已开通。再完成下面几步，买家会更放心。"))
            return redirect("seller:checklist")
    chosen = form["main_category"].value()
    options = [
        (node.id, node.label, consequences(node), str(node.id) == str(chosen))
        for node in catalog.categories().top
    ]
    return render(
        request,
        "seller/open.html",
        {
            "form": form,
            "refusal": refusal,
            "options": options,
            "may_open": page.actor.has_role(OWNER),
        },
        status=422 if request.method == "POST" else 200,
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the checklist. `state` is done, now (waiting for somebody) or todo."""

    name: Words
    why: Words
    state: str
    note: Words
    short: Words
    """What is missing, as the front page says it."""


@seller_page()
def checklist(request: HttpRequest) -> HttpResponse:
    """Verification, mobile shop, membership, buyer protection, first offer: done or to be done."""
    actor = actor_on(request)
    company_id = company_id_of(actor)
    shop = catalog.own_shop(actor)
    main = catalog.categories().find(shop.main_category_id) if shop else None
    return show(
        request,
        "seller/checklist.html",
        steps=_steps(actor),
        shop=shop,
        main_category=main,
        consequences=consequences(main) if main else "",
        protection=money.protection(company_id),
        years=range(1, 6),
        handles_money=actor.has_role(FINANCE),
        is_owner=actor.has_role(OWNER),
    )


@seller_page(FINANCE)
@require_POST
def buy_membership(request: HttpRequest) -> HttpResponse:
    """Open or lengthen the membership."""
    years = request.POST.get("years", "1")
    try:
        company = parties.buy_membership(
            actor_on(request), int(years) if years.isdecimal() and len(years) < 4 else 0
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        until = cast(date, company.member_until)
        messages.success(request, _("诚信通有效期至 %(until)s。") % {"until": f"{until:%Y-%m-%d}"})
    return redirect("seller:checklist")


@seller_page(FINANCE)
@require_POST
def join_protection(request: HttpRequest) -> HttpResponse:
    """Join buyer protection from the balance, or go and pay the deposit."""
    actor = actor_on(request)
    started = finance.join_buyer_protection(actor)
    if started.joined:
        messages.success(request, _("已加入买家保障，保证金已冻结。"))
        return redirect("seller:checklist")
    assert started.payable_number is not None
    methods = money.methods_for(actor, started.payable_number)
    way = next((method.code for method in methods if method.offered), "")
    channel = channel_on(request, way)
    begun = finance.start_payment(actor, started.payable_number, way, channel=channel)
    messages.info(
        request,
        _("账户余额不够冻结保证金，还差 %(missing)s，请付款。") % {"missing": started.missing},
    )
    return redirect(begun.redirect_url)


@seller_page(FINANCE)
@require_POST
def leave_protection(request: HttpRequest) -> HttpResponse:
    """Leave buyer protection; the deposit goes back to the balance."""
    returned = finance.leave_buyer_protection(actor_on(request))
    messages.success(
        request, _("已退出买家保障，保证金 %(amount)s 回到余额。") % {"amount": returned}
    )
    return redirect("seller:checklist")


def missing_steps(actor: Actor) -> list[str]:
    """What is still to be done, in a few words each; nothing when the shop is complete."""
    return [str(step.short) for step in _steps(actor).values() if step.state == "todo"]


def _steps(actor: Actor) -> dict[str, Step]:
    """The checklist; eight statements."""
    company_id = company_id_of(actor)
    card = people.company(company_id)
    shop = catalog.own_shop(actor)
    counts = catalog.goods(actor, size=1).counts
    protection = money.protection(company_id)
    return {
        "verification": _verification(actor, card.is_verified),
        "mobile": Step(
            _("无线旺铺"),
            _("买家多半用手机看货，开通后店铺在手机上也能逛。"),
            "done" if shop and shop.mobile_open else "todo",
            _("已开通") if shop and shop.mobile_open else _("未开通"),
            _("开通无线旺铺"),
        ),
        "membership": Step(
            _("诚信通"),
            _("会员标志会显示在店铺和货品上，也是申请勋章的条件。"),
            "done" if card.is_member else "todo",
            _("已开通") if card.is_member else _("未开通"),
            _("开通诚信通"),
        ),
        "protection": Step(
            _("买家保障"),
            _("冻结一笔保证金，交易出问题时先赔付买家；退出时原数退回。"),
            "done" if protection.joined else "todo",
            _("已加入，履约保证金险保额 %(covered)s") % {"covered": protection.covered}
            if protection.covered
            else _("已加入，保证金 %(deposit)s") % {"deposit": protection.deposit}
            if protection.joined
            else _("需冻结保证金 %(required)s") % {"required": protection.required},
            _("加入买家保障"),
        ),
        "offer": Step(
            _("上架第一个货品"),
            _("发布后由平台审核，通过就能卖。"),
            "done" if counts.get("online") else "now" if counts.get("in_review") else "todo",
            _("在售 %(count)d 个") % {"count": counts.get("online", 0)}
            if counts.get("online")
            else _("审核中")
            if counts.get("in_review")
            else _("还没有货品"),
            _("上架第一个货品"),
        ),
    }


def _verification(actor: Actor, verified: bool) -> Step:
    latest = next(iter(people.verifications(actor, company_id_of(actor))), None)
    state, note = "todo", _("未提交")
    if verified:
        state, note = "done", _("已通过")
    elif latest and latest.state == Verification.State.SUBMITTED:
        state, note = "now", _("已提交，等待平台审核")
    elif latest and latest.state == Verification.State.REJECTED:
        note = _("已驳回：%(reason)s") % {"reason": latest.reason}
    return Step(
        _("企业认证"),
        _("上传营业执照，审核通过后买家看得到认证主体。"),
        state,
        note,
        _("完成企业认证"),
    )
