"""The sandbox bank's page of mandates: what it does when it is asked to debit, and what it told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from pifa.finance.financiers import mandates as banks
from pifa.finance.sandbox import mandates
from pifa.finance.words import verdict


def desk(request: HttpRequest) -> HttpResponse:
    """Mandates with how each is played, and the bank's words; a POST plays one otherwise. Where no
    sandbox is on, there is no such page."""
    banks.get(banks.SandboxMandateBank.code)
    if request.method == "POST":
        mandates.play(request.POST.get("ref", ""), request.POST.get("play", ""))
        return redirect("storefront:mandate_desk")
    context = {
        "signed": mandates.signed(),
        "plays": mandates.Play.choices,
        "told": [(word, verdict(word.answer)) for word in mandates.words()],
    }
    return render(request, "storefront/mandates.html", context)
