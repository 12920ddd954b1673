"""One company's standing, explained for any day, and the operator's certificate for KA."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from pifa.benefits import queries as benefits
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, NotFound
from pifa.standing import commands, queries, wording
from pifa.standing.labels import step_name
from pifa.standing.models import Kind
from pifa.standing.rules.rating import CREDIT
from pifa.web.operator import reading
from pifa.web.operator.forms import CertifyForm, DayForm
from pifa.web.operator.queues import decide, needs, operator_of, page


@needs("standing.view_ratingrun")
def standing(request: HttpRequest, pk: int) -> HttpResponse:
    """Why the company holds what it holds, its history and benefits; on POST the certificate."""
    actor = operator_of(request)
    company = reading.company(actor, pk)
    certify = CertifyForm(request.POST or None)
    if request.method == "POST":
        if not request.user.has_perm("standing.change_profile"):
            raise PermissionDenied
        if certify.is_valid() and _certify(request, actor, pk, certify):
            return redirect(reverse("admin:company_standing", args=[pk]))
    form = DayForm({"day": request.GET.get("day") or clock.today()})
    day = form.cleaned_data["day"] if form.is_valid() else None
    told, refusal = _explain(actor, pk, day) if day else (None, "")
    return page(
        request,
        "console/standing.html",
        company.name,
        company=company,
        day_form=form,
        told=told,
        refusal=refusal,
        stories=[_story(story) for story in told.stories] if told else [],
        parts=_parts(told) if told else [],
        credit_base=told.book.scorecards[CREDIT].base if told else 0,
        credit_words=_credit(told) if told else "",
        certified=queries.is_certified(actor, pk) if company.is_seller else None,
        certify_form=certify,
        grants=benefits.held(pk, min(day, clock.today())) if day else [],
        spans=_spans(pk),
    )


def _certify(request: HttpRequest, actor: Actor, pk: int, form: CertifyForm) -> bool:
    certified = form.cleaned_data["decision"] == "certify"
    return decide(
        request,
        _("已认证，自下一次评定起生效。") if certified else _("已取消认证，自下一次评定起生效。"),
        lambda: commands.certify_key_account(actor, pk, certified, form.cleaned_data["reason"]),
    )


def _explain(actor: Actor, pk: int, day: date) -> tuple[queries.Explained | None, str]:
    """The explanation, or why there is none."""
    try:
        return queries.explain(actor, pk, day), ""
    except NotFound:
        return None, _("这家企业那时还没有参加评定。")
    except DomainError as error:
        return None, str(error)


def _story(story: queries.LadderStory) -> dict[str, object]:
    """A ladder as the page shows it."""
    return {
        "name": wording.ladder_name(story),
        "held": wording.step_words(story.held),
        "rule": story.held.rule_id if story.held else "",
        "next": wording.step_words(story.next) if story.next else "",
        "next_rule": story.next.rule_id if story.next else "",
        "conditions": [_line(line) for line in story.conditions],
        "kept": [_line(line) for line in story.kept],
        "change": wording.change_words(story),
        "falls": story.change is not None and story.change.falls,
    }


def _line(line: queries.ConditionLine) -> dict[str, object]:
    return {
        "asked": wording.condition_words(line),
        "value": wording.value_words(line),
        "missing": wording.missing_words(line),
        "holds": line.view.holds,
        "share": line.share,
    }


def _parts(told: queries.Explained) -> list[tuple[str, str, int]]:
    """What each weight of the credit score brought: metric, figure, points."""
    return [
        (
            wording.label_words(part.weight.metric),
            wording.measure_words(part.weight.metric, part.value),
            part.points,
        )
        for part in told.credit.parts
    ]


def _credit(told: queries.Explained) -> str:
    """The score with its band."""
    band = step_name(Kind.CREDIT, str(told.credit.band.rank))
    return _("{points} 分（{band}）").format(points=told.credit.points, band=band)


def _spans(pk: int) -> list[tuple[str | Promise, queries.SpanView]]:
    """What the company held from when until when, the latest first."""
    found = [
        (kind.label, span)
        for kind in (Kind.LEVEL, Kind.CREDIT, Kind.MEDAL, Kind.TIER)
        for span in queries.history(pk, kind)
    ]
    return sorted(found, key=lambda item: item[1].since, reverse=True)
