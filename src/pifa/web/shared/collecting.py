"""The company's collection code: the code to show and print, and what came by it."""

from __future__ import annotations

from urllib.parse import urljoin

import segno
from django.conf import settings
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pifa.finance import commands, queries
from pifa.finance.policies import handles_money
from pifa.finance.queries import CodeView
from pifa.kernel.errors import DomainError, Forbidden, NotFound
from pifa.web.shared.centre import Centre, actor_on


def collection(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The code and what came by it; a POST renews the code or closes it."""
    actor = actor_on(request)
    company_id = handles_money(actor)
    if request.method == "POST":
        act = request.POST.get("act", "")
        try:
            if act == "close":
                commands.close_collection_code(actor)
                toasts.success(request, _("收钱码已停用，旧码不能再付款。"))
            else:
                commands.renew_collection_code(actor)
                toasts.success(request, _("新的收钱码已生成，旧码不能再付款。"))
        except (NotFound, Forbidden):
            raise
        except DomainError as error:
            toasts.error(request, str(error))
        return redirect(centre.url("collection"))
    code = queries.collection_code(company_id)
    return centre.show(
        request,
        "shared/collection.html",
        code=code,
        address=address_of(code) if code.token else "",
        page=queries.collected(actor, request.GET.get("cursor")),
    )


def sheet(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The code alone, to print and put up."""
    code = _alive(request)
    context = {"code": code, "centre": centre, "address": address_of(code)}
    return render(request, "shared/collection_print.html", context)


def picture(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The code as a drawing."""
    made = segno.make(address_of(_alive(request)), error="m", micro=False)
    drawing = made.svg_inline(scale=8, border=4, omitsize=True)
    drawing = drawing.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    answer = HttpResponse(drawing, content_type="image/svg+xml")
    answer["Cache-Control"] = "no-store"
    return answer


def address_of(code: CodeView) -> str:
    """The address that the code stands for."""
    return urljoin(settings.SITE_URL, reverse("storefront:collect", args=[code.token]))


def _alive(request: HttpRequest) -> CodeView:
    code = queries.collection_code(handles_money(actor_on(request)))
    if code.token is None:
        raise NotFound
    return code
