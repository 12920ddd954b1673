"""Transfers: what a buyer sent and where it stands, what a seller got, and the receipts."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
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
        return centre.show(
            request,
            "shared/transfers_sent.html",
            page=queries.sent_transfers(actor, cursor),
            accounts=queries.accounts(actor),
        )
    got = queries.received_transfers(actor, cursor)
    return centre.show(request, "shared/transfers_received.html", page=got)


def receipt(request: HttpRequest, centre: Centre, payment_number: str) -> HttpResponseBase:
    """The receipt of a payment by transfer, as a PDF; owner or finance role."""
    actor = actor_on(request)
    handles_money(actor)
    said = receipt_of(actor, payment_number)
    name = f"{_('回单')}-{said.number}.pdf"
    return FileResponse(BytesIO(as_pdf(said)), filename=name, content_type="application/pdf")
