"""Queues of work: verifications, offers, disputes. One page lists, one page decides."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.catalog import commands as catalog
from pifa.kernel import audit
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, NotFound
from pifa.parties import commands as parties
from pifa.parties import queries as people
from pifa.parties.rules import mask_document
from pifa.trade import commands as trade
from pifa.trade import queries as trading
from pifa.web.operator import reading
from pifa.web.operator.forms import ReviewForm, TakeDownForm, VerdictForm
from pifa.web.shared.regions import region_name

View = Callable[..., HttpResponseBase]


def operator_of(request: HttpRequest) -> Actor:
    """The operator behind a console request."""
    return people.operator_actor(request.user)


def needs(permission: str) -> Callable[[View], View]:
    """Only for staff whose role has the permission."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def page(
    request: HttpRequest, template: str, title: str | Promise, **context: Any
) -> TemplateResponse:
    """A page inside the console's frame."""
    frame = admin.site.each_context(request)
    return TemplateResponse(request, template, {**frame, "title": title, **context})


def decide(request: HttpRequest, done: str, act: Callable[[], object]) -> bool:
    """Run a command and tell how it went; a refusal is shown and nothing has changed."""
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, done)
    return True


def waiting_counts(request: HttpRequest) -> dict[str, str]:
    """Counts for the side navigation, read once a request."""
    kept: dict[str, str] | None = getattr(request, "_waiting_counts", None)
    if kept is None:
        found = reading.counts(operator_of(request))
        kept = {name: str(count) for name, count in found.items()}
        request._waiting_counts = kept  # type: ignore[attr-defined]
    return kept


@needs("parties.change_verification")
def verifications(request: HttpRequest) -> HttpResponse:
    """Companies that wait for their licence to be checked."""
    rows = reading.waiting_verifications(operator_of(request))
    title = gettext_lazy("认证审核")
    return page(request, "console/verifications.html", title, rows=rows)


@needs("parties.change_verification")
def verification(request: HttpRequest, pk: int) -> HttpResponse:
    """One licence beside what the company says of itself; approve or reject.

    Its number, which may be a person's, is shown in full only while it waits for review.
    """
    actor = operator_of(request)
    case = reading.verification(actor, pk)
    waits = case.state == case.State.SUBMITTED
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        approve = form.cleaned_data["decision"] == "approve"
        reason = form.cleaned_data["reason"]
        if decide(
            request,
            _("已记录认证结论，并通知企业。"),
            lambda: parties.review_verification(actor, pk, approve=approve, reason=reason),
        ):
            return redirect("admin:queue_verifications")
    return page(
        request,
        "console/verification.html",
        case.company.name,
        case=case,
        form=form,
        licence_no=case.licence_no if waits else mask_document(case.licence_no),
        region=region_name(case.company.region),
    )


@needs("parties.change_verification")
def licence_picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The licence's picture, for the reviewer only; each look is on the audit log."""
    actor = operator_of(request)
    case = reading.verification(actor, pk)
    if not case.document:
        raise NotFound
    audit.record(actor, "verification.look", f"company:{case.company_id}", verification=pk)
    return FileResponse(case.document.open("rb"))


@needs("catalog.change_offer")
def offers(request: HttpRequest) -> HttpResponse:
    """Offers that wait for review."""
    rows = reading.waiting_offers(operator_of(request))
    return page(request, "console/offers.html", gettext_lazy("货品审核"), rows=rows)


@needs("catalog.change_offer")
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """One offer as buyers would see it; approve, reject, or take down what is online."""
    actor = operator_of(request)
    shown = reading.offer(actor, pk)
    in_review = shown.state == shown.State.IN_REVIEW
    form: ReviewForm | TakeDownForm = (
        ReviewForm(request.POST or None, initial={"seen": shown.changed_at.isoformat()})
        if in_review
        else TakeDownForm(request.POST or None)
    )
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]

        def act() -> None:
            if in_review:
                approve = form.cleaned_data["decision"] == "approve"
                catalog.review_offer(
                    actor, pk, approve=approve, reason=reason, seen=form.cleaned_data["seen"]
                )
            else:
                catalog.take_down(actor, pk, reason=reason)

        if decide(request, _("已记录，并通知商家。"), act):
            return redirect("admin:queue_offers")
    return page(
        request, "console/offer.html", shown.title, offer=shown, form=form, in_review=in_review
    )


@needs("trade.change_dispute")
def disputes(request: HttpRequest) -> HttpResponse:
    """Disputes that wait for a verdict, those overdue first, with their age."""
    rows = trading.disputes(operator_of(request), size=reading.QUEUE_LENGTH).items
    return page(request, "console/disputes.html", gettext_lazy("纠纷裁决"), rows=rows)


@needs("trade.change_dispute")
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """Both sides' words, the order with its money and timeline; the verdict."""
    actor = operator_of(request)
    case = reading.dispute(actor, pk)
    form = VerdictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verdict, reason = form.cleaned_data["verdict"], form.cleaned_data["reason"]
        if decide(
            request,
            _("裁决已生效，款项已按裁决处理，双方已收到通知。"),
            lambda: trade.rule_dispute(
                actor, case.case.number, verdict=verdict, amount=form.money, reason=reason
            ),
        ):
            return redirect("admin:queue_disputes")
    order = trading.order(actor, case.case.order.number)
    return page(
        request, "console/dispute.html", case.case.order.number, case=case, form=form, order=order
    )
