"""The company's collection code: the code to show and print, and what came by it."""

from __future__ import annotations

from urllib.parse import urljoin
from uuid import uuid4

import segno
from django import forms
from django.conf import settings
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pifa.finance import commands, queries
from pifa.finance.policies import handles_money
from pifa.finance.queries import CodeView
from pifa.kernel.errors import DomainError, Forbidden, NotFound
from pifa.web.shared.centre import Centre, actor_on
from pifa.web.shared.figures import MoneyField
from pifa.web.shared.forms import attempt


def collection(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The code and what came by it; a POST renews the code or closes it."""
    actor = actor_on(request)
    company_id = handles_money(actor)
    if request.method == "POST":
        act = request.POST.get("act", "")
        try:
            if act == "close":
                commands.close_collection_code(actor)
                toasts.success(request, gettext("收钱码已停用，旧码不能再付款。"))
            else:
                commands.renew_collection_code(actor)
                toasts.success(request, gettext("新的收钱码已生成，旧码不能再付款。"))
        except (NotFound, Forbidden):
            raise
        except DomainError as error:
            toasts.error(request, str(error))
        return redirect(centre.url("collection"))
    code = queries.collection_code(company_id)
    return centre.show(
        request,
        "shared/collection.html",
        code=code,
        address=address_of(code) if code.token else "",
        page=queries.collected(actor, request.GET.get("cursor")),
    )


class RefundForm(forms.Form):
    """How much goes back, and why. The key makes a form sent twice refund once."""

    amount = MoneyField(label=_("退款金额"))
    reason = forms.CharField(label=_("退款原因"), max_length=200, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)


def refund(request: HttpRequest, centre: Centre, number: str) -> HttpResponse:
    """One payment that came by the code; a POST sends it, or a part of it, back."""
    actor = actor_on(request)
    row = queries.collected_one(actor, number)
    form = RefundForm(request.POST or None, initial={"amount": row.left, "key": uuid4().hex})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        attempt(
            form,
            lambda: commands.refund_collection(
                actor, number, data["amount"], data["reason"], key=data["key"]
            ),
        )
        if not form.errors:
            words = gettext("已退还 %(amount)s，原路退回付款人。")
            toasts.success(request, words % {"amount": data["amount"]})
            return redirect(centre.url("collection"))
    status = 422 if form.errors else 200
    return centre.show(request, "shared/collection_refund.html", status=status, row=row, form=form)


def sheet(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The code alone, to print and put up."""
    code = _alive(request)
    context = {"code": code, "centre": centre, "address": address_of(code)}
    return render(request, "shared/collection_print.html", context)


def picture(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The code as a drawing."""
    made = segno.make(address_of(_alive(request)), error="m", micro=False)
    # White behind it, for readers of codes: on a dark page too.
    drawing = made.svg_inline(scale=8, border=4, omitsize=True, light="#fff")
    drawing = drawing.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    answer = HttpResponse(drawing, content_type="image/svg+xml")
    answer["Cache-Control"] = "no-store"
    return answer


def address_of(code: CodeView) -> str:
    """The address that the code stands for."""
    return urljoin(settings.SITE_URL, reverse("storefront:collect", args=[code.token]))


def _alive(request: HttpRequest) -> CodeView:
    code = queries.collection_code(handles_money(actor_on(request)))
    if code.token is None:
        raise NotFound
    return code
