"""Where to transfer: the pair's account, the amount, and the words that let it find its order."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from pifa.finance.banks import registry as banks
from pifa.finance.banks.sandbox import SandboxPartnerBank
from pifa.finance.methods.corporate_transfer import queries
from pifa.web.access import buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.shared.centre import actor_on


@buyer_page
def transfer_to(request: HttpRequest, payment_number: str) -> HttpResponse:
    """The instructions for an attempt that was begun; paid ones say so."""
    told = queries.instructions(actor_on(request), payment_number)
    order = told.subject.removeprefix("order:") if told.subject.startswith("order:") else ""
    return CENTRE.show(
        request,
        "buyer/transfer_to.html",
        told=told,
        order=order,
        sandbox=SandboxPartnerBank.code in banks.BANKS,
    )
