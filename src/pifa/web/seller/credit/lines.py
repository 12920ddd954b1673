"""Lines: search, grant, change, freeze; one line with everything on it; the ageing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance import commands
from pifa.finance import queries as finance
from pifa.finance.commands import LineDraft
from pifa.finance.models import CreditLine
from pifa.finance.words import credit_buckets
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.web.access import seller_page
from pifa.web.seller.frame import CENTRE, FINANCE, actor_on, show
from pifa.web.shared.figures import MoneyField
from pifa.web.shared.forms import attempt, typed_words

STATES = ("", "overdue", "frozen")
WHICH = ("open", "due", "all")
KINDS = {"open": "ok", "frozen": "warn", "overdue": "bad"}


class TermsForm(forms.Form):
    """A line's limit and how it is settled."""

    limit = MoneyField(label=gettext_lazy("额度"))
    terms = forms.ChoiceField(label=gettext_lazy("结算方式"), choices=CreditLine.Kind.choices)
    number = forms.IntegerField(
        label=gettext_lazy("结算日或天数"),
        min_value=1,
        max_value=180,
        help_text=gettext_lazy(
            "按月结算填每月几日（1–31，当月没有这一天按月末），按天数填收货后几天。"
        ),
    )

    def draft(self) -> LineDraft:
        """What was typed."""
        data = self.cleaned_data
        return LineDraft(data["limit"], data["terms"], data["number"])


class GrantForm(TermsForm):
    """A new line for a buyer by its login."""

    login = forms.CharField(
        label=gettext_lazy("买家会员名"),
        max_length=60,
        help_text=gettext_lazy("您的客户，或在您这里付过款的买家。"),
    )
    field_order = ("login", "limit", "terms", "number")


class FreezeForm(forms.Form):
    """Why a line is frozen; the buyer reads it."""

    reason = forms.CharField(
        label=gettext_lazy("冻结原因"), max_length=200, help_text=gettext_lazy("买家会看到。")
    )


@seller_page(FINANCE)
def lines(request: HttpRequest) -> HttpResponse:
    """All lines, those used most first; a POST grants one."""
    actor = actor_on(request)
    form = GrantForm(request.POST or None, initial={"terms": "monthly", "number": 28})
    if request.method == "POST" and form.is_valid():
        login = form.cleaned_data["login"]
        line = attempt(form, lambda: commands.grant_credit(actor, login, form.draft()))
        if line is not None:
            toasts.success(request, _("账期额度已授予，买家下单时即可使用。"))
            return redirect("seller:credit_line", line.pk)
    words, state = typed_words(request), request.GET.get("state", "")
    state = state if state in STATES else ""
    page = finance.credit_lines(
        actor, "seller", words_=words, state=state, cursor=request.GET.get("cursor")
    )
    labels = {"": _("全部"), "overdue": _("逾期"), "frozen": _("已冻结")}
    base = CENTRE.url("credit")
    return show(
        request,
        "seller/credit.html",
        status=422 if form.errors else 200,
        tabs=[(labels[one], f"{base}?state={one}", None, one == state) for one in STATES],
        state=state,
        words=words,
        lines=[(line, KINDS[line.state]) for line in page.items],
        next=page.next_cursor,
        form=form,
    )


def _change(actor: Actor, line_id: int, form: forms.Form) -> str | Promise:
    assert isinstance(form, TermsForm)
    if commands.change_credit(actor, line_id, form.draft()):
        return _("账期额度已调整，新的结算方式从明天起收货的订单生效。")
    return _("账期额度已调整，结算方式不变。")


def _freeze(actor: Actor, line_id: int, form: forms.Form) -> str | Promise:
    commands.freeze_credit(actor, line_id, form.cleaned_data["reason"])
    return _("账期额度已冻结，买家不能再用它下单。")


def _unfreeze(actor: Actor, line_id: int, form: forms.Form) -> str | Promise:
    commands.unfreeze_credit(actor, line_id)
    return _("账期额度已解冻。")


Act = tuple[type[forms.Form], Callable[[Actor, int, forms.Form], str | Promise]]

ACTS: dict[str, Act] = {
    "change": (TermsForm, _change),
    "freeze": (FreezeForm, _freeze),
    "unfreeze": (forms.Form, _unfreeze),
}
"""What can be done with a line: its form, and the command behind it with what is said after."""


@seller_page(FINANCE)
def line(request: HttpRequest, line_id: int) -> HttpResponse:
    """One line: figures, promises, statements, history; or one of `ACTS`."""
    actor = actor_on(request)
    found = finance.credit_line(actor, line_id)
    if found.seller_id != actor.company_id:
        raise NotFound
    sent: dict[str, forms.Form] = {}
    if request.method == "POST":
        name = request.POST.get("act", "")
        if name not in ACTS:
            raise NotFound
        form_class, act = ACTS[name]
        form = form_class(request.POST)
        said = attempt(form, lambda: act(actor, line_id, form)) if form.is_valid() else None
        if said is not None:
            toasts.success(request, str(said))
            return redirect("seller:credit_line", line_id)
        sent[name] = form
    return show(
        request,
        "seller/credit_line.html",
        status=422 if sent else 200,
        **_line_context(request, actor, found, sent),
    )


def _line_context(
    request: HttpRequest, actor: Actor, found: finance.CreditLineView, sent: dict[str, forms.Form]
) -> dict[str, Any]:
    which = request.GET.get("which", "open")
    which = which if which in WHICH else "open"
    page = finance.credit_items(
        actor, found.id, which=which, cursor=request.GET.get("cursor"), size=50
    )
    labels = {"open": _("待付"), "due": _("已出账"), "all": _("全部")}
    base = CENTRE.url("credit_line", found.id)
    initial = {"limit": found.limit, "terms": found.terms, "number": found.number}
    return {
        "line": found,
        "kind": KINDS[found.state],
        "tabs": [(labels[one], f"{base}?which={one}", None, one == which) for one in WHICH],
        "items": page.items,
        "next": page.next_cursor,
        "statements": finance.credit_statements(actor, found.id, size=24).items,
        "repayments": finance.repayments(actor, found.id, limit=10),
        "history": finance.credit_history(actor, found.id),
        "forms": {"change": TermsForm(initial=initial), "freeze": FreezeForm(), **sent},
        "failed": next(iter(sent.values()), None),
    }


@seller_page(FINANCE)
def ageing(request: HttpRequest) -> HttpResponse:
    """Who owes how much, by how late it is."""
    words = typed_words(request)
    rows = finance.credit_ageing(actor_on(request), words)
    sums = finance.ageing_total(rows)
    return show(
        request,
        "seller/credit_ageing.html",
        words=words,
        buckets=[(label, sums[bucket]) for bucket, label in credit_buckets()],
        rows=[(row, [row.buckets[bucket] for bucket, _label in credit_buckets()]) for row in rows],
        owed=sum(row.owed.fen for row in rows),
    )
