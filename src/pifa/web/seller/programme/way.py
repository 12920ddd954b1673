"""The way into a season: what is asked, which entry is open, signing up, enrolling, proving."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import Forbidden, NotFound
from pifa.kernel.money import Money
from pifa.kernel.uploaded import uploaded_answer
from pifa.programme import commands, wording
from pifa.programme.queries import applications as queries
from pifa.programme.queries import seasons as all_seasons
from pifa.programme.queries.seasons import SeasonView
from pifa.programme.queries.ways import WayIn, way_in
from pifa.programme.rules.calendar import Entry
from pifa.programme.rules.season import Stage
from pifa.trade.invoices.files import CONTENT_TYPES, MAX_BYTES
from pifa.web.access import actor_of, seller_page
from pifa.web.seller.frame import CENTRE, CLERK, actor_on
from pifa.web.seller.programme import frame
from pifa.web.seller.programme.forms import EnrolForm, ProofForm
from pifa.web.seller.programme.frame import AnswerRow
from pifa.web.seller.programme.now import now_in, shut_words
from pifa.web.shared.forms import attempt


@dataclass(frozen=True, slots=True)
class EntryCard:
    """One of the three entries: whose it is, when it is open, and whether it is now."""

    title: str
    words: str
    spans: tuple[tuple[str, str], ...]
    mine: bool
    is_open: bool
    state: str


@seller_page()
@require_safe
def way(request: HttpRequest) -> HttpResponse:
    """What entry asks and how the company stands to it, the three entries, what it applied for."""
    view = frame.entering(request)
    if view is None:
        return frame.none(request)
    actor = actor_on(request)
    found = way_in(actor, view.code)
    made = queries.applications(actor, view.code)
    rows, stages = _conditions(found)
    return frame.show(
        request,
        "seller/programme/way.html",
        view.code,
        title=wording.titled(view.row),
        code=view.code,
        now=now_in(actor, view, found, made),
        entries=_entries(view, found),
        rows=[(row, stages[row.rule]) for row in rows],
        shut=sum(row.gate and not row.holds for row in rows),
        department=wording.named(found.department) if found.department else "",
        floors=_floors(found),
        made=made,
        kinds=STATE_KINDS,
    )


STATE_KINDS = {
    "applied": "now",
    "open": "now",
    "passed": "ok",
    "failed": "bad",
    "refused": "bad",
    "submitted": "now",
    "second": "now",
    "approved": "ok",
    "withdrawn": "",
    "void": "bad",
}
"""Colours of the states of rehearsals and enrolments."""


def _conditions(found: WayIn) -> tuple[list[AnswerRow], dict[str, str]]:
    """What is asked, each rule once, and for what it is asked."""
    season = found.season
    both = {
        Stage.REHEARSAL: frame.rows_of(found.rehearsal_asks, season),
        Stage.ENROLMENT: frame.rows_of(found.enrolment_asks, season),
    }
    rehearsed = {row.rule for row in both[Stage.REHEARSAL]}
    enrolled = {row.rule for row in both[Stage.ENROLMENT]}
    rows = {row.rule: row for rows in both.values() for row in rows}
    words = {(True, True): _("彩排和报名"), (True, False): _("彩排"), (False, True): _("报名")}
    ordered = sorted(rows.values(), key=lambda row: not row.gate)
    return ordered, {rule: words[rule in rehearsed, rule in enrolled] for rule in rows}


def _entries(view: SeasonView, found: WayIn) -> list[EntryCard]:
    several = len(view.season.rounds) > 1
    enrolments = tuple(
        (wording.named(one) if several else "", frame.days_words(one.enrolment.first, one.enrolment.last))
        for one in view.season.rounds
    )  # fmt: skip
    signups = tuple(
        (
            wording.named(one) if several else "",
            frame.days_words(one.rehearsal_signup.first, one.rehearsal_signup.last),
        )
        for one in view.season.rounds
    )
    returning = found.entry is Entry.RETURNING
    enrolling = _("开放中") if found.enrolment.is_open else shut_words(found.enrolment, found)
    rehearsing = _("开放中") if found.rehearsal.is_open else shut_words(found.rehearsal, found)
    return [
        EntryCard(
            _("老通天"), _("上一季留存的通天商家，不用彩排，直接带目标报名。"), enrolments,
            returning, returning and found.enrolment.is_open, enrolling if returning else "",
        ),
        EntryCard(
            _("新通天"), _("当月彩排通过后，带目标报名。隔月的彩排无效。"), enrolments,
            not returning, not returning and found.enrolment.is_open,
            "" if returning else enrolling,
        ),
        EntryCard(
            _("彩排"), _("考核期内达到三个条件即通过；没通过可以参加下一轮。"), signups,
            not returning, not returning and found.rehearsal.is_open,
            "" if returning else rehearsing,
        ),
    ]  # fmt: skip


def _floors(found: WayIn) -> list[tuple[str, Money]]:
    if found.department is None:
        return []
    floors = [(_("月目标不低于"), Money(found.department.month_floor_fen))]
    if found.season.peak is not None:
        floors.append((_("大促当日目标不低于"), Money(found.department.peak_floor_fen)))
    return floors


@require_POST
@seller_page(CLERK)
def sign_up(request: HttpRequest) -> HttpResponse:
    """Sign up for the rehearsal of the round that is open."""
    view = frame.wanted(frame.entering(request))
    commands.sign_up(actor_on(request), view.code)
    toasts.success(request, _("彩排报名已提交，小二审核后通知您；通过的次日开放彩排看板。"))
    return redirect(f"{CENTRE.url('programme_rehearsal')}?season={view.code}")


@seller_page(CLERK)
def enrol(request: HttpRequest) -> HttpResponse:
    """Enrol with targets; what was typed stays beside what has to be mended."""
    view = frame.entering(request)
    if view is None:
        return frame.none(request)
    actor = actor_on(request)
    found = way_in(actor, view.code)
    form = None
    if found.department is not None and (found.enrolment.is_open or request.method == "POST"):
        data = request.POST if request.method == "POST" else None
        form = EnrolForm(data, season=found.season, department=found.department)
        if request.method == "POST" and form.is_valid():
            made = attempt(form, lambda: _enrol(actor, view.code, form))
            if made is not None:
                toasts.success(request, _("报名已提交。现在可以上传证明，小二审核后通知您。"))
                return redirect("seller:enrolment", made)
    rows = frame.rows_of(found.enrolment_asks, found.season)
    return frame.show(
        request,
        "seller/programme/enrol.html",
        view.code,
        status=422 if form is not None and form.errors else 200,
        title=wording.titled(view.row),
        code=view.code,
        form=form,
        shut_words="" if found.enrolment.is_open else shut_words(found.enrolment, found),
        gates=[row for row in rows if row.gate and not row.holds],
        department=wording.named(found.department) if found.department else "",
        season_days=frame.days_words(found.season.span.first, found.season.span.last),
        peak=frame.days_words(found.season.peak, found.season.peak) if found.season.peak else "",
        checks=[(wording.named(one), wording.cost_words(one)) for one in found.season.checkpoints],
    )


def _enrol(actor: Actor, code: str, form: EnrolForm) -> int:
    given = form.cleaned_data
    made = commands.enrol(actor, code, form.targets, given["declared"], given["exception"])
    return made.pk


@seller_page()
@require_safe
def enrolment(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """One enrolment: where it is, what was said of it, its proofs."""
    return _enrolment(request, enrolment_id, ProofForm())


def _enrolment(request: HttpRequest, enrolment_id: int, form: ProofForm) -> HttpResponse:
    actor = actor_on(request)
    found = queries.enrolment(actor, enrolment_id)
    season = all_seasons.season(found.season)
    entry = Entry(found.entry)
    return frame.show(
        request,
        "seller/programme/enrolment.html",
        found.season,
        status=422 if form.errors else 200,
        found=found,
        title=wording.titled(season.row),
        code=found.season,
        kind=STATE_KINDS[found.state],
        steps=_steps(found),
        facts=[
            (_("入口"), str(wording.ENTRIES[entry])),
            (_("部门"), wording.named(season.season.department(found.department))),
            (_("月目标"), str(found.month)),
            *([(_("大促当日目标"), str(found.peak))] if found.peak.fen else []),
            (_("公司年营业额（自报）"), str(found.declared)),
        ],
        noted=[(wording.label_words(one.metric), _noted(one), one) for one in found.found],
        form=form,
        may_act=found.waits and actor.has_role(CLERK),
        today=clock.today(),
    )


def _noted(one: queries.FoundView) -> str:
    """What a reviewer found, as its figure is told."""
    return wording.figure(one.metric, bool(one.value) if one.metric == "grave_ip" else one.value)


def _steps(found: queries.EnrolmentView) -> list[tuple[str, object, str]]:
    """The stepper: filed, reviewed, reviewed again where an exception is asked for, decided."""
    steps: list[tuple[str, object, str]] = [(_("提交报名"), found.applied_at, "done")]
    reviewed = bool(found.opinions)
    at = found.opinions[0].at if reviewed else None
    ended = not found.waits
    steps.append((_("小二审核"), at, "done" if reviewed else "stopped" if ended else "now"))
    if found.exception:
        twice = len(found.opinions) > 1
        state = "done" if twice else "stopped" if ended else "now" if reviewed else "todo"
        steps.append((_("特批复审"), found.opinions[1].at if twice else None, state))
    good = found.state == "approved"
    last = "todo" if found.waits else "done" if good else "stopped"
    steps.append((found.state_label if ended else _("结果"), found.decided_at, last))
    return steps


@require_POST
@seller_page(CLERK)
def withdraw(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Take an enrolment back."""
    commands.withdraw(actor_on(request), enrolment_id)
    toasts.success(request, _("报名已撤回。截止前可以重新报名。"))
    return redirect("seller:enrolment", enrolment_id)


@require_POST
@seller_page(CLERK)
def prove(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Add a proof to an enrolment that waits."""
    form = ProofForm(request.POST, request.FILES)
    if form.is_valid():
        made = attempt(form, lambda: _prove(request, enrolment_id, form))
        if made is not None:
            toasts.success(request, _("证明已提交。"))
            return redirect("seller:enrolment", enrolment_id)
    return _enrolment(request, enrolment_id, form)


def _prove(request: HttpRequest, enrolment_id: int, form: ProofForm) -> int:
    given, file = form.cleaned_data, form.cleaned_data["file"]
    # One byte more than may be kept: the command refuses it, and nobody reads on for ever.
    data = file.read(MAX_BYTES + 1) if file else b""
    made = commands.prove(
        actor_on(request),
        enrolment_id,
        given["kind"],
        given["words"],
        amount=given["amount"],
        data=data,
        name=file.name if file else "",
    )
    return made.pk


@require_safe
def proof(request: HttpRequest, proof_id: int) -> HttpResponse:
    """The file of a proof, to its company and to operators: kept, never shown within the market."""
    actor = actor_of(request)
    if actor is None:
        raise Forbidden
    view, content = queries.proof_file(actor, proof_id)
    if view.format not in CONTENT_TYPES:
        raise NotFound
    return uploaded_answer(content, CONTENT_TYPES[view.format], view.name)
