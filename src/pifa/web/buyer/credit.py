"""Trade credit as its buyer sees it: lines, what is due, and paying it in one go or in part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from pifa.finance import commands
from pifa.finance import queries as finance
from pifa.kernel.actors import Role
from pifa.kernel.errors import DomainError, Forbidden, NotFound
from pifa.kernel.ids import number_of
from pifa.kernel.money import Money
from pifa.kernel.sheets.answers import WrittenKind, sheet_answer
from pifa.web.access import buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.buyer.repaying import pay_repayment
from pifa.web.shared import credit
from pifa.web.shared.centre import actor_on
from pifa.web.shared.forms import typed_words

WHICH = ("open", "due", "all")


@buyer_page
def lines(request: HttpRequest) -> HttpResponse:
    """Every line that sellers granted, and one list of what is to be paid when."""
    actor = actor_on(request)
    words = typed_words(request)
    page = finance.credit_lines(actor, "buyer", words_=words, cursor=request.GET.get("cursor"))
    return CENTRE.show(
        request,
        "buyer/credit.html",
        lines=page.items,
        next=page.next_cursor,
        words=words,
        due=finance.credit_due(actor),
        may_pay=actor.has_role(Role.PURCHASER, Role.FINANCE),
    )


@buyer_page
def line(request: HttpRequest, line_id: int) -> HttpResponse:
    """One line: its limit, its running period, its promises to tick, its statements."""
    actor = actor_on(request)
    found = finance.credit_line(actor, line_id)
    if found.buyer_id != actor.company_id:
        raise NotFound
    which = request.GET.get("which", "open")
    which = which if which in WHICH else "open"
    page = finance.credit_items(
        actor, line_id, which=which, cursor=request.GET.get("cursor"), size=50
    )
    labels = {"open": _("待付"), "due": _("已出账"), "all": _("全部")}
    base = CENTRE.url("credit_line", line_id)
    return CENTRE.show(
        request,
        "buyer/credit_line.html",
        line=found,
        tabs=[(labels[one], f"{base}?which={one}", None, one == which) for one in WHICH],
        items=page.items,
        next=page.next_cursor,
        due=finance.credit_due(actor, line_id),
        statements=finance.credit_statements(actor, line_id, size=24).items,
        repayments=finance.repayments(actor, line_id, limit=10),
        form=credit.RepayForm(initial={"amount": found.due}) if found.due else None,
        may_pay=actor.has_role(Role.PURCHASER, Role.FINANCE),
    )


@require_POST
@buyer_page
def repay(request: HttpRequest, line_id: int) -> HttpResponse:
    """Begin a repayment of a statement, of ticked promises, or of what is due."""
    actor = actor_on(request)
    statement = request.POST.get("statement", "")
    ticked = [f"order:{number}" for number in request.POST.getlist("order")[:500]]
    amount: Money | None = None
    home = (
        CENTRE.url("credit_statement", statement)
        if statement
        else CENTRE.url("credit_line", line_id)
    )
    if request.POST.get("amount"):
        form = credit.RepayForm(request.POST)
        if not form.is_valid():
            toasts.error(request, " ".join(map(str, form.errors["amount"])))
            return redirect(home)
        amount = form.cleaned_data["amount"]
    try:
        number = commands.repay(
            actor, line_id, amount, statement=statement or None, subjects=ticked
        )
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        toasts.error(request, str(error))
        return redirect(home)
    subject = finance.payable_by_number(actor, number).subject
    return redirect("buyer:credit_repayment", number_of(subject))


@sensitive_post_parameters("password")
@buyer_page
def repayment(request: HttpRequest, number: str) -> HttpResponse:
    """Choose how a repayment is paid; paid, it shows what it was laid out on."""
    found = finance.repayment(actor_on(request), number)
    return pay_repayment(request, found, "credit_repayment")


@buyer_page
def sheet(request: HttpRequest, line_id: int) -> HttpResponseBase:
    """All promises of a line as a sheet, for the books."""
    actor = actor_on(request)
    kind: WrittenKind = "csv" if request.GET.get("kind") == "csv" else "xlsx"

    def rows() -> Iterator[Sequence[object]]:
        cursor: str | None = None
        while True:
            page = finance.credit_items(actor, line_id, which="all", cursor=cursor, size=100)
            yield from map(credit.row_of, page.items)
            cursor = page.next_cursor
            if cursor is None:
                return

    finance.credit_line(actor, line_id)
    return sheet_answer(_("账期明细"), kind, credit.COLUMNS, rows())
