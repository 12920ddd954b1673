"""The invoices of a seller as a sheet for its bookkeeper: a row a paper, or a row that waits."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.kernel.sheets import Column, ColumnKind
from pifa.trade.invoices import policies, queries
from pifa.trade.invoices.queries import Filters
from pifa.trade.models import InvoicePaper, InvoiceRequest

COLUMNS: tuple[Column, ...] = (
    Column(_("申请单号"), width=20),
    Column(_("发票类型"), width=16),
    Column(_("发票抬头"), width=30),
    Column(_("税号"), width=22),
    Column(_("注册地址"), width=30),
    Column(_("注册电话"), width=16),
    Column(_("开户银行"), width=26),
    Column(_("银行账号"), width=24),
    Column(_("收票邮箱"), width=24),
    Column(_("买家公司名"), width=28),
    Column(_("订单编号"), width=40),
    Column(_("状态"), width=14),
    Column(_("蓝字或红字"), width=10),
    Column(_("发票代码"), width=14),
    Column(_("发票号码"), width=24),
    Column(_("开票日期"), width=12),
    Column(_("价税合计(元)"), ColumnKind.MONEY),
    Column(_("对应蓝字发票"), width=24),
    Column(_("待红冲(元)"), ColumnKind.MONEY),
    Column(_("申请时间"), ColumnKind.MOMENT),
)


def export_invoices(
    actor: Actor, tab: str = "all", filters: Filters | None = None, *, kind: str = "xlsx"
) -> Iterator[tuple[object, ...]]:
    """The rows of a seller's invoices, with what its buyers gave for them; recorded before the
    first is read."""
    company_id = policies.require_issuing(actor)
    filters = filters or Filters()
    found = queries.desk_rows(actor, tab, filters)
    audit.record(
        actor,
        "invoice.export",
        f"company:{company_id}",
        kind=kind,
        tab=tab,
        keyword=filters.keyword,
        since=filters.since.isoformat() if filters.since else None,
        until=filters.until.isoformat() if filters.until else None,
    )
    return (cells for row, numbers, papers in found for cells in _lines(row, numbers, papers))


def _lines(
    row: InvoiceRequest, numbers: list[str], papers: list[InvoicePaper]
) -> list[tuple[object, ...]]:
    if not papers:
        return [_cells(row, numbers, None)]
    return [_cells(row, numbers, paper) for paper in papers]


def _cells(
    row: InvoiceRequest, numbers: list[str], paper: InvoicePaper | None
) -> tuple[object, ...]:
    return (
        row.number,
        row.get_kind_display(),
        row.title,
        row.tax_no,
        row.address,
        row.phone,
        row.bank,
        row.account,
        row.email,
        row.buyer.name,
        " ".join(numbers),
        row.get_state_display(),
        "" if paper is None else _now("红字") if paper.is_credit_note else _now("蓝字"),
        paper.code if paper else "",
        paper.number if paper else "",
        paper.day.isoformat() if paper else "",
        Money(paper.amount_fen) if paper else None,
        paper.corrects.number if paper and paper.corrects else "",
        Money(row.credit_due_fen),
        row.asked_at,
    )
