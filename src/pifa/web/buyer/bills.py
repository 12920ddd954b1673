"""Paying by bill: asking the bank for one, and where every bill of the company stands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance import commands
from pifa.finance import queries as finance
from pifa.finance.queries import BillDraft
from pifa.web.access import buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.shared.bills import KINDS, tabs_of
from pifa.web.shared.centre import actor_on
from pifa.web.shared.forms import attempt


class DrawForm(forms.Form):
    """Which bank accepts the bill, and on which day it matures."""

    acceptor = forms.ChoiceField(label=gettext_lazy("承兑银行"))
    matures_on = forms.DateField(
        label=gettext_lazy("到期日"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, draft: BillDraft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["acceptor"].choices = draft.acceptors  # type: ignore[attr-defined]
        day = self.fields["matures_on"]
        day.widget.attrs |= {
            "min": draft.first_day.isoformat(),
            "max": draft.last_day.isoformat(),
        }
        day.help_text = _("%(first)s 至 %(last)s") % {
            "first": draft.first_day.isoformat(),
            "last": draft.last_day.isoformat(),
        }


@buyer_page
def bills(request: HttpRequest) -> HttpResponse:
    """Sums, what matures when, and the bills by tab."""
    actor = actor_on(request)
    tab = request.GET.get("tab", "all")
    tab = tab if tab in finance.BILL_TABS else "all"
    page = finance.bills(actor, "buyer", tab=tab, cursor=request.GET.get("cursor"), size=50)
    return CENTRE.show(
        request,
        "buyer/bills.html",
        totals=finance.bill_totals(actor, "buyer"),
        days=finance.bill_calendar(actor, "buyer"),
        tabs=tabs_of(CENTRE.url("bills"), tab),
        items=[(bill, KINDS.get(bill.state, "")) for bill in page.items],
        next=page.next_cursor,
    )


@buyer_page
def draw(request: HttpRequest, payment_number: str) -> HttpResponse:
    """Ask the bank for a bill for a payment that was begun; a refused one keeps what was typed."""
    actor = actor_on(request)
    draft = finance.bill_draft(actor, payment_number)
    form = DrawForm(request.POST or None, draft=draft, initial={"matures_on": draft.last_day})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        drawn = attempt(
            form,
            lambda: commands.draw_bill(actor, payment_number, data["acceptor"], data["matures_on"]),
        )
        if drawn:
            toasts.success(request, _("已请银行出票，出票后等卖家签收。"))
            return redirect(f"{reverse('buyer:order', args=[draft.order])}#bills")
    return CENTRE.show(
        request,
        "buyer/bill_draw.html",
        status=422 if form.errors else 200,
        draft=draft,
        form=form,
    )
