"""Groups of customers: who is in them, and whom goods are meant for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.catalog import commands as catalog_commands
from pifa.catalog import queries as catalog
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, NotFound
from pifa.parties import queries as parties
from pifa.relationships import commands, queries
from pifa.relationships.commands.groups import LONGEST_NAME
from pifa.relationships.models import Relationship
from pifa.web.access import seller_page
from pifa.web.seller.channel.posts import numbers
from pifa.web.seller.frame import CLERK, actor_on, company_id_of, show
from pifa.web.shared.forms import attempt, typed_words

MEMBERS_SHOWN = 100
FOUND = 30


class GroupForm(forms.Form):
    """The name of a group."""

    name = forms.CharField(label=gettext_lazy("分组名称"), max_length=LONGEST_NAME)


@seller_page(CLERK)
def groups(request: HttpRequest) -> HttpResponse:
    """All groups, a new one, and the link by which customers find this company."""
    actor = actor_on(request)
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: commands.save_group(actor, form.cleaned_data["name"]))
        if made is not None:
            messages.success(request, _("已建立分组，现在把客户放进去。"))
            return redirect("seller:group", made.pk)
    company_id = company_id_of(actor)
    login = parties.cards([company_id])[company_id].login
    return show(
        request,
        "seller/groups.html",
        status=422 if form.errors else 200,
        groups=queries.groups(actor),
        form=form,
        login=login,
        invitation=request.build_absolute_uri(reverse("channel:join", args=[login])),
    )


@seller_page(CLERK)
def group(request: HttpRequest, group_id: int) -> HttpResponse:
    """A group: its customers, others to put in, its name, its end."""
    actor = actor_on(request)
    found = queries.group(actor, group_id)
    act = request.POST.get("act", "")
    form = GroupForm(request.POST if act == "rename" else None, initial={"name": found.name})
    if act == "rename" and form.is_valid():
        name = form.cleaned_data["name"]
        if attempt(form, lambda: commands.save_group(actor, name, group_id)) is not None:
            messages.success(request, _("名称已修改。"))
            return redirect("seller:group", group_id)
    elif act in ("put", "take", "delete"):
        return _act(request, actor, group_id, act)
    words = typed_words(request)
    granted = Relationship.State.GRANTED
    others = queries.customers(actor, state=granted, words=words, size=FOUND)
    return show(
        request,
        "seller/group.html",
        status=422 if form.errors else 200,
        group=found,
        form=form,
        members=queries.customers(actor, group_id=group_id, size=MEMBERS_SHOWN).items,
        others=[row for row in others.items if row.group_id != group_id],
        words=words,
    )


def _act(request: HttpRequest, actor: Actor, group_id: int, act: str) -> HttpResponse:
    picked = numbers(request.POST.getlist("customer"))
    try:
        if act == "delete":
            commands.delete_group(actor, group_id)
            messages.success(request, _("分组已删除，客户还在，价格恢复为公开价。"))
            return redirect("seller:groups")
        moved = commands.put_in_group(actor, picked, group_id if act == "put" else None)
        messages.success(request, _("已移动 %(n)d 位客户。") % {"n": moved})
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("seller:group", group_id)


@seller_page(CLERK)
def audience(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Which groups private goods are meant for; none: every customer."""
    actor = actor_on(request)
    stored = catalog.own_offer(actor, offer_id)
    meant = catalog.offer_audience(actor, offer_id)
    context: dict[str, Any] = {"offer_id": offer_id, "title": stored.draft.title, "failure": None}
    if request.method == "POST":
        meant = numbers(request.POST.getlist("group"))
        try:
            catalog_commands.set_audience(actor, offer_id, meant)
            messages.success(request, _("可见客户已保存。"))
            return redirect("seller:offer", offer_id)
        except NotFound:
            raise
        except DomainError as error:
            context["failure"] = error
    return show(
        request,
        "seller/audience.html",
        status=422 if context["failure"] else 200,
        is_private=stored.draft.visibility == "private",
        groups=[(group, group.id in meant) for group in queries.groups(actor)],
        **context,
    )
