"""Message threads between two companies, about an offer or an order."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pifa.messages import commands, queries
from pifa.trade import queries as trade
from pifa.web.shared.centre import Centre, actor_on
from pifa.web.shared.forms import attempt


class SayForm(forms.Form):
    """What one writes to the other company."""

    body = forms.CharField(
        label=_("消息"), max_length=2000, widget=forms.Textarea({"rows": 3, "maxlength": 2000})
    )


def threads(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The company's threads on this side, last written first."""
    page = queries.threads(actor_on(request), request.GET.get("cursor"), side=centre.side)
    return centre.show(request, "shared/threads.html", page=page)


def thread(request: HttpRequest, centre: Centre, thread_id: int) -> HttpResponse:
    """A thread; reading it takes the badge away, writing answers."""
    actor = actor_on(request)
    found = queries.thread(actor, thread_id)
    summary = found.summary
    buyer_id, seller_id = _pair(summary.side, actor.company_id or 0, summary.other_id)
    form = SayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        body = form.cleaned_data["body"]
        said = attempt(
            form,
            lambda: commands.say(actor, buyer_id, seller_id, summary.subject, summary.title, body),
        )
        if said:
            return redirect(centre.url("message", thread_id) + "#last")
    if request.method != "POST":
        commands.mark_thread_read(actor, thread_id)
    return centre.show(
        request,
        "shared/thread.html",
        thread=summary,
        said=found.messages,
        form=form,
        about=_about(summary.subject),
    )


def order_thread(request: HttpRequest, centre: Centre, number: str) -> HttpResponse:
    """The talk about an order: the thread there is, or the first message of one."""
    actor = actor_on(request)
    order = trade.order(actor, number).order
    if order.buyer_id is None:
        return redirect(centre.url("order", number))
    found = queries.thread_about(actor, order.buyer_id, order.seller_id, order.subject)
    if found:
        return redirect(centre.url("message", found.summary.id) + "#last")
    form = SayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        buyer_id, seller_id, body = order.buyer_id, order.seller_id, form.cleaned_data["body"]
        title = gettext("订单 %(number)s") % {"number": number}
        said = attempt(
            form,
            lambda: commands.say(actor, buyer_id, seller_id, order.subject, title, body),
        )
        if said:
            return redirect(centre.url("message", said.thread_id))
    other = order.seller_name if centre.side == "buyer" else order.buyer_name
    return centre.show(request, "shared/thread_new.html", order=order, other_name=other, form=form)


def _pair(side: str, own: int, other: int) -> tuple[int, int]:
    return (own, other) if side == "buyer" else (other, own)


def _about(subject: str) -> tuple[str, str]:
    kind, _, name = subject.partition(":")
    return kind, name
