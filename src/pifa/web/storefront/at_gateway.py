"""The page on which a payer pays at Alipay or WeChat Pay: a code to scan, or a way into the app.

It asks again by itself until the payment is decided; anybody who began a payment sees it, also one
whom the market does not know (by a collection code).
"""

from __future__ import annotations

from urllib.parse import urlencode

import segno
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from pifa.finance import commands
from pifa.finance import queries as finance
from pifa.finance.commands import Presentation
from pifa.kernel.errors import NotFound
from pifa.web.access import buyer_page
from pifa.web.shared.centre import actor_on
from pifa.web.shared.channels import is_phone
from pifa.web.storefront.begun import BEGUN, INVITED


def at(request: HttpRequest, payment_number: str) -> HttpResponseBase:
    """How to pay, and how it stands; decided, one goes on to the page that says so."""
    if payment_number in request.session.get(BEGUN, []):
        return _page(request, _present(request, payment_number), again={})
    return _of_company(request, payment_number)


@buyer_page
def _of_company(request: HttpRequest, payment_number: str) -> HttpResponseBase:
    actor = actor_on(request)
    payment = finance.payment(payment_number)
    payable = finance.payable_by_number(actor, payment.payable_number)
    if payable.payer_id != actor.company_id:
        raise NotFound
    again = {"part": payment.stage_position} if payable.is_open else {}
    return _page(request, _present(request, payment_number), again)


def _present(request: HttpRequest, payment_number: str) -> Presentation:
    return commands.present(payment_number, request.META.get("REMOTE_ADDR", ""))


def _page(request: HttpRequest, told: Presentation, again: dict[str, int]) -> HttpResponseBase:
    if told.state in ("succeeded", "returned"):
        address = reverse("storefront:paid", args=[told.payment_number])
        htmx = getattr(request, "htmx", False)
        return HttpResponseClientRedirect(address) if htmx else redirect(address)
    answer: HttpResponse = render(
        request,
        "storefront/at_gateway.html",
        {
            "told": told,
            "code": _drawn(told.qr_text) if told.qr_text else "",
            "others": _others(request, told) if again else [],
            "again": again,
            "back": _back(request, told),
        },
    )
    answer["X-Robots-Tag"] = "noindex"
    answer["Cache-Control"] = "no-store"
    return answer


def _others(request: HttpRequest, told: Presentation) -> list[tuple[str, str]]:
    """The other channels that make sense on what the page is looked at with."""
    elsewhere = "page" if is_phone(request) else "phone"
    return [pair for pair in told.channels if pair[0] not in (told.channel, elsewhere)]


def _drawn(text: str) -> str:
    return str(
        segno.make(text, error="m", micro=False).svg_data_uri(scale=6, border=3, light="#fff")
    )


def _back(request: HttpRequest, told: Presentation) -> str:
    """Where another way to pay is chosen; empty where there is none."""
    if token := request.session.get(INVITED, {}).get(told.payment_number):
        return reverse("storefront:invitation", args=[token])
    kind, _colon, name = told.subject.partition(":")
    if kind == "order":
        return f"{reverse('storefront:pay')}?{urlencode({'order': name})}"
    if kind == "repayment":
        return reverse("buyer:credit_repayment", args=[name])
    if kind == "secured":
        return reverse("buyer:secured_repayment", args=[name])
    return reverse("seller:checklist") if kind == "deposit" else ""
