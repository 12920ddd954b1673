"""One company, all that operators decide about it: grade, points, members, shop."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from pifa.kernel import clock
from pifa.kernel.models import AuditEntry
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.models import ACCOUNT_LABELS
from pifa.parties import commands as parties
from pifa.parties import queries as people
from pifa.web.operator import reading
from pifa.web.operator.forms import GradeForm, PenaltyForm
from pifa.web.operator.queues import decide, needs, operator_of, page

ENTRIES_SHOWN = 30


@needs("parties.view_company")
def company(request: HttpRequest, pk: int) -> HttpResponse:
    """The company's file; forms for its grade and for penalty points."""
    actor = operator_of(request)
    shown = reading.company(actor, pk)
    grade = GradeForm(initial={"grade": shown.integrity_grade})
    penalty = PenaltyForm()
    if request.method == "POST":
        if not request.user.has_perm("parties.change_company"):
            raise PermissionDenied
        done = False
        if request.POST.get("form") == "grade":
            grade = GradeForm(request.POST)
            done = grade.is_valid() and decide(
                request,
                _("诚信等级已更新。"),
                lambda: parties.set_integrity_grade(actor, pk, grade.cleaned_data["grade"]),
            )
        else:
            penalty = PenaltyForm(request.POST)
            done = penalty.is_valid() and decide(
                request,
                _("扣分已记录，并通知企业。"),
                lambda: parties.give_penalty(
                    actor,
                    pk,
                    points=penalty.cleaned_data["points"],
                    reason=penalty.cleaned_data["reason"],
                ),
            )
        if done:
            return redirect("admin:company_file", pk)
    return page(
        request,
        "console/company.html",
        shown.name,
        company=shown,
        grade_form=grade,
        penalty_form=penalty,
        points=people.penalty_points(pk, clock.today().year),
        penalties=shown.penalties.order_by("-given_at"),
        members=shown.members.select_related("user").order_by("id"),
        balances=_balances(pk) if request.user.has_perm("ledger.view_posting") else [],
        entries=AuditEntry.objects.filter(company_id=pk).order_by("-id")[:ENTRIES_SHOWN],
    )


def _balances(company_id: int) -> list[tuple[str | Promise, Money]]:
    return [(ACCOUNT_LABELS[kind], sum_) for kind, sum_ in ledger.balances(company_id).items()]
