"""What a seller can do in a season at this moment: one sentence, one address."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.programme import wording
from pifa.programme.queries.applications import Applications, applications
from pifa.programme.queries.seasons import SeasonView
from pifa.programme.queries.ways import WayIn, way_in
from pifa.programme.rules.calendar import Entry, Shut, Way
from pifa.programme.states import EnrolmentState, RehearsalState
from pifa.web.kit.formats import day_text
from pifa.web.seller.frame import CENTRE, CLERK, actor_on


@dataclass(frozen=True, slots=True)
class Now:
    """What stands at the head: `kind` colours it; the act leads to `url`, or signs up where
    `signs_up`."""

    kind: str
    title: str
    words: str
    act: str = ""
    url: str = ""
    signs_up: bool = False


def now_of(request: HttpRequest, view: SeasonView) -> Now:
    """What the company can do now in a season."""
    actor = actor_on(request)
    return now_in(actor, view, way_in(actor, view.code), applications(actor, view.code))


def now_in(actor: Actor, view: SeasonView, way: WayIn, made: Applications) -> Now:
    """The same, of a way that is known."""
    season = f"?season={view.code}"
    said = _of_enrolment(made, season) or _of_entering(view, way, made, season)
    if said.act and (said.signs_up or said.url.startswith(CENTRE.url("programme_enrol"))):
        return said if actor.has_role(CLERK) else _only_words(said)
    return said


def _only_words(said: Now) -> Now:
    words = " ".join([said.words, _("报名由主账号或业务员办理。")])
    return Now(said.kind, said.title, words)


def _of_enrolment(made: Applications, season: str) -> Now | None:
    last = made.enrolment
    if last is None:
        return None
    page = CENTRE.url("enrolment", last.id)
    if last.waits:
        return Now(
            "info", _("报名审核中"), _("审核前可以补充证明或撤回报名。"), _("查看报名"), page
        )
    if last.state == EnrolmentState.APPROVED:
        board = CENTRE.url("programme") + season
        return Now("ok", _("报名已通过"), _("活动期间在看板上跟进进度。"), _("查看看板"), board)
    return None


def _of_entering(view: SeasonView, way: WayIn, made: Applications, season: str) -> Now:
    if way.department is None:
        words = _("店铺的主营类目不在本季的任何部门，暂不能报名；请联系小二。")
        return Now("warn", _("暂不能报名"), words)
    refused = made.enrolment
    again = ""
    if refused is not None and refused.state == EnrolmentState.REFUSED and refused.reason:
        again = _("上一份报名未通过：{reason}").format(reason=refused.reason) + " "
    if way.enrolment.is_open:
        words = again + _("{day} 截止。").format(day=_until(way.enrolment))
        title = _("现在可以报名")
        return Now("ok", title, words, _("去报名"), CENTRE.url("programme_enrol") + season)
    if way.rehearsal.is_open:
        words = _("新通天商家先彩排，通过后在当月报名。{day} 截止。").format(
            day=_until(way.rehearsal)
        )
        return Now("ok", _("现在可以报名彩排"), again + words, _("报名彩排"), "", signs_up=True)
    if rehearsing := _of_rehearsal(made, way, season):
        return rehearsing
    if refused is not None and again:
        return Now(
            "warn", _("报名未通过"), again, _("查看报名"), CENTRE.url("enrolment", refused.id)
        )
    shut = _most_telling(way)
    return Now("info", _("现在还不能报名"), shut_words(shut, way))


def _of_rehearsal(made: Applications, way: WayIn, season: str) -> Now | None:
    last = made.rehearsals[0] if made.rehearsals else None
    if last is None or way.entry is Entry.RETURNING:
        return None
    page = CENTRE.url("programme_rehearsal") + season
    told = {
        RehearsalState.APPLIED: ("info", _("彩排报名待审核"), _("通过的次日开放彩排看板。")),
        RehearsalState.OPEN: ("info", _("彩排进行中"), _("三个条件全部达到即可报名。")),
        RehearsalState.PASSED: ("ok", _("彩排已通过"), _("招商报名开放后请在当月报名。")),
    }
    if (found := told.get(RehearsalState(last.state))) is None:
        return None
    return Now(*found, _("查看彩排"), page)


def _most_telling(way: WayIn) -> Way:
    """Of two ways that are shut, the one whose reason helps: a person's own, else the next day."""
    calendar = (Shut.TOO_EARLY, Shut.TOO_LATE)
    for one in (way.enrolment, way.rehearsal):
        if one.shut not in calendar:
            return one
    return way.rehearsal if way.rehearsal.shut is Shut.TOO_EARLY else way.enrolment


def shut_words(one: Way, way: WayIn) -> str:
    """Why a way is shut, and from when it may be open."""
    assert one.shut is not None
    opens = way.enrolment_opens if one is way.enrolment else way.rehearsal_opens
    words = str(wording.SHUT[one.shut])
    if opens is None:
        return words
    return _("{why}，{day} 起可以。").format(why=words, day=day_text(opens, clock.today()))


def _until(way: Way) -> str:
    return day_text(way.until, clock.today()) if way.until else ""
