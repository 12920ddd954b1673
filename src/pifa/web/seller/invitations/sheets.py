"""Many invitations by a sheet: a preview first, then what it showed."""

from __future__ import annotations

from typing import IO

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.kernel.actors import Actor
from pifa.kernel.sheets import SheetLimits, open_sheet
from pifa.kernel.sheets.answers import sheet_answer
from pifa.trade.invitations import sheet as sheets
from pifa.trade.invitations.sheet import InvitationReport
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, show
from pifa.web.seller.previewing import PreviewedSheet

LIMITS = SheetLimits(file_bytes=5 * 1024 * 1024, rows=5_000, columns=60)


@seller_page(CLERK)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Upload a sheet and see what it would make; nothing is made yet."""
    return SHEET.bring_in(request)


@seller_page(CLERK)
@require_POST
def go(request: HttpRequest) -> HttpResponse:
    """Make what the preview showed."""
    return SHEET.go(request)


@seller_page(CLERK)
def template(request: HttpRequest) -> HttpResponseBase:
    """The sheet to fill in, with a sample."""
    return sheet_answer(_("订单邀请模板"), "xlsx", sheets.COLUMNS, sheets.template_rows())


def _report(actor: Actor, file: IO[bytes], name: str, keep: bool) -> InvitationReport:
    act = sheets.bring_in if keep else sheets.preview_sheet
    with open_sheet(file, name=name, limits=LIMITS) as sheet:
        return act(actor, sheet)


def _show(request: HttpRequest, report: InvitationReport, done: bool) -> HttpResponse:
    return show(
        request,
        "seller/invitation_report.html",
        report=report,
        created=report.count("created"),
        unchanged=report.count("unchanged"),
        done=done,
    )


SHEET = PreviewedSheet(
    "invitations",
    "invitation_sheet",
    gettext_lazy("订单表"),
    gettext_lazy(".xlsx 或 .csv，一行一种货品，同一单号的行合成一份邀请。"),
    _report,
    _show,
)
