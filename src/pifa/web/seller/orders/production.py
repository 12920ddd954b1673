"""Production of an order as its seller tells it: progress with pictures."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pifa.kernel.errors import DomainError, Forbidden, NotFound
from pifa.trade.staged.progress import note_progress
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, actor_on
from pifa.web.seller.orders.forms import ProgressForm
from pifa.web.seller.orders.page import show_refused, sold
from pifa.web.shared.production import picture_answer


@seller_page(CLERK)
@require_POST
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """Tell the buyer how far it is; a refused word keeps what was typed."""
    actor = actor_on(request)
    sold(actor, number)
    form = ProgressForm(request.POST, auto_id="progress_%s")
    refusal = None
    if form.is_valid():
        data = form.cleaned_data
        pictures = [file.read() for file in request.FILES.getlist("pictures")]
        try:
            note_progress(actor, number, data["percent"], data["text"], pictures)
        except (NotFound, Forbidden):
            raise
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("进度已发布，买家会收到通知。"))
            return redirect("seller:order", number=number)
    return show_refused(request, number, "progress", form, refusal)


@seller_page()
def picture(request: HttpRequest, number: str, picture_id: int) -> HttpResponseBase:
    """A picture of production that this company showed."""
    actor = actor_on(request)
    return picture_answer(actor, sold(actor, number).order.number, picture_id)
