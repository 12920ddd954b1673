"""The sandbox carrier's page: it plays doors and remits, so that every outcome can be tried."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pifa.finance.carriers import registry as carriers
from pifa.finance.carriers.sandbox import SandboxCarrier
from pifa.finance.sandbox import carrier
from pifa.finance.words import verdict
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.web.shared.figures import typed_number


def depot(request: HttpRequest) -> HttpResponse:
    """Parcels with what is to be collected, and what was told; a POST plays a door or remits.
    Where no sandbox is on, there is no such page."""
    carriers.get(SandboxCarrier.code)
    if request.method == "POST":
        _play(request)
        return redirect("storefront:carrier_depot")
    return render(
        request,
        "storefront/carrier.html",
        {
            "parcels": carrier.parcels(),
            "doors": [(code.value, label) for code, label in carrier.DOOR_LABELS.items()],
            "tricks": [(code.value, label) for code, label in carrier.BATCH_LABELS.items()],
            "told": [(word, verdict(word.answer)) for word in carrier.words()],
        },
    )


def _play(request: HttpRequest) -> None:
    try:
        if "trick" in request.POST:
            answers = carrier.remit(request.POST["trick"])
        else:
            less = typed_number(request.POST.get("less", ""))
            answers = carrier.act(
                request.POST.get("parcel", ""),
                request.POST.get("action", ""),
                Money.yuan(less) if less else Money(0),
            )
    except ValueError:
        toasts.error(request, _("请填写金额，例如 1280.50，最多两位小数。"))
    except DomainError as error:
        toasts.error(request, str(error))
    else:
        for answer in answers:
            toasts.info(request, _("市场的回答：%(answer)s") % {"answer": verdict(answer)})
