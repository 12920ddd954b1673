"""A statement of trade credit, as its buyer and its seller read, print and keep it."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance import queries as finance
from pifa.finance.queries import CreditItemView, CreditStatementView
from pifa.kernel import clock
from pifa.kernel.actors import Role
from pifa.kernel.money import total
from pifa.kernel.sheets import Column, ColumnKind
from pifa.kernel.sheets.answers import WrittenKind, sheet_answer
from pifa.web.shared.centre import Centre, actor_on
from pifa.web.shared.figures import MoneyField

COLUMNS: tuple[Column, ...] = (
    Column(gettext_lazy("订单编号"), width=22),
    Column(gettext_lazy("货品"), width=30),
    Column(gettext_lazy("收货时间"), ColumnKind.MOMENT),
    Column(gettext_lazy("约定付款"), ColumnKind.MONEY),
    Column(gettext_lazy("已付"), ColumnKind.MONEY),
    Column(gettext_lazy("已减免"), ColumnKind.MONEY),
    Column(gettext_lazy("待付"), ColumnKind.MONEY),
    Column(gettext_lazy("到期日"), ColumnKind.DAY),
    Column(gettext_lazy("账单"), width=20),
)


class RepayForm(forms.Form):
    """How much of what is owed is paid now."""

    amount = MoneyField(label=gettext_lazy("还款金额"))


def statement(request: HttpRequest, number: str, centre: Centre) -> HttpResponse:
    """One period: what was received in it, what of it is paid, and by which repayments."""
    actor = actor_on(request)
    found = finance.credit_statement(actor, number)
    items = finance.statement_items(actor, number)
    line = finance.credit_line(actor, found.line_id)
    may_pay = centre.side == "buyer" and actor.has_role(Role.PURCHASER, Role.FINANCE)
    return centre.show(
        request,
        "shared/credit_statement.html",
        statement=found,
        items=items,
        sums=sums_of(items),
        repayments=finance.repayments(actor, found.line_id, number),
        facts=_facts(found, line.terms_label),
        figures=[
            (_("出账金额"), found.amount),
            (_("出账后已付或减免"), found.settled),
            (_("待付"), found.open),
        ],
        form=RepayForm(initial={"amount": found.open}) if may_pay and found.open else None,
    )


def _facts(found: CreditStatementView, terms: str) -> list[tuple[str, str]]:
    """Who owes whom for which days, until when; moments as a bookkeeper writes them."""
    closed = found.closed_at.astimezone(clock.zone())
    return [
        (_("卖家"), found.seller_name),
        (_("买家"), found.buyer_name),
        (_("结算方式"), terms),
        (_("账期"), f"{found.period_start} 00:00:00 – {found.last_day} 23:59:59"),
        (_("出账时间"), f"{closed:%Y-%m-%d %H:%M:%S}"),
        (_("最后付款时间"), f"{found.due_on} 23:59:59"),
    ]


def statement_sheet(request: HttpRequest, number: str, centre: Centre) -> HttpResponseBase:
    """The same as a sheet."""
    items = finance.statement_items(actor_on(request), number)
    kind: WrittenKind = "csv" if request.GET.get("kind") == "csv" else "xlsx"
    rows = [row_of(item) for item in items]
    return sheet_answer(f"{_('账期账单')}-{number}", kind, COLUMNS, rows)


def row_of(item: CreditItemView) -> Sequence[object]:
    """A promise as a row of `COLUMNS`."""
    return (
        item.number,
        item.title,
        item.received_at,
        item.promised,
        item.paid,
        item.waived,
        item.open,
        item.due_on,
        item.statement,
    )


def sums_of(items: Sequence[CreditItemView]) -> dict[str, object]:
    """The columns of amounts, added up."""
    names = ("promised", "paid", "waived", "open")
    return {name: total(getattr(item, name) for item in items) for name in names}
