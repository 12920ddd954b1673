"""The price list of a group as a sheet: in with a preview, the same sheet out."""

from __future__ import annotations

from functools import partial
from typing import IO

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.catalog import group_price_sheet as sheets
from pifa.catalog.group_price_sheet import PricesReport
from pifa.kernel.actors import Actor
from pifa.kernel.sheets import SheetLimits, open_sheet
from pifa.kernel.sheets.answers import WrittenKind, sheet_answer
from pifa.relationships import queries as relationships
from pifa.relationships.queries import GroupView
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, actor_on, show
from pifa.web.seller.previewing import PreviewedSheet

LIMITS = SheetLimits(file_bytes=5 * 1024 * 1024, rows=sheets.MAX_ROWS, columns=60)
SHOWN = 300
"""Rows that a report lists of each kind."""


@seller_page(CLERK)
def bring_in(request: HttpRequest, group_id: int) -> HttpResponse:
    """Upload a sheet and see what it would do; nothing is changed yet."""
    return _sheet(request, group_id).bring_in(request)


@seller_page(CLERK)
@require_POST
def go(request: HttpRequest, group_id: int) -> HttpResponse:
    """Do what the preview showed."""
    return _sheet(request, group_id).go(request)


@seller_page(CLERK)
def export(request: HttpRequest, group_id: int) -> HttpResponseBase:
    """Every SKU with the group's price as the sheet that can be brought in again."""
    actor = actor_on(request)
    group = relationships.group(actor, group_id)
    kind: WrittenKind = "csv" if request.GET.get("kind") == "csv" else "xlsx"
    name = _("价格表-%(group)s") % {"group": group.name}
    return sheet_answer(name, kind, sheets.COLUMNS, sheets.prices_written(actor, group_id))


def _sheet(request: HttpRequest, group_id: int) -> PreviewedSheet[PricesReport]:
    """The sheet of one group: what was uploaded for another is not found here."""
    group = relationships.group(actor_on(request), group_id)
    return PreviewedSheet(
        f"group_prices_{group_id}",
        "group_prices_import",
        gettext_lazy("价格表"),
        gettext_lazy(".xlsx 或 .csv，一行一个规格。"),
        partial(_report, group_id),
        partial(_show, group),
        args=(group_id,),
        given={"group": group},
    )


def _report(group_id: int, actor: Actor, file: IO[bytes], name: str, keep: bool) -> PricesReport:
    act = sheets.bring_prices_in if keep else sheets.preview_prices
    with open_sheet(file, name=name, limits=LIMITS) as sheet:
        return act(actor, group_id, sheet)


def _show(group: GroupView, request: HttpRequest, report: PricesReport, done: bool) -> HttpResponse:
    changed = [outcome for outcome in report.outcomes if outcome.kind != "unchanged"]
    return show(
        request,
        "seller/group_prices_report.html",
        group=group,
        counts={kind: report.count(kind) for kind in ("set", "cleared", "unchanged")},
        errors=report.errors[:SHOWN],
        wrong=len(report.errors),
        changed=changed[:SHOWN],
        done=done,
    )
