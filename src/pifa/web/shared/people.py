"""Members with their roles, and tokens for apps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import DomainError, InvalidInput
from pifa.parties import commands, queries
from pifa.parties.labels import ROLE_LABELS
from pifa.web.shared.centre import Centre, actor_on
from pifa.web.shared.forms import attempt, phone_input

ROLE_CHOICES = [(role.value, label) for role, label in ROLE_LABELS.items()]
NEW_TOKEN = "new_token"  # noqa: S105 - the name of a place in the session


class MemberForm(forms.Form):
    """A new person of the company."""

    person_name = forms.CharField(label=_("姓名"), max_length=60)
    mobile = forms.CharField(label=_("手机"), max_length=20, widget=phone_input())
    email = forms.EmailField(label=_("邮箱"), required=False)
    username = forms.CharField(
        label=_("用户名"), max_length=60, widget=forms.TextInput({"autocomplete": "off"})
    )
    password = forms.CharField(
        label=_("初始密码"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("至少 8 位，请当面告诉本人。"),
    )
    roles = forms.MultipleChoiceField(
        label=_("角色"), choices=ROLE_CHOICES, widget=forms.CheckboxSelectMultiple
    )


class TokenForm(forms.Form):
    """The app a token is for."""

    app_name = forms.CharField(
        label=_("应用名称"), max_length=60, help_text=_("例如 仓库系统，方便以后认出它。")
    )


def members(request: HttpRequest, centre: Centre) -> HttpResponse:
    """Who works for the company in which roles; owners add, change and end."""
    actor = actor_on(request)
    act = request.POST.get("act", "")
    form = MemberForm(request.POST if act == "add" else None)
    if act == "add" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: commands.add_member(actor, **data)):
            toasts.success(request, gettext("已添加成员。"))
            return redirect(centre.url("members"))
    elif act and act != "add":
        _change_member(request, actor, act)
        return redirect(centre.url("members"))
    people = [
        (row, [ROLE_LABELS[role] for role in Role if role in row.role_set])
        for row in queries.members(actor)
    ]
    return centre.show(
        request,
        "shared/members.html",
        people=people,
        roles=ROLE_CHOICES,
        form=form,
        is_owner=actor.has_role(Role.OWNER),
    )


def _change_member(request: HttpRequest, actor: Actor, act: str) -> None:
    member_id = _number(request.POST.get("member", ""))
    try:
        if act == "roles":
            commands.change_roles(actor, member_id, request.POST.getlist("roles"))
            toasts.success(request, gettext("角色已更改。"))
        elif act == "deactivate":
            commands.deactivate_member(actor, member_id)
            toasts.success(request, gettext("已停用，该成员不能再代表企业操作。"))
        elif act == "reactivate":
            commands.reactivate_member(actor, member_id)
            toasts.success(request, gettext("已恢复。"))
    except DomainError as error:
        if error.status in (403, 404):
            raise
        toasts.error(request, str(error))


def tokens(request: HttpRequest, centre: Centre) -> HttpResponse:
    """Tokens for apps that act as the member; a new one is shown once."""
    actor = actor_on(request)
    act = request.POST.get("act", "")
    form = TokenForm(request.POST if act == "issue" else None)
    if act == "issue" and form.is_valid():
        name = form.cleaned_data["app_name"]
        if plain := attempt(form, lambda: commands.issue_token(actor, name)):
            request.session[NEW_TOKEN] = plain
            return redirect(centre.url("tokens"))
    elif act == "revoke":
        commands.revoke_token(actor, _number(request.POST.get("token", "")))
        toasts.success(request, gettext("令牌已作废。"))
        return redirect(centre.url("tokens"))
    context: dict[str, Any] = {"new_token": request.session.pop(NEW_TOKEN, "")}
    return centre.show(
        request, "shared/tokens.html", form=form, tokens=queries.tokens(actor), **context
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise InvalidInput(reason=gettext("请求不完整，请刷新页面后再试。"))
    return int(text)
