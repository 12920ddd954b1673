"""Sellers this company is related to: requests to answer, asking, and claiming a customer file."""

from __future__ import annotations

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, NotFound
from pifa.parties import queries as companies
from pifa.relationships import commands, queries
from pifa.relationships.models import Relationship
from pifa.web.access import buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.shared.centre import actor_on
from pifa.web.shared.forms import attempt


class AskForm(forms.Form):
    """Which seller to ask, by its 会员名."""

    login = forms.CharField(
        label=_("卖家会员名"), max_length=60, help_text=_("向卖家要，或直接在它的店铺页上申请。")
    )


class ClaimForm(forms.Form):
    """The code a seller gave to its customer."""

    code = forms.CharField(
        label=_("认领码"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("老卖家给您的认领码，用了就能看到以前在它那里的订单和私域货品。"),
    )


@buyer_page
def suppliers(request: HttpRequest) -> HttpResponse:
    """The sellers of this buyer, what they ask, and two ways to a new one."""
    actor = actor_on(request)
    act = request.POST.get("act", "")
    if act == "ask" and "company" in request.POST:
        return _ask_shop(request, actor)
    ask_form = AskForm(request.POST if act == "ask" else None)
    claim_form = ClaimForm(request.POST if act == "claim" else None)
    if act == "ask" and ask_form.is_valid():
        if _ask(actor, ask_form):
            toasts.success(request, gettext("已向卖家申请，对方同意后会通知您。"))
            return redirect("buyer:suppliers")
    elif act == "claim" and claim_form.is_valid():
        code = claim_form.cleaned_data["code"]
        if row := attempt(claim_form, lambda: commands.claim(actor, code)):
            words = gettext("已认领，%(seller)s 的历史订单现在归到您名下。")
            toasts.success(request, words % {"seller": row.seller.name})
            return redirect("buyer:suppliers")
    elif act in ("grant", "revoke"):
        _answer(request, actor, act)
        return redirect("buyer:suppliers")
    page = queries.suppliers(actor, cursor=request.GET.get("cursor"))
    asked = Relationship.State.REQUESTED
    return CENTRE.show(
        request,
        "buyer/suppliers.html",
        status=422 if ask_form.errors or claim_form.errors else 200,
        requests=[r for r in page.items if r.state == asked and r.requested_by == "seller"],
        rows=[r for r in page.items if not (r.state == asked and r.requested_by == "seller")],
        next_cursor=page.next_cursor,
        ask_form=ask_form,
        claim_form=claim_form,
    )


def _ask_shop(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask from a shop's page; a refusal is said there (the middleware leads back)."""
    commands.request(actor, _number(request.POST["company"]))
    toasts.success(request, gettext("已向卖家申请，对方同意后会通知您。"))
    return redirect("buyer:suppliers")


def _ask(actor: Actor, form: AskForm) -> bool:
    try:
        other = companies.company_by_login(form.cleaned_data["login"])
    except NotFound:
        form.add_error("login", gettext("没有这个会员名，请核对后再试。"))
        return False
    return attempt(form, lambda: commands.request(actor, other.id)) is not None


def _answer(request: HttpRequest, actor: Actor, act: str) -> None:
    relationship_id = _number(request.POST.get("relationship", ""))
    try:
        if act == "grant":
            commands.grant(actor, relationship_id)
            toasts.success(request, gettext("已同意，现在能看到这个卖家的私域货品。"))
        else:
            commands.revoke(actor, relationship_id)
            toasts.success(request, gettext("已解除，已下的订单不受影响。"))
    except DomainError as error:
        if error.status in (403, 404):
            raise
        toasts.error(request, str(error))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFound
    return int(text)
