"""Asking for money back and reviewing: a form of its own page each."""

from __future__ import annotations

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from pifa.finance import queries as finance
from pifa.kernel.money import Money
from pifa.trade import commands
from pifa.trade.queries import OrderDetail
from pifa.trade.staged.schedule import PURPOSES
from pifa.web.access import buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.buyer.order import bought
from pifa.web.shared.centre import actor_on
from pifa.web.shared.forms import attempt


class RefundForm(forms.Form):
    """What a buyer asks for: how much back, with or without sending goods back, and why."""

    KINDS = [
        ("money", _("仅退款")),
        ("return", _("退货退款")),
    ]

    kind = forms.ChoiceField(label=_("方式"), choices=KINDS, widget=forms.RadioSelect)
    purpose = forms.ChoiceField(label=_("退哪一笔"), required=False, widget=forms.RadioSelect)
    amount = forms.DecimalField(
        label=_("退款金额（元）"),
        max_digits=15,
        decimal_places=2,
        widget=forms.TextInput({"inputmode": "decimal"}),
        error_messages={"invalid": _("请填写金额，例如 120.50。")},
    )
    reason = forms.CharField(
        label=_("退款原因"), max_length=300, widget=forms.Textarea({"rows": 3})
    )


class ReviewForm(forms.Form):
    """Stars and words."""

    STARS = [(5, "★★★★★"), (4, "★★★★☆"), (3, "★★★☆☆"), (2, "★★☆☆☆"), (1, "★☆☆☆☆")]

    stars = forms.TypedChoiceField(
        label=_("评分"), choices=STARS, coerce=int, initial=5, widget=forms.RadioSelect
    )
    body = forms.CharField(
        label=_("评价内容"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("货品怎么样、发货快不快，写给下一位买家看。"),
    )


@buyer_page
def ask_refund(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for money back, all or part."""
    actor = actor_on(request)
    detail = bought(actor, number)
    shipped = detail.order.shipped_at is not None
    form = RefundForm(
        request.POST or None,
        initial={"amount": detail.refundable.decimal, "kind": "return" if shipped else "money"},
    )
    if not shipped:
        form.fields["kind"].choices = RefundForm.KINDS[:1]  # type: ignore[attr-defined]
    _offer_stages(form, detail)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        amount = Money.yuan(data["amount"])
        case = attempt(
            form,
            lambda: commands.ask_refund(
                actor, number, data["kind"], amount, data["reason"], data.get("purpose", "")
            ),
        )
        if case:
            toasts.success(request, str(_("退款申请已提交，等卖家答复。")))
            return redirect("buyer:order", number)
    return _form_page(request, "buyer/refund.html", detail, form)


def _offer_stages(form: RefundForm, detail: OrderDetail) -> None:
    """Let the buyer of an order that is paid in stages say which stage is asked back."""
    found = finance.money_by_purpose(detail.order.subject)
    stages = [row for name, row in found.items() if name in PURPOSES and row.left]
    if not stages:
        del form.fields["purpose"]
        return
    form.fields["purpose"].choices = [  # type: ignore[attr-defined]
        ("", _("不限，按后付先退")),
        *(
            (row.purpose, _("%(label)s，最多 %(left)s") % {"label": row.label, "left": row.left})
            for row in stages
        ),
    ]


@buyer_page
def review(request: HttpRequest, number: str) -> HttpResponse:
    """Rate a received order; this ends it."""
    actor = actor_on(request)
    detail = bought(actor, number)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        attempt(form, lambda: commands.write_review(actor, number, data["stars"], data["body"]))
        if not form.errors:
            toasts.success(request, str(_("谢谢您的评价，交易完成。")))
            return redirect("buyer:order", number)
    return _form_page(request, "buyer/review.html", detail, form)


def _form_page(
    request: HttpRequest, template: str, detail: OrderDetail, form: forms.Form
) -> HttpResponse:
    status = 422 if form.errors else 200
    return CENTRE.show(request, template, status=status, detail=detail, row=detail.order, form=form)
