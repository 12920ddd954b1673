"""Appeals of members against verdicts: who is a member first, decided with an answer."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.programme import commands
from pifa.programme.desk_words import OUTCOMES
from pifa.programme.queries import verdicts as queries
from pifa.programme.queries.verdicts import Given
from pifa.programme.states import AppealState
from pifa.programme.wording import named, titled
from pifa.web.operator.programme.forms import AnswerForm
from pifa.web.operator.queues import decide, needs, operator_of, page
from pifa.web.shared.forms import typed_words

TABS = {AppealState.OPEN.value: gettext_lazy("待处理"), queries.DECIDED: gettext_lazy("已处理")}
MAY_READ, MAY_DECIDE = "programme.view_appeal", "programme.change_appeal"


@needs(MAY_READ)
def appeals(request: HttpRequest) -> HttpResponse:
    """The queue, or what was decided."""
    tab, words = request.GET.get("tab", AppealState.OPEN.value), typed_words(request)
    tab = tab if tab in TABS else AppealState.OPEN.value
    actor = operator_of(request)
    found = queries.appeals(actor, tab, words, request.GET.get("cursor") or None, 50)
    return page(
        request,
        "console/programme/appeals.html",
        gettext_lazy("申诉处理"),
        tab=tab,
        tabs=list(TABS.items()),
        words=words,
        waiting=queries.open_appeals(actor),
        rows=[
            (one, titled(one.row), named(one.against.checkpoint), OUTCOMES[one.against.outcome])
            for one in found.items
        ],
        next_cursor=found.next_cursor,
    )


@needs(MAY_READ)
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """One appeal beside every verdict of the member in that season, with their numbers."""
    actor = operator_of(request)
    may = request.user.has_perm(MAY_DECIDE)
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        if form.is_valid() and decide(
            request,
            _("申诉已处理，并通知商家。"),
            lambda: commands.decide_appeal(
                actor,
                pk,
                uphold=form.cleaned_data["decision"] == "uphold",
                answer=form.cleaned_data["answer"],
            ),
        ):
            return redirect("admin:programme_appeal", pk)
    found = queries.appeal_file(actor, pk)
    one = found.appeal
    return page(
        request,
        "console/programme/appeal.html",
        one.company,
        appeal=one,
        season=titled(one.row),
        checkpoint=named(one.against.checkpoint),
        outcome=OUTCOMES[one.against.outcome],
        verdicts=verdicts_told(found.verdicts),
        form=form,
        may=may and one.state == AppealState.OPEN,
    )


def verdicts_told(given: tuple[Given, ...]) -> list[tuple[str, object, Given]]:
    """Verdicts with the words of checkpoint and outcome."""
    return [(named(one.checkpoint), OUTCOMES[one.outcome], one) for one in given]
