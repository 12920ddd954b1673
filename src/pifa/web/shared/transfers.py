"""Transfers: what a buyer sent and where it stands, what a seller got, and the receipts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from pifa.finance.methods.corporate_transfer import queries
from pifa.finance.methods.corporate_transfer.receipt import as_pdf
from pifa.finance.methods.corporate_transfer.receipt import receipt as receipt_of
from pifa.finance.policies import handles_money
from pifa.web.shared.centre import Centre, actor_on


def transfers(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The transfers of the company on this side, newest first."""
    actor, cursor = actor_on(request), request.GET.get("cursor")
    if centre.side == "buyer":
        page = queries.sent_transfers(actor, cursor)
        return centre.show(request, "shared/transfers_sent.html", page=page)
    got = queries.received_transfers(actor, cursor)
    return centre.show(request, "shared/transfers_received.html", page=got)


def receipt(request: HttpRequest, centre: Centre, payment_number: str) -> HttpResponse:
    """The receipt of a payment by transfer, as a PDF; owner or finance role."""
    actor = actor_on(request)
    handles_money(actor)
    said = receipt_of(actor, payment_number)
    answer = HttpResponse(as_pdf(said), content_type="application/pdf")
    name = _("回单")
    answer.headers["Content-Disposition"] = content_disposition_header(
        False, f"{name}-{said.number}.pdf"
    )
    return answer
