"""One application: every condition with its figure, evidence, history, opinions, the decision."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from pifa.kernel import audit
from pifa.kernel.uploaded import uploaded_answer
from pifa.programme import commands
from pifa.programme.desk_words import KINDS, OUTCOMES, asked_words
from pifa.programme.queries.application import (
    Application,
    Compared,
    Found,
    enrolment_file,
    rehearsal_file,
)
from pifa.programme.queries.applications import proof_file
from pifa.programme.queries.company_past import CompanyPast
from pifa.programme.rules.asking import Answer
from pifa.programme.rules.season import Kind, Season
from pifa.programme.states import EnrolmentState, RehearsalState
from pifa.programme.wording import figure, label_words, missing, named, share_of, titled
from pifa.trade.invoices.files import CONTENT_TYPES
from pifa.web.operator.programme.desk_page import MAY, told
from pifa.web.operator.programme.forms import DecisionForm, EvidenceForm, RehearsalForm
from pifa.web.operator.queues import decide, needs, operator_of, page
from pifa.web.shared.regions import region_name

WAITING = (EnrolmentState.SUBMITTED, EnrolmentState.SECOND)


@needs(MAY)
def enrolment(request: HttpRequest, pk: int) -> HttpResponse:
    """An enrolment; its decision, and what was found out of the applicant."""
    actor = operator_of(request)
    posted = request.POST if request.method == "POST" else None
    noting = posted is not None and posted.get("form") == "evidence"
    evidence = EvidenceForm(posted if noting else None)
    form = DecisionForm(None if noting else posted)
    done = False
    if noting:
        done = evidence.is_valid() and decide(
            request,
            _("核实结果已记录。"),
            lambda: commands.note_evidence(
                actor,
                pk,
                evidence.cleaned_data["metric"],
                evidence.value,
                evidence.cleaned_data["words"],
            ),
        )
    elif posted is not None and form.is_valid():
        done = decide(
            request,
            _("审核意见已记录。"),
            lambda: commands.decide(
                actor, pk, approve=form.approve, reason=form.cleaned_data["reason"]
            ),
        )
    if done:
        return redirect("admin:programme_enrolment", pk)
    found = enrolment_file(actor, pk)
    waits = found.shown.state in WAITING
    return _page(request, found, form=form, evidence=evidence, waits=waits)


@needs(MAY)
def rehearsal(request: HttpRequest, pk: int) -> HttpResponse:
    """A rehearsal, before it is approved and while it is counted."""
    actor = operator_of(request)
    form = RehearsalForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and decide(
            request,
            _("彩排已处理，并通知商家。"),
            lambda: commands.decide_rehearsal(
                actor, pk, approve=form.approve, reason=form.cleaned_data["reason"]
            ),
        )
    ):
        return redirect("admin:programme_rehearsal", pk)
    found = rehearsal_file(actor, pk)
    waits = found.shown.state == RehearsalState.APPLIED
    return _page(request, found, form=form, evidence=None, waits=waits)


@needs(MAY)
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a proof, for reviewers only; each look is on the audit log."""
    actor = operator_of(request)
    view, content = proof_file(actor, pk)
    audit.record(actor, "programme.look", f"proof:{pk}")
    return uploaded_answer(content, CONTENT_TYPES[view.format], view.name)


def _page(request: HttpRequest, found: Application, **context: object) -> HttpResponse:
    shown, season = found.shown, found.shown.season
    return page(
        request,
        "console/programme/application.html",
        shown.company,
        file=found,
        shown=shown,
        told=told(shown),
        region=region_name(found.region) if found.region else "—",
        gates=_lines(found, Kind.GATE),
        references=_lines(found, Kind.REFERENCE),
        rehearsal=[answer_line(one, season) for one in found.rehearsal],
        found=[(label_words(one.metric), _value(one), one) for one in found.found],
        past=past_told(found.past),
        approvals=sum(one.approves for one in found.said),
        **context,
    )


def _lines(found: Application, kind: Kind) -> list[dict[str, object]]:
    season = found.shown.season
    return [_line(one, season) for one in found.compared if one.filed.asked.kind is kind]


def _line(one: Compared, season: Season) -> dict[str, object]:
    line = answer_line(one.now or one.filed, season)
    metric = one.filed.asked.condition.metric
    filed = figure(metric, one.filed.view.value)
    return {**line, "filed": filed, "moved": one.now is not None and filed != line["value"]}


def answer_line(one: Answer, season: Season) -> dict[str, object]:
    """A condition with a company's figure, as the tables show it."""
    condition = one.asked.condition
    return {
        "rule": one.asked.rule_id,
        "kind": KINDS[one.asked.kind],
        "asked": asked_words(condition, season),
        "value": figure(condition.metric, one.view.value),
        "holds": one.holds,
        "missing": missing(one),
        "share": share_of(one),
    }


def _value(one: Found) -> str:
    return figure(one.metric, bool(one.value) if one.metric == "grave_ip" else one.value)


def past_told(past: CompanyPast) -> dict[str, object]:
    """What a company did before, with the words of its verdicts."""
    return {
        "memberships": [
            (
                titled(one.row),
                one,
                [(named(each.checkpoint), OUTCOMES[each.outcome], each) for each in one.verdicts],
            )
            for one in past.memberships
        ],
        "applications": [(titled(one.row), one) for one in past.applications],
        "freezes": past.freezes,
        "rulings": past.rulings,
        "any": bool(past),
    }
