"""My suppliers: who they are, what of theirs is unread, and two ways to a new one."""

from __future__ import annotations

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError, NotFound
from pifa.parties import queries as companies
from pifa.posts import queries as posts
from pifa.relationships import commands
from pifa.relationships import queries as relationships
from pifa.relationships.models import Relationship
from pifa.relationships.policies import ROLES
from pifa.web.access import buyer_page
from pifa.web.channel.frame import company_of, require_supplier, show
from pifa.web.shared.centre import actor_on
from pifa.web.shared.forms import attempt

State = Relationship.State
SHOWN = 100


class CodeForm(forms.Form):
    """The code a seller gave: its 会员名, or the link with it."""

    code = forms.CharField(
        label=_("卖家的邀请码或链接"), max_length=200, help_text=_("邀请码就是卖家的会员名。")
    )

    def clean_code(self) -> str:
        """What stands behind the last slash of a link."""
        return str(self.cleaned_data["code"]).strip().rstrip("/").rpartition("/")[2]


@buyer_page
def home(request: HttpRequest) -> HttpResponse:
    """The suppliers of this buyer; a POST asks one by its code, or answers one that asked."""
    actor = actor_on(request)
    act = request.POST.get("act", "")
    form = CodeForm(request.POST if act == "ask" else None)
    if act == "ask" and form.is_valid():
        try:
            found = companies.company_by_login(form.cleaned_data["code"])
        except NotFound:
            form.add_error("code", gettext("没有这个邀请码，请核对后再试。"))
        else:
            return redirect("channel:join", found.login)
    elif act in ("grant", "revoke"):
        _answer(request, act)
        return redirect("channel:home")
    rows = relationships.suppliers(actor, size=SHOWN).items
    unread = posts.unread_by_seller(actor)
    asked = State.REQUESTED
    return show(
        request,
        "channel/home.html",
        tab="suppliers",
        status=422 if form.errors else 200,
        requests=[r for r in rows if r.state == asked and r.requested_by == "seller"],
        waiting=[r for r in rows if r.state == asked and r.requested_by == "buyer"],
        suppliers=sorted(
            ((row, unread.get(row.seller_id, 0)) for row in rows if row.state == State.GRANTED),
            key=lambda pair: -pair[1],
        ),
        form=form,
        may_ask=actor.has_role(ROLES["buyer"]),
    )


@buyer_page
def join(request: HttpRequest, login: str) -> HttpResponse:
    """Where a seller's link leads: who it is, and asking it (or going on, where one is related)."""
    actor = actor_on(request)
    seller = companies.company_by_login(login)
    if not seller.is_seller:
        raise NotFound
    try:
        require_supplier(actor, seller.id)
    except NotFound:
        form = forms.Form(request.POST if request.method == "POST" else None)
        if form.is_valid():
            row = attempt(form, lambda: commands.request(actor, seller.id))
            if row is not None:
                _tell(request, row)
                return redirect("channel:home")
        return show(
            request,
            "channel/join.html",
            tab="suppliers",
            status=422 if form.errors else 200,
            seller=seller,
            form=form,
            may_ask=actor.has_role(ROLES["buyer"]),
        )
    return redirect("channel:seller", seller.id)


def _tell(request: HttpRequest, row: Relationship) -> None:
    if row.state == State.GRANTED:
        toasts.success(request, gettext("已建立关系，可以看货下单了。"))
    else:
        toasts.success(request, gettext("已向卖家申请，对方同意后会通知您。"))


def _answer(request: HttpRequest, act: str) -> None:
    """Agree to a seller that asked, or decline; or take one's own request back."""
    text = request.POST.get("relationship", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFound
    actor, relationship_id = actor_on(request), int(text)
    if relationships.relationship(actor, relationship_id).buyer_id != company_of(actor):
        raise NotFound
    try:
        if act == "grant":
            commands.grant(actor, relationship_id)
            toasts.success(request, gettext("已建立关系，可以看货下单了。"))
        else:
            commands.revoke(actor, relationship_id)
            toasts.success(request, gettext("已解除，已下的订单不受影响。"))
    except DomainError as error:
        if error.status in (403, 404):
            raise
        toasts.error(request, str(error))
