"""Many invitations by a sheet: a preview first, then what it showed."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.sheets import SheetLimits, open_sheet
from pifa.kernel.sheets.answers import sheet_answer
from pifa.trade.invitations import sheet as sheets
from pifa.trade.invitations.sheet import InvitationReport
from pifa.web.access import seller_page
from pifa.web.seller import uploads
from pifa.web.seller.frame import CLERK, actor_on, show

PURPOSE, SHEET = "invitations", "sheet"
LIMITS = SheetLimits(file_bytes=5 * 1024 * 1024, rows=5_000, columns=60)


class UploadForm(forms.Form):
    """A sheet of orders."""

    sheet = forms.FileField(
        label=gettext_lazy("订单表"),
        help_text=gettext_lazy(".xlsx 或 .csv，一行一种货品，同一单号的行合成一份邀请。"),
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )


@seller_page(CLERK)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Upload a sheet and see what it would make; nothing is made yet."""
    form = UploadForm(request.POST or None, request.FILES or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        folder = uploads.keep(request, PURPOSE, {SHEET: form.cleaned_data["sheet"]})
        try:
            return _show(request, _report(actor_on(request), folder, keep=False), done=False)
        except DomainError as error:
            uploads.forget(request, PURPOSE)
            refusal = error
    status = 422 if request.method == "POST" else 200
    return show(request, "seller/invitation_sheet.html", status=status, form=form, refusal=refusal)


@seller_page(CLERK)
@require_POST
def go(request: HttpRequest) -> HttpResponse:
    """Make what the preview showed."""
    folder = uploads.kept(request, PURPOSE)
    if folder is None:
        toasts.error(request, _("上传的文件已经处理过或已过期，请重新上传。"))
        return redirect("seller:invitation_sheet")
    try:
        report = _report(actor_on(request), folder, keep=True)
    except DomainError as error:
        toasts.error(request, str(error))
        return redirect("seller:invitation_sheet")
    uploads.forget(request, PURPOSE)
    return _show(request, report, done=True)


@seller_page(CLERK)
def template(request: HttpRequest) -> HttpResponseBase:
    """The sheet to fill in, with a sample."""
    return sheet_answer(_("订单邀请模板"), "xlsx", sheets.COLUMNS, sheets.template_rows())


def _report(actor: Actor, folder: Path, *, keep: bool) -> InvitationReport:
    act = sheets.bring_in if keep else sheets.preview_sheet
    name = uploads.name_of(folder)
    with (folder / SHEET).open("rb") as file, open_sheet(file, name=name, limits=LIMITS) as sheet:
        return act(actor, sheet)


def _show(request: HttpRequest, report: InvitationReport, *, done: bool) -> HttpResponse:
    return show(
        request,
        "seller/invitation_report.html",
        report=report,
        created=report.count("created"),
        unchanged=report.count("unchanged"),
        done=done,
    )
