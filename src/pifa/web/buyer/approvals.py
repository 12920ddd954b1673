"""Purchase approval: the queue of orders above a limit, and the limits."""

from __future__ import annotations

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.kernel.actors import Role
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.trade.approval import commands, queries
from pifa.web.access import buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.shared.centre import actor_on
from pifa.web.shared.figures import MoneyField

STATE_KINDS = {"waiting": "warn", "approved": "ok", "refused": "bad"}


class DecisionForm(forms.Form):
    """What was shown, and why it is refused (or a word with the approval)."""

    shown_total = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("审批意见"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("不批准时必须写明原因，订单随即关闭。"),
    )

    def shown(self) -> Money:
        """The total that was shown."""
        return Money(self.cleaned_data["shown_total"])


class LimitForm(forms.Form):
    """An amount up to which purchasers order alone."""

    limit = MoneyField(label=gettext_lazy("审批额度"), required=False)


@buyer_page
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits and what was decided; a purchaser sees its own."""
    actor = actor_on(request)
    waiting = request.GET.get("tab") != "decided"
    page = queries.approvals(actor, waiting, request.GET.get("cursor"))
    here = reverse("buyer:approvals")
    return CENTRE.show(
        request,
        "buyer/approvals.html",
        tabs=[
            (_("待审批"), here, None, waiting),
            (_("已处理"), f"{here}?tab=decided", None, not waiting),
        ],
        rows=[(row, STATE_KINDS.get(row.state, "")) for row in page.items],
        waiting=waiting,
        next_cursor=page.next_cursor,
        is_later=bool(request.GET.get("cursor")),
        may_decide=actor.has_role(Role.FINANCE),
    )


@buyer_page
def limits(request: HttpRequest) -> HttpResponse:
    """The company's limit and those of members; owner or finance role."""
    actor = actor_on(request)
    form = LimitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _set(request, form)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            toasts.error(request, str(error))
        else:
            toasts.success(request, _("审批额度已更改，对之后提交的订单有效。"))
            return redirect("buyer:approval_limits")
    found = queries.limits(actor)
    return CENTRE.show(
        request,
        "buyer/approval_limits.html",
        status=422 if form.errors else 200,
        form=form,
        wide=LimitForm(initial={"limit": found.company_wide}, auto_id="wide_%s"),
        limits=found,
        members=[
            (
                row,
                LimitForm(
                    initial={"limit": row.limit if row.own else None},
                    auto_id=f"m{row.member_id}_%s",
                ),
            )
            for row in found.members
        ],
    )


def _set(request: HttpRequest, form: LimitForm) -> None:
    actor, act = actor_on(request), request.POST.get("act", "")
    text = request.POST.get("member", "")
    member_id = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    if act == "follow" and member_id is not None:
        commands.follow_company_limit(actor, member_id)
    elif act == "none":
        commands.set_limit(actor, None, member_id)
    elif form.cleaned_data["limit"] is not None:
        commands.set_limit(actor, form.cleaned_data["limit"], member_id)
