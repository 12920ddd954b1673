"""A seller's customers: noted from its books, asking, related; and the codes to claim a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.kernel.errors import DomainError, NotFound
from pifa.parties import queries as parties
from pifa.relationships import commands
from pifa.relationships import queries as relationships
from pifa.relationships.models import Relationship
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, actor_on, show, whole_number
from pifa.web.shared.forms import typed_words
from pifa.web.shared.regions import region_words

State = Relationship.State
TABS = (State.GRANTED, State.REQUESTED, State.NOTED, State.REVOKED)
KINDS = {State.GRANTED: "ok", State.REQUESTED: "warn", State.NOTED: "line"}


class InviteForm(forms.Form):
    """A member to ask for a relationship, by its login."""

    login = forms.CharField(label=gettext_lazy("买家会员名"), max_length=60)


@seller_page()
def customers(request: HttpRequest) -> HttpResponse:
    """The company's customers, with what can be done about each."""
    actor = actor_on(request)
    state = request.GET.get("state", "")
    state = state if state in TABS else ""
    words = typed_words(request)
    page = relationships.customers(
        actor, state=state or None, words=words, cursor=request.GET.get("cursor")
    )
    base = reverse("seller:customers")
    return show(
        request,
        "seller/customers.html",
        tabs=[(_("全部"), base, None, not state)]
        + [(one.label, f"{base}?state={one}", None, state == one) for one in TABS],
        state=state,
        words=words,
        rows=[
            (row, region_words(row.region), KINDS.get(State(row.state), ""), _ask(row))
            for row in page.items
        ],
        next=page.next_cursor,
        may_act=actor.has_role(CLERK),
        form=InviteForm(),
    )


def _ask(row: Relationship) -> str:
    """Whose turn a request is: ours to answer, theirs, or nobody's."""
    if row.state != State.REQUESTED:
        return ""
    return "ours" if row.requested_by == "buyer" else "theirs"


@seller_page(CLERK)
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Ask a member for a relationship."""
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            card = parties.company_by_login(form.cleaned_data["login"])
            commands.request(actor_on(request), card.id, "seller")
        except NotFound:
            messages.error(request, _("没有这个会员名，请核对。"))
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("已向 %(name)s 申请建立关系。") % {"name": card.name})
    return redirect("seller:customers")


@seller_page(CLERK)
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Agree, decline, end, or issue a claim code."""
    actor = actor_on(request)
    relationship_id = whole_number(request.POST.get("customer"), 0, 2**31)
    name = request.POST.get("act", "")
    if name == "claim":
        return _claim_code(request, relationship_id)
    verbs: dict[str, tuple[Any, str]] = {
        "grant": (commands.grant, _("已同意，对方可以看到私域货品了。")),
        "revoke": (commands.revoke, _("已解除；以前的订单不受影响。")),
    }
    if name not in verbs:
        raise NotFound()
    command, said = verbs[name]
    try:
        command(actor, relationship_id)
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("seller:customers")


def _claim_code(request: HttpRequest, relationship_id: int) -> HttpResponse:
    """The code is shown this once: only its digest is kept."""
    actor = actor_on(request)
    row = relationships.relationship(actor, relationship_id)
    code = commands.issue_claim(actor, relationship_id)
    return show(request, "seller/claim_code.html", customer=row, code=code)
