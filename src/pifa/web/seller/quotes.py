"""Requests for quotes as a seller sees them: the inbox, and one of them with its own answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money
from pifa.trade.quotes import commands
from pifa.trade.quotes import queries as quotes
from pifa.trade.quotes.commands import AnswerGiven
from pifa.trade.quotes.queries import AskedLine, RequestView, RevisionView
from pifa.trade.quotes.rules import MAX_LEAD_DAYS
from pifa.trade.quotes.states import PayWay, RequestState
from pifa.trade.quotes.terms import MAX_PRODUCTION_DAYS, QuoteTerms
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, actor_on, show
from pifa.web.shared.days import DayField
from pifa.web.shared.figures import MoneyField, PriceField
from pifa.web.shared.forms import attempt
from pifa.web.shared.quotes import QUOTE_KINDS, picture_answer, place_of, terms_words

VALID_DAYS, LEAD_DAYS = 15, 3
"""What an answer says unless the seller says otherwise."""


class AnswerForm(forms.Form):
    """An answer but for the prices of the lines, which are fields `price_<position>`."""

    freight = MoneyField(label=gettext_lazy("运费（元）"), initial=Money(0))
    lead_days = forms.IntegerField(
        label=gettext_lazy("付款后几天内发货"), min_value=1, max_value=MAX_LEAD_DAYS
    )
    valid_until = DayField(
        label=gettext_lazy("有效期至"), help_text=gettext_lazy("这一天结束前买家可以接受。")
    )
    way = forms.ChoiceField(label=gettext_lazy("付款方式"), widget=forms.RadioSelect)
    deposit_percent = forms.IntegerField(
        label=gettext_lazy("定金比例（百分之几）"), min_value=1, max_value=99, required=False
    )
    deposit = MoneyField(label=gettext_lazy("或定金金额（元）"), required=False)
    production_days = forms.IntegerField(
        label=gettext_lazy("生产天数"),
        min_value=0,
        max_value=MAX_PRODUCTION_DAYS,
        required=False,
        help_text=gettext_lazy("从付清定金到完成生产。"),
    )
    note = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("包装、交货、质保等，买家能看到。"),
    )

    def __init__(
        self, *args: Any, lines: Sequence[AskedLine], ways: Sequence[PayWay], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.fields["way"].choices = [(way.value, way.label) for way in ways]  # type: ignore[attr-defined]
        if PayWay.STAGED not in ways:
            for name in ("deposit_percent", "deposit", "production_days"):
                del self.fields[name]
        for line in lines:
            self.fields[f"price_{line.position}"] = PriceField(label=_("单价"), required=False)

    def rows(self) -> list[tuple[AskedLine, forms.BoundField]]:
        """Each line with the field of its price."""
        return [(line, self[f"price_{line.position}"]) for line in self.lines]

    def clean_freight(self) -> Money:
        """The freight; nothing typed is ¥0.00."""
        freight: Money | None = self.cleaned_data["freight"]
        return freight or Money(0)

    def given(self) -> AnswerGiven:
        """The answer as the command takes it."""
        data = self.cleaned_data
        # The page shows these figures with this way only; left from before, they mean nothing.
        figures = ("deposit_percent", "deposit", "production_days")
        staged = data["way"] == PayWay.STAGED
        prices = {line.position: data[f"price_{line.position}"] for line in self.lines}
        return AnswerGiven(
            prices={position: price for position, price in prices.items() if price is not None},
            freight=data["freight"],
            lead_days=data["lead_days"],
            valid_until=data["valid_until"],
            terms=QuoteTerms(data["way"], *(data[name] if staged else None for name in figures)),
            note=data["note"],
        )


class ReasonForm(forms.Form):
    """Why; the buyer reads it."""

    reason = forms.CharField(
        label=gettext_lazy("原因（买家能看到）"), max_length=200, required=False
    )


_ENDS: dict[str, tuple[Callable[[Actor, str, str], None], str | Promise]] = {
    "withdraw": (commands.withdraw_quote, gettext_lazy("报价已撤回。")),
    "decline": (commands.decline_quote, gettext_lazy("已告诉买家不报价。")),
}


@seller_page()
def inbox(request: HttpRequest) -> HttpResponse:
    """What the company was asked, by tab, newest first."""
    tab = request.GET.get("tab", "waiting")
    tab = tab if tab in quotes.INBOX_TABS else "waiting"
    actor = actor_on(request)
    page = quotes.inbox(actor, tab, request.GET.get("cursor"))
    labels = {
        "waiting": _("待报价"),
        "answered": _("已报价"),
        "ended": _("已结束"),
        "all": _("全部"),
    }
    here = reverse("seller:quotes")
    return show(
        request,
        "seller/quotes.html",
        tabs=[(label, f"{here}?tab={name}", None, name == tab) for name, label in labels.items()],
        tab=tab,
        rows=[(row, QUOTE_KINDS.get(row.state, "")) for row in page.items],
        next_cursor=page.next_cursor,
        is_later=bool(request.GET.get("cursor")),
    )


@seller_page()
def quote(request: HttpRequest, number: str) -> HttpResponse:
    """A request with this seller's answer; a POST answers, withdraws or declines."""
    actor = actor_on(request)
    view = quotes.asked_quote(actor, number)
    if request.method != "POST":
        return _show(request, view)
    act = request.POST.get("act", "")
    if act == "answer":
        form: forms.Form = _answer_form(actor, number, view, request.POST)
        if form.is_valid():
            given = form.given()  # type: ignore[attr-defined]
            attempt(form, lambda: commands.answer_quote(actor, number, given))
        said: str | Promise = _("报价已发给买家。")
    elif act in _ENDS:
        end, said = _ENDS[act]
        form = ReasonForm(request.POST)
        if form.is_valid():
            attempt(form, lambda: end(actor, number, form.cleaned_data["reason"]))
    else:
        raise NotFound
    if form.errors:
        return _show(request, quotes.asked_quote(actor, number), form)
    toasts.success(request, str(said))
    return redirect("seller:quote", number)


@seller_page()
def picture(request: HttpRequest, number: str) -> HttpResponse:
    """The picture that the buyer attached."""
    return picture_answer(quotes.request_picture(actor_on(request), number))


def _answer_form(actor: Actor, number: str, view: RequestView, data: Any = None) -> AnswerForm:
    mine = view.quotes[0]
    return AnswerForm(
        data,
        lines=view.lines,
        ways=quotes.ways_open(actor, number),
        initial=_initial(mine.answer),
    )


def _initial(answer: RevisionView | None) -> dict[str, Any]:
    """The living answer as it is changed, or what a new one begins with."""
    today = clock.today()
    if answer is None:
        until = today + timedelta(days=VALID_DAYS)
        return {"lead_days": LEAD_DAYS, "valid_until": until, "way": PayWay.FULL.value}
    return {
        "freight": answer.freight,
        "lead_days": answer.lead_days,
        "valid_until": max(answer.valid_until, today),
        "way": answer.terms.way,
        "deposit_percent": answer.terms.deposit_percent,
        "deposit": answer.terms.deposit,
        "production_days": answer.terms.production_days,
        "note": answer.note,
        **{f"price_{price.position}": price.price for price in answer.prices},
    }


def _show(
    request: HttpRequest, view: RequestView, failed: forms.Form | None = None
) -> HttpResponse:
    actor = actor_on(request)
    mine = view.quotes[0]
    verbs = set(mine.verbs) if actor.has_role(CLERK) else set()
    may_answer = bool(verbs & {"answer", "revise"})
    form = failed if isinstance(failed, AnswerForm) else None
    if form is None and may_answer:
        form = _answer_form(actor, mine.number, view)
    return show(
        request,
        "seller/quote.html",
        status=422 if failed else 200,
        view=view,
        mine=mine,
        kind=QUOTE_KINDS.get(mine.state, ""),
        place=place_of(view),
        terms=terms_words(mine.answer) if mine.answer else "",
        rows=[
            (line, mine.answer.by_position.get(line.position) if mine.answer else None)
            for line in view.lines
        ],
        form=form if may_answer else None,
        reason=ReasonForm(),
        failed=failed,
        verbs=verbs,
        is_revision="revise" in verbs,
        takes_answers=view.state == RequestState.OPEN,
    )
