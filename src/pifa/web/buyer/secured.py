"""Secured credit as its buyer sees it: the limit and why, due days, repaying all or in part."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from pifa.finance import commands
from pifa.finance import queries as finance
from pifa.kernel.actors import Role
from pifa.kernel.errors import DomainError, Forbidden, NotFound
from pifa.kernel.ids import number_of
from pifa.kernel.money import Money
from pifa.web.access import buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.buyer.repaying import pay_repayment
from pifa.web.shared.centre import actor_on
from pifa.web.shared.credit import RepayForm

WHICH = ("open", "overdue", "all")


@buyer_page
def debts(request: HttpRequest) -> HttpResponse:
    """The limit, which level gives what, what is to be repaid by when, and every order."""
    actor = actor_on(request)
    which = request.GET.get("which", "open")
    which = which if which in WHICH else "open"
    limit = finance.secured_limit(actor)
    page = finance.secured_debts(actor, which=which, cursor=request.GET.get("cursor"), size=50)
    labels = {"open": _("待还"), "overdue": _("已逾期"), "all": _("全部")}
    base = CENTRE.url("secured")
    english = get_language() == "en"
    return CENTRE.show(
        request,
        "buyer/secured.html",
        limit=limit,
        steps=[(step.name_en if english else step.name, step.limit) for step in limit.steps],
        due=finance.secured_due(actor),
        tabs=[(labels[one], f"{base}?which={one}", None, one == which) for one in WHICH],
        items=page.items,
        next=page.next_cursor,
        repayments=finance.secured_repayments(actor, limit=10),
        form=RepayForm(initial={"amount": limit.due}) if limit.due else None,
        may_pay=actor.has_role(Role.PURCHASER, Role.FINANCE),
    )


@require_POST
@buyer_page
def repay(request: HttpRequest) -> HttpResponse:
    """Begin a repayment of ticked orders, or of what was received."""
    actor = actor_on(request)
    ticked = [f"order:{number}" for number in request.POST.getlist("order")[:500]]
    amount: Money | None = None
    if request.POST.get("amount"):
        form = RepayForm(request.POST)
        if not form.is_valid():
            toasts.error(request, " ".join(map(str, form.errors["amount"])))
            return redirect("buyer:secured")
        amount = form.cleaned_data["amount"]
    try:
        number = commands.repay_secured(actor, amount, subjects=ticked)
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        toasts.error(request, str(error))
        return redirect("buyer:secured")
    subject = finance.payable_by_number(actor, number).subject
    return redirect("buyer:secured_repayment", number_of(subject))


@sensitive_post_parameters("password")
@buyer_page
def repayment(request: HttpRequest, number: str) -> HttpResponse:
    """Choose how a repayment is paid; paid, it shows which orders it went for."""
    found = finance.secured_repayment(actor_on(request), number)
    return pay_repayment(request, found, "secured_repayment")
