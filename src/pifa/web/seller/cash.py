"""Cash on delivery for a seller: its terms, what carriers collect for it, what is wrong with that."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.finance import commands
from pifa.finance import queries as finance
from pifa.finance.models import CashItem
from pifa.finance.queries import CashTermsView
from pifa.kernel.errors import DomainError
from pifa.web.access import seller_page
from pifa.web.seller.frame import CENTRE, FINANCE, actor_on, show
from pifa.web.shared.figures import MoneyField
from pifa.web.shared.forms import attempt
from pifa.web.shared.regions import region_choices

KINDS = {"on_the_way": "warn", "collected": "warn", "remitted": "ok", "refused": "bad"}


class TermsForm(forms.Form):
    """Whether buyers may pay at the door, up to which amount an order, and where."""

    on = forms.BooleanField(label=gettext_lazy("接受货到付款"), required=False)
    limit = MoneyField(label=gettext_lazy("每笔上限"))
    regions = forms.MultipleChoiceField(
        label=gettext_lazy("可用地区"),
        choices=region_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who switches it off need not say where it would be offered.
        self.fields["regions"].required = not self.is_bound or bool(self.data.get("on"))


@seller_page(FINANCE)
def overview(request: HttpRequest) -> HttpResponse:
    """Sums, findings, and what is collected; a POST changes the terms."""
    actor = actor_on(request)
    assert actor.company_id is not None
    terms = finance.cash_terms(actor.company_id)
    form = TermsForm(request.POST or None, initial=_typed(terms))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(form, lambda: _offer(request, form))
        if done:
            said = (
                _("已开通，买家下单时可以选择货到付款。") if data["on"] else _("已关闭货到付款。")
            )
            toasts.success(request, said)
            return redirect("seller:cash")
    state = request.GET.get("state", "")
    state = state if state in CashItem.State.values else ""
    page = finance.cash_items(actor, state=state, cursor=request.GET.get("cursor"))
    base = CENTRE.url("cash")
    tabs = [("", _("全部")), *CashItem.State.choices]
    return show(
        request,
        "seller/cash.html",
        status=422 if form.errors else 200,
        terms=terms,
        form=form,
        totals=finance.cash_totals(actor),
        findings=finance.cash_findings(actor),
        tabs=[(str(label), f"{base}?state={code}", None, code == state) for code, label in tabs],
        state=state,
        items=[(item, KINDS.get(item.state, "")) for item in page.items],
        next=page.next_cursor,
    )


@require_POST
@seller_page(FINANCE)
def forgive(request: HttpRequest, number: str) -> HttpResponse:
    """Let go what was not collected at the door of an order."""
    try:
        rest = commands.forgive_rest(actor_on(request), f"order:{number}")
    except DomainError as error:
        if error.status in (403, 404):
            raise
        toasts.error(request, str(error))
    else:
        toasts.success(request, _("已免除 %(amount)s。") % {"amount": rest})
    return redirect("seller:order", number)


def _offer(request: HttpRequest, form: TermsForm) -> bool:
    data = form.cleaned_data
    commands.offer_cash(actor_on(request), data["on"], data["limit"], data["regions"])
    return True


def _typed(terms: CashTermsView) -> dict[str, object]:
    # Who has not chosen yet offers it everywhere, and takes away where not.
    regions = list(terms.regions) or [code for code, _name in region_choices()]
    return {"on": terms.on, "limit": terms.limit or terms.most, "regions": regions}
