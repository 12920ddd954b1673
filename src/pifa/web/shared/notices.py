"""Notices, and where a member wants them."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pifa.messages import commands, queries
from pifa.web.shared.centre import Centre, actor_on


def notices(request: HttpRequest, centre: Centre) -> HttpResponse:
    """What the company should know, newest first; all of it can be marked as read."""
    actor = actor_on(request)
    if request.method == "POST":
        commands.mark_all_read(actor)
        return redirect(centre.url("notices"))
    unread = "unread" in request.GET
    page = queries.notices(actor, request.GET.get("cursor"), unread_only=unread)
    address = centre.url("notices")
    return centre.show(
        request,
        "shared/notices.html",
        page=page,
        tabs=[
            (_("全部"), address, None, not unread),
            (_("未读"), f"{address}?unread=1", None, unread),
        ],
    )


@require_POST
def open_notice(request: HttpRequest, centre: Centre, notice_id: int) -> HttpResponse:
    """Mark a notice as read and go where it leads (a path of this site, as it was checked)."""
    commands.mark_read(actor_on(request), [notice_id])
    link = request.POST.get("link", "")
    own = link.startswith("/") and not link.startswith(("//", "/\\"))
    return redirect(link if own else centre.url("notices"))


def preferences(request: HttpRequest, centre: Centre) -> HttpResponse:
    """Where the member gets notices of each kind: here, by email, or both."""
    actor = actor_on(request)
    kinds = [kind for kind in queries.preferences(actor) if kind.audience in (centre.side, "both")]
    if request.method == "POST":
        in_app, email = set(request.POST.getlist("in_app")), set(request.POST.getlist("email"))
        for kind in kinds:
            wish = (kind.kind in in_app, kind.kind in email)
            if wish != (kind.in_app, kind.email):
                commands.set_preference(actor, kind.kind, in_app=wish[0], email=wish[1])
        toasts.success(request, _("通知设置已保存。"))
        return redirect(centre.url("preferences"))
    return centre.show(request, "shared/preferences.html", kinds=kinds)
